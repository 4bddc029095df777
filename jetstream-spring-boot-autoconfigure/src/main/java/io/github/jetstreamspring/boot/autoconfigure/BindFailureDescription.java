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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.jetstreamspring.messaging.SimilarNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.util.unit.DataSize;

/**
 * Says why a property can't be bound, and what would be valid.
 */
final class BindFailureDescription {

	// Long enough to recognize a value by it
	private static final int MAX_LENGTH = 100;

	private BindFailureDescription() {
	}

	static String of(ConfigurationPropertyName name, Bindable<?> target, Exception error) {
		Class<?> type = target.getType().resolve(Object.class);
		String expected = expected(type);
		// Without the value for types that can hold a secret, such as text
		if (expected != null) {
			return (error instanceof ConversionFailedException failure) ? "'%s' is not %s%s".formatted(
					shown(failure.getValue()), expected, question(type, failure.getValue())) : "it must be " + expected;
		}
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(error);
		boolean isValue = error instanceof ConversionException || !(cause instanceof IllegalArgumentException);
		if (isValue && (type.isRecord() || Map.class.isAssignableFrom(type))) {
			return "it is not a value, but has keys below it" + UnknownKeys.question(name);
		}
		return (cause instanceof IllegalArgumentException) ? String.valueOf(cause.getMessage())
				: "it can't be read as " + type.getSimpleName();
	}

	private static String shown(@Nullable Object value) {
		String text = String.valueOf(value).replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ");
		return (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) + "..." : text;
	}

	private static @Nullable String expected(Class<?> type) {
		if (type == Duration.class) {
			return "a duration such as 30s, 5m or 7d";
		}
		if (type == DataSize.class) {
			return "a size such as 512KB, 4MB or 10GB";
		}
		if (type == Boolean.class || type == boolean.class) {
			return "true or false";
		}
		if (Number.class.isAssignableFrom(type) || type == int.class || type == long.class || type == double.class) {
			return "a number";
		}
		if (type.isEnum()) {
			return "one of " + String.join(", ", constants(type));
		}
		return null;
	}

	private static String question(Class<?> type, @Nullable Object value) {
		return type.isEnum() ? SimilarNames.question(String.valueOf(value), constants(type)) : "";
	}

	private static List<String> constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants()).map((constant) -> kebab(((Enum<?>) constant).name())).toList();
	}

	private static String kebab(String name) {
		return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").replace('_', '-').toLowerCase(Locale.ROOT);
	}

}
