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
package io.github.jetstreamspring.boot.metrics;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PendingTrend}.
 */
class PendingTrendTests {

	private final PendingTrend trend = new PendingTrend();

	@Test
	void whenThereIsOneSampleThenNothingIsKnown() {
		add(0, 100);
		assertThat(this.trend.drainSeconds()).isNaN();
	}

	@Test
	void whenNothingIsPendingThenItTakesNoTime() {
		add(0, 0);
		assertThat(this.trend.drainSeconds()).isZero();
	}

	@Test
	void whenItBecomesLessThenItTakesAsLongAsThatPaceSays() {
		add(0, 100);
		add(10, 80);
		assertThat(this.trend.drainSeconds()).isEqualTo(40);
	}

	@Test
	void whenItBecomesMoreThenItTakesForEver() {
		add(0, 100);
		add(10, 100);
		assertThat(this.trend.drainSeconds()).isInfinite();
		add(20, 120);
		assertThat(this.trend.drainSeconds()).isInfinite();
	}

	@Test
	void whatWasLongAgoDoesNotCount() {
		add(0, 1_000_000);
		for (int i = 1; i <= 10; i++) {
			add(10 * i, 1000 - 10 * i);
		}
		assertThat(this.trend.drainSeconds()).isEqualTo(900);
	}

	private void add(long seconds, long pending) {
		this.trend.add(TimeUnit.SECONDS.toNanos(seconds), pending);
	}

}
