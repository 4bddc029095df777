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
package io.github.jetstreamspring.boot.console;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.nats.client.Connection;
import io.nats.client.NUID;
import io.nats.client.api.ServerInfo;

/**
 * What an instance tells others of itself: how its listeners are and what has become of
 * deliveries; nothing of messages.
 */
final class FleetSummary {

	private static final int MOST_LISTENERS = 200;

	private static final String RECENT = "10m";

	private final String id = NUID.nextGlobal();

	private final String name = host() + " (" + ProcessHandle.current().pid() + ")";

	private final Instant started = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

	private final Connection connection;

	private final JetStreamListeners listeners;

	private final DeliveryHistory history;

	FleetSummary(Connection connection, JetStreamListeners listeners, DeliveryHistory history) {
		this.connection = connection;
		this.listeners = listeners;
		this.history = history;
	}

	private static String host() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

	/**
	 * Returns what tells this instance from all others.
	 */
	String id() {
		return this.id;
	}

	/**
	 * Answers a question.
	 * @param question which tallies it is about
	 * @return what can be written as JSON
	 */
	Map<String, Object> answer(FleetQuestion question) {
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("id", this.id);
		answer.put("name", this.name);
		answer.put("started", this.started.toString());
		answer.put("status", this.connection.getStatus().name());
		ServerInfo server = this.connection.getServerInfo();
		if (server != null) {
			answer.put("server", server.getServerName());
		}
		Map<String, Object> states = new TreeMap<>();
		this.listeners.statuses().stream().limit(MOST_LISTENERS).forEach((one) -> states.put(one.id(), describe(one)));
		answer.put("listeners", states);
		Tally recent = this.history.tallies(null, RECENT).values().stream().reduce(Tally.NONE, Tally::plus);
		answer.put("recent", List.of(recent.handled(), recent.retried(), recent.deadLettered()));
		answer.put("tallies", Tallies.write(this.history.tallies(question.listener(), question.window())));
		return answer;
	}

	private static Map<String, Object> describe(ListenerStatus status) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("state", status.state().name());
		if (status.reason() != null) {
			described.put("reason", StrangeJson.cut(status.reason()));
		}
		described.put("concurrency", status.concurrency());
		described.put("busy", status.busy());
		described.put("inHand", status.inHand());
		return described;
	}

}
