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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Reads from Jackson's exceptions what is wrong with a JSON text, and where.
 */
final class JsonFailure {

	private JsonFailure() {
	}

	static Optional<String> describe(Throwable failure, String type) {
		return (failure instanceof JacksonException json) ? Optional.of(what(json, type) + where(json))
				: Optional.empty();
	}

	private static String what(JacksonException failure, String type) {
		if (failure instanceof UnexpectedEndOfInputException) {
			return "its JSON ends too early";
		}
		if (failure instanceof StreamConstraintsException) {
			return "its JSON is beyond a limit of the reader, such as that for depth or for the length of a text";
		}
		if (failure instanceof StreamReadException) {
			return "it is not valid JSON";
		}
		if (failure instanceof UnrecognizedPropertyException unknown) {
			return "%s has no such property".formatted(unknown.getReferringClass().getName());
		}
		if (failure instanceof ValueInstantiationException refused) {
			return "%s can't be made from it%s".formatted(refused.getType().toCanonical(), thrown(refused));
		}
		if (failure instanceof MismatchedInputException mismatch) {
			Class<?> target = mismatch.getTargetType();
			return "it is no %s".formatted((target != null) ? target.getTypeName() : type);
		}
		return "it can't be read as %s%s".formatted(type, thrown(failure));
	}

	private static String thrown(JacksonException failure) {
		Throwable thrown = (failure.getCause() != null) ? failure.getCause() : failure;
		return " (%s)".formatted(thrown.getClass().getName());
	}

	private static String where(JacksonException failure) {
		List<String> parts = new ArrayList<>();
		TokenStreamLocation location = failure.getLocation();
		if (location != null && location.getLineNr() > 0) {
			parts.add("line %d, column %d".formatted(location.getLineNr(), location.getColumnNr()));
		}
		String path = path(failure.getPath());
		if (!path.isEmpty()) {
			parts.add("property '%s'".formatted(path));
		}
		return parts.isEmpty() ? "" : " at " + String.join(", ", parts);
	}

	private static String path(@Nullable List<JacksonException.Reference> references) {
		StringBuilder path = new StringBuilder();
		if (references != null) {
			for (JacksonException.Reference reference : references) {
				String name = reference.getPropertyName();
				if (name != null) {
					path.append(path.isEmpty() ? "" : ".").append(isOfMap(reference.from()) ? "*" : name);
				}
				else if (reference.getIndex() >= 0) {
					path.append('[').append(reference.getIndex()).append(']');
				}
			}
		}
		return path.toString();
	}

	// A key of a map is content, unlike the name of a property
	private static boolean isOfMap(@Nullable Object from) {
		return from instanceof Map || (from instanceof Class<?> type && Map.class.isAssignableFrom(type));
	}

}
