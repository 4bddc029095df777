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
import java.util.regex.Pattern;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.ScheduleHeaders;
import io.github.jetstreamspring.topology.TopologyReport.Action;
import io.github.jetstreamspring.topology.TopologyReport.Row;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that shall be on the server: the last message on a subject of its own.
 */
final class DeclaredSchedule {

	private static final Map<String, String> KEYS = Map.of(ScheduleHeaders.SCHEDULE, "time", ScheduleHeaders.TARGET,
			"subject", ScheduleHeaders.TIME_ZONE, "time-zone");

	// What the server adds, or what only holds for the moment of writing
	private static final Set<String> INCIDENTAL = Set.of("Nats-Rollup", "Nats-Msg-Id", ScheduleStore.EXPECTED);

	// They don't belong to a header's value
	private static final Pattern BLANKS = Pattern.compile("^[ \\t]+|[ \\t]+$");

	private final ScheduleDefinition definition;

	private final String stream;

	private final ScheduleOwner owner;

	private final Map<String, String> headers;

	DeclaredSchedule(ScheduleDefinition definition, StreamConfiguration stream, ScheduleOwner owner) {
		this.definition = definition;
		this.stream = stream.getName();
		this.owner = owner;
		this.headers = headers(definition, !stream.getMaxAge().isZero());
	}

	private static Map<String, String> headers(ScheduleDefinition definition, boolean exempt) {
		Map<String, String> headers = new LinkedHashMap<>();
		definition.headers().forEach((name, value) -> headers.put(name, BLANKS.matcher(value).replaceAll("")));
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

	/**
	 * Returns whether a subject is one of this schedule, by whatever key.
	 */
	boolean isOn(String subject) {
		return Subjects.overlap(subject, subjects());
	}

	/**
	 * Returns its subjects by all keys.
	 */
	String subjects() {
		return this.owner.subjects(this.stream, this.definition.name());
	}

	String subject(StreamInfo stream) {
		return this.owner.subject(stream, this.definition.name());
	}

	/**
	 * Returns what is not as it shall be, without the payload.
	 */
	List<Difference> differences(StoredSchedule stored) {
		List<Difference> differences = new ArrayList<>();
		if (!stored.others().isEmpty()) {
			differences.add(difference("signing key", "another one", "the configured one"));
		}
		if (stored.content() != null) {
			differences.addAll(differences(stored.content()));
		}
		return differences;
	}

	private List<Difference> differences(StoredSchedule.Content current) {
		Map<String, String> found = new TreeMap<>();
		current.headers().forEach((name, values) -> found.put(name, String.join(", ", values)));
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
		if (!Arrays.equals(current.payload(), payload())) {
			differences.add(difference("payload", "another one", "the configured one"));
		}
		return differences;
	}

	private static Difference difference(String key, String from, String to) {
		return new Difference(key, from, to, ServerVersion.of(ServerVersion.OLDEST));
	}

	/**
	 * Returns what differs as rows of a report.
	 * @param current what the server has
	 */
	List<Row> rows(StoredSchedule current) {
		String name = "schedule " + this.definition.name();
		if (current.isMissing()) {
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
	 * Returns the headers to write.
	 */
	HeaderFields headers() {
		HeaderFields fields = new HeaderFields();
		this.headers.forEach(fields::put);
		return fields;
	}

	byte[] payload() {
		return this.definition.payload().getBytes(StandardCharsets.UTF_8);
	}

}
