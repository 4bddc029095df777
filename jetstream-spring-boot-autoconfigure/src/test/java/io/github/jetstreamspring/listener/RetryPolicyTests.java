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

import io.github.jetstreamspring.listener.ListenerOptions.Retry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryPolicy}.
 */
class RetryPolicyTests {

	@Test
	void delaysGrowExponentiallyUpToTheLongest() {
		RetryPolicy policy = RetryPolicy.exponential(10, Duration.ofSeconds(1), 2, Duration.ofSeconds(5), 0);
		assertThat(policy.maxAttempts()).isEqualTo(10);
		assertThat(policy.delayAfter(1)).isEqualTo(Duration.ofSeconds(1));
		assertThat(policy.delayAfter(2)).isEqualTo(Duration.ofSeconds(2));
		assertThat(policy.delayAfter(3)).isEqualTo(Duration.ofSeconds(4));
		assertThat(policy.delayAfter(4)).isEqualTo(Duration.ofSeconds(5));
		assertThat(policy.delayAfter(Long.MAX_VALUE)).isEqualTo(Duration.ofSeconds(5));
	}

	@RepeatedTest(50)
	void jitterVariesADelayInBothDirectionsByItsShare() {
		RetryPolicy policy = RetryPolicy.exponential(10, Duration.ofSeconds(1), 2, Duration.ofSeconds(5), 0.25);
		assertThat(policy.delayAfter(1)).isBetween(Duration.ofMillis(750), Duration.ofMillis(1250));
	}

	@Test
	void aMessageMayBeDeliveredTwiceAsOftenAsItIsTried() {
		Duration second = Duration.ofSeconds(1);
		assertThat(RetryPolicy.exponential(10, second, 2, second, 0).maxDeliveries()).isEqualTo(20);
		assertThat(RetryPolicy.exponential(Long.MAX_VALUE, second, 2, second, 0).maxDeliveries())
			.isEqualTo(Long.MAX_VALUE);
		assertThat(ExponentialRetryPolicy.of(retry(5L, null)).maxDeliveries()).isEqualTo(10);
		assertThat(ExponentialRetryPolicy.of(retry(null, null)).maxDeliveries()).isEqualTo(20);
	}

	@Test
	void howOftenAMessageMayBeDeliveredCanBeSaid() {
		Retry deliveries = retry(null, 7L);
		assertThat(ExponentialRetryPolicy.of(retry(5L, null).orElse(deliveries)).maxDeliveries()).isEqualTo(7);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ExponentialRetryPolicy.of(retry(8L, null).orElse(deliveries)))
			.withMessage("'max-deliveries' must not be less than max-attempts (8), but is 7");
	}

	@Test
	void valuesOutOfRangeAreRefused() {
		Duration second = Duration.ofSeconds(1);
		assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.exponential(0, second, 2, second, 0))
			.withMessageContaining("max-attempts");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RetryPolicy.exponential(1, second.negated(), 2, second, 0))
			.withMessageContaining("'delay'");
		assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.exponential(1, second, 0.5, second, 0))
			.withMessageContaining("multiplier");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RetryPolicy.exponential(1, second, 2, second.dividedBy(2), 0))
			.withMessageContaining("max-delay");
		assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.exponential(1, second, 2, second, 1.5))
			.withMessageContaining("jitter");
	}

	private static Retry retry(@Nullable Long maxAttempts, @Nullable Long maxDeliveries) {
		return new Retry(maxAttempts, null, null, null, null, null, maxDeliveries, null);
	}

}
