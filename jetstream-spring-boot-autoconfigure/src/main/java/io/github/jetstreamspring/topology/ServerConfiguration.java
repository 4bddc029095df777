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

package io.github.jetstreamspring.topology;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.nats.client.api.ApiResponse;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JsonValue;

/**
 * A configuration as the server has it, of which the client may know only a part: an
 * update by the client alone would reset what a newer server has beside that.
 */
final class ServerConfiguration {

	private final Map<String, JsonValue> fields;

	private ServerConfiguration(Map<String, JsonValue> fields) {
		this.fields = fields;
	}

	/**
	 * Returns the configuration that an answer of the server holds.
	 * @param answer the information about a stream or consumer
	 * @return all fields that the server has sent
	 */
	static ServerConfiguration of(ApiResponse<?> answer) {
		// The client keeps what it was sent, but gives it out as text only
		String text = answer.toString();
		JsonValue config = fields(text.substring(Math.max(0, text.indexOf('{')))).get("config");
		return new ServerConfiguration((config != null && config.map != null) ? config.map : Map.of());
	}

	/**
	 * Returns the fields that would be reset if the client alone wrote a configuration.
	 * @param known what the client knows of this one
	 * @param target what it would write
	 * @return the names of the fields
	 */
	Set<String> unknown(JsonSerializable known, JsonSerializable target) {
		Map<String, JsonValue> before = fields(known.toJson());
		Map<String, JsonValue> after = fields(target.toJson());
		Set<String> unknown = new TreeSet<>();
		this.fields.forEach((name, value) -> {
			boolean untouched = Objects.equals(before.get(name), after.get(name));
			if (untouched && !value.equals(before.get(name)) && !isDefault(value)) {
				unknown.add(name);
			}
		});
		return unknown;
	}

	/**
	 * Returns this configuration with what the client changes.
	 * @param known what the client knows of this one
	 * @param target what it would write
	 * @return JSON that has the changes and nothing else
	 */
	String changed(JsonSerializable known, JsonSerializable target) {
		Map<String, JsonValue> before = fields(known.toJson());
		Map<String, JsonValue> after = fields(target.toJson());
		Map<String, JsonValue> changed = new LinkedHashMap<>(this.fields);
		Map<String, JsonValue> all = new TreeMap<>(before);
		all.putAll(after);
		all.keySet().forEach((name) -> {
			JsonValue value = after.get(name);
			if (!Objects.equals(before.get(name), value)) {
				if (value != null) {
					changed.put(name, value);
				}
				else {
					changed.remove(name);
				}
			}
		});
		return new JsonValue(changed).toJson();
	}

	// What the client leaves out
	private static boolean isDefault(JsonValue value) {
		return switch (value.type) {
			case NULL -> true;
			case BOOL -> !value.bool;
			case STRING -> List.of("", "none", "default").contains(value.string);
			case MAP -> value.map.values().stream().allMatch(ServerConfiguration::isDefault);
			case ARRAY -> value.array.isEmpty();
			default -> List.of("0", "-1").contains(value.toJson());
		};
	}

	private static Map<String, JsonValue> fields(String json) {
		try {
			JsonValue parsed = JsonParser.parse(json);
			return (parsed.map != null) ? parsed.map : Map.of();
		}
		catch (JsonParseException ex) {
			return Map.of();
		}
	}

}
