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

package io.github.jetstreamspring.sample;

import io.github.jetstreamspring.annotation.JetStreamListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

/**
 * Tells about what was given up on. The dead letters stay in their stream.
 */
@Component
class DeadLetterListener {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterListener.class);

	@JetStreamListener(stream = "dead-letters", consumer = "dead-letter-log", subjects = "dead-letters.>")
	void tell(@Payload(required = false) byte @Nullable [] payload,
			@Header(name = "Dead-Letter-Stream", required = false) @Nullable String stream,
			@Header(name = "Dead-Letter-Sequence", required = false) @Nullable String sequence,
			@Header(name = "Dead-Letter-Attempts", required = false) @Nullable String attempts,
			@Header(name = "Dead-Letter-Reason", required = false) @Nullable String reason) {
		// Parts of large letters, and what others may publish here, have no reason
		if (reason != null) {
			logger.info("Dead letter: message {} of stream {}, {} bytes, after {} attempt(s): {}", sequence, stream,
					(payload != null) ? payload.length : 0, attempts, reason);
		}
	}

}
