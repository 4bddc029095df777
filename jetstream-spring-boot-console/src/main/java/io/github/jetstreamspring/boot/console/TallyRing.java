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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The last tallies of a fixed length each. Not safe for several threads.
 */
final class TallyRing {

	private final long seconds;

	private final Tally[] tallies;

	// Counted in lengths since 1970; the one that is still being filled
	private long current;

	/**
	 * Creates a ring.
	 * @param length how long each tally is
	 * @param size how many are kept
	 */
	TallyRing(Duration length, int size) {
		this.seconds = length.toSeconds();
		this.tallies = new Tally[size];
		java.util.Arrays.fill(this.tallies, Tally.NONE);
	}

	/**
	 * Adds to the tally of the time that it is.
	 */
	void add(Instant now, Tally tally) {
		advance(now);
		int slot = slot(this.current);
		this.tallies[slot] = this.tallies[slot].plus(tally);
	}

	private void advance(Instant now) {
		long due = now.getEpochSecond() / this.seconds;
		// A clock that is set back changes nothing until it has caught up
		for (long i = Math.max(this.current + 1, due - this.tallies.length + 1); i <= due; i++) {
			this.tallies[slot(i)] = Tally.NONE;
		}
		this.current = Math.max(this.current, due);
	}

	private int slot(long index) {
		return (int) (index % this.tallies.length);
	}

	/**
	 * Returns the tallies, by their numbers, which count their lengths since 1970.
	 */
	TreeMap<Long, Tally> tallies(Instant now) {
		advance(now);
		TreeMap<Long, Tally> all = new TreeMap<>();
		for (long i = this.current - this.tallies.length + 1; i <= this.current; i++) {
			all.put(i, this.tallies[slot(i)]);
		}
		return all;
	}

	/**
	 * Describes tallies, the oldest first.
	 * @param tallies the tallies, by their numbers
	 * @param length how long each is
	 */
	static List<Map<String, Object>> describe(TreeMap<Long, Tally> tallies, Duration length) {
		List<Map<String, Object>> all = new ArrayList<>();
		for (Map.Entry<Long, Tally> entry : tallies.entrySet()) {
			Tally tally = entry.getValue();
			Map<String, Object> described = new LinkedHashMap<>();
			described.put("time", Instant.ofEpochSecond(entry.getKey() * length.toSeconds()).toString());
			described.put("handled", tally.handled());
			described.put("retried", tally.retried());
			described.put("deadLettered", tally.deadLettered());
			put(described, "p50", tally, 0.5);
			put(described, "p95", tally, 0.95);
			put(described, "p99", tally, 0.99);
			all.add(described);
		}
		return all;
	}

	private static void put(Map<String, Object> described, String name, Tally tally, double share) {
		Duration time = percentile(tally, share);
		if (time != null) {
			described.put(name, time.toNanos() / 1e9);
		}
	}

	private static @Nullable Duration percentile(Tally tally, double share) {
		return (tally.times() != null) ? RunTimeCells.percentile(tally.times(), share) : null;
	}

}
