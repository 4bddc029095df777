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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.guard.GuardedScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link LeaseTimers}.
 */
class LeaseTimersTests {

	private static final Duration SHORT = Duration.ofMillis(5);

	private static final Duration LONG = Duration.ofHours(1);

	private final GuardedScheduler scheduler = new GuardedScheduler("leases-test-");

	private final LeaseTimers timers = new LeaseTimers(this.scheduler);

	private final AtomicInteger first = new AtomicInteger();

	private final AtomicInteger second = new AtomicInteger();

	private final LeaseKeeper firstLeases = leases(this.first);

	private final LeaseKeeper secondLeases = leases(this.second);

	@AfterEach
	void shutDown() {
		this.scheduler.shutdownNow();
	}

	@Test
	void leasesOfOneLengthHaveOneTimer() {
		this.timers.add(SHORT, this.firstLeases);
		this.timers.add(SHORT, this.secondLeases);
		assertThat(this.scheduler.getQueue()).hasSizeLessThanOrEqualTo(1);
		await().until(() -> this.first.get() > 1 && this.second.get() > 1);
	}

	@Test
	void leasesOfDifferentLengthsHaveTimersOfTheirOwn() {
		this.timers.add(SHORT, this.firstLeases);
		this.timers.add(LONG, this.secondLeases);
		await().until(() -> this.first.get() > 1);
		assertThat(this.second).hasValue(0);
	}

	@Test
	void whenALengthChangesThenTheNewOneCounts() {
		this.timers.add(LONG, this.firstLeases);
		this.timers.remove(this.firstLeases);
		this.timers.add(SHORT, this.firstLeases);
		await().until(() -> this.first.get() > 1);
	}

	@Test
	void whenNoLeaseIsLeftThenNothingIsScheduled() {
		this.timers.add(LONG, this.firstLeases);
		this.timers.add(LONG, this.secondLeases);
		this.timers.remove(this.firstLeases);
		assertThat(this.scheduler.getQueue()).hasSize(1);
		this.timers.remove(this.secondLeases);
		this.timers.remove(this.secondLeases);
		assertThat(this.scheduler.getQueue()).isEmpty();
	}

	@Test
	void whenSomeLeasesCantBeKeptThenOthersAre() {
		willThrow(new OutOfMemoryError()).given(this.firstLeases).keep(anyLong());
		this.timers.add(SHORT, this.firstLeases);
		this.timers.add(SHORT, this.secondLeases);
		await().until(() -> this.second.get() > 1);
	}

	private static LeaseKeeper leases(AtomicInteger kept) {
		LeaseKeeper leases = mock(LeaseKeeper.class);
		willAnswer((invocation) -> kept.incrementAndGet()).given(leases).keep(anyLong());
		return leases;
	}

}
