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

package io.github.jetstreamspring.annotation.handler;

import io.github.jetstreamspring.listener.UnprocessableMessageException;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Payload and headers as a message of Spring.
 */
final class MessageArgument implements Argument {

	private final PayloadReader reader;

	private final @Nullable PayloadValidator validator;

	MessageArgument(PayloadReader reader, @Nullable PayloadValidator validator) {
		this.reader = reader;
		this.validator = validator;
	}

	@Override
	public Message<?> get(ArgumentSource incoming) {
		if (this.reader.isRaw()) {
			return this.reader.message(incoming);
		}
		if (incoming.data().length == 0) {
			throw new UnprocessableMessageException("The payload is empty", null);
		}
		Object payload = this.reader.read(incoming);
		if (payload == null) {
			throw new UnprocessableMessageException("The payload is null", null);
		}
		if (this.validator != null) {
			this.validator.validate(payload);
		}
		return new GenericMessage<>(payload, incoming.message().getHeaders());
	}

}
