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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What instances say of themselves in answer to a question. Whoever may publish to an
 * inbox may answer, in the name of anybody: what comes is bounded, nothing in it is more
 * than text and numbers, and where two speak for one instance, that is said.
 */
final class FleetAnswers {

	/**
	 * How many instances are known, at most.
	 */
	static final int MOST = 200;

	/**
	 * How long all answers together may be.
	 */
	static final int MOST_BYTES = 8 * 1024 * 1024;

	private static final int MAX_BYTES = 256 * 1024;

	private static final int MOST_LISTENERS = 200;

	private final String own;

	private final TreeMap<Long, Tally> others = new TreeMap<>();

	private final Map<String, Map<String, Object>> instances = new LinkedHashMap<>();

	private int bytes;

	private boolean ownHeard;

	private @Nullable String contested;

	private boolean left;

	/**
	 * Creates answers.
	 * @param own the id of this instance
	 * @param tallies of this one; what others say counts for the same times alone
	 */
	FleetAnswers(String own, Map<Long, Tally> tallies) {
		this.own = own;
		tallies.keySet().forEach((number) -> this.others.put(number, Tally.NONE));
	}

	/**
	 * Adds what this instance says, without having been asked.
	 */
	void addOwn(byte[] data) {
		JsonValue answer = StrangeJson.parse(data);
		this.instances.put(this.own, describe((answer != null) ? answer : JsonValue.EMPTY_MAP));
	}

	/**
	 * Adds what has come.
	 */
	void add(byte @Nullable [] data) {
		if (data == null || data.length > MAX_BYTES) {
			return;
		}
		JsonValue answer = (this.bytes + data.length <= MOST_BYTES) ? StrangeJson.parse(data) : null;
		String id = (answer != null) ? StrangeJson.text(answer, "id") : null;
		if (answer == null) {
			this.left |= this.bytes + data.length > MOST_BYTES;
		}
		else if (id != null) {
			this.bytes += data.length;
			add(id, answer);
		}
	}

	private void add(String id, JsonValue answer) {
		if (id.equals(this.own) && !this.ownHeard) {
			this.ownHeard = true;
		}
		else if (this.instances.containsKey(id)) {
			this.contested = String.valueOf(this.instances.get(id).get("name"));
		}
		else if (this.instances.size() >= MOST) {
			this.left = true;
		}
		else {
			this.instances.put(id, describe(answer));
			Tallies.add(StrangeJson.value(answer, "tallies"), this.others);
		}
	}

	/**
	 * Returns whether this instance has answered itself.
	 */
	boolean isOwnHeard() {
		return this.ownHeard;
	}

	/**
	 * Returns what is known of each instance, this one first.
	 */
	List<Map<String, Object>> instances() {
		return new ArrayList<>(this.instances.values());
	}

	/**
	 * Returns what has become of deliveries in all instances but this one.
	 */
	Map<Long, Tally> others() {
		return this.others;
	}

	/**
	 * Returns what is odd about the answers.
	 * @param subject where all were asked
	 * @return that, or {@code null} if nothing is
	 */
	@Nullable String problem(String subject) {
		if (this.contested != null) {
			return ("Somebody has answered on '%s' in the name of instance '%s', so that what is shown of it may be"
					+ " wrong: see who may subscribe to that subject and publish to inboxes")
				.formatted(subject, this.contested);
		}
		return this.left ? "More has been answered on '%s' than %d instances say, and the rest is left out"
			.formatted(subject, MOST) : null;
	}

	private Map<String, Object> describe(JsonValue answer) {
		Map<String, Object> described = new LinkedHashMap<>();
		put(described, "id", StrangeJson.text(answer, "id"));
		put(described, "name", StrangeJson.text(answer, "name"));
		put(described, "started", StrangeJson.instant(answer, "started"));
		put(described, "status", StrangeJson.text(answer, "status"));
		put(described, "server", StrangeJson.text(answer, "server"));
		if (this.own.equals(described.get("id"))) {
			described.put("self", true);
		}
		List<JsonValue> recent = StrangeJson.list(StrangeJson.value(answer, "recent"), 3);
		if (recent.size() == 3) {
			described.put("handled", StrangeJson.count(recent.get(0)));
			described.put("retried", StrangeJson.count(recent.get(1)));
			described.put("deadLettered", StrangeJson.count(recent.get(2)));
		}
		Map<String, Object> listeners = new TreeMap<>();
		JsonValue states = StrangeJson.value(answer, "listeners");
		if (states != null && states.map != null) {
			states.map.entrySet()
				.stream()
				.limit(MOST_LISTENERS)
				.forEach((entry) -> listeners.put(StrangeJson.cut(entry.getKey()), listener(entry.getValue())));
		}
		described.put("listeners", listeners);
		return described;
	}

	private static Map<String, Object> listener(JsonValue json) {
		Map<String, Object> described = new LinkedHashMap<>();
		put(described, "state", StrangeJson.text(json, "state"));
		put(described, "reason", StrangeJson.text(json, "reason"));
		for (String name : List.of("concurrency", "busy", "inHand")) {
			described.put(name, StrangeJson.count(StrangeJson.value(json, name)));
		}
		return described;
	}

	private static void put(Map<String, Object> described, String name, @Nullable String value) {
		if (value != null) {
			described.put(name, value);
		}
	}

}
