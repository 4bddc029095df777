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

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Messages that one stream stores all or nothing, sent by the thread that waits for them.
 * <p>
 * The server holds the messages back until the last one, which asks it to store them all.
 * If there is no answer to that one, the whole batch is sent again: a stream refuses a
 * batch with an id that it knows, so it can't be stored twice.
 */
final class AtomicBatch {

	/**
	 * As many as the server takes unless it is configured to take others.
	 */
	static final int MAX_SIZE = 1000;

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long LOOK_MILLIS = 25;

	private static final int NO_RESPONDERS = 503;

	private final Connection connection;

	private final Sender sender;

	private final PublisherOptions options;

	private final String stream;

	private final List<IdentifiedMessage> messages;

	private final long startNanos;

	private final long deadlineNanos;

	private final BackOffExecution backOff = Retries.start();

	private int attempts;

	private boolean sentCommit;

	// Of an attempt that is over: the server may have stored the batch
	private boolean unanswered;

	private String obstacle = "the server didn't answer";

	AtomicBatch(Connection connection, Sender sender, PublisherOptions options, String stream,
			List<IdentifiedMessage> messages, long startNanos) {
		this.connection = connection;
		this.sender = sender;
		this.options = options;
		this.stream = stream;
		this.messages = messages;
		this.startNanos = startNanos;
		this.deadlineNanos = startNanos + options.timeout().toNanos();
	}

