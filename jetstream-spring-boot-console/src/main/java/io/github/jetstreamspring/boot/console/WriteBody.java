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

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The body of a writing request: a JSON object of texts, numbers and booleans.
 */
final class WriteBody {

	// 1e999999999 would have as many
	private static final int MOST_DIGITS = 20;

	private final Map<String, String> values;

	private WriteBody(Map<String, String> values) {
		this.values = values;
	}

	/**
	 * Reads a body.
	 * @param body the bytes
	 * @throws OperationFailure if it is no such object
	 */
	static WriteBody of(byte[] body) {
		JsonValue json = StrangeJson.parse(body);
		if (json == null) {
			throw OperationFailure.badRequest("The body is no JSON object");
		}
		Map<String, String> values = new LinkedHashMap<>();
		json.map.forEach((name, value) -> {
			String text = text(value);
			if (text == null && value.type != JsonValue.Type.NULL) {
				throw OperationFailure.badRequest("'%s' must be a text, a number or a boolean".formatted(name));
			}
			if (text != null) {
				values.put(name, text);
			}
		});
		return new WriteBody(values);
	}

	private static @Nullable String text(JsonValue value) {
		if (value.string != null) {
			return value.string;
		}
		if (value.bool != null) {
			return value.bool.toString();
		}
		if (value.number instanceof BigDecimal decimal && Math.abs(decimal.scale()) <= MOST_DIGITS) {
			return decimal.toPlainString();
		}
		return (value.number != null) ? value.number.toString() : null;
	}

	/**
	 * Refuses what nobody knows.
	 * @param names the names that are known
	 * @return this
	 */
	WriteBody only(String... names) {
		Set<String> unknown = new TreeSet<>(this.values.keySet());
		Set<String> known = new TreeSet<>(Set.of(names));
		unknown.removeAll(known);
		if (!unknown.isEmpty()) {
			throw OperationFailure.badRequest("There is no '%s' here, only '%s'".formatted(String.join("', '", unknown),
					String.join("', '", known)));
		}
		return this;
	}

	@Nullable String get(String name) {
		return this.values.get(name);
	}

	/**
	 * Returns all values, without some.
	 */
	Map<String, String> without(String... names) {
		Map<String, String> rest = new LinkedHashMap<>(this.values);
		for (String name : names) {
			rest.remove(name);
		}
		return rest;
	}

}
