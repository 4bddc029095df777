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
package io.github.jetstreamspring.deadletter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import io.github.jetstreamspring.messaging.HeaderBlock;
import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import org.jspecify.annotations.Nullable;

/**
 * Reads headers by a consumer of its own, which delivers hundreds of thousands a second,
 * and which the server forgets when it isn't used. If something gets lost on the way,
 * another one goes on from there.
 * <p>
 * Payloads come along where they are small: the server takes a third less of its time to
 * send a message as it is than to make one of its headers.
 */
final class PullCursor implements LetterCursor {

	// A page needs a few hundred, everything else all
	private static final int FIRST_BATCH = 250;

	private static final int MAX_BATCH = 2000;

	private static final long MAX_BYTES = 8L * 1024 * 1024;

	private static final int SMALL = 2048;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	// Long enough for a redrive that goes slowly
	private static final Duration FORGET_AFTER = Duration.ofMinutes(5);

	private static final int MAX_FAILURES = 3;

	private static final int NO_MESSAGES = 404;

	private static final int EXPIRED = 408;

	private static final int CONFLICT = 409;

	private static final String PENDING = "Nats-Pending-Messages";

	private static final String SIZE = "Nats-Msg-Size";

	private static final Headers NO_HEADERS = new Headers(null, true);

	private final LetterStream stream;

	private final long to;

	private final @Nullable String subjects;

	private final LetterStream.State state;

	private final boolean whole;

	private final Subscription subscription;

	private final long count;

	private long next;

	private String consumer = "";

	private long pending;

	// What was pending for this consumer at first
	private long opened;

	// What has been asked for and has not come
	private long asked;

	private long lastDelivery;

	private int failures;

	// The headers of those after it aren't parsed
	private @Nullable Message first;

