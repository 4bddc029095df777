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

package io.github.jetstreamspring.boot.health;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.github.jetstreamspring.wire.Refusal;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} for a connection and its listeners. A listener that was stopped
 * or paused on purpose is healthy; one that can't get messages is not, and neither is one
 * whose dead letters can't be stored. Where nothing has come from the server since the
 * health was asked for last, it is pinged.
 *
 * @since 0.1.0
 */
public class JetStreamHealthIndicator extends AbstractHealthIndicator {

	private static final String SILENT = ": nothing is read from the server, and a ping was not answered; the client connects again when several are not";

	private static final Set<ListenerState> HAMPERED = EnumSet.of(ListenerState.RECOVERING, ListenerState.FAILED);

	private final Connection connection;

	private final JetStreamListeners listeners;

	private final @Nullable String name;

	private final ReadCheck reads;

	/**
	 * Creates an indicator for the connection without a name.
	 * @param connection the connection
	 * @param listeners the listeners, of which those on other connections are left out
	 */
	public JetStreamHealthIndicator(Connection connection, JetStreamListeners listeners) {
		this(connection, listeners, null);
	}

	/**
	 * Creates an indicator for a connection.
	 * @param connection the connection
	 * @param listeners the listeners, of which those on other connections are left out
	 * @param name the connection's name, or {@code null} for the one without a name
	 */
	public JetStreamHealthIndicator(Connection connection, JetStreamListeners listeners, @Nullable String name) {
		super("JetStream health check failed");
		this.connection = connection;
		this.listeners = listeners;
		this.name = name;
		this.reads = new ReadCheck(connection);
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Connection.Status status = this.connection.getStatus();
		List<ListenerStatus> statuses = this.listeners.statuses()
			.stream()
			.filter((listener) -> isOwn(listener.id()))
			.toList();
		boolean hampered = statuses.stream()
			.anyMatch((listener) -> HAMPERED.contains(listener.state()) || listener.unstored() > 0);
		boolean read = this.reads.isRead();
		builder.status((status == Connection.Status.CONNECTED && read && !hampered) ? Status.UP : Status.DOWN);
		builder.withDetail("connection", read ? status.name() + refusal(status) : status.name() + SILENT);
		builder.withDetail("serverVersion", this.connection.getServerInfo().getVersion());
		builder.withDetail("listeners", describe(statuses));
	}

	private boolean isOwn(String listener) {
		try {
			return Objects.equals(this.listeners.connection(listener), this.name);
		}
		catch (IllegalArgumentException ex) {
			// It has gone with its bean just now
			return false;
		}
	}

	private String refusal(Connection.Status status) {
		String error = this.connection.getLastError();
		return (status != Connection.Status.CONNECTED && error != null && Refusal.isRefusal(error))
				? ": the server refuses the credentials: " + Refusal.words(error) : "";
	}

	private static Map<String, String> describe(List<ListenerStatus> statuses) {
		Map<String, String> described = new LinkedHashMap<>();
		statuses.stream().sorted(Comparator.comparing(ListenerStatus::id)).forEach((listener) -> {
			String reason = listener.reason();
			described.put(listener.id(), listener.state() + ((reason != null) ? ": " + reason : ""));
		});
		return described;
	}

}
