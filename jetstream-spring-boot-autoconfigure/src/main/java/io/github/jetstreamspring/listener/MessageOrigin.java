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

package io.github.jetstreamspring.listener;

import java.time.Instant;

import io.github.jetstreamspring.messaging.MessageIdentity;
import io.github.jetstreamspring.messaging.RedrivenMessage;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import org.jspecify.annotations.Nullable;

/**
 * The message of a delivery, and what it was before: one that has waited as a schedule or
 * was redriven is another message to the server, but not to whoever has published it.
 */
final class MessageOrigin {

	private static final Headers NO_HEADERS = new Headers(null, true);

	// The newest one, if it came several times while it was in hand: the content is the
	// same, and the server takes any answer to the last reply subject
	private volatile Message message;

	private final DeliveryOwner owner;

	// 0 if the server's count is right
	private volatile long knownAttempt;

	// Null until it is asked for; whoever asks at the same time finds the same
	private @Nullable RetryHistory history;

	MessageOrigin(Message message, DeliveryOwner owner) {
		this.message = message;
		this.owner = owner;
	}

	Message message() {
		return this.message;
	}

	/**
	 * Returns the message as one that was redriven, {@code null} if it was not.
	 */
	@Nullable RedrivenMessage redriven() {
		return (this.message instanceof RedrivenMessage redriven) ? redriven : null;
	}

	Headers headers() {
		Headers headers = this.message.getHeaders();
		return (headers != null) ? headers : NO_HEADERS;
	}

	long streamSequence() {
		Message current = this.message;
		if (current instanceof RedrivenMessage redriven) {
			return redriven.sequence();
		}
		long known = AckTokens.streamSequence(current.getReplyTo(), this.owner.firstAttempt());
		return (known != AckTokens.UNKNOWN) ? known : current.metaData().streamSequence();
	}

	Instant timestamp() {
		Message current = this.message;
		Instant published = (current instanceof RedrivenMessage redriven) ? redriven.published() : null;
		if (published != null) {
			return published;
		}
		long known = AckTokens.time(current.getReplyTo(), this.owner.firstAttempt());
		return (known != AckTokens.UNKNOWN) ? Instant.ofEpochSecond(0, known)
				: current.metaData().timestamp().toInstant();
	}

	/**
	 * The message has come once more, which is no other attempt at it.
	 * @param again the message as it came
	 */
	void deliveredAgain(Message again) {
		this.knownAttempt = attempt();
		this.message = again;
	}

	/**
	 * Some of the deliveries that the server has counted were no attempts, or it has
	 * forgotten some that were.
	 * @param uncounted how many to leave out
	 */
	void discount(long uncounted) {
		this.knownAttempt = Math.max(1, attempt() - uncounted);
	}

	long attempt() {
		Message current = this.message;
		// Read after the message, and set before it
		long known = this.knownAttempt;
		return (known != 0) ? known : history().attempts() + delivered(current);
	}

	/**
	 * Returns how often the server has handed out the message as it is stored now.
	 */
	long delivered() {
		return delivered(this.message);
	}

	/**
	 * Returns how often the server has handed out the message, attempt or not.
	 */
	long counted() {
		return history().attempts() + delivered();
	}

	private long delivered(Message current) {
		// Parsing costs as much as all the rest of a delivery, so it is left to the
		// messages that need it. Where reply subjects look different, all of them do.
		return current.getReplyTo().startsWith(this.owner.firstAttempt()) ? 1 : current.metaData().deliveredCount();
	}

	/**
	 * Returns what is known of the message from before it waited as a schedule.
	 */
	RetryHistory history() {
		RetryHistory known = this.history;
		if (known == null) {
			known = this.owner.history(this.message);
			this.history = known;
		}
		return known;
	}

	/**
	 * Returns what tells the message from all others, redriven ones of the same original
	 * included.
	 */
	MessageIdentity identity() {
		NatsJetStreamMetaData about = this.message.metaData();
		return new MessageIdentity(about.getStream(), about.streamSequence(), about.timestamp().toInstant());
	}

	/**
	 * Returns what identifies the message, also after it has waited as a schedule, which
	 * makes another one of it.
	 */
	MessageIdentity firstIdentity() {
		return (redriven() != null) ? identity() : originalIdentity();
	}

	/**
	 * Returns what tells the message that was published from all others: for one that has
	 * been stored again, for a far attempt or a redrive, that of the first.
	 */
	MessageIdentity originalIdentity() {
		return new MessageIdentity(this.owner.stream(), firstSequence(), published());
	}

	/**
	 * Returns the sequence of the message when it was new, which is another one after it
	 * has waited as a schedule.
	 */
	long firstSequence() {
		RetryHistory known = history();
		return (known.sequence() != 0) ? known.sequence() : streamSequence();
	}

	/**
	 * Returns when the message was stored for the first time.
	 */
	Instant published() {
		Instant known = history().published();
		return (known != null) ? known : timestamp();
	}

	/**
	 * Returns when the message failed for the first time, {@code null} if it doesn't say.
	 */
	@Nullable Instant firstFailure() {
		RedrivenMessage redriven = redriven();
		return (redriven != null) ? redriven.firstFailure() : history().firstFailure();
	}

	/**
	 * Returns the id that the message was published with, {@code null} if it had none.
	 */
	@Nullable String messageId() {
		RedrivenMessage redriven = redriven();
		String known = (redriven != null) ? redriven.messageId() : history().messageId();
		return (known != null) ? known : headers().getFirst("Nats-Msg-Id");
	}

	/**
	 * Returns the id that the message was published with, {@code null} if it had none,
	 * whatever id it was stored with since.
	 */
	@Nullable String publishedId() {
		return (history().published() != null) ? history().messageId() : messageId();
	}

	/**
	 * Returns why the server has put this message in place of others, or {@code null} if
	 * it is a message like any other.
	 */
	@Nullable String markerReason() {
		String reason = headers().getFirst("Nats-Marker-Reason");
		boolean empty = this.message.getData() == null || this.message.getData().length == 0;
		return (reason != null && empty && this.owner.hasDeleteMarkers()) ? reason : null;
	}

}
