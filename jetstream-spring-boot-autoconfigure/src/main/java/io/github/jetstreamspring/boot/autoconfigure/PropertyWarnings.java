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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.messaging.Durations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Warns of values that are valid, but can't work. What depends on streams and consumers
 * is looked at when these are declared, and when listeners start.
 */
final class PropertyWarnings implements SmartInitializingSingleton {

	static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	private static final Log logger = LogFactory.getLog(PropertyWarnings.class);

	private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);

	private static final Duration SHORTEST_PING = Duration.ofSeconds(1);

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

	private static final Duration SHORTEST_KEEPING = Duration.ofHours(1);

	private static final Duration DEFAULT_WINDOW = Duration.ofMinutes(2);

	private final JetStreamProperties properties;

	private final Duration phaseTimeout;

	private final List<String> warnings = new ArrayList<>();

	PropertyWarnings(JetStreamProperties properties, Duration phaseTimeout) {
		this.properties = properties;
		this.phaseTimeout = phaseTimeout;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String warning : all()) {
			logger.warn(warning);
		}
	}

	List<String> all() {
		this.warnings.clear();
		look("jetstream.", this.properties);
		for (String name : this.properties.connections().keySet()) {
			look("jetstream.connections." + name + ".", this.properties.of(name));
		}
		lookAt("jetstream.listener", this.properties.listener());
		Map<String, ListenerOptions> listeners = this.properties.listeners();
		for (Map.Entry<String, ListenerOptions> listener : listeners.entrySet()) {
			lookAt("jetstream.listeners." + listener.getKey(), listener.getValue());
		}
		Duration defaultTimeout = ListenerOptions.DEFAULTS.shutdownTimeout();
		lookAtShutdown("jetstream.listener", this.properties.listener().shutdownTimeout(), defaultTimeout);
		for (Map.Entry<String, ListenerOptions> listener : listeners.entrySet()) {
			lookAtShutdown("jetstream.listeners." + listener.getKey(), listener.getValue().shutdownTimeout(), null);
		}
		return List.copyOf(this.warnings);
	}

	private void look(String prefix, JetStreamProperties properties) {
		look(prefix, properties.connection(), properties.publisher());
		Duration timeout = properties.publisher().timeout();
		for (Map.Entry<String, StreamProperties> stream : properties.streams().entrySet()) {
			Duration window = window(stream.getValue());
			warnIf(timeout.compareTo(window) > 0, prefix + "publisher.timeout", timeout,
					("a message that is sent once more after the duplicate-window of the stream '%s' (%s) is stored"
							+ " twice. Shorten the one, or set the other to more than that")
						.formatted(stream.getKey(), Durations.text(window)));
		}
		DeadLetterProperties deadLetter = properties.deadLetter();
		warnIf(deadLetter.enabled() && deadLetter.maxAge().compareTo(SHORTEST_KEEPING) < 0,
				prefix + "dead-letter.max-age", deadLetter.maxAge(),
				"dead letters are gone before anybody can look at them. Set it to days");
	}

	// A stream that keeps messages for less remembers their ids for less
	private static Duration window(StreamProperties stream) {
		Duration age = stream.maxAge();
		Duration window = (stream.duplicateWindow() != null && !stream.duplicateWindow().isZero())
				? stream.duplicateWindow() : DEFAULT_WINDOW;
		return (age != null && !age.isZero() && age.compareTo(window) < 0) ? age : window;
	}

	private void lookAt(String prefix, ListenerOptions listener) {
		Duration longest = listener.maxRunTime();
		if (longest != null) {
			warnIf(longest.compareTo(SHORTEST_TIMEOUT) < 0, prefix + ".max-run-time", longest,
					"handlers are interrupted before they can end, and their messages become dead letters in the end."
							+ " Set it to more than the longest run, 1s or more");
		}
		Duration pause = listener.circuitBreaker().pause();
		if (pause != null) {
			warnIf(pause.compareTo(SHORTEST_TIMEOUT) < 0, prefix + ".circuit-breaker.pause", pause,
					"what fails has no time to recover. Set it to 1s or more");
		}
	}

	private void look(String prefix, ConnectionProperties connection, PublisherProperties publisher) {
		warnIf(publisher.timeout().compareTo(SHORTEST_TIMEOUT) < 0, prefix + "publisher.timeout", publisher.timeout(),
				"confirmations take longer when the server is busy or a leader changes, and publishing fails although"
						+ " messages are stored. Set it to 1s or more");
		warnIf(connection.pingInterval().compareTo(SHORTEST_PING) < 0, prefix + "connection.ping-interval",
				connection.pingInterval(),
				"a sound connection that is busy for a moment counts as lost. Set it to 1s or more");
		warnIf(connection.connectTimeout().compareTo(SHORTEST_TIMEOUT) < 0, prefix + "connection.connect-timeout",
				connection.connectTimeout(),
				"a server that is far away or uses TLS can't be connected to in that time. Set it to 1s or more");
		warnIf(connection.reconnectWait().compareTo(SHORTEST_WAIT) < 0, prefix + "connection.reconnect-wait",
				connection.reconnectWait(),
				"a server that is down is asked without a pause, and so it is by all instances when it comes back. Set"
						+ " it to 100ms or more");
		warnIf(connection.startupTimeout().compareTo(connection.connectTimeout()) < 0,
				prefix + "connection.startup-timeout", connection.startupTimeout(),
				"start-up gives up before one attempt to connect may end (connect-timeout). Set it to more than that");
	}

	private void lookAtShutdown(String prefix, @Nullable Duration timeout, @Nullable Duration otherwise) {
		Duration effective = (timeout != null) ? timeout : otherwise;
		if (effective != null) {
			warnIf(effective.compareTo(this.phaseTimeout) >= 0, prefix + ".shutdown-timeout", effective,
					"the application goes on to stop what handlers use after %s. Set %s to more than that"
						.formatted(Durations.text(this.phaseTimeout), PHASE_TIMEOUT));
		}
	}

	private void warnIf(boolean condition, String key, Duration value, String why) {
		if (condition) {
			this.warnings.add("%s is %s: %s.".formatted(key, Durations.text(value), why));
		}
	}

}
