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
import io.github.jetstreamspring.messaging.ConversionFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.StringUtils;

/**
 * One header of a message.
 */
final class HeaderArgument implements Argument {

	private final MethodParameter parameter;

	private final HandlerMethodArgumentResolver resolver;

	HeaderArgument(MethodParameter parameter, HandlerMethodArgumentResolver resolver) {
		this.parameter = parameter;
		this.resolver = resolver;
	}

	@Override
	public @Nullable Object get(ArgumentSource incoming) throws Exception {
		try {
			return this.resolver.resolveArgument(this.parameter, incoming.message());
		}
		catch (MessageHandlingException ex) {
			// Not the exception itself, which holds the message
			throw new UnprocessableMessageException("The message doesn't fit the method: " + ex.getMessage(), null);
		}
		catch (ConverterNotFoundException ex) {
			throw new UnprocessableMessageException(
					"Header '%s' can't be converted: there is no Converter from %s to %s; define one as a bean"
						.formatted(name(), ex.getSourceType(), ex.getTargetType()),
					null);
		}
		catch (ConversionException ex) {
			throw new UnprocessableMessageException(
					"Header '%s' can't be converted: it is no %s".formatted(name(), type()),
					ConversionFailure.withoutText(ex));
		}
	}

	/**
	 * Returns the same for a value class of Kotlin.
	 */
	Argument checkedBy(ValueClass valueClass) {
		return (incoming) -> {
			Object value = get(incoming);
			try {
				valueClass.check(value);
				return value;
			}
			catch (IllegalArgumentException ex) {
				throw new UnprocessableMessageException(
						"Header '%s' can't be converted: it is no %s".formatted(name(), valueClass.type().getName()),
						ConversionFailure.withoutText(ex));
			}
		};
	}

	private String name() {
		Header annotation = this.parameter.getParameterAnnotation(Header.class);
		String name = (annotation != null) ? annotation.name() : "";
		return StringUtils.hasText(name) ? name : String.valueOf(this.parameter.getParameterName());
	}

	private String type() {
		return this.parameter.nestedIfOptional().getNestedParameterType().getTypeName();
	}

}
