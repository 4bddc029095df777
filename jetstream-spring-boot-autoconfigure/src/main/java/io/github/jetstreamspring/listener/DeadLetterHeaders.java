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
import java.util.Base64;
import java.util.List;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.MessageIdentity;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.github.jetstreamspring.messaging.RetryHeaders;
import io.github.jetstreamspring.wire.RawMessage;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Headers of dead letters: those that the original had, and those that say what happened
 * to it.
 */
final class DeadLetterHeaders {

	static final String MESSAGE_ID = "Nats-Msg-Id";

	static final String EXPECTED_STREAM = "Nats-Expected-Stream";

	private static final String REASON = JetStreamHeaders.DEAD_LETTER_REASON;

	private static final String EXCEPTION_MESSAGE = JetStreamHeaders.DEAD_LETTER_EXCEPTION_MESSAGE;

	// The largest first
	private static final List<String> DISPENSABLE = List.of(EXCEPTION_MESSAGE,
			JetStreamHeaders.DEAD_LETTER_FIRST_FAILURE);

	// By these a message that is redriven is known to be handled already. The largest
	// first: a message id is as long as its publisher likes.
	private static final List<String> IDENTITY = List.of(JetStreamHeaders.DEAD_LETTER_MESSAGE_ID,
			JetStreamHeaders.DEAD_LETTER_PUBLISHED);

	private static final int SHORT_REASON = 100;

	private static final int LEAST_REASON = 20;

	private static final String PAYLOAD_MISSING = "missing";

	private DeadLetterHeaders() {
	}

	/**
	 * Returns the headers of the original that its dead letter keeps. Not those for the
	 * server: they steered how the original was stored and would steer the dead letter
	 * too. Nor those that look like ours, in whatever case: whoever published the
	 * original would speak for us. If some of it can't be read, all of it is there too.
	 */
	static Headers ofOriginal(DeadLetter deadLetter) {
		HeaderFields headers = new HeaderFields();
		Headers original = deadLetter.message().getHeaders();
		((original != null) ? original : new Headers()).forEach((name, values) -> {
			if (!HeaderFields.isReserved(name) && !isOurs(name) && !RetryHeaders.isOne(name)) {
				headers.put(name, values);
			}
		});
		RawMessage raw = RestoredMessage.unreadable(deadLetter.message());
		if (raw != null) {
			addRaw(headers, JetStreamHeaders.DEAD_LETTER_RAW_HEADERS, raw.headers());
			addRaw(headers, JetStreamHeaders.DEAD_LETTER_RAW_SUBJECT, raw.subject());
		}
		return headers.toHeaders();
	}

	/**
	 * Returns the headers that say what happened, and the id by which the server knows
	 * the dead letter.
	 */
	static Headers ours(DeadLetter deadLetter) {
		Delivery delivery = deadLetter.delivery();
		HeaderFields headers = new HeaderFields();
		headers.put(MESSAGE_ID, id(delivery));
		headers.put(REASON, HeaderText.of(deadLetter.reason()));
		headers.put(JetStreamHeaders.DEAD_LETTER_STREAM, delivery.stream());
		headers.put(JetStreamHeaders.DEAD_LETTER_SUBJECT, delivery.subject());
		headers.put(JetStreamHeaders.DEAD_LETTER_CONSUMER, delivery.consumer());
		headers.put(JetStreamHeaders.DEAD_LETTER_ATTEMPTS, Long.toString(delivery.attempt()));
		if (delivery.redrives() > 0) {
			headers.put(JetStreamHeaders.DEAD_LETTER_REDRIVES, Integer.toString(delivery.redrives()));
		}
		Instant now = Instant.now();
		headers.put(JetStreamHeaders.DEAD_LETTER_TIME, now.toString());
		addFailure(headers, deadLetter.failure());
		if (delivery instanceof ReceivedDelivery received) {
			addHistory(headers, received, (deadLetter.failure() != null) ? now : null);
		}
		else {
			headers.put(JetStreamHeaders.DEAD_LETTER_SEQUENCE, Long.toString(delivery.streamSequence()));
		}
		if (WholeMessages.isPayloadMissing(deadLetter.message())) {
			headers.put(JetStreamHeaders.DEAD_LETTER_PAYLOAD, PAYLOAD_MISSING);
		}
		return headers.toHeaders();
	}

