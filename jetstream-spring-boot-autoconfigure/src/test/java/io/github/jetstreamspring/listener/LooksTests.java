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
package io.github.jetstreamspring.listener;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import io.github.jetstreamspring.guard.GuardedScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Looks}.
 */
class LooksTests {

	private final GuardedScheduler scheduler = new GuardedScheduler("looks-test-");

	private final Looks looks = new Looks(this.scheduler);

	@AfterEach
	void shutDown() {
		this.scheduler.shutdownNow();
	}

	@Test
	void allAreLookedAfterAgainAndAgainByOneTask() {
		AtomicInteger first = new AtomicInteger();
		AtomicInteger second = new AtomicInteger();
		this.looks.add((intervals) -> first.incrementAndGet());
		this.looks.add((intervals) -> second.incrementAndGet());
		assertThat(this.scheduler.getQueue()).hasSize(1);
		await().until(() -> first.get() > 1 && second.get() > 1);
	}

	@Test
	void whenOneFailsThenTheOthersAreLookedAfterAllTheSame() {
		AtomicInteger other = new AtomicInteger();
		for (int i = 0; i < 3; i++) {
			this.looks.add((intervals) -> {
				throw new OutOfMemoryError("Expected by the test");
			});
		}
		this.looks.add((intervals) -> other.incrementAndGet());
		await().until(() -> other.get() > 1);
	}

	@Test
	void whenNobodyIsLeftThenNothingIsScheduled() {
		IntConsumer look = (intervals) -> {
		};
		this.looks.add(look);
		this.looks.remove(look);
		this.looks.remove(look);
		assertThat(this.scheduler.getQueue()).isEmpty();
		this.looks.add(look);
		assertThat(this.scheduler.getQueue()).hasSize(1);
	}

	@Test
	void whenThereAreManyThenEachIsToldHowLongItWasNotLookedAfter() {
		AtomicInteger told = new AtomicInteger();
		AtomicInteger all = new AtomicInteger();
		this.looks.add((intervals) -> {
			if (intervals == 4) {
				told.incrementAndGet();
			}
		});
		for (int i = 1; i < 3 * Looks.AT_ONCE + 1; i++) {
			this.looks.add((intervals) -> all.incrementAndGet());
		}
		await().until(() -> told.get() > 1);
		await().until(() -> all.get() > 2 * 3 * Looks.AT_ONCE);
		// Nobody twice in a turn
		assertThat(told.get()).isLessThanOrEqualTo(1 + all.get() / (3 * Looks.AT_ONCE));
	}

}
