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

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Options for trying failed messages again, each of which may be left to the next source.
 *
 * @param maxAttempts after how many attempts a message is given up on, or {@code null}
 * @param delay the delay after the first attempt, or {@code null}
 * @param multiplier the factor from one delay to the next, or {@code null}
 * @param maxDelay the longest delay, or {@code null}
 * @param jitter the share of each delay by which it is varied, or {@code null}
 * @param scheduleAfter the delay beyond which a message waits as a schedule, where its
 * stream allows it, or {@code null}
 * @param maxDeliveries after how many deliveries a message isn't handled any more, those
 * that no handler has seen included, or {@code null} for twice the attempts
 * @since 0.1.0
 */
public record RetryOptions(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
		@Nullable Duration maxDelay, @Nullable Double jitter, @Nullable Duration scheduleAfter,
		@Nullable Long maxDeliveries) {

	/**
	 * Options that leave everything to the next source.
	 */
	public static final RetryOptions NONE = new RetryOptions(null, null, null, null, null, null, null);

	/**
	 * What holds where nobody says otherwise.
	 */
	public static final RetryOptions DEFAULTS = new RetryOptions(10L, Duration.ofSeconds(1), 2.0, Duration.ofMinutes(5),
			0.25, Duration.ofSeconds(30), null);

	/**
	 * Creates options that leave it to the next source when retries are scheduled.
	 * @param maxAttempts after how many attempts a message is given up on, or
	 * {@code null}
	 * @param delay the delay after the first attempt, or {@code null}
	 * @param multiplier the factor from one delay to the next, or {@code null}
	 * @param maxDelay the longest delay, or {@code null}
	 * @param jitter the share of each delay by which it is varied, or {@code null}
	 */
	public RetryOptions(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay, @Nullable Double jitter) {
		this(maxAttempts, delay, multiplier, maxDelay, jitter, null);
	}

	/**
	 * Creates options that leave it to the next source how many deliveries there may be.
	 * @param maxAttempts after how many attempts a message is given up on, or
	 * {@code null}
	 * @param delay the delay after the first attempt, or {@code null}
	 * @param multiplier the factor from one delay to the next, or {@code null}
	 * @param maxDelay the longest delay, or {@code null}
	 * @param jitter the share of each delay by which it is varied, or {@code null}
	 * @param scheduleAfter the delay beyond which a message waits as a schedule, or
	 * {@code null}
	 */
	public RetryOptions(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay, @Nullable Double jitter, @Nullable Duration scheduleAfter) {
		this(maxAttempts, delay, multiplier, maxDelay, jitter, scheduleAfter, null);
	}

	/**
	 * Fills what these options leave open.
	 * @param next the options that take over where these say nothing
	 * @return both together
	 */
	public RetryOptions orElse(RetryOptions next) {
		return new RetryOptions(ListenerOptions.or(this.maxAttempts, next.maxAttempts),
				ListenerOptions.or(this.delay, next.delay), ListenerOptions.or(this.multiplier, next.multiplier),
				ListenerOptions.or(this.maxDelay, next.maxDelay), ListenerOptions.or(this.jitter, next.jitter),
				ListenerOptions.or(this.scheduleAfter, next.scheduleAfter),
				ListenerOptions.or(this.maxDeliveries, next.maxDeliveries));
	}

	/**
	 * Makes a policy of these options, and of the defaults where they say nothing.
	 * @return the policy
	 * @throws IllegalArgumentException if an option is out of its range
	 */
	RetryPolicy toPolicy() {
		RetryOptions all = orElse(DEFAULTS);
		Assert.state(all.maxAttempts != null && all.delay != null && all.multiplier != null && all.maxDelay != null
				&& all.jitter != null, "The defaults leave nothing open");
		long deliveries = (all.maxDeliveries != null) ? all.maxDeliveries
				: ExponentialRetryPolicy.twice(all.maxAttempts);
		return new ExponentialRetryPolicy(all.maxAttempts, all.delay, all.multiplier, all.maxDelay, all.jitter,
				deliveries);
	}

}
