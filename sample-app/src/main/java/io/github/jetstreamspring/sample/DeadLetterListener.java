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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/**
 * Tells about what was given up on. The dead letters stay in their stream.
 */
@Component
class DeadLetterListener {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterListener.class);

	@JetStreamListener(stream = "dead-letters", consumer = "dead-letter-log", subjects = "dead-letters.>")
	void tell(byte[] payload, @Header("Dead-Letter-Stream") String stream,
			@Header("Dead-Letter-Sequence") String sequence, @Header("Dead-Letter-Attempts") String attempts,
			@Header("Dead-Letter-Reason") String reason) {
		logger.info("Dead letter: message {} of stream {}, {} bytes, after {} attempt(s): {}", sequence, stream,
				payload.length, attempts, reason);
	}

}
