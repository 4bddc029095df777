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

import java.util.Collection;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes maps, collections, texts, numbers and booleans as JSON. The application's own
 * JSON library may be any, and set up in any way.
 */
final class JsonText {

	private final StringBuilder text = new StringBuilder();

	private JsonText() {
	}

	static String of(@Nullable Object value) {
		JsonText json = new JsonText();
		json.write(value);
		return json.text.toString();
	}

	private void write(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			String separator = "{";
			for (Map.Entry<?, ?> entry : map.entrySet()) {
				this.text.append(separator);
				quote(String.valueOf(entry.getKey()));
				this.text.append(':');
				write(entry.getValue());
				separator = ",";
			}
			this.text.append(map.isEmpty() ? "{}" : "}");
		}
		else if (value instanceof Collection<?> collection) {
			String separator = "[";
			for (Object element : collection) {
				this.text.append(separator);
				write(element);
				separator = ",";
			}
			this.text.append(collection.isEmpty() ? "[]" : "]");
		}
		else if (value == null || value instanceof Boolean || isFinite(value)) {
			this.text.append(value);
		}
		else {
			quote(value.toString());
		}
	}

	private static boolean isFinite(Object value) {
		return value instanceof Number number && Double.isFinite(number.doubleValue());
	}

	private void quote(String value) {
		this.text.append('"');
		for (int i = 0; i < value.length(); i++) {
			char character = value.charAt(i);
			if (character == '"' || character == '\\') {
				this.text.append('\\').append(character);
			}
			// A lone surrogate can't be sent as UTF-8
			else if (character < ' ' || Character.isSurrogate(character)) {
				this.text.append("\\u%04x".formatted((int) character));
			}
			else {
				this.text.append(character);
			}
		}
		this.text.append('"');
	}

}
