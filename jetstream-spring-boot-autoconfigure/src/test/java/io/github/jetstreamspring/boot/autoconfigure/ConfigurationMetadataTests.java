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

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.github.jetstreamspring.listener.ListenerOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What editors are told about {@code jetstream.*}.
 */
class ConfigurationMetadataTests {

	private static final Map<String, JsonNode> properties = new TreeMap<>();

	private static JsonNode metadata;

	@BeforeAll
	static void read() throws IOException {
		try (InputStream file = JetStreamProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			metadata = JsonMapper.shared().readTree(file);
		}
		metadata.get("properties").forEach((property) -> properties.put(property.get("name").asString(), property));
	}

	@Test
	void everyKeyIsThere() {
		List<String> expected = new ArrayList<>();
		addKeys("jetstream", JetStreamProperties.class, expected);
		// Those of endpoints are named by Spring Boot
		assertThat(properties.keySet()).filteredOn((key) -> !key.startsWith("management.endpoint.jetstream"))
			.containsExactlyInAnyOrderElementsOf(expected);
	}

	@Test
	void everyKeyHasADescription() {
		assertThat(properties).allSatisfy((name, property) -> {
			assertThat(property.path("description").asString("")).matches("(?!The |Name Name)[A-Z].*\\.");
			if (property.get("type").asString().equals(Boolean.class.getName())) {
				assertThat(property.get("description").asString()).matches("(Whether|Enable) .*");
			}
		});
	}

	@Test
	void whenListenersLeaveASettingOpenThenItsDefaultIsTheOneOfTheListeners() {
		ListenerOptions options = ListenerOptions.DEFAULTS;
		assertThat(defaultOf("concurrency").asInt()).isEqualTo(options.concurrency());
		assertThat(defaultOf("ack").asString()).isEqualToIgnoringCase(String.valueOf(options.ack()));
		assertThat(duration("max-run-time")).isEqualTo(options.maxRunTime());
		assertThat(duration("shutdown-timeout")).isEqualTo(options.shutdownTimeout());
		assertThat(defaultOf("auto-startup").asBoolean()).isEqualTo(options.autoStartup());
		ListenerOptions.Retry retry = options.retry();
		assertThat(defaultOf("retry.max-attempts").asLong()).isEqualTo(retry.maxAttempts());
		assertThat(duration("retry.delay")).isEqualTo(retry.delay());
		assertThat(defaultOf("retry.multiplier").asDouble()).isEqualTo(retry.multiplier());
		assertThat(duration("retry.max-delay")).isEqualTo(retry.maxDelay());
		assertThat(defaultOf("retry.jitter").asDouble()).isEqualTo(retry.jitter());
		assertThat(duration("retry.schedule-after")).isEqualTo(retry.scheduleAfter());
	}

	@Test
	void keysOfMapsHaveHints() {
		assertThat(metadata.get("hints")).extracting((hint) -> hint.get("name").asString())
			.contains("jetstream.streams.keys", "jetstream.schedules.keys", "jetstream.listeners.keys",
					"jetstream.connections.keys");
	}

	private static JsonNode defaultOf(String key) {
		return properties.get("jetstream.listener." + key).get("defaultValue");
	}

	private static Duration duration(String key) {
		return DurationStyle.detectAndParse(defaultOf(key).asString());
	}

	private static void addKeys(String prefix, Class<?> group, List<String> keys) {
		for (RecordComponent component : group.getRecordComponents()) {
			String key = prefix + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			if (component.getType().isRecord()) {
				addKeys(key, component.getType(), keys);
			}
			else {
				keys.add(key);
			}
		}
	}

}
