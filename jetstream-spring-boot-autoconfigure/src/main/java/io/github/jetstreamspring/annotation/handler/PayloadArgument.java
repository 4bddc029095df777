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

import java.util.Optional;

import io.github.jetstreamspring.listener.UnprocessableMessageException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.Payload;

/**
 * The payload of a message.
 */
final class PayloadArgument implements Argument {

	private final PayloadReader reader;

	private final @Nullable PayloadValidator validator;

	private final boolean optional;

	private final boolean required;

	PayloadArgument(MethodParameter parameter, PayloadReader reader, @Nullable PayloadValidator validator) {
		this.reader = reader;
		this.validator = validator;
		this.optional = isOptional(parameter);
		this.required = isRequired(parameter);
	}

	/**
	 * Returns whether each message must have a payload.
	 * @param parameter the parameter as it was declared
	 * @return whether it must
	 */
	static boolean isRequired(MethodParameter parameter) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		// Kotlin's Order? and @Nullable are optional, too
		return !parameter.isOptional() && (annotation == null || annotation.required());
	}

	/**
	 * Returns the parameter that has the type of the payload.
	 * @param parameter the parameter as it was declared
	 * @return what is in its {@code Optional} if it is one
	 */
	static MethodParameter payload(MethodParameter parameter) {
		return isOptional(parameter) ? InnerParameter.of(parameter) : parameter;
	}

	private static boolean isOptional(MethodParameter parameter) {
		return parameter.getParameterType() == Optional.class;
	}

	@Override
	public @Nullable Object get(ArgumentSource incoming) {
		Object payload = payload(incoming);
		return this.optional ? Optional.ofNullable(payload) : payload;
	}

	private @Nullable Object payload(ArgumentSource incoming) {
		if (incoming.data().length == 0) {
			return missing("empty");
		}
		Object payload = this.reader.read(incoming);
		if (payload == null) {
			return missing("null");
		}
		if (this.validator != null) {
			this.validator.validate(payload);
		}
		return payload;
	}

	private @Nullable Object missing(String how) {
		if (this.required) {
			throw new UnprocessableMessageException("The payload is " + how, null);
		}
		return null;
	}

}