	/**
	 * Publishes the messages.
	 * @return where they were stored
	 * @throws PublishTimeoutException if they may or may not be stored
	 * @throws JetStreamException if none was stored
	 */
	List<PublishResult> publish() {
		try {
			while (remaining() > 0) {
				List<PublishResult> results = isConnected() ? attempt() : null;
				if (results != null) {
					return results;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.unanswered |= this.sentCommit;
			this.obstacle = "the thread was interrupted";
		}
		throw this.unanswered ? unknown() : new JetStreamException(
				"None of %d messages to stream '%s' was stored within jetstream.publisher.timeout (%s, connection %s): %s"
					.formatted(this.messages.size(), this.stream, Durations.text(this.options.timeout()),
							this.connection.getStatus(), this.obstacle),
				null);
	}

	private PublishTimeoutException unknown() {
		IdentifiedMessage first = this.messages.get(0);
		return new PublishTimeoutException(first.subject(), first.id(), this.options.timeout(),
				this.connection.getStatus().name());
	}

	// What is sent without a connection would be sent late, and then once more
	private boolean isConnected() throws InterruptedException {
		if (this.connection.getStatus() == Connection.Status.CONNECTED) {
			return true;
		}
		if (this.connection.getStatus() == Connection.Status.CLOSED) {
			if (this.unanswered) {
				throw unknown();
			}
			throw new JetStreamException("%d messages to stream '%s' were not sent, because the connection is closed"
				.formatted(this.messages.size(), this.stream), null);
		}
		this.obstacle = "the connection was lost";
		pause(LOOK_MILLIS);
		return false;
	}

	private @Nullable List<PublishResult> attempt() throws InterruptedException {
		this.sentCommit = false;
		this.attempts++;
		Message answer = null;
		try (Exchange exchange = exchange()) {
			String batchId = NUID.nextGlobal();
			answer = exchange.run(this.messages.size(), (number) -> part(batchId, number), AtomicBatch::isDecisive);
		}
		catch (IllegalStateException ex) {
			// The connection is closed, or its buffer is full: it is looked at next
			this.obstacle = "the connection was lost";
		}
		if (answer == null) {
			this.unanswered |= this.sentCommit;
			return null;
		}
		if (answer.isStatusMessage()) {
			this.sentCommit = false;
			onStatus(answer.getStatus().getCode());
			return null;
		}
		try {
			return stored(new PublishAck(answer));
		}
		catch (JetStreamApiException ex) {
			this.sentCommit = false;
			return onRefusal(ex);
		}
		catch (IOException ex) {
			this.unanswered |= this.sentCommit;
			this.obstacle = ex.toString();
			return null;
		}
	}

	private Exchange exchange() {
		return new Exchange(this.connection, this.sender.permits(), this.deadlineNanos, PATIENCE_NANOS * this.attempts);
	}

	private Message part(String batchId, int number) {
		IdentifiedMessage message = this.messages.get(number);
		HeaderFields headers = new HeaderFields(message.message().getHeaders());
		headers.put("Nats-Batch-Id", batchId);
		headers.put("Nats-Batch-Sequence", Integer.toString(number + 1));
		if (number == this.messages.size() - 1) {
			headers.put("Nats-Batch-Commit", "1");
			this.sentCommit = true;
		}
		return new NatsMessage(message.subject(), null, headers.toHeaders(), message.message().getData());
	}

	/**
	 * Returns whether an answer is about the whole batch. A message that is held back is
	 * answered with nothing.
	 */
	private static boolean isDecisive(Message answer) {
		return answer.isStatusMessage() || answer.getData() != null && answer.getData().length > 0;
	}

	private List<PublishResult> stored(PublishAck ack) {
		int size = this.messages.size();
		if (ack.getBatchSize() != size) {
			throw new JetStreamException(
					"The server confirmed %d of %d messages to stream '%s' although they were to be stored all or nothing. Is one of its cluster older than 2.12?"
						.formatted(Math.max(1, ack.getBatchSize()), size, this.stream),
					null);
		}
		List<PublishResult> results = new ArrayList<>(size);
		for (long sequence = ack.getSeqno() - size + 1; sequence <= ack.getSeqno(); sequence++) {
			results.add(new PublishResult(ack.getStream(), sequence, false, ack.getDomain()));
		}
		return results;
	}

	private void onStatus(int code) throws InterruptedException {
		long noStreamNanos = Publication.noStreamNanos(this.options.timeout().toNanos());
		String subject = this.messages.get(0).subject();
		MissingStreams missingStreams = this.sender.missingStreams();
		if (code == NO_RESPONDERS && !this.unanswered && missingStreams.isMissing(subject)
				&& (!missingStreams.mayCome() || System.nanoTime() - this.startNanos >= noStreamNanos)) {
			throw missingStreams.failure(subject);
		}
		this.obstacle = "status " + code;
		pause(this.backOff.nextBackOff());
	}

	private @Nullable List<PublishResult> onRefusal(JetStreamApiException refusal) throws InterruptedException {
		if (Refusals.isKnownId(refusal)) {
			List<@Nullable PublishResult> known = known();
			if (known != null) {
				return duplicates(known, refusal);
			}
		}
		// What was checked before the ids says nothing about an earlier attempt
		else if (!Refusals.isLostBatch(refusal) && !Retries.isWorthwhile(refusal) && !this.unanswered) {
			IdentifiedMessage first = this.messages.get(0);
			throw Refusals.toException(first.subject(), largest(), refusal);
		}
		this.obstacle = refusal.getErrorDescription();
		pause(this.backOff.nextBackOff());
		return null;
	}

	private List<PublishResult> duplicates(List<@Nullable PublishResult> known, JetStreamApiException refusal) {
		List<PublishResult> results = known.stream().filter(Objects::nonNull).toList();
		if (results.size() < known.size()) {
			throw new PublishRefusedException(
					"None of %d messages to stream '%s' was stored now, because it has %d of their ids already, such as '%s'. Give new messages new ids, or leave out the ones that are stored"
						.formatted(known.size(), this.stream, results.size(), firstKnownId(known)),
					refusal);
		}
		return results;
	}

	private @Nullable String firstKnownId(List<@Nullable PublishResult> known) {
		for (int number = 0; number < known.size(); number++) {
			if (known.get(number) != null) {
				return this.messages.get(number).id();
			}
		}
		return null;
	}

	/**
	 * Asks the stream which of the ids it knows, by messages that it can't store: it
	 * looks at the id first, and then they expect a last message that doesn't exist.
	 * @return where the messages were stored, or {@code null} if the stream didn't say
	 */
	private @Nullable List<@Nullable PublishResult> known() throws InterruptedException {
		String nothing = NUID.nextGlobal();
		@Nullable PublishResult[] known = new PublishResult[this.messages.size()];
		int[] answers = new int[1];
		try (Exchange exchange = exchange()) {
			exchange.run(known.length, (number) -> question(number, nothing), (answer) -> {
				answers[0]++;
				return !read(answer, known, exchange.number(answer));
			});
		}
		catch (IllegalStateException ex) {
			return null;
		}
		return (answers[0] == known.length) ? Arrays.asList(known) : null;
	}

	private Message question(int number, String nothing) {
		IdentifiedMessage message = this.messages.get(number);
		HeaderFields headers = new HeaderFields();
		headers.put(PublishHeaders.MESSAGE_ID, message.id());
		headers.put(PublishHeaders.EXPECTED_LAST_ID, nothing);
		return new NatsMessage(message.subject(), null, headers.toHeaders(), null);
	}

	private static boolean read(Message answer, @Nullable PublishResult[] known, int number) {
		try {
			if (answer.isStatusMessage()) {
				return false;
			}
			PublishAck ack = new PublishAck(answer);
			known[number] = PublishResult.of(ack);
			// Without a sequence it is still being stored, and may never be
			return ack.isDuplicate() && ack.getSeqno() > 0;
		}
		catch (JetStreamApiException ex) {
			return Refusals.isAboutId(ex);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private long largest() {
		return this.messages.stream().mapToLong((message) -> Publication.size(message.message())).max().orElse(0);
	}

	private void pause(long millis) throws InterruptedException {
		long most = Math.max(0, TimeUnit.NANOSECONDS.toMillis(remaining()));
		TimeUnit.MILLISECONDS.sleep(Math.min(millis, most));
	}

	private long remaining() {
		return this.deadlineNanos - System.nanoTime();
	}

}
