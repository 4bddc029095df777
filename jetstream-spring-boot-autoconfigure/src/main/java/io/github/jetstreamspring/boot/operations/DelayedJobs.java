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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.messaging.RetryHeaders;
import io.github.jetstreamspring.messaging.ScheduleHeaders;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Shows the jobs that wait as schedules of the application's streams until they are due:
 * delayed ones, and those whose next attempt is far.
 */
final class DelayedJobs {

	private static final int MOST = 200;

	private static final String AT = "@at ";

	private final Map<String, ConnectionParts> connections;

	private final JetStreamListeners listeners;

	DelayedJobs(Map<String, ConnectionParts> connections, JetStreamListeners listeners) {
		this.connections = connections;
		this.listeners = listeners;
	}

	/**
	 * Describes the jobs, the one that is due next first.
	 * @return {@code jobs}, and whether there are {@code more} that were not looked at
	 * @throws OperationFailure if a server can't be asked
	 */
	Description describe() {
		List<Job> jobs = new ArrayList<>();
		boolean more = false;
		for (Map.Entry<String, ConnectionParts> entry : this.connections.entrySet()) {
			ConnectionParts parts = entry.getValue();
			if (parts.connection().getStatus() != Connection.Status.CONNECTED) {
				throw OperationFailure.unavailable(
						"The server can't be reached: the connection is %s".formatted(parts.connection().getStatus()));
			}
			for (String stream : streams(parts)) {
				more |= find(entry.getKey(), parts.connection(), stream, jobs);
			}
		}
		jobs.sort(Comparator.comparing(Job::due));
		return new Description().add("jobs", jobs.stream().map(Job::described).map(Description::toMap).toList())
			.add("more", more ? true : null);
	}

	private Set<String> streams(ConnectionParts parts) {
		Set<String> streams = new TreeSet<>();
		parts.topology().streams().forEach((declared) -> streams.add(declared.name()));
		this.listeners.statuses().forEach((listener) -> streams.add(listener.stream()));
		return streams;
	}

	private static boolean find(String connection, Connection server, String stream, List<Job> jobs) {
		MessageBrowser browser = new MessageBrowser(server, stream,
				List.of(ScheduleSubjects.delayed(stream), ScheduleSubjects.retries(stream)), 1);
		try {
			for (StoredMessages.Stored message = browser.next(); message != null; message = browser.next()) {
				if (jobs.size() >= MOST) {
					return true;
				}
				Instant due = due(message.headers());
				if (due != null) {
					jobs.add(new Job(due, describe(connection, stream, message, due)));
				}
			}
			return false;
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			throw OperationFailure.ofServer(ex);
		}
	}

	private static @Nullable Instant due(Headers headers) {
		String schedule = headers.getFirst(ScheduleHeaders.SCHEDULE);
		try {
			return (schedule != null && schedule.startsWith(AT)) ? Instant.parse(schedule.substring(AT.length()))
					: null;
		}
		catch (RuntimeException ex) {
			// It is anybody's who may publish there
			return null;
		}
	}

	private static Description describe(String connection, String stream, StoredMessages.Stored message, Instant due) {
		Headers headers = message.headers();
		String attempts = headers.getFirst(RetryHeaders.ATTEMPTS);
		String id = headers.getFirst(ScheduleHeaders.JOB_ID);
		return new Description().add("id", (attempts != null) ? headers.getFirst(RetryHeaders.MESSAGE_ID) : id)
			.add("connection", connection)
			.add("stream", stream)
			.add("sequence", message.sequence())
			.add("subject", headers.getFirst(ScheduleHeaders.TARGET))
			.add("due", due)
			.add("attempts", attempts);
	}

	private record Job(Instant due, Description described) {
	}

}
