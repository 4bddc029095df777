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

import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.impl.Headers;

/**
 * What there is to a message that comes from no server.
 *
 * @param subject its subject
 * @param headers its headers as they were published
 * @param payload the bytes of its payload
 * @param attempt the number of this delivery, from 1
 * @param timestamp when it was stored
 * @since 0.1.0
 */
public record DetachedContent(String subject, Headers headers, byte[] payload, long attempt, Instant timestamp) {

	/**
	 * Returns what a consumer delivers that delivers headers only.
	 */
	DetachedContent withoutPayload() {
		Headers delivered = new HeaderFields(this.headers)
			.put(WholeMessages.SIZE, Integer.toString(this.payload.length))
			.toHeaders();
		return new DetachedContent(this.subject, delivered, new byte[0], this.attempt, this.timestamp);
	}

}
