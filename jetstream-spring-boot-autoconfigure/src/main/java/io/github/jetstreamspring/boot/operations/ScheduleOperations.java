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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.SimilarNames;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.NUID;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the messages of schedules at once. When they are due the next time stays as
 * it is.
 */
final class ScheduleOperations {

	private static final String MESSAGE_ID = "Nats-Msg-Id";

	// The client makes it a text
	private static final String NOBODY = "No Responders";

	private final Map<String, ConnectionParts> connections;

	private final OperationLog operations;

	/**
	 * Creates operations.
	 * @param connections the connections, by their names
	 * @param operations keep a record
	 */
	ScheduleOperations(Map<String, ConnectionParts> connections, OperationLog operations) {
		this.connections = connections;
		this.operations = operations;
	}

	/**
	 * Publishes the message of a schedule.
	 * @param name the schedule's name
	 * @param action what to do
	 * @param connection the connection's name, or {@code null} if there is but one with
	 * such a schedule
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return where the message is stored
	 * @throws OperationFailure if that isn't possible
	 */
	Description perform(String name, @Nullable String action, @Nullable String connection, @Nullable String principal) {
		if (!"run".equals(action)) {
			throw OperationFailure.badRequest("'action' must be 'run'");
		}
		return this.operations.perform("run", "schedule '%s'".formatted(name), principal, () -> {
			Found found = find(name, connection);
			PublishAck stored = publish(found.parts().connection(), found.schedule());
			return new Description().add("schedule", name)
				.add("connection", found.connection())
				.add("stream", stored.getStream())
				.add("sequence", stored.getSeqno());
		});
	}

	private Found find(String name, @Nullable String connection) {
		if (connection != null && !this.connections.containsKey(connection)) {
			throw OperationFailure
				.notFound("There is no connection '%s', only %s".formatted(connection, this.connections.keySet()));
		}
		List<Found> found = new ArrayList<>();
		Set<String> names = new TreeSet<>();
		this.connections.forEach((on, parts) -> parts.topology().schedules().forEach((schedule) -> {
			names.add(schedule.name());
			if (schedule.name().equals(name) && (connection == null || connection.equals(on))) {
				found.add(new Found(on, parts, schedule));
			}
		}));
		if (found.isEmpty()) {
			throw OperationFailure.notFound("There is no schedule '%s'%s%s".formatted(name,
					(connection != null) ? " on connection '" + connection + "'" : "",
					SimilarNames.question(name, names)));
		}
		if (found.size() > 1) {
			throw OperationFailure.badRequest("There is a schedule '%s' on the connections %s: say which 'connection'"
				.formatted(name, found.stream().map(Found::connection).toList()));
		}
		return found.get(0);
	}

	private static PublishAck publish(Connection connection, ScheduleDefinition schedule) {
		String label = "The message of schedule '%s' could not be published".formatted(schedule.name());
		if (connection.getStatus() != Connection.Status.CONNECTED) {
			throw OperationFailure.unavailable(label + ": the connection to the server is lost");
		}
		String subject = String.valueOf(schedule.subject());
		HeaderFields headers = new HeaderFields();
		schedule.headers().forEach(headers::put);
		headers.put(MESSAGE_ID, NUID.nextGlobal());
		NatsMessage message = new NatsMessage(subject, null, headers.toHeaders(),
				schedule.payload().getBytes(StandardCharsets.UTF_8));
		try {
			return Inquiry.ask(connection, subject, (management) -> management.jetStream().publish(message));
		}
		catch (IOException | JetStreamApiException | RuntimeException ex) {
			if (String.valueOf(ex.getMessage()).contains(NOBODY)) {
				throw OperationFailure.refused("%s: no stream listens on its subject '%s'".formatted(label, subject));
			}
			throw OperationFailure.ofServer(new IllegalStateException(label + ": " + ex.getMessage(), ex));
		}
	}

	private record Found(String connection, ConnectionParts parts, ScheduleDefinition schedule) {
	}

}
