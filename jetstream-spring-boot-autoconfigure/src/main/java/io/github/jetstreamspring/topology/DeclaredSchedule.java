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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import io.github.jetstreamspring.messaging.ScheduleHeaders;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.topology.TopologyReport.Action;
import io.github.jetstreamspring.topology.TopologyReport.Row;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that shall be on the server: the last message on a subject of its own.
 */
final class DeclaredSchedule {

	private static final Set<Integer> MISSING = Set.of(10037, 10059);

	private static final String EXPECTED = "Nats-Expected-Last-Subject-Sequence";

	private static final Map<String, String> KEYS = Map.of(ScheduleHeaders.SCHEDULE, "time", ScheduleHeaders.TARGET,
			"subject", ScheduleHeaders.TIME_ZONE, "time-zone");

	// What the server adds, or what only holds for the moment of writing
	private static final Set<String> INCIDENTAL = Set.of("Nats-Rollup", "Nats-Msg-Id", EXPECTED);

	private final ScheduleDefinition definition;

	private final String stream;

	private final String subject;

	private final Map<String, String> headers;

	DeclaredSchedule(ScheduleDefinition definition, StreamConfiguration stream, String owner) {
		this.definition = definition;
		this.stream = stream.getName();
		this.subject = ScheduleSubjects.recurring(this.stream, owner, definition.name());
		this.headers = headers(definition, !stream.getMaxAge().isZero());
	}

	private static Map<String, String> headers(ScheduleDefinition definition, boolean exempt) {
		Map<String, String> headers = new LinkedHashMap<>(definition.headers());
		headers.put(ScheduleHeaders.SCHEDULE, (definition.cron() != null) ? definition.cron()
				: "@every " + text(Objects.requireNonNull(definition.every())));
		headers.put(ScheduleHeaders.TARGET, Objects.requireNonNull(definition.subject()));
		if (definition.timeZone() != null) {
			headers.put(ScheduleHeaders.TIME_ZONE, definition.timeZone());
		}
		if (exempt) {
			headers.put(ScheduleHeaders.TTL, ScheduleHeaders.NEVER);
		}
		return headers;
	}

	private static String text(Duration every) {
		long millis = every.toMillis();
		return (millis % 1000 == 0) ? millis / 1000 + "s" : millis + "ms";
	}

	String key() {
		return Keys.schedule(this.definition.name());
	}

	String label() {
		return "Schedule '" + this.definition.name() + "' of stream '" + this.stream + "'";
	}

	String stream() {
		return this.stream;
	}

	String subject() {
		return this.subject;
	}

	/**
	 * Returns what the server has, or {@code null} if it has no such schedule.
	 */
	@Nullable MessageInfo read(JetStreamManagement management) throws IOException, JetStreamApiException {
		try {
			return management.getLastMessage(this.stream, this.subject);
		}
		catch (JetStreamApiException ex) {
			if (MISSING.contains(ex.getApiErrorCode())) {
				return null;
			}
			throw ex;
		}
	}

	/**
	 * Returns what is not as it shall be, without the payload.
	 */
	List<Difference> differences(MessageInfo current) {
		Map<String, String> found = new TreeMap<>();
		Headers present = current.getHeaders();
		if (present != null) {
			present.forEach((name, values) -> found.put(name, String.join(", ", values)));
		}
		found.keySet().removeAll(INCIDENTAL);
		List<Difference> differences = new ArrayList<>();
		Map<String, String> all = new TreeMap<>(found);
		all.putAll(this.headers);
		all.keySet().forEach((name) -> {
			String from = found.get(name);
			String to = this.headers.get(name);
			if (!Objects.equals(from, to)) {
				differences.add(difference(KEYS.getOrDefault(name, "header " + name), (from != null) ? from : "not set",
						(to != null) ? to : "not set"));
			}
		});
		if (!Arrays.equals((current.getData() != null) ? current.getData() : new byte[0], payload())) {
			differences.add(difference("payload", "another one", "the configured one"));
		}
		return differences;
	}

	private static Difference difference(String key, String from, String to) {
		return new Difference(key, from, to, ServerVersion.of(ServerVersion.OLDEST));
	}

	/**
	 * Returns what differs as rows of a report.
	 * @param current what the server has, or {@code null} if it has no such schedule
	 */
	List<Row> rows(@Nullable MessageInfo current) {
		String name = "schedule " + this.definition.name();
		if (current == null) {
			return List.of(new Row(this.stream, null, name, "missing", "%s to %s"
				.formatted(this.headers.get(ScheduleHeaders.SCHEDULE), this.headers.get(ScheduleHeaders.TARGET)),
					Action.CREATE));
		}
		return differences(current).stream()
			.map((difference) -> new Row(this.stream, null, name + ": " + difference.key(), difference.from(),
					difference.to(), Action.UPDATE))
			.toList();
	}

	/**
	 * Writes it, and fails if somebody else has written it in the meantime.
	 */
	void write(JetStreamManagement management, @Nullable MessageInfo current)
			throws IOException, JetStreamApiException {
		Headers written = new Headers();
		this.headers.forEach((name, value) -> written.put(name, value));
		written.put(EXPECTED, Long.toString((current != null) ? current.getSeq() : 0));
		management.jetStream().publish(new NatsMessage(this.subject, null, written, payload()));
	}

	private byte[] payload() {
		return this.definition.payload().getBytes(StandardCharsets.UTF_8);
	}

}
