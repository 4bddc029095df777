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

package io.github.jetstreamspring.messaging;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.util.ClassUtils;

/**
 * Tells why a payload or a header can't be converted, without quoting it: what messages
 * hold doesn't belong into logs, dead-letter headers and replies. The texts of
 * converters' exceptions are therefore left out.
 *
 * @since 0.1.0
 */
public final class ConversionFailure {

	private static final boolean JACKSON = ClassUtils.isPresent("tools.jackson.core.JacksonException",
			ConversionFailure.class.getClassLoader());

	private ConversionFailure() {
	}

	/**
	 * Says what is wrong, and where: line, column, property and type, as far as the
	 * failure tells.
	 * @param failure what a converter threw
	 * @param type the name of the type that was asked for
	 * @return the rest of a sentence that begins with what can't be converted
	 */
	public static String describe(Throwable failure, String type) {
		if (failure instanceof UnreadableFormatException) {
			return String.valueOf(failure.getMessage());
		}
		Throwable cause = unwrap(failure);
		if (JACKSON) {
			Optional<String> json = JsonFailure.describe(cause, type);
			if (json.isPresent()) {
				return json.get();
			}
		}
		return "it can't be read as %s (%s)".formatted(type, cause.getClass().getName());
	}

	/**
	 * Returns what an exception may have as its cause without quoting a message: the
	 * classes and stack traces of a failure and its causes.
	 * @param failure what a converter threw
	 * @return the same without texts
	 */
	public static Throwable withoutText(Throwable failure) {
		return new TextlessException(unwrap(failure));
	}

	// Its text has all headers of the message
	private static Throwable unwrap(Throwable failure) {
		@Nullable Throwable cause = (failure instanceof MessageConversionException) ? failure.getCause() : null;
		return (cause != null) ? cause : failure;
	}

}
