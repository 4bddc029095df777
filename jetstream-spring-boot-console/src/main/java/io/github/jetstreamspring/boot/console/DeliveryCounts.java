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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

import io.github.jetstreamspring.listener.Settlement;

/**
 * Counts what becomes of the deliveries of a listener, or of all. Counting takes no lock;
 * what was counted is put in rings from time to time.
 */
final class DeliveryCounts {

	private final LongAdder handled = new LongAdder();

	private final LongAdder retried = new LongAdder();

	private final LongAdder deadLettered = new LongAdder();

	private final AtomicLongArray times = new AtomicLongArray(RunTimeCells.CELLS);

	// Guarded by this, as are the rings
	private Tally counted = Tally.NONE;

	private final Map<String, TallyRing> rings = Map.of("10m", new TallyRing(length("10m"), 60), "1h",
			new TallyRing(length("1h"), 60), "12h", new TallyRing(length("12h"), 72));

	/**
	 * Returns how long each tally of a window is.
	 * @param window {@code 10m}, {@code 1h} or {@code 12h}
	 */
	static Duration length(String window) {
		return switch (window) {
			case "1h" -> Duration.ofMinutes(1);
			case "12h" -> Duration.ofMinutes(10);
			default -> Duration.ofSeconds(10);
		};
	}

	void count(Settlement settlement, Duration runTime) {
		switch (settlement) {
			case HANDLED -> this.handled.increment();
			case RETRIED -> this.retried.increment();
			case DEAD_LETTERED, DEAD_LETTER_FAILED -> this.deadLettered.increment();
			case DISCARDED, RETURNED -> {
			}
		}
		if (!runTime.isZero()) {
			this.times.incrementAndGet(RunTimeCells.cell(runTime.toNanos()));
		}
	}

	/**
	 * Puts what was counted since the last time in the rings.
	 */
	synchronized void collect(Instant now) {
		Tally all = all();
		Tally news = all.minus(this.counted);
		this.counted = all;
		this.rings.values().forEach((ring) -> ring.add(now, news));
	}

	private Tally all() {
		long[] cells = new long[RunTimeCells.CELLS];
		for (int i = 0; i < cells.length; i++) {
			cells[i] = this.times.get(i);
		}
		return new Tally(this.handled.sum(), this.retried.sum(), this.deadLettered.sum(), cells);
	}

	/**
	 * Describes what was counted.
	 * @param window over which time: {@code 10m}, {@code 1h} or {@code 12h}
	 * @return the tallies, the oldest first; empty if there is no such window
	 */
	List<Map<String, Object>> describe(String window, Instant now) {
		return TallyRing.describe(tallies(window, now), length(window));
	}

	/**
	 * Returns what was counted.
	 * @param window over which time: {@code 10m}, {@code 1h} or {@code 12h}
	 * @return the tallies, by their numbers; empty if there is no such window
	 */
	synchronized TreeMap<Long, Tally> tallies(String window, Instant now) {
		TallyRing ring = this.rings.get(window);
		if (ring == null) {
			return new TreeMap<>();
		}
		collect(now);
		return ring.tallies(now);
	}

}
