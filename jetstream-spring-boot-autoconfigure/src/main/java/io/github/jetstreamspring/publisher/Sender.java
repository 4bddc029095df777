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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Sends messages one by one, no more at a time than may be in flight.
 */
final class Sender {

	private static final Log logger = LogFactory.getLog(Sender.class);

	// For a thread that looks after messages, and doesn't get to it at once
	private static final Duration GRACE = Duration.ofSeconds(2);

	// Less than a platform gives an application to end
	private static final Duration MAX_WAIT = Duration.ofSeconds(5);

	private final Connection connection;

	private final PublisherOptions options;

	private final PublishObserver observer;

	private final Semaphore permits;

	private final MissingStreams missingStreams;

	private final Confirmations confirmations;

	Sender(Connection connection, MissingStreams missingStreams, PublisherOptions options, PublishObserver observer) {
		this.connection = connection;
		this.options = options;
		this.observer = observer;
		this.permits = new Semaphore(options.maxInFlight());
		this.missingStreams = missingStreams;
		this.confirmations = new Confirmations(connection, options.timeout(), this.missingStreams, this::done);
	}

	/**
	 * Returns what looks after messages that are under way, until this is closed.
	 */
	GuardedScheduler scheduler() {
		return this.confirmations.scheduler();
	}

	/**
	 * Sends a message.
	 * @param message the message
	 * @param uniqueIn the stream in which the message is the only one on its subject, or
	 * {@code null} if it need not be
	 * @return the message on its way, whose future fails with a
	 * {@link JetStreamException}
	 */
	Publication send(IdentifiedMessage message, @Nullable String uniqueIn) {
		FollowedPublish followed = this.observer.follow(message.message());
		return send((followed != null) ? new IdentifiedMessage(followed.message(), message.id()) : message, followed,
				uniqueIn);
	}

	/**
	 * Sends a message to which no observer may add headers, such as those of a trace: it
	 * is signed.
	 * @param message the message
	 * @param uniqueIn the stream in which the message is the only one on its subject
	 * @return the message on its way, whose future fails with a
	 * {@link JetStreamException}
	 */
	Publication sendUnchanged(IdentifiedMessage message, String uniqueIn) {
		return send(message, this.observer.follow(message.message()), uniqueIn);
	}

	private Publication send(IdentifiedMessage sent, @Nullable FollowedPublish followed, @Nullable String uniqueIn) {
		JetStreamException obstacle = obstacle(sent.message());
		if (obstacle == null) {
			obstacle = takePermit(sent.subject());
		}
		Publication publication = new Publication(sent, this.options.timeout().toNanos(), uniqueIn, followed);
		if (obstacle != null) {
			publication.ended(null, obstacle);
			publication.future().completeExceptionally(obstacle);
		}
		else {
			this.confirmations.send(publication);
		}
		return publication;
	}

	/**
	 * Returns what speaks against sending a message.
	 */
	@Nullable JetStreamException obstacle(Message message) {
		String subject = message.getSubject();
		long size = Publication.size(message);
		if (size > this.connection.getMaxPayload()) {
			return new MessageTooLargeException(subject, size,
					"max_payload of the server (%d)".formatted(this.connection.getMaxPayload()), null);
		}
		if (message.getHeaders().containsKey(PublishHeaders.TTL)) {
			return ifTooOld(subject, "has a time to live");
		}
		if (message.getHeaders().containsKey(PublishHeaders.EXPECTED_SUBJECTS)) {
			return ifTooOld(subject, "expects the last sequence of other subjects");
		}
		return null;
	}

	private @Nullable JetStreamException ifTooOld(String subject, String feature) {
		if (this.connection.getServerInfo().isSameOrNewerThanVersion("2.11.0")) {
			return null;
		}
		return new JetStreamException("A message to subject '%s' %s, which needs nats-server 2.11, but %s is connected"
			.formatted(subject, feature, this.connection.getServerInfo().getVersion()), null);
	}

	private @Nullable JetStreamException takePermit(String subject) {
		try {
			boolean permitted = this.permits.tryAcquire(this.options.timeout().toMillis(), TimeUnit.MILLISECONDS);
			return permitted ? null
					: new PublisherBusyException(subject, this.options.maxInFlight(), this.options.timeout());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new JetStreamException(
					"Interrupted before a message to subject '%s' could be sent".formatted(subject), ex);
		}
	}

	private void done(Publication publication, Confirmations.Outcome outcome) {
		CompletableFuture<PublishResult> future = publication.future();
		this.permits.release();
		publication.ended(outcome.result(), outcome.failure());
		try {
			if (outcome.failure() != null) {
				future.completeExceptionally(outcome.failure());
			}
			else if (outcome.result() != null) {
				future.complete(outcome.result());
			}
		}
		catch (Throwable ex) {
			if (!future.isDone()) {
				// It is still under way
				this.permits.tryAcquire();
				throw ex;
			}
			Guard.log(logger, () -> "What depends on a message to subject '%s' failed".formatted(publication.subject()),
					ex);
		}
		this.observer.published(publication.message().getSubject(), Duration.ofNanos(publication.age()),
				outcome.result(), outcome.failure());
	}

	/**
	 * Refuses to wait on the thread that everybody waits for.
	 */
	void checkMayWait() {
		Assert.state(!this.confirmations.isOwnThread(),
				"This thread brings the confirmations of all messages and must not wait for one, as it would wait for itself."
						+ " In what depends on publishAsync(), publish with publishAsync() and thenCompose(), or use whenCompleteAsync() or another of the Async methods");
	}

	/**
	 * Waits for a message, which fails by itself when it takes too long; unless what
	 * looks after it does too, because the heap is full for example.
	 */
	PublishResult await(String subject, String messageId, CompletableFuture<PublishResult> future) {
		try {
			return future.get(this.options.timeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw new PublishTimeoutException(ScheduleSubjects.said(subject), messageId, this.options.timeout(),
					this.connection.getStatus().name());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new JetStreamException(
					"Interrupted while a message waited for its confirmation; it may or may not be stored", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof JetStreamException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

	/**
	 * The server forbids publishing to a subject.
	 */
	void forbidden(String subject) {
		this.confirmations.forbidden(subject);
	}

	/**
	 * Returns what limits how many messages are in flight.
	 */
	Semaphore permits() {
		return this.permits;
	}

	/**
	 * Returns what knows where there is no stream.
	 */
	MissingStreams missingStreams() {
		return this.missingStreams;
	}

	int inFlight() {
		return this.confirmations.inFlight();
	}

	/**
	 * Waits a little for what is under way, and gives up on what isn't confirmed then.
	 */
	void close() {
		this.confirmations.await(this.options.timeout().compareTo(MAX_WAIT) < 0 ? this.options.timeout() : MAX_WAIT);
		this.confirmations.close();
	}

}
