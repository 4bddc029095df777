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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.guard.GuardedScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ConsumerWatch}.
 */
class ConsumerWatchTests {

	private final GuardedScheduler scheduler = new GuardedScheduler("consumer-watch-test-");

	private final ListenerEnvironment environment = mock(ListenerEnvironment.class);

	private final AtomicInteger failures = new AtomicInteger();

	private final AtomicInteger looks = new AtomicInteger();

	@BeforeEach
	void setUp() {
		ExecutorService executor = mock(ExecutorService.class);
		willAnswer((invocation) -> {
			if (this.failures.getAndDecrement() > 0) {
				throw new OutOfMemoryError("Expected by the test");
			}
			invocation.getArgument(0, Runnable.class).run();
			return null;
		}).given(executor).execute(any());
		given(this.environment.scheduler()).willReturn(this.scheduler);
		given(this.environment.looks()).willReturn(new Looks(this.scheduler));
		given(this.environment.executor()).willReturn(executor);
	}

	@AfterEach
	void shutDown() {
		this.scheduler.shutdownNow();
	}

	@Test
	void whenALookFailsThenAnotherOneFollows() {
		ConsumerWatch watch = new ConsumerWatch(this.environment, () -> {
			if (this.looks.incrementAndGet() == 1) {
				throw new OutOfMemoryError("Expected by the test");
			}
			return Duration.ofMillis(1);
		});
		watch.lookWithin(Duration.ZERO);
		await().atMost(Duration.ofSeconds(20)).until(() -> this.looks.get() > 3);
		watch.end();
	}

	@Test
	void whenALookIsLostThenAnotherOneFollows() {
		this.failures.set(1);
		ConsumerWatch watch = new ConsumerWatch(this.environment, () -> {
			this.looks.incrementAndGet();
			return Duration.ofMillis(1);
		});
		watch.lookWithin(Duration.ZERO);
		await().atMost(Duration.ofSeconds(20)).until(() -> this.looks.get() > 3);
		watch.end();
	}

	@Test
	void whenItHasEndedThenNobodyLooks() {
		ConsumerWatch watch = new ConsumerWatch(this.environment, () -> {
			this.looks.incrementAndGet();
			return Duration.ofMillis(1);
		});
		watch.end();
		watch.lookWithin(Duration.ZERO);
		assertThat(this.scheduler.getQueue()).isEmpty();
		assertThat(this.looks).hasValue(0);
	}

}
