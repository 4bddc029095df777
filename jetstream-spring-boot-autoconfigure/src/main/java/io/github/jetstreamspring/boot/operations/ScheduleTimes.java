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

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;

/**
 * When the server has last published a schedule's message, as long as its stream keeps
 * that, and when it will publish the next one.
 *
 * @param last when it did, or {@code null} if nobody knows
 * @param next when it will, or {@code null} if nobody knows
 */
record ScheduleTimes(@Nullable Instant last, @Nullable Instant next) {

	private static final String SCHEDULER = "Nats-Scheduler";

	// What the server puts in place of a name, where there is none
	private static final String UNNAMED = "application";

	/**
	 * Asks the server.
	 * @param connection the connection
	 * @param schedule the schedule
	 * @param owner the name of the application, or {@code null} if it has none
	 * @return the times, or {@code null} if no stream has the schedule
	 * @throws IOException if the server can't be asked
	 * @throws JetStreamApiException if it refuses
	 */
	static @Nullable ScheduleTimes find(Connection connection, ScheduleDefinition schedule, @Nullable String owner)
			throws IOException, JetStreamApiException {
		String subject = schedule.subject();
		if (subject == null) {
			return null;
		}
		List<String> streams = Inquiry.ask(connection, ".API.STREAM.NAMES",
				(management) -> management.getStreamNames(subject));
		if (streams.isEmpty()) {
			return null;
		}
		String stream = streams.get(0);
		Optional<StoredMessages.Stored> message = Inquiry.ask(connection, ".API.STREAM.MSG.GET." + stream,
				(management) -> Optional.ofNullable(new StoredMessages(connection).findLast(stream, subject)));
		String own = ScheduleSubjects.recurring(stream, (owner != null) ? owner : UNNAMED, schedule.name());
		Instant last = message.filter((stored) -> isOf(own, stored.headers().getFirst(SCHEDULER)))
			.map(StoredMessages.Stored::time)
			.orElse(null);
		return new ScheduleTimes(last, next(schedule, last, Instant.now()));
	}

	// The last token is a signature
	private static boolean isOf(String wildcard, @Nullable String scheduler) {
		return scheduler != null && scheduler.startsWith(wildcard.substring(0, wildcard.length() - 1));
	}

	static @Nullable Instant next(ScheduleDefinition schedule, @Nullable Instant last, Instant now) {
		if (schedule.every() != null) {
			// The server counts from the time before, which nobody else knows
			Instant next = (last != null) ? last.plus(schedule.every()) : null;
			return (next != null && next.isAfter(now)) ? next : null;
		}
		try {
			ZoneId zone = ZoneId.of((schedule.timeZone() != null) ? schedule.timeZone() : "UTC");
			ZonedDateTime next = CronExpression.parse(String.valueOf(schedule.cron())).next(now.atZone(zone));
			return (next != null) ? next.toInstant() : null;
		}
		catch (RuntimeException ex) {
			// The server knows what it means, or refuses it
			return null;
		}
	}

}
