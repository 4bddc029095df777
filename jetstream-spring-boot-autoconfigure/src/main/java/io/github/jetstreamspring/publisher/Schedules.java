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

package io.github.jetstreamspring.publisher;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.ScheduleHeaders;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.SigningKey;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.PurgeOptions;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * Delayed messages: the server stores them as schedules, each on a subject of its own,
 * and delivers them when they are due.
 */
final class Schedules {

	private static final String SINCE = "2.12.0";

	private final Connection connection;

	private final StreamLookup streams;

	private final @Nullable SigningKey ownKey;

	Schedules(Connection connection, StreamLookup streams, @Nullable SigningKey ownKey) {
		this.connection = connection;
		this.streams = streams;
		this.ownKey = ownKey;
	}

	/**
	 * Makes the message by which the server learns of a delayed one.
	 * @param message the message to deliver
	 * @param due when to deliver it
	 * @return the schedule
	 * @throws JetStreamException if there is no stream that takes it
	 */
	Message schedule(Message message, Instant due) {
		HeaderFields headers = new HeaderFields(message.getHeaders());
		String id = headers.getFirst(PublishHeaders.MESSAGE_ID);
		if (id == null) {
			id = NUID.nextGlobal();
		}
		headers.put(ScheduleHeaders.JOB_ID, id);
		// They would hold for the moment at which the schedule is stored, on its subject
		Optional.ofNullable(message.getHeaders())
			.stream()
			.flatMap((sent) -> sent.keySet().stream())
			.filter((name) -> name.startsWith(PublishHeaders.EXPECTED))
			.findAny()
			.ifPresent(Schedules::refuse);
		StreamInfo info = stream(message.getSubject());
		StreamConfiguration stream = info.getConfiguration();
		SigningKey key = (this.ownKey != null) ? this.ownKey : SigningKey.ofStream(info);
		return toSchedule(stream, ScheduleSubjects.delayed(stream.getName(), id, key), message, headers, due);
	}

	/**
	 * Makes the message by which the server learns of another one.
	 * @param message the message to deliver
	 * @param due when to deliver it
	 * @param subject the schedule's subject
	 * @return the schedule
	 * @throws JetStreamException if there is no stream that takes it
	 */
	Message schedule(Message message, Instant due, String subject) {
		return toSchedule(stream(message.getSubject()).getConfiguration(), subject, message,
				new HeaderFields(message.getHeaders()), due);
	}

	private static Message toSchedule(StreamConfiguration stream, String subject, Message message, HeaderFields headers,
			Instant due) {
		headers.put(ScheduleHeaders.SCHEDULE, "@at " + due.truncatedTo(ChronoUnit.MILLIS));
		headers.put(ScheduleHeaders.TARGET, message.getSubject());
		// Another one than that of the job it may replace
		headers.put(PublishHeaders.MESSAGE_ID, NUID.nextGlobal());
		String ttl = headers.getFirst(PublishHeaders.TTL);
		headers.remove(PublishHeaders.TTL);
		if (ttl != null) {
			headers.put(ScheduleHeaders.SCHEDULE_TTL, ttl);
		}
		keep(stream, headers, message.getSubject(), due);
		return new NatsMessage(subject, null, headers.toHeaders(), message.getData());
	}

	private static void refuse(String expectation) {
		throw new IllegalStateException(
				"A delayed message can't expect a sequence (%s): what the stream holds when it is due, nobody knows yet"
					.formatted(expectation));
	}

	// Otherwise the server deletes the schedule as it deletes every old message
	private static void keep(StreamConfiguration stream, HeaderFields headers, String subject, Instant due) {
		Duration maxAge = stream.getMaxAge();
		if (maxAge == null || maxAge.isZero()) {
			return;
		}
		if (stream.getAllowMessageTtl()) {
			headers.put(ScheduleHeaders.TTL, ScheduleHeaders.NEVER);
		}
		else if (due.isAfter(Instant.now().plus(maxAge))) {
			throw new JetStreamException(
					"A message to subject '%s' can't wait until %s, because stream '%s' deletes its messages after %s. Set jetstream.streams.%s.allow-message-ttl=true, which lets them wait as long as it takes, or a longer max-age"
						.formatted(subject, due, stream.getName(), Durations.text(maxAge), stream.getName()),
					null);
		}
	}

	/**
	 * Returns the stream that delivers to a subject, if it takes schedules.
	 */
	private StreamInfo stream(String subject) {
		if (!this.connection.getServerInfo().isSameOrNewerThanVersion(SINCE)) {
			throw new JetStreamException(
					"A message to subject '%s' is delayed, which needs nats-server 2.12, but %s is connected"
						.formatted(subject, this.connection.getServerInfo().getVersion()),
					null);
		}
		String obstacle = obstacle(this.streams.find(subject));
		if (obstacle != null) {
			// It may be just what somebody has changed
			this.streams.forget(subject);
			obstacle = obstacle(this.streams.find(subject));
		}
		if (obstacle != null) {
			this.streams.forget(subject);
			throw new JetStreamException("A message to subject '%s' can't be delayed: %s".formatted(subject, obstacle),
					null);
		}
		return this.streams.look(subject);
	}

	private static @Nullable String obstacle(StreamConfiguration stream) {
		String name = stream.getName();
		if (!stream.getAllowMsgSchedules()) {
			return "stream '%s' doesn't allow it. Set jetstream.streams.%s.allow-message-schedules=true".formatted(name,
					name);
		}
		if (stream.getRetentionPolicy() == RetentionPolicy.Interest) {
			return "stream '%s' has retention 'interest', with which the server keeps no schedules. Use 'work-queue' or 'limits'"
				.formatted(name);
		}
		if (!ScheduleSubjects.isAmong(stream.getSubjects(), name)) {
			return "stream '%s' has no subject for schedules. Declare it with jetstream.streams.%s.allow-message-schedules=true and jetstream.topology.mode=update, or add the subject '%s'"
				.formatted(name, name, ScheduleSubjects.all(name));
		}
		return null;
	}

	boolean cancel(String id) {
		String subject = ScheduleSubjects.delayed("*", id);
		String failure = "job '%s' can't be cancelled".formatted(id);
		boolean cancelled = false;
		for (String stream : ask(failure, "STREAM.NAMES", (management) -> management.getStreamNames(subject))) {
			cancelled |= purge(failure, stream, id);
		}
		return cancelled;
	}

	boolean cancel(String subject, String id) {
		String stream = stream(subject).getConfiguration().getName();
		return purge("job '%s' can't be cancelled in stream '%s'".formatted(id, stream), stream, id);
	}

	private boolean purge(String failure, String stream, String id) {
		PurgeOptions jobs = PurgeOptions.subject(ScheduleSubjects.delayed(stream, id));
		return ask(failure, "STREAM.PURGE." + stream, (management) -> management.purgeStream(stream, jobs))
			.getPurged() > 0;
	}

	private <T> T ask(String failure, String right, Inquiry.Question<T> question) {
		try {
			return Inquiry.ask(this.connection, ".API." + right, question);
		}
		catch (Inquiry.ForbiddenException ex) {
			throw new JetStreamException("The %s: %s".formatted(failure, ex.getMessage()), ex);
		}
		catch (IOException | JetStreamApiException ex) {
			throw new JetStreamException("The %s: %s. The user of the connection needs permission for $JS.API.%s"
				.formatted(failure, ex.getMessage(), right), ex);
		}
	}

}
