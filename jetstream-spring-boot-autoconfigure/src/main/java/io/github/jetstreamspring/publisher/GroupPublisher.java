/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.Connection;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Publishes several messages: as one atomic batch where that is possible, and one by one
 * elsewhere.
 */
final class GroupPublisher {

	// 2.12.0 refuses batches with message ids
	private static final String SINCE = "2.12.1";

	private final Connection connection;

	private final Sender sender;

	private final PublisherOptions options;

	private final PublishObserver observer;

	private final StreamLookup streams;

	/**
	 * Creates a publisher.
	 * @param connection the connection
	 * @param sender publishes one message
	 * @param options the limits
	 * @param observer is told what becomes of the messages of a batch
	 * @param streams tells which stream listens on a subject
	 */
	GroupPublisher(Connection connection, Sender sender, PublisherOptions options, PublishObserver observer,
			StreamLookup streams) {
		this.connection = connection;
		this.sender = sender;
		this.options = options;
		this.observer = observer;
		this.streams = streams;
	}

	/**
	 * Publishes all or nothing if possible, else as many as possible.
	 */
	List<PublishResult> publish(List<IdentifiedMessage> messages) {
		this.sender.checkMayWait();
		long startNanos = System.nanoTime();
		checkIds(messages);
		if (messages.size() > 1 && obstacle(messages) == null) {
			try {
				// Without a stream at once, as messages that go one by one wait for
				// theirs
				StreamConfiguration stream = find(messages.get(0).subject(), startNanos, 0);
				if (obstacle(messages, stream) == null) {
					return batch(messages, stream.getName(), startNanos);
				}
			}
			catch (NoStreamException ex) {
				// There may be one in a moment, or streams for the other messages
			}
			catch (AtomicPublishUnsupportedException ex) {
				// The stream's configuration was another one a moment ago
				this.streams.forget(messages.get(0).subject());
			}
		}
		return oneByOne(messages);
	}

	/**
	 * Publishes all or nothing.
	 */
	List<PublishResult> publishAtomically(List<IdentifiedMessage> messages) {
		this.sender.checkMayWait();
		long startNanos = System.nanoTime();
		checkIds(messages);
		if (messages.size() <= 1) {
			return oneByOne(messages);
		}
		String obstacle = obstacle(messages);
		if (obstacle != null) {
			throw new AtomicPublishUnsupportedException(obstacle, null);
		}
		String subject = messages.get(0).subject();
		StreamConfiguration stream = find(subject, startNanos,
				Publication.noStreamNanos(this.options.timeout().toNanos()));
		obstacle = obstacle(messages, stream);
		if (obstacle != null) {
			// Perhaps it has changed: the next call is to see that
			this.streams.forget(subject);
			throw new AtomicPublishUnsupportedException(obstacle, null);
		}
		try {
			return batch(messages, stream.getName(), startNanos);
		}
		catch (AtomicPublishUnsupportedException ex) {
			this.streams.forget(subject);
			throw ex;
		}
	}

	private static void checkIds(List<IdentifiedMessage> messages) {
		Set<String> ids = new HashSet<>();
		for (IdentifiedMessage message : messages) {
			Assert.isTrue(ids.add(message.id()),
					() -> "Two of the messages have the id '%s'. Give each message its own".formatted(message.id()));
		}
	}

	private @Nullable String obstacle(List<IdentifiedMessage> messages) {
		if (messages.size() > AtomicBatch.MAX_SIZE) {
			return "%d messages can't be stored all or nothing, as the server takes %d at most. Publish fewer at once"
				.formatted(messages.size(), AtomicBatch.MAX_SIZE);
		}
		if (!this.connection.getServerInfo().isSameOrNewerThanVersion(SINCE)) {
			return "Storing messages all or nothing needs nats-server 2.12.1, but %s is connected. Use a newer server, or publishAll"
				.formatted(this.connection.getServerInfo().getVersion());
		}
		for (IdentifiedMessage message : messages) {
			if (message.message().getHeaders().containsKey(PublishHeaders.EXPECTED_LAST_ID)) {
				return "The message '%s' to subject '%s' expects a last message id, which the server can't check for messages that are stored all or nothing. Expect a sequence instead"
					.formatted(message.id(), message.subject());
			}
		}
		return null;
	}

	private @Nullable String obstacle(List<IdentifiedMessage> messages, StreamConfiguration stream) {
		if (!stream.getAllowAtomicPublish()) {
			return "Stream '%s' doesn't store messages all or nothing. Set jetstream.streams.%s.allow-atomic-publish: true"
				.formatted(stream.getName(), stream.getName());
		}
		for (IdentifiedMessage message : messages) {
			if (stream.getSubjects()
				.stream()
				.noneMatch((filter) -> PublishSubjects.matches(filter, message.subject()))) {
				return "Messages can be stored all or nothing in one stream only, but stream '%s' of subject '%s' doesn't listen on '%s'. Publish them with publishAll, or to one stream"
					.formatted(stream.getName(), messages.get(0).subject(), message.subject());
			}
		}
		return null;
	}

