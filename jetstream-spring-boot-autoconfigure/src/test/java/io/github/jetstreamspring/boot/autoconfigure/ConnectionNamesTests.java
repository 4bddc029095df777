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

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class ConnectionNamesTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void whenNothingIsConfiguredThenThereAreNone() {
		set(Map.of("jetstream.servers", "nats://localhost", "jetstream.connection.startup-timeout", "1s"));
		assertThat(ConnectionNames.in(this.environment)).isEmpty();
	}

	@Test
	void whenSeveralKeysAreBelowANameThenItIsThereOnce() {
		set(Map.of("jetstream.connections.east.servers", "a", "jetstream.connections.east.streams.orders.subjects", "b",
				"jetstream.connections.west.token", "${unknown}"));
		assertThat(ConnectionNames.in(this.environment)).containsOnlyKeys("east", "west");
	}

	@Test
	void whenDeadLettersAreSwitchedOffThenOnlyForThatConnection() {
		set(Map.of("jetstream.connections.us-east.dead-letter.enabled", "FALSE", "jetstream.connections.west.servers",
				"a", "jetstream.dead-letter.enabled", "false"));
		assertThat(ConnectionNames.in(this.environment)).containsOnly(entry("us-east", false), entry("west", true));
	}

	@Test
	void whenAnEnvironmentVariableSpellsTheNameDifferentlyThenTheOneWithDashesIsTaken() {
		set(Map.of("jetstream.connections.us-east.servers", "a"));
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("variables",
					Map.of("JETSTREAM_CONNECTIONS_USEAST_PASSWORD", "p")));
		assertThat(ConnectionNames.in(this.environment)).containsOnlyKeys("us-east");
	}

	@Test
	void whenAnEnvironmentVariableDiffersInCaseOnlyThenTheNameIsThatOfTheFiles() {
		set(Map.of("jetstream.connections.Warehouse.servers", "a"));
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("variables",
					Map.of("JETSTREAM_CONNECTIONS_WAREHOUSE_PASSWORD", "p")));
		assertThat(ConnectionNames.in(this.environment)).containsOnlyKeys("Warehouse");
	}

	private void set(Map<String, Object> properties) {
		this.environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
	}

}