	/**
	 * Starts to read.
	 * @param stream the stream
	 * @param from the first sequence
	 * @param to the last sequence
	 * @param subjects the subject, which may have wildcards, or {@code null} for all
	 * @param state what is in the stream
	 * @param whole whether payloads are wanted, too
	 */
	PullCursor(LetterStream stream, long from, long to, @Nullable String subjects, LetterStream.State state,
			boolean whole) {
		this.stream = stream;
		this.next = from;
		this.to = to;
		this.subjects = subjects;
		this.state = state;
		this.whole = whole;
		this.subscription = this.stream.connection().subscribe(this.stream.connection().createInbox() + ".*");
		this.subscription.setPendingLimits(-1, -1);
		try {
			open();
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
		this.count = this.pending;
	}

	private void open() {
		this.consumer = "letters-" + NUID.nextGlobal();
		ConsumerConfiguration configuration = ConsumerConfiguration.builder()
			.name(this.consumer)
			.deliverPolicy(DeliverPolicy.ByStartSequence)
			.startSequence(Math.max(1, this.next))
			.filterSubject(this.subjects)
			.ackPolicy(AckPolicy.None)
			.headersOnly(isHeadersOnly())
			.memStorage(true)
			.numReplicas(1)
			.inactiveThreshold(FORGET_AFTER)
			.build();
		try {
			this.pending = Inquiry
				.ask(this.stream.connection(), createSubject(),
						(management) -> management.createConsumer(this.stream.name(), configuration))
				.getNumPending();
		}
		catch (IOException | JetStreamApiException ex) {
			throw this.stream.unreadable(
					"%s. The user of the connection needs permission for $JS.API.CONSUMER.CREATE.%s.>, $JS.API.CONSUMER.MSG.NEXT.%s.> and $JS.API.CONSUMER.DELETE.%s.>"
						.formatted(ex.getMessage(), this.stream.name(), this.stream.name(), this.stream.name()),
					ex);
		}
		this.opened = this.pending;
		this.asked = 0;
		this.lastDelivery = 0;
	}

	private boolean isHeadersOnly() {
		return !this.whole && this.state.averageSize() > SMALL;
	}

	private String createSubject() {
		return "$JS.API.CONSUMER.CREATE." + this.stream.name() + "." + this.consumer
				+ ((this.subjects != null) ? "." + this.subjects : "");
	}

	@Override
	public @Nullable LetterHeaders next() throws InterruptedException {
		while (this.next <= this.to) {
			// While these come, the server gets the next ones ready
			long batch = Math.min(MAX_BATCH, Math.max(FIRST_BATCH, 2 * this.lastDelivery));
			if (this.asked <= batch / 2 && this.pending > this.asked) {
				ask(Math.min(batch, this.pending - this.asked));
			}
			if (this.asked == 0) {
				if (!isMore()) {
					return null;
				}
				continue;
			}
			Message message = this.subscription.nextMessage(PATIENCE);
			if (message == null) {
				failed("the server doesn't answer");
			}
			else if (message.isStatusMessage()) {
				ended(message);
			}
			else {
				LetterHeaders letter = take(message);
				if (letter != null) {
					return (letter.sequence() <= this.to) ? letter : null;
				}
			}
		}
		return null;
	}

	/**
	 * Returns whether there are more than the server has said. Where messages are removed
	 * while others are delivered, it may count one too few; for a new consumer it counts
	 * all.
	 */
	private boolean isMore() {
		if (this.lastDelivery >= this.opened) {
			return false;
		}
		failed("messages that the server has don't come");
		return this.pending > 0;
	}

	private void ask(long messages) {
		this.asked += messages;
		this.stream.connection()
			.publish("$JS.API.CONSUMER.MSG.NEXT." + this.stream.name() + "." + this.consumer,
					this.subscription.getSubject().replace("*", this.consumer),
					"{\"batch\":%d,\"no_wait\":true,\"max_bytes\":%d}"
						.formatted(messages, MAX_BYTES + this.stream.connection().getMaxPayload())
						.getBytes(StandardCharsets.UTF_8));
	}

	private void ended(Message message) {
		if (!message.getSubject().endsWith(this.consumer)) {
			// Of one that was given up
			return;
		}
		int code = message.getStatus().getCode();
		if (code == NO_MESSAGES) {
			// What was pending has been removed meanwhile
			this.pending = 0;
			this.asked = 0;
		}
		else if (code == EXPIRED || code == CONFLICT && isFull(message)) {
			this.asked = Math.max(0, this.asked - unserved(message));
		}
		else {
			failed("the server answers \"%s\"".formatted(message.getStatus().getMessageWithCode()));
		}
	}

	// Of the request that has ended
	private long unserved(Message message) {
		Headers headers = message.getHeaders();
		String unserved = (headers != null) ? headers.getFirst(PENDING) : null;
		return (unserved != null) ? Long.parseLong(unserved) : this.asked;
	}

	// As many bytes as were asked for have come
	private static boolean isFull(Message message) {
		String text = message.getStatus().getMessage();
		return text != null && (text.contains("Batch Completed") || text.contains("MaxBytes"));
	}

	private @Nullable LetterHeaders take(Message received) {
		NatsJetStreamMetaData about = received.metaData();
		if (!about.getConsumer().equals(this.consumer)) {
			return null;
		}
		this.lastDelivery++;
		if (about.consumerSequence() != this.lastDelivery) {
			failed("messages got lost on the way");
			return null;
		}
		this.failures = 0;
		this.asked = Math.max(0, this.asked - 1);
		this.pending = about.pendingCount();
		if (this.pending == 0) {
			this.asked = 0;
		}
		this.next = about.streamSequence() + 1;
		Message message = RestoredMessage.of(received);
		Instant stored = about.timestamp().toInstant();
		if (this.whole) {
			byte[] data = NatsMessages.data(message);
			Headers headers = (message.getHeaders() != null) ? message.getHeaders() : NO_HEADERS;
			return new LetterHeaders(about.streamSequence(), message.getSubject(), stored, HeaderBlock.of(headers),
					data.length, data);
		}
		if (this.first == null) {
			HeaderBlock.leaveUnparsed(this.stream.connection(), received);
			this.first = received;
		}
		HeaderBlock headers = HeaderBlock.of(message);
		return new LetterHeaders(about.streamSequence(), message.getSubject(), stored, headers,
				isHeadersOnly() ? size(headers) : headers.payloadSize(), null);
	}

	private static long size(HeaderBlock headers) {
		String size = headers.getLast(SIZE);
		try {
			return (size != null) ? Long.parseLong(size) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	// A consumer that goes on where this one was
	private void failed(String why) {
		if (++this.failures > MAX_FAILURES) {
			throw this.stream.unreadable(why, null);
		}
		this.stream.checkSame(this.state);
		forget();
		open();
	}

	@Override
	public long count() {
		return this.count;
	}

	@Override
	public void close() {
		try {
			this.subscription.unsubscribe();
			if (this.first != null) {
				HeaderBlock.parse(this.stream.connection(), this.first);
			}
			forget();
		}
		catch (IllegalStateException ex) {
			// The connection is closed
		}
	}

	private void forget() {
		if (!this.consumer.isEmpty()) {
			this.stream.connection()
				.request("$JS.API.CONSUMER.DELETE." + this.stream.name() + "." + this.consumer, new byte[0]);
		}
	}

}
