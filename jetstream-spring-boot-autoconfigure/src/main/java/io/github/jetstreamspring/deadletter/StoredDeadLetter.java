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

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it is stored. What isn't known is {@code null}, or 0: somebody else
 * can have put a message in the stream that is none of a listener's.
 *
 * @param sequence its sequence in the dead-letter stream
 * @param originalStream the stream that the original was in
 * @param originalSubject the subject that the original was published to
 * @param originalSequence the sequence of the original in its stream
 * @param consumer the consumer that has given up on it
 * @param messageId the message id that the original was published with
 * @param publishedAt when the original was stored
 * @param attempts how often the original was delivered until it was given up on
 * @param reason why it was given up on
 * @param exception the class of what the handler threw, if it threw something
 * @param exceptionMessage the message of what the handler threw
 * @param time when it was given up on, or else when this was stored
 * @param redrives how often it had been redriven before
 * @param headers the headers of the original in their order, without the server's own
 * @param payload the payload of the original
 * @since 0.1.0
 */
public record StoredDeadLetter(long sequence, @Nullable String originalStream, @Nullable String originalSubject,
		long originalSequence, @Nullable String consumer, @Nullable String messageId, @Nullable Instant publishedAt,
		long attempts, @Nullable String reason, @Nullable String exception, @Nullable String exceptionMessage,
		Instant time, int redrives, Map<String, List<String>> headers, byte[] payload) {

	/**
	 * Names the letter for logs and errors, without its content.
	 */
	@Override
	public String toString() {
		return "dead letter %d (message %d of stream '%s', consumer '%s')".formatted(this.sequence,
				this.originalSequence, this.originalStream, this.consumer);
	}

}