	private StreamConfiguration find(String subject, long startNanos, long noStreamNanos) {
		BackOffExecution backOff = Retries.start();
		while (true) {
			try {
				return this.streams.find(subject, startNanos + this.options.timeout().toNanos());
			}
			catch (NoStreamException ex) {
				if (System.nanoTime() - startNanos >= noStreamNanos) {
					throw ex;
				}
			}
			try {
				TimeUnit.MILLISECONDS.sleep(backOff.nextBackOff());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new JetStreamException(
						"Interrupted before messages to subject '%s' could be sent".formatted(subject), ex);
			}
		}
	}

	private List<PublishResult> batch(List<IdentifiedMessage> messages, String stream, long startNanos) {
		List<@Nullable FollowedPublish> followed = messages.stream()
			.<@Nullable FollowedPublish>map((message) -> this.observer.follow(message.message()))
			.toList();
		try {
			List<PublishResult> results = new AtomicBatch(this.connection, this.sender, this.options, stream,
					sent(messages, followed), startNanos)
				.publish();
			ended(followed, results, null, startNanos);
			Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
			for (int i = 0; i < results.size(); i++) {
				this.observer.published(messages.get(i).subject(), time, results.get(i), null);
			}
			return results;
		}
		catch (AtomicPublishUnsupportedException ex) {
			ended(followed, List.of(), ex, startNanos);
			throw ex;
		}
		catch (JetStreamException ex) {
			ended(followed, List.of(), ex, startNanos);
			List<PublishOutcome> outcomes = messages.stream().map((message) -> failed(message, ex)).toList();
			Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
			outcomes.forEach((outcome) -> this.observer.published(outcome.subject(), time, null, outcome.failure()));
			throw new PublishAllException(text(ex, messages.size(), stream), true, outcomes, ex);
		}
	}

	private static List<IdentifiedMessage> sent(List<IdentifiedMessage> messages,
			List<@Nullable FollowedPublish> followed) {
		List<IdentifiedMessage> sent = new ArrayList<>(messages);
		for (int i = 0; i < sent.size(); i++) {
			FollowedPublish current = followed.get(i);
			if (current != null) {
				sent.set(i, new IdentifiedMessage(current.message(), messages.get(i).id()));
			}
		}
		return sent;
	}

	private static void ended(List<@Nullable FollowedPublish> followed, List<PublishResult> results,
			@Nullable JetStreamException failure, long startNanos) {
		Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
		for (int i = 0; i < followed.size(); i++) {
			FollowedPublish current = followed.get(i);
			if (current != null) {
				current.ended(time, (failure == null) ? results.get(i) : null, failure);
			}
		}
	}

	// Each message has an id of its own to be published again with
	private PublishOutcome failed(IdentifiedMessage message, JetStreamException failure) {
		return message
			.failed((failure instanceof PublishTimeoutException) ? new PublishTimeoutException(message.subject(),
					message.id(), this.options.timeout(), this.connection.getStatus().name()) : failure);
	}

	private String text(JetStreamException failure, int size, String stream) {
		if (failure instanceof PublishTimeoutException) {
			return "%d messages to stream '%s' were not confirmed within jetstream.publisher.timeout (%s); all of them may be stored, or none. Publish them again with the same ids to store them once"
				.formatted(size, stream, Durations.text(this.options.timeout()));
		}
		return "None of %d messages to stream '%s' was stored: %s".formatted(size, stream, failure.getMessage());
	}

	private List<PublishResult> oneByOne(List<IdentifiedMessage> messages) {
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>(messages.size());
		messages.forEach((message) -> futures.add(this.sender.send(message, null).future()));
		List<PublishOutcome> outcomes = new ArrayList<>(messages.size());
		for (int i = 0; i < messages.size(); i++) {
			outcomes.add(outcome(messages.get(i), futures.get(i)));
		}
		List<PublishOutcome> failures = outcomes.stream().filter((outcome) -> !outcome.isStored()).toList();
		if (failures.isEmpty()) {
			return futures.stream().map(CompletableFuture::join).toList();
		}
		PublishOutcome first = failures.get(0);
		JetStreamException cause = (first.failure() != null) ? first.failure()
				: new JetStreamException("A message to subject '%s' was not stored".formatted(first.subject()), null);
		throw new PublishAllException(
				"%d of %d messages were not stored, or not for certain; getOutcomes() says which. The first of them: %s"
					.formatted(failures.size(), messages.size(), cause.getMessage()),
				false, outcomes, cause);
	}

	private PublishOutcome outcome(IdentifiedMessage message, CompletableFuture<PublishResult> future) {
		try {
			return message.stored(this.sender.await(message.subject(), message.id(), future));
		}
		catch (JetStreamException ex) {
			return message.failed(ex);
		}
	}

}
