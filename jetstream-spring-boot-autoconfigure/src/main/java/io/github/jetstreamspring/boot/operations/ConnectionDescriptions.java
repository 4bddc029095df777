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

package io.github.jetstreamspring.boot.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.topology.ConsumerDefinition;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.TopologyReport;
import io.nats.client.Connection;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * Describes a connection with its streams, consumers and schedules. Asks the server at
 * most every ten seconds, and waits two for what it says.
 */
final class ConnectionDescriptions {

	private static final long MAX_AGE_NANOS = Duration.ofSeconds(10).toNanos();

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	// Of an application that is switched off
	private static final String NO_SERVER = "none";

	private final ConnectionParts parts;

	private final JetStreamListeners listeners;

	private final @Nullable String owner;

	private final Executor executor;

	// Guarded by this, as is the next
	private @Nullable Inspection last;

	private long begunNanos;

	/**
	 * Creates descriptions.
	 * @param parts the connection
	 * @param listeners the listeners, of which those on other connections are left out
	 * @param owner the name of the application, or {@code null} if it has none
	 * @param executor asks the server
	 */
	ConnectionDescriptions(ConnectionParts parts, JetStreamListeners listeners, @Nullable String owner,
			Executor executor) {
		this.parts = parts;
		this.listeners = listeners;
		this.owner = owner;
		this.executor = executor;
	}

	Description describe() {
		Connection connection = this.parts.connection();
		Map<String, Set<String>> names = names();
		Inspection inspection = inspect(names);
		ServerInfo server = connection.getServerInfo();
		Description streams = new Description();
		names.forEach((stream, consumers) -> streams.add(stream, describe(stream, consumers, inspection)));
		Description schedules = new Description();
		this.parts.topology()
			.schedules()
			.forEach((schedule) -> schedules.add(schedule.name(), describe(schedule, inspection)));
		return new Description().add("status", connection.getStatus().name())
			.add("serverVersion",
					(server != null && !NO_SERVER.equals(server.getVersion())) ? server.getVersion() : null)
			.add("streams", streams)
			.add("schedules", schedules);
	}

	/**
	 * Returns how many messages a consumer has out at most.
	 * @return the number, or {@code null} if it isn't limited, or the server can't be
	 * asked
	 */
	@Nullable Long maxAckPending(String stream, String consumer) {
		Inspection inspection = inspect(names());
		ConsumerInfo info = (inspection != null) ? inspection.consumer(stream, consumer) : null;
		long max = (info != null) ? info.getConsumerConfiguration().getMaxAckPending() : 0;
		return (max > 0) ? max : null;
	}

	private @Nullable Inspection inspect(Map<String, Set<String>> names) {
		if (this.parts.connection().getStatus() != Connection.Status.CONNECTED) {
			return null;
		}
		return current(names).await(PATIENCE);
	}

	private synchronized Inspection current(Map<String, Set<String>> names) {
		Inspection current = this.last;
		if (current == null || (current.isDone() && System.nanoTime() - this.begunNanos >= MAX_AGE_NANOS)) {
			this.begunNanos = System.nanoTime();
			current = Inspection.begin(this.parts, names, this.owner, this.executor);
			this.last = current;
		}
		return current;
	}

	/**
	 * Returns the streams, each with its consumers: those that are declared, and those of
	 * listeners.
	 */
	private Map<String, Set<String>> names() {
		Map<String, Set<String>> names = new TreeMap<>();
		for (StreamDefinition stream : this.parts.topology().streams()) {
			Set<String> consumers = names.computeIfAbsent(stream.name(), (name) -> new TreeSet<>());
			stream.consumers().stream().map(ConsumerDefinition::name).forEach(consumers::add);
		}
		for (ListenerStatus listener : this.listeners.statuses()) {
			if (isOwn(listener.id())) {
				names.computeIfAbsent(listener.stream(), (name) -> new TreeSet<>()).add(listener.consumer());
			}
		}
		return names;
	}

	private boolean isOwn(String listener) {
		try {
			return Objects.equals(this.listeners.connection(listener), this.parts.name());
		}
		catch (IllegalArgumentException ex) {
			// It has gone with its bean just now
			return false;
		}
	}

	private static Description describe(String stream, Set<String> consumers, @Nullable Inspection inspection) {
		StreamInfo info = (inspection != null) ? inspection.stream(stream) : null;
		Description described = new Description();
		for (String consumer : consumers) {
			described.add(consumer, describe(stream, consumer, inspection));
		}
		return new Description().add("messages", (info != null) ? info.getStreamState().getMsgCount() : null)
			.add("bytes", (info != null) ? info.getStreamState().getByteCount() : null)
			.add("drift", drift(stream, (inspection != null) ? inspection.differences() : null))
			.add("consumers", described);
	}

	private static Description describe(String stream, String consumer, @Nullable Inspection inspection) {
		ConsumerInfo info = (inspection != null) ? inspection.consumer(stream, consumer) : null;
		if (inspection == null || info == null) {
			return new Description();
		}
		Instant oldest = inspection.oldest(stream, consumer);
		return new Description().add("pending", info.getNumPending())
			.add("ackPending", info.getNumAckPending())
			.add("redelivered", info.getRedelivered())
			.add("oldestAge", (oldest != null) ? age(oldest) : null);
	}

	// The server's clock may be ahead
	private static Duration age(Instant time) {
		Duration age = Duration.between(time, Instant.now());
		return age.isNegative() ? Duration.ZERO : Duration.ofMillis(age.toMillis());
	}

	private static @Nullable List<Map<String, Object>> drift(String stream,
			@Nullable List<TopologyReport.Row> differences) {
		if (differences == null) {
			return null;
		}
		List<Map<String, Object>> drift = new ArrayList<>();
		differences.stream()
			.filter((row) -> row.stream().equals(stream))
			.forEach((row) -> drift.add(new Description()
				.add("setting",
						(row.consumer() != null) ? "consumers.%s.%s".formatted(row.consumer(), row.setting())
								: row.setting())
				.add("server", row.onServer())
				.add("configuration", row.inConfiguration())
				.toMap()));
		return drift;
	}

	private static Description describe(ScheduleDefinition schedule, @Nullable Inspection inspection) {
		ScheduleTimes times = (inspection != null) ? inspection.schedule(schedule.name()) : null;
		Instant now = Instant.now();
		return new Description().add("subject", schedule.subject())
			.add("expression",
					(schedule.every() != null) ? "@every " + Durations.text(schedule.every()) : schedule.cron())
			.add("timeZone", schedule.timeZone())
			.add("next", ScheduleTimes.next(schedule, (times != null) ? times.last() : null, now))
			.add("last", (times != null) ? times.last() : null);
	}

}
