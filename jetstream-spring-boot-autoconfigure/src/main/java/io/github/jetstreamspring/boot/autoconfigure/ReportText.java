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

import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists, texts, numbers and booleans as JSON or YAML.
 */
final class ReportText {

	private static final String INDENT = "  ";

	// Neither a number nor a boolean, nor anything else that YAML has a meaning for
	private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9./_-]*");

	private static final Pattern WORD = Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n");

	private ReportText() {
	}

	static String json(Object value) {
		return json(value, "");
	}

	private static String json(@Nullable Object value, String indent) {
		String inner = indent + INDENT;
		if (value instanceof Map<?, ?> map) {
			return map.isEmpty() ? "{}" : map.entrySet()
				.stream()
				.map((entry) -> "%s%s: %s".formatted(inner, quoted(entry.getKey()), json(entry.getValue(), inner)))
				.collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
		}
		if (value instanceof Collection<?> list) {
			return list.isEmpty() ? "[]"
					: list.stream()
						.map((one) -> inner + json(one, inner))
						.collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
		}
		return (value instanceof Number || value instanceof Boolean) ? value.toString() : quoted(value);
	}

	static String yaml(Map<?, ?> document) {
		return yaml(document, "");
	}

	private static String yaml(Map<?, ?> map, String indent) {
		StringBuilder text = new StringBuilder();
		map.forEach((key, value) -> text.append(indent).append(scalar(key)).append(':').append(value(value, indent)));
		return text.toString();
	}

	private static String value(@Nullable Object value, String indent) {
		String inner = indent + INDENT;
		if (value instanceof Map<?, ?> map) {
			return map.isEmpty() ? " {}\n" : "\n" + yaml(map, inner);
		}
		if (value instanceof Collection<?> list) {
			return list.isEmpty() ? " []\n"
					: list.stream().map((one) -> item(one, inner)).collect(Collectors.joining("", "\n", ""));
		}
		return " " + scalar(value) + "\n";
	}

	private static String item(@Nullable Object value, String indent) {
		if (value instanceof Map<?, ?> map && !map.isEmpty()) {
			String entries = yaml(map, indent + INDENT);
			return indent + "- " + entries.substring(indent.length() + INDENT.length());
		}
		return indent + "-" + value(value, indent);
	}

	private static String scalar(@Nullable Object value) {
		if (value instanceof Number || value instanceof Boolean) {
			return value.toString();
		}
		String text = String.valueOf(value);
		return (PLAIN.matcher(text).matches() && !WORD.matcher(text).matches()) ? text : quoted(text);
	}

	// Each text in JSON is one in YAML
	private static String quoted(@Nullable Object text) {
		return new JsonValue(String.valueOf(text)).toJson();
	}

}
