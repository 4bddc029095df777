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

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.HeaderFields;
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

	private static final String PREFIX = "Dead-Letter-";

	static final String MESSAGE_ID = "Nats-Msg-Id";

	static final String EXPECTED_STREAM = "Nats-Expected-Stream";

	private static final String REASON = "Dead-Letter-Reason";

	private static final String EXCEPTION_MESSAGE = "Dead-Letter-Exception-Message";

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
			addRaw(headers, "Dead-Letter-Raw-Headers", raw.headers());
			addRaw(headers, "Dead-Letter-Raw-Subject", raw.subject());
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
		long sequence = (delivery instanceof ReceivedDelivery received) ? received.firstSequence()
				: delivery.streamSequence();
		headers.put(MESSAGE_ID, id(delivery));
		headers.put(REASON, HeaderText.of(deadLetter.reason()));
		headers.put("Dead-Letter-Stream", delivery.stream());
		headers.put("Dead-Letter-Subject", delivery.subject());
		headers.put("Dead-Letter-Sequence", Long.toString(sequence));
		headers.put("Dead-Letter-Consumer", delivery.consumer());
		headers.put("Dead-Letter-Attempts", Long.toString(delivery.attempt()));
		headers.put("Dead-Letter-Time", Instant.now().toString());
		addFailure(headers, deadLetter.failure());
		String marker = (delivery instanceof ReceivedDelivery received) ? received.markerReason() : null;
		if (marker != null) {
			// It is no message of anybody's: the server says that others have gone
			headers.put("Dead-Letter-Marker-Reason", HeaderText.of(marker));
		}
		if (WholeMessages.isPayloadMissing(deadLetter.message())) {
			headers.put("Dead-Letter-Payload", "missing");
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
	 * Cuts what is only said for people, if the headers are too large.
	 * @param ours the headers that say what happened
	 * @param maxSize the size that they may have
	 * @return the headers that fit
	 * @throws IllegalStateException if they are too large all the same
	 */
	static Headers shorten(Headers ours, int maxSize) {
		Headers shortened = ours;
		if (shortened.serializedLength() > maxSize) {
			shortened = new HeaderFields(ours).remove(EXCEPTION_MESSAGE).toHeaders();
		}
		int excess = shortened.serializedLength() - maxSize;
		String reason = shortened.getFirst(REASON);
		if (excess > 0 && reason != null) {
			shortened = new HeaderFields(shortened).put(REASON, HeaderText.cut(reason, reason.length() - excess))
				.toHeaders();
		}
		if (shortened.serializedLength() > maxSize) {
			throw new IllegalStateException(
					"what is to be said about a dead letter takes %d bytes, and the stream leaves room for %d. Raise its max-message-size"
						.formatted(shortened.serializedLength(), maxSize));
		}
		return shortened;
	}

	// The same for every attempt to store it, so that it is stored once. What a message
	// says of its past has no part in it: that must not make it another one.
	private static String id(Delivery delivery) {
		MessageIdentity identity = new MessageIdentity(delivery.stream(), delivery.streamSequence(),
				delivery.timestamp());
		return "dead-letter:%s:%s".formatted(identity, delivery.consumer());
	}

	private static boolean isOurs(String name) {
		return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
	}

	private static void addRaw(HeaderFields headers, String name, byte @Nullable [] bytes) {
		if (bytes != null && bytes.length > 0) {
			headers.put(name, Base64.getEncoder().encodeToString(bytes));
		}
	}

	private static void addFailure(HeaderFields headers, @Nullable Throwable failure) {
		if (failure != null) {
			headers.put("Dead-Letter-Exception", HeaderText.of(failure.getClass().getName()));
			String message = Failures.message(failure);
			if (message != null) {
				headers.put(EXCEPTION_MESSAGE, HeaderText.of(message));
			}
		}
	}

}
