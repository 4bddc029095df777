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

package io.github.jetstreamspring.guard;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RepeatedTask}.
 */
class RepeatedTaskTests {

	private static final Duration INTERVAL = Duration.ofMillis(5);

	private final GuardedScheduler scheduler = new GuardedScheduler("repeated-task-test-");

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void shutDown() {
		this.scheduler.shutdownNow();
	}

	@Test
	void whenTheTaskThrowsThenItIsRepeated() {
		new RepeatedTask(this.scheduler, INTERVAL, () -> {
			this.runs.incrementAndGet();
			throw new AssertionError("Expected by the test");
		});
		await().until(() -> this.runs.get() > 3);
	}

	@Test
	void whenTheTaskIsLostThenACheckStartsItAgain() {
		RepeatedTask task = new RepeatedTask(this.scheduler, INTERVAL, this.runs::incrementAndGet);
		loseAll();
		int before = this.runs.get();
		this.scheduler.check(muchLater());
		await().until(() -> this.runs.get() > before + 3);
	}

	@Test
	void whenAnotherTaskIsLostThenACheckOfThisOneStartsItAgain() {
		new RepeatedTask(this.scheduler, INTERVAL, this.runs::incrementAndGet);
		loseAll();
		int before = this.runs.get();
		RepeatedTask other = new RepeatedTask(this.scheduler, INTERVAL, () -> {
		});
		this.scheduler.check(muchLater());
		await().until(() -> this.runs.get() > before + 3);
	}

	@Test
	void whenTheThreadThatRepeatsTheTaskHasEndedThenSomebodyNotices() {
		new RepeatedTask(this.scheduler, INTERVAL, this.runs::incrementAndGet);
		loseAll();
		int before = this.runs.get();
		await().atMost(Duration.ofSeconds(30)).until(() -> this.runs.get() > before + 3);
	}

	@Test
	void whenTheTaskIsRepeatedThenACheckChangesNothing() {
		RepeatedTask task = new RepeatedTask(this.scheduler, Duration.ofHours(1), this.runs::incrementAndGet);
		this.scheduler.check(muchLater());
		this.scheduler.check(muchLater() + Duration.ofHours(1).toNanos());
		assertThat(this.scheduler.getQueue()).hasSize(1);
	}

	@Test
	void whenTheTaskIsCancelledThenACheckDoesNotStartIt() {
		RepeatedTask task = new RepeatedTask(this.scheduler, Duration.ofHours(1), this.runs::incrementAndGet);
		task.cancel();
		this.scheduler.check(muchLater());
		assertThat(this.scheduler.getQueue()).isEmpty();
	}

	@Test
	void whenTheSchedulerIsShutDownThenACheckDoesNothing() {
		RepeatedTask task = new RepeatedTask(this.scheduler, INTERVAL, this.runs::incrementAndGet);
		this.scheduler.shutdownNow();
		this.scheduler.check(muchLater());
		assertThat(this.scheduler.getQueue()).isEmpty();
	}

	/**
	 * What a thread does with its tasks that has no memory to put them back.
	 */
	private void loseAll() {
		await().until(() -> {
			this.scheduler.getQueue().clear();
			return this.scheduler.getActiveCount() == 0 && this.scheduler.getQueue().isEmpty();
		});
	}

	private static long muchLater() {
		return System.nanoTime() + Duration.ofHours(2).toNanos();
	}

}
