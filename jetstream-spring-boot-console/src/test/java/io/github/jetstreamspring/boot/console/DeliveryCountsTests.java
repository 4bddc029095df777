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

import io.github.jetstreamspring.listener.Settlement;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class DeliveryCountsTests {

	private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

	private final DeliveryCounts counts = new DeliveryCounts();

	@Test
	void whatIsCountedIsInTheTallyOfItsTimeAndGoesWithIt() {
		this.counts.count(Settlement.HANDLED, Duration.ofMillis(10));
		this.counts.count(Settlement.RETRIED, Duration.ofMillis(10));
		this.counts.count(Settlement.DEAD_LETTERED, Duration.ZERO);
		this.counts.count(Settlement.RETURNED, Duration.ZERO);
		this.counts.collect(START);
		this.counts.collect(START.plusSeconds(5));
		List<Map<String, Object>> tallies = this.counts.describe("10m", START.plusSeconds(25));
		assertThat(tallies).hasSize(60);
		assertThat(tallies.get(57)).containsEntry("time", "2026-01-31T12:00:00Z")
			.containsEntry("handled", 1L)
			.containsEntry("retried", 1L)
			.containsEntry("deadLettered", 1L);
		assertThat((Double) tallies.get(57).get("p50")).isCloseTo(0.01, within(0.005));
		assertThat(tallies.get(59)).containsEntry("handled", 0L).doesNotContainKey("p50");
		assertThat(sum("10m", START.plusSeconds(600))).isZero();
		assertThat(sum("1h", START.plusSeconds(600))).isEqualTo(1);
		assertThat(sum("12h", START.plus(Duration.ofHours(11)))).isEqualTo(1);
		assertThat(sum("12h", START.plus(Duration.ofDays(400)))).isZero();
	}

	@Test
	void whenTheClockIsSetBackThenNothingIsLost() {
		this.counts.collect(START);
		this.counts.count(Settlement.HANDLED, Duration.ofMillis(10));
		this.counts.collect(START.minus(Duration.ofDays(1)));
		assertThat(sum("10m", START)).isEqualTo(1);
	}

	@Test
	void anUnknownWindowIsEmpty() {
		assertThat(this.counts.describe("1d", START)).isEmpty();
	}

	@Test
	void percentilesAreNotFarFromTheTruth() {
		long[] cells = new long[RunTimeCells.CELLS];
		for (int i = 1; i <= 1000; i++) {
			cells[RunTimeCells.cell(Duration.ofMillis(i).toNanos())]++;
		}
		for (double share : new double[] { 0.5, 0.95, 0.99 }) {
			Duration time = RunTimeCells.percentile(cells, share);
			assertThat(time).isNotNull();
			assertThat(time.toMillis() / (share * 1000)).isBetween(1.0, 1.5);
		}
		assertThat(RunTimeCells.cell(0)).isZero();
		assertThat(RunTimeCells.cell(Long.MAX_VALUE)).isEqualTo(RunTimeCells.CELLS - 1);
		assertThat(RunTimeCells.percentile(new long[RunTimeCells.CELLS], 0.5)).isNull();
	}

	private long sum(String window, Instant now) {
		return this.counts.describe(window, now).stream().mapToLong((tally) -> (Long) tally.get("handled")).sum();
	}

}
