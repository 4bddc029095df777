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
package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON that anybody may have written who may publish: nothing of it is taken for
 * granted.
 */
final class StrangeJson {

	private static final int MAX_DEPTH = 10;

	private static final int MAX_LENGTH = 300;

	private StrangeJson() {
	}

	/**
	 * Reads an object.
	 * @return the object, or {@code null} if it is none
	 */
	static @Nullable JsonValue parse(byte[] data) {
		String text = new String(data, StandardCharsets.UTF_8);
		if (isDeep(text)) {
			return null;
		}
		try {
			JsonValue json = JsonParser.parse(text);
			return (json.map != null) ? json : null;
		}
		catch (JsonParseException | RuntimeException ex) {
			return null;
		}
	}

	// The parser goes as deep as it is told
	private static boolean isDeep(String text) {
		int depth = 0;
		boolean quoted = false;
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character == '"') {
				quoted = !quoted;
			}
			else if (quoted) {
				// Whatever is escaped, too
				i += (character == '\\') ? 1 : 0;
			}
			else if (character == '{' || character == '[') {
				depth++;
			}
			else if (character == '}' || character == ']') {
				depth--;
			}
			if (depth > MAX_DEPTH) {
				return true;
			}
		}
		return false;
	}

	static @Nullable JsonValue value(JsonValue json, String name) {
		return (json.map != null) ? json.map.get(name) : null;
	}

	static @Nullable String text(JsonValue json, String name) {
		JsonValue value = value(json, name);
		return (value != null && value.string != null) ? cut(value.string) : null;
	}

	static String cut(String text) {
		return (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) + "…" : text;
	}

	static @Nullable String instant(JsonValue json, String name) {
		String text = text(json, name);
		try {
			return (text != null) ? Instant.parse(text).toString() : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Returns a number of something.
	 * @return the number, 0 if it is none
	 */
	static long count(@Nullable JsonValue value) {
		return (value != null && (value.number instanceof Integer || value.number instanceof Long))
				? Math.max(0, Math.min(value.number.longValue(), Integer.MAX_VALUE)) : 0;
	}

	static List<JsonValue> list(@Nullable JsonValue value, int most) {
		return (value != null && value.array != null) ? value.array.subList(0, Math.min(most, value.array.size()))
				: List.of();
	}

}
