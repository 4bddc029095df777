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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * All instances of the application. Asks them when a page wants to know, at most every
 * two seconds, and takes what comes within half a second. Whoever may publish to an inbox
 * may answer: what comes is bounded, and nothing in it is more than text and numbers.
 */
final class Fleet {

	private static final int MOST = 200;

	private static final int MAX_BYTES = 256 * 1024;

	private static final int MOST_LISTENERS = 200;

	private static final long MAX_AGE_NANOS = Duration.ofSeconds(2).toNanos();

	private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();

	// As soon as all have answered that did the last time, this long for those that are
	// new
	private static final long REST_NANOS = Duration.ofMillis(100).toNanos();

	// For those that are new and slow, the whole of the patience this often
	private static final long THOROUGH_NANOS = Duration.ofSeconds(10).toNanos();

	private static final int MOST_QUESTIONS = 20;

	private final Connection connection;

	private final String subject;

	private final boolean enabled;

	private final FleetSummary own;

	private final DeliveryHistory history;

	// Guarded by this: one asks at a time
	private final Map<FleetQuestion, Round> rounds = new LinkedHashMap<>();

	private int before;

	private @Nullable Long lastThorough;

	Fleet(Connection connection, String subject, boolean enabled, FleetSummary own, DeliveryHistory history) {
		this.connection = connection;
		this.subject = subject;
		this.enabled = enabled;
		this.own = own;
		this.history = history;
	}

	/**
	 * Describes the instances.
	 * @return {@code instances}, this one first; and a {@code problem} if others can't be
	 * asked
	 */
	Map<String, Object> describe() {
		Round round = ask(new FleetQuestion("10m", null));
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("enabled", this.enabled);
		described.put("instances", round.answers().stream().map((answer) -> describe(answer)).toList());
		if (round.problem() != null) {
			described.put("problem", round.problem());
		}
		return described;
	}

	/**
	 * Describes what has become of deliveries in all instances.
	 * @param listener the listener's id, or {@code null} for all
	 * @param window over which time
	 * @return the tallies, the oldest first
	 */
	Map<String, Object> history(@Nullable String listener, String window) {
		Round round = ask(new FleetQuestion(window, listener));
		TreeMap<Long, Tally> sums = this.history.tallies(listener, window);
		round.answers()
			.stream()
			.filter((answer) -> !isOwn(answer))
			.forEach((answer) -> Tallies.add(FleetJson.value(answer, "tallies"), sums));
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("tallies", this.history.describe(sums, window));
		described.put("instances", round.answers().size());
		return described;
	}

	private synchronized Round ask(FleetQuestion question) {
		Round known = this.rounds.get(question);
		if (known != null && System.nanoTime() - known.nanos() < MAX_AGE_NANOS) {
			return known;
		}
		Round round = this.enabled ? scatter(question)
				: new Round(System.nanoTime(), List.of(ownAnswer(question)), null);
		this.rounds.remove(question);
		if (this.rounds.size() >= MOST_QUESTIONS) {
			this.rounds.remove(this.rounds.keySet().iterator().next());
		}
		this.rounds.put(question, round);
		return round;
	}

	private Round scatter(FleetQuestion question) {
		Map<String, JsonValue> answers = new LinkedHashMap<>();
		boolean heard = false;
		// Known here, whatever somebody says who pretends to be this one
		answers.put(this.own.id(), ownAnswer(question));
		if (this.connection.getStatus() != Connection.Status.CONNECTED) {
			return new Round(System.nanoTime(), new ArrayList<>(answers.values()),
					"The connection to the server is lost, so other instances can't be asked");
		}
		Subscription inbox = null;
		try {
			String replyTo = this.connection.createInbox();
			inbox = this.connection.subscribe(replyTo);
			inbox.setPendingLimits(MOST, (long) MOST * MAX_BYTES);
			this.connection.publish(this.subject, replyTo, question.toBytes());
			heard = gather(inbox, answers);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException ex) {
			// The connection is being closed, and there is nothing to say any more
		}
		finally {
			close(inbox);
		}
		this.before = answers.size();
		return new Round(System.nanoTime(), new ArrayList<>(answers.values()), heard ? null
				: ("Other instances can't be asked, as not even this one has got the question: the user of the"
						+ " connection needs the permission to publish and to subscribe to '%s'. Without it, this instance"
						+ " is shown alone")
					.formatted(this.subject));
	}

