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

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;

import org.springframework.scheduling.support.CronExpression;

/**
 * Finds what is wrong with schedules before the server is asked to take them.
 */
final class ScheduleRules {

	private static final String SINCE = "2.14";

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Set<String> MACROS = Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily",
			"@midnight", "@hourly");

	private static final Pattern NAME = Pattern.compile("[A-Z]{3}");

	private final String serverVersion;

	private final Problems problems;

	ScheduleRules(String serverVersion, Problems problems) {
		this.serverVersion = serverVersion;
		this.problems = problems;
	}

	/**
	 * Returns whether the server knows recurring schedules.
	 */
	boolean isKnown() {
		return !ServerVersion.of(this.serverVersion).isOlderThan(ServerVersion.of(SINCE));
	}

	/**
	 * Looks at a definition alone.
	 * @return whether it can be declared
	 */
	boolean check(ScheduleDefinition schedule) {
		int before = this.problems.size();
		String key = Keys.schedule(schedule.name());
		check(isKnown(), key, "needs nats-server %s, but %s is connected".formatted(SINCE, this.serverVersion),
				"Remove it, or run nats-server %s or newer.".formatted(SINCE));
		String subject = schedule.subject();
		check(subject != null && isLiteral(subject), key + ".subject",
				(subject != null) ? "can't be '%s'".formatted(subject) : "is missing",
				"It takes a subject without wildcards, such as reports.nightly.");
		checkTime(key, schedule);
		schedule.headers().forEach((name, value) -> checkHeader(key + ".headers", name, value));
		return this.problems.size() == before;
	}

	private void checkTime(String key, ScheduleDefinition schedule) {
		String cron = schedule.cron();
		Duration every = schedule.every();
		if (cron == null && every == null) {
			this.problems.add(key, "has neither 'cron' nor 'every'", "Set one of them.");
		}
		else if (cron != null && every != null) {
			this.problems.add(key, "has both 'cron' and 'every'", "Remove one of them.");
		}
		if (cron != null) {
			check(isCron(cron), key + ".cron", "can't be '%s'".formatted(cron),
					"It takes six fields, for second, minute, hour, day of month, month and day of week, such as"
							+ " '0 0 6 * * MON-FRI', or one of @yearly, @monthly, @weekly, @daily and @hourly.");
		}
		if (every != null) {
			check(every.compareTo(SHORTEST) >= 0 && Durations.isCountable(every), key + ".every",
					"can't be '%s'".formatted(Durations.text(every)),
					"It takes a duration of 1s or more and at most 100 years.");
		}
		String zone = schedule.timeZone();
		if (zone != null) {
			check(cron != null, key + ".time-zone", "is only for 'cron'", "Remove it.");
			check(ZoneId.getAvailableZoneIds().contains(zone), key + ".time-zone", "can't be '%s'".formatted(zone),
					"It takes the name of a time zone, such as Europe/Berlin or UTC.");
		}
	}

	private void checkHeader(String key, String name, String value) {
		check(!HeaderFields.isReserved(name), key, "can't have '%s'".formatted(name),
				"Names that begin with 'Nats-' are reserved for the server.");
		check(HeaderFields.isName(name), key, "can't have the name '%s'".formatted(name),
				"It takes ASCII text without spaces and colons.");
		check(HeaderFields.isValue(value), key, "can't have this value for '%s'".formatted(name),
				"It takes text on one line.");
	}

	/**
	 * Looks at the stream that a schedule publishes to.
	 * @return whether the stream takes schedules
	 */
	boolean check(ScheduleDefinition schedule, StreamConfiguration stream) {
		int before = this.problems.size();
		String key = Keys.schedule(schedule.name());
		String name = stream.getName();
		if (!stream.getAllowMsgSchedules()) {
			this.problems.add(key, "publishes to stream '%s', which doesn't allow message schedules".formatted(name),
					"Set %s.allow-message-schedules to true.".formatted(Keys.stream(name)));
		}
		else if (stream.getRetentionPolicy() == RetentionPolicy.Interest) {
			this.problems.add(key,
					"publishes to stream '%s', which has retention 'interest' and can't keep schedules".formatted(name),
					"Set its retention to 'work-queue' or 'limits', or use another stream.");
		}
		else if (!ScheduleSubjects.isAmong(stream.getSubjects(), name)) {
			this.problems.add(key, "publishes to stream '%s', which has no subject for schedules".formatted(name),
					"Add the subject '%s' to it.".formatted(ScheduleSubjects.all(name)));
		}
		else if (!stream.getMaxAge().isZero() && !stream.getAllowMessageTtl()) {
			this.problems.add(key,
					"is kept in stream '%s', which deletes everything after %s, schedules too".formatted(name,
							Values.duration(stream.getMaxAge())),
					"Set %s.allow-message-ttl to true: schedules are exempt then.".formatted(Keys.stream(name)));
		}
		return this.problems.size() == before;
	}

	void addUnknownSubject(ScheduleDefinition schedule) {
		this.problems.add(Keys.schedule(schedule.name()) + ".subject",
				"is '%s', on which no stream listens".formatted(schedule.subject()),
				"Add the subject to a stream, or correct it.");
	}

	/**
	 * Returns whether the server takes a cron expression. It knows less than Spring:
	 * nothing but lists, ranges and steps, and Sunday is the first day of the week only.
	 */
	static boolean isCron(String cron) {
		if (cron.startsWith("@")) {
			return MACROS.contains(cron);
		}
		if (!CronExpression.isValidExpression(cron)) {
			return false;
		}
		String upper = cron.toUpperCase(Locale.ROOT);
		String dayOfWeek = upper.substring(upper.lastIndexOf(' ') + 1);
		boolean special = NAME.matcher(upper).replaceAll("1").chars().anyMatch((sign) -> "LW#".indexOf(sign) >= 0);
		return !special && dayOfWeek.indexOf('7') < 0 && !dayOfWeek.contains("-SUN")
				&& CronExpression.parse(cron).next(LocalDateTime.now()) != null;
	}

	private static boolean isLiteral(String subject) {
		return Subjects.isValid(subject) && !subject.startsWith("$") && subject.indexOf('*') < 0
				&& subject.indexOf('>') < 0;
	}

	private void check(boolean valid, String key, String description, String action) {
		if (!valid) {
			this.problems.add(key, description, action);
		}
	}

}
