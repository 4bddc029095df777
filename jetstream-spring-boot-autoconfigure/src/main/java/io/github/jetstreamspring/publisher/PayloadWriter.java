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

import java.nio.charset.StandardCharsets;

import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * Makes bytes of payloads.
 */
final class PayloadWriter {

	private final MessageConverter converter;

	PayloadWriter(MessageConverter converter) {
		this.converter = converter;
	}

	/**
	 * Makes bytes of a payload.
	 * @param payload the payload
	 * @return the bytes
	 * @throws MessageConversionException if it can't be converted
	 */
	byte[] write(Object payload) {
		// Left open, as only the payload is looked at: a message of its own would copy
		// the
		// headers and get an id
		MessageHeaderAccessor headers = new MessageHeaderAccessor();
		headers.setLeaveMutable(true);
		Message<?> message = this.converter.toMessage(payload, headers.getMessageHeaders());
		Object written = (message != null) ? message.getPayload() : null;
		if (written instanceof byte[] bytes) {
			return bytes;
		}
		if (written instanceof String text) {
			return text.getBytes(StandardCharsets.UTF_8);
		}
		throw new MessageConversionException(
				"The message converter makes neither bytes nor text of a " + payload.getClass().getName());
	}

}