	/**
	 * Collects answers.
	 * @return whether this instance has answered itself
	 */
	private boolean gather(Subscription inbox, Map<String, JsonValue> answers) throws InterruptedException {
		boolean heard = false;
		long start = System.nanoTime();
		boolean thorough = this.lastThorough == null || start - this.lastThorough >= THOROUGH_NANOS;
		if (thorough) {
			this.lastThorough = start;
		}
		long deadline = start + PATIENCE_NANOS;
		for (int i = 0; i < 2 * MOST && System.nanoTime() < deadline; i++) {
			Message message = inbox.nextMessage(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
			if (message == null) {
				break;
			}
			byte[] data = message.getData();
			JsonValue answer = (data != null && data.length <= MAX_BYTES) ? FleetJson.parse(data) : null;
			String id = (answer != null) ? FleetJson.text(answer, "id") : null;
			if (answer != null && id != null) {
				heard |= id.equals(this.own.id());
				if (answers.size() < MOST) {
					answers.putIfAbsent(id, answer);
				}
				if (!thorough && heard && answers.size() >= this.before) {
					deadline = Math.min(deadline, System.nanoTime() + REST_NANOS);
				}
			}
		}
		return heard;
	}

	private static void close(@Nullable Subscription inbox) {
		try {
			if (inbox != null) {
				inbox.unsubscribe();
			}
		}
		catch (IllegalStateException ex) {
			// Gone with its connection
		}
	}

	private JsonValue ownAnswer(FleetQuestion question) {
		JsonValue answer = FleetJson
			.parse(JsonText.of(this.own.answer(question)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
		return (answer != null) ? answer : JsonValue.EMPTY_MAP;
	}

	private boolean isOwn(JsonValue answer) {
		return this.own.id().equals(FleetJson.text(answer, "id"));
	}

	private Map<String, Object> describe(JsonValue answer) {
		Map<String, Object> described = new LinkedHashMap<>();
		put(described, "id", FleetJson.text(answer, "id"));
		put(described, "name", FleetJson.text(answer, "name"));
		put(described, "started", FleetJson.instant(answer, "started"));
		put(described, "status", FleetJson.text(answer, "status"));
		put(described, "server", FleetJson.text(answer, "server"));
		if (isOwn(answer)) {
			described.put("self", true);
		}
		List<JsonValue> recent = FleetJson.list(FleetJson.value(answer, "recent"), 3);
		if (recent.size() == 3) {
			described.put("handled", FleetJson.count(recent.get(0)));
			described.put("retried", FleetJson.count(recent.get(1)));
			described.put("deadLettered", FleetJson.count(recent.get(2)));
		}
		Map<String, Object> listeners = new TreeMap<>();
		JsonValue states = FleetJson.value(answer, "listeners");
		if (states != null && states.map != null) {
			states.map.entrySet()
				.stream()
				.limit(MOST_LISTENERS)
				.forEach((entry) -> listeners.put(FleetJson.cut(entry.getKey()), listener(entry.getValue())));
		}
		described.put("listeners", listeners);
		return described;
	}

	private static Map<String, Object> listener(JsonValue json) {
		Map<String, Object> described = new LinkedHashMap<>();
		put(described, "state", FleetJson.text(json, "state"));
		put(described, "reason", FleetJson.text(json, "reason"));
		for (String name : List.of("concurrency", "busy", "inHand")) {
			described.put(name, FleetJson.count(FleetJson.value(json, name)));
		}
		return described;
	}

	private static void put(Map<String, Object> described, String name, @Nullable String value) {
		if (value != null) {
			described.put(name, value);
		}
	}

	/**
	 * What has come of a question.
	 *
	 * @param nanos when it was asked, as a {@link System#nanoTime()}
	 * @param answers the answers, that of this instance first
	 * @param problem why others can't be asked, or {@code null}
	 */
	private record Round(long nanos, List<JsonValue> answers, @Nullable String problem) {
	}

}
