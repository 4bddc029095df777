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

import java.util.Set;

import io.nats.client.JetStreamApiException;

/**
 * What the server's error codes mean for a published message.
 */
final class Refusals {

	private static final int UNAVAILABLE = 503;

	// Wrong last sequence, of the stream or of the subject
	private static final Set<Integer> SEQUENCE = Set.of(10071, 10164);

	// Limits of the stream, the account, and the server's memory and storage
	private static final Set<Integer> FULL = Set.of(10077, 10002, 10023, 10028, 10047);

	private static final int TOO_LARGE = 10054;

	private Refusals() {
	}

	/**
	 * Returns whether the same message may be accepted in a moment.
	 */
	static boolean isTransient(JetStreamApiException refusal) {
		return refusal.getErrorCode() == UNAVAILABLE && !FULL.contains(refusal.getApiErrorCode());
	}

	static boolean isAboutSequence(JetStreamApiException refusal) {
		return SEQUENCE.contains(refusal.getApiErrorCode());
	}

	static JetStreamException toException(String subject, long size, JetStreamApiException refusal) {
		int code = refusal.getApiErrorCode();
		if (isAboutSequence(refusal)) {
			return new UnexpectedSequenceException(subject, refusal);
		}
		if (FULL.contains(code)) {
			return new StreamFullException(subject, refusal);
		}
		if (code == TOO_LARGE) {
			return new MessageTooLargeException(subject, size, "max-message-size of the stream", refusal);
		}
		return new PublishRefusedException("The server refused a message to subject '%s': %s [%d]".formatted(subject,
				refusal.getErrorDescription(), code), refusal);
	}

}