	/**
	 * Returns headers and further ones, which take the place of those with the same name.
	 */
	static Headers join(Headers headers, Headers others) {
		HeaderFields joined = new HeaderFields(headers);
		others.forEach(joined::put);
		return joined.toHeaders();
	}

	/**
	 * Cuts what is only said for people, if the headers are too large, and what tells the
	 * message from others only if that isn't enough.
	 * @param ours the headers that say what happened
	 * @param maxSize the size that they may have
	 * @return the headers that fit
	 * @throws IllegalStateException if they are too large all the same
	 */
	static Headers shorten(Headers ours, int maxSize) {
		String reason = ours.getFirst(REASON);
		int length = (reason != null) ? reason.length() : 0;
		Headers shortened = without(DISPENSABLE, ours, maxSize + Math.max(0, length - SHORT_REASON));
		shortened = without(IDENTITY, shortened, maxSize + Math.max(0, length - LEAST_REASON));
		int excess = shortened.serializedLength() - maxSize;
		if (excess > 0 && reason != null) {
			shortened = new HeaderFields(shortened).put(REASON, HeaderText.cut(reason, length - excess)).toHeaders();
		}
		if (shortened.serializedLength() > maxSize) {
			throw new IllegalStateException(
					"what is to be said about a dead letter takes %d bytes, and the stream leaves room for %d. Raise its max-message-size"
						.formatted(shortened.serializedLength(), maxSize));
		}
		return shortened;
	}

	private static Headers without(List<String> names, Headers headers, int maxSize) {
		Headers shortened = headers;
		for (String name : names) {
			if (shortened.serializedLength() > maxSize) {
				shortened = new HeaderFields(shortened).remove(name).toHeaders();
			}
		}
		return shortened;
	}

	// The same for every attempt to store it, so that it is stored once
	private static String id(Delivery delivery) {
		MessageIdentity identity = (delivery instanceof ReceivedDelivery received) ? identity(received)
				: new MessageIdentity(delivery.stream(), delivery.streamSequence(), delivery.timestamp());
		return "dead-letter:%s:%s".formatted(identity, delivery.consumer());
	}

	// What has waited as a schedule to be stored may have been stored before that, by an
	// attempt that nobody answered. What waited to be handled is a message of its own, as
	// somebody may have published it again.
	private static MessageIdentity identity(ReceivedDelivery delivery) {
		return (delivery.origin().history().givenUp() != null) ? delivery.origin().firstIdentity()
				: delivery.origin().identity();
	}

	private static boolean isOurs(String name) {
		return name.regionMatches(true, 0, JetStreamHeaders.DEAD_LETTER_PREFIX, 0,
				JetStreamHeaders.DEAD_LETTER_PREFIX.length());
	}

	private static void addHistory(HeaderFields headers, ReceivedDelivery delivery, @Nullable Instant failed) {
		headers.put(JetStreamHeaders.DEAD_LETTER_SEQUENCE, Long.toString(delivery.origin().firstSequence()));
		headers.put(JetStreamHeaders.DEAD_LETTER_PUBLISHED, delivery.origin().published().toString());
		String messageId = delivery.origin().messageId();
		if (messageId != null) {
			headers.put(JetStreamHeaders.DEAD_LETTER_MESSAGE_ID, messageId);
		}
		Instant firstFailure = (delivery.firstFailure() != null) ? delivery.firstFailure() : failed;
		if (firstFailure != null) {
			headers.put(JetStreamHeaders.DEAD_LETTER_FIRST_FAILURE, firstFailure.toString());
		}
		String marker = delivery.origin().markerReason();
		if (marker != null) {
			// It is no message of anybody's: the server says that others have gone
			headers.put(JetStreamHeaders.DEAD_LETTER_MARKER_REASON, HeaderText.of(marker));
		}
	}

	private static void addRaw(HeaderFields headers, String name, byte @Nullable [] bytes) {
		if (bytes != null && bytes.length > 0) {
			headers.put(name, Base64.getEncoder().encodeToString(bytes));
		}
	}

	private static void addFailure(HeaderFields headers, @Nullable Throwable failure) {
		if (failure != null) {
			headers.put(JetStreamHeaders.DEAD_LETTER_EXCEPTION, HeaderText.of(failure.getClass().getName()));
			String message = Failures.message(failure);
			if (message != null) {
				headers.put(EXCEPTION_MESSAGE, HeaderText.of(message));
			}
		}
	}

}
