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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Writes tallies for other instances, reads theirs, and sums them up. Written in few
 * bytes: each is an array of its time, what became of deliveries, and cell by cell how
 * long handlers ran.
 */
final class Tallies {

	private static final int MOST = 72;

	private Tallies() {
	}

	/**
	 * Writes tallies.
	 * @param tallies the tallies, by their numbers since 1970
	 * @return what can be written as JSON
	 */
	static List<Object> write(Map<Long, Tally> tallies) {
		List<Object> all = new ArrayList<>();
		tallies.forEach((number, tally) -> {
			if (tally != Tally.NONE) {
				all.add(List.of(number, tally.handled(), tally.retried(), tally.deadLettered(), cells(tally.times())));
			}
		});
		return all;
	}

	private static List<Object> cells(long @Nullable [] times) {
		List<Object> cells = new ArrayList<>();
		for (int i = 0; times != null && i < times.length; i++) {
			if (times[i] > 0) {
				cells.add(List.of(i, times[i]));
			}
		}
		return cells;
	}

	/**
	 * Adds what another instance has written.
	 * @param json what it has written, which may be anything
	 * @param sums the sums so far, by their numbers; what has no number there is left out
	 */
	static void add(@Nullable JsonValue json, TreeMap<Long, Tally> sums) {
		for (JsonValue one : StrangeJson.list(json, MOST)) {
			List<JsonValue> parts = StrangeJson.list(one, 5);
			if (parts.size() == 5) {
				Tally tally = new Tally(StrangeJson.count(parts.get(1)), StrangeJson.count(parts.get(2)),
						StrangeJson.count(parts.get(3)), times(parts.get(4)));
				sums.computeIfPresent(StrangeJson.count(parts.get(0)), (number, sum) -> sum.plus(tally));
			}
		}
	}

	private static long @Nullable [] times(JsonValue json) {
		List<JsonValue> cells = StrangeJson.list(json, RunTimeCells.CELLS);
		if (cells.isEmpty()) {
			return null;
		}
		long[] times = new long[RunTimeCells.CELLS];
		for (JsonValue cell : cells) {
			List<JsonValue> parts = StrangeJson.list(cell, 2);
			long number = parts.isEmpty() ? times.length : StrangeJson.count(parts.get(0));
			if (parts.size() == 2 && number < times.length) {
				times[(int) number] = StrangeJson.count(parts.get(1));
			}
		}
		return times;
	}

}
