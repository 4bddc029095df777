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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class PropertyWarningsTests {

	@Test
	void whenNothingIsSetThenNothingIsWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(30), Map.of())).isEmpty();
	}

	@Test
	void whenListenersMayStopForLongerThanSpringWaitsThenItIsWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(30),
				Map.of("jetstream.listener.shutdown-timeout", "1m", "jetstream.listeners.slow.shutdown-timeout", "30s",
						"jetstream.listeners.quick.shutdown-timeout", "5s")))
			.containsExactly(
					"jetstream.listener.shutdown-timeout is 1m: the application goes on to stop what handlers use after"
							+ " 30s. Set spring.lifecycle.timeout-per-shutdown-phase to more than that.",
					"jetstream.listeners.slow.shutdown-timeout is 30s: the application goes on to stop what handlers"
							+ " use after 30s. Set spring.lifecycle.timeout-per-shutdown-phase to more than that.");
		assertThat(warnings(Duration.ofSeconds(10), Map.of())).singleElement()
			.asString()
			.startsWith("jetstream.listener.shutdown-timeout is 20s: ");
	}

	@Test
	void whenTimesAreTooShortForANetworkThenTheyAreWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(30),
				Map.of("jetstream.publisher.timeout", "5ms", "jetstream.connection.ping-interval", "10ms",
						"jetstream.connection.connect-timeout", "20ms", "jetstream.connection.reconnect-wait", "1ms",
						"jetstream.connections.far.publisher.timeout", "50ms",
						"jetstream.connections.far.connection.startup-timeout", "1s")))
			.extracting((warning) -> warning.substring(0, warning.indexOf(':')))
			.containsExactlyInAnyOrder("jetstream.publisher.timeout is 5ms",
					"jetstream.connection.ping-interval is 10ms", "jetstream.connection.connect-timeout is 20ms",
					"jetstream.connection.reconnect-wait is 1ms", "jetstream.connections.far.publisher.timeout is 50ms",
					"jetstream.connections.far.connection.startup-timeout is 1s");
	}

	@Test
	void whenHandlersOrPausesHaveNoTimeThenItIsWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(30),
				Map.of("jetstream.listener.max-run-time", "1ms", "jetstream.listeners.w.max-run-time", "99ms",
						"jetstream.listeners.w.circuit-breaker.pause", "5ms", "jetstream.listeners.x.max-run-time",
						"1s", "jetstream.dead-letter.max-age", "10s", "jetstream.connections.far.dead-letter.max-age",
						"1m")))
			.extracting((warning) -> warning.substring(0, warning.indexOf(':')))
			.containsExactlyInAnyOrder("jetstream.listener.max-run-time is 1ms",
					"jetstream.listeners.w.max-run-time is 99ms", "jetstream.listeners.w.circuit-breaker.pause is 5ms",
					"jetstream.dead-letter.max-age is 10s", "jetstream.connections.far.dead-letter.max-age is 1m");
	}

	@Test
	void whenPublishingTakesLongerThanIdsAreRememberedThenItIsWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(30),
				Map.of("jetstream.publisher.timeout", "3m", "jetstream.streams.orders.replicas", "1",
						"jetstream.streams.mails.duplicate-window", "5m", "jetstream.streams.short.max-age", "1m",
						"jetstream.streams.short.duplicate-window", "1m")))
			.hasSize(2)
			.anyMatch((warning) -> warning
				.startsWith("jetstream.publisher.timeout is 3m: a message that is sent once more after the"
						+ " duplicate-window of the stream 'orders' (2m) is stored twice."))
			.anyMatch((warning) -> warning.contains("'short' (1m)"));
	}

	private static List<String> warnings(Duration phaseTimeout, Map<String, String> values) {
		JetStreamProperties properties = new Binder(new MapConfigurationPropertySource(new LinkedHashMap<>(values)))
			.bindOrCreate("jetstream", JetStreamProperties.class);
		return new PropertyWarnings(properties, phaseTimeout).all();
	}

}
