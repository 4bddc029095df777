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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GuardedRetryPolicy}.
 */
class GuardedRetryPolicyTests {

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

	@Test
	void whenThePolicyHasADelayThenItIsTaken() {
		assertThat(delay((attempt) -> Duration.ofSeconds(attempt))).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void whenThePolicyThrowsAnythingThenTheMessageWaitsForAWhile() {
		assertThat(delay((attempt) -> {
			throw new IllegalStateException("Expected by the test");
		})).isEqualTo(AFTER_FAILURE);
		assertThat(delay((attempt) -> {
			throw new StackOverflowError("Expected by the test");
		})).isEqualTo(AFTER_FAILURE);
		assertThat(delay((attempt) -> {
			throw new RuntimeException() {

				@Override
				public String getMessage() {
					throw new IllegalStateException("Expected by the test");
				}

			};
		})).isEqualTo(AFTER_FAILURE);
	}

	@Test
	void whenThePolicyHasNoAnswerThenTheMessageWaitsForAWhile() {
		assertThat(delay((attempt) -> null)).isEqualTo(AFTER_FAILURE);
	}

	@Test
	void whenTheDelayIsOutsideOfWhatClocksKnowThenItIsBounded() {
		assertThat(delay((attempt) -> Duration.ofSeconds(-1))).isZero();
		assertThat(delay((attempt) -> Duration.ofSeconds(Long.MIN_VALUE))).isZero();
		Duration longest = delay((attempt) -> Duration.ofSeconds(Long.MAX_VALUE));
		assertThat(longest).isGreaterThan(Duration.ofDays(36_000));
		assertThat(longest.toNanos()).isPositive();
	}

	@Test
	void whenThePolicyChangesItsMindThenTheNumberOfAttemptsStays() {
		AtomicLong attempts = new AtomicLong(4);
		GuardedRetryPolicy guarded = guarded((attempt) -> Duration.ZERO, attempts);
		attempts.set(0);
		assertThat(guarded.maxAttempts()).isEqualTo(4);
	}

	private static Duration delay(LongFunction<Duration> delays) {
		return guarded(delays, new AtomicLong(4)).delayAfter(3);
	}

	private static GuardedRetryPolicy guarded(LongFunction<Duration> delays, AtomicLong maxAttempts) {
		return new GuardedRetryPolicy("worker", new RetryPolicy() {

			@Override
			public long maxAttempts() {
				return maxAttempts.get();
			}

			@Override
			public Duration delayAfter(long attempt) {
				return delays.apply(attempt);
			}

		});
	}

}
