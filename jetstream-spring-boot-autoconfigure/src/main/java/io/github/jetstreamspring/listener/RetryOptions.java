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

/**
 * Options for trying failed messages again, as programs write them for
 * {@link ListenerOptions.Builder}. Each may be {@code null}, which leaves it to the next
 * source. What they mean, and which are valid, is said at {@link ListenerOptions.Retry}.
 *
 * @since 0.1.0
 */
public final class RetryOptions {

	private final ListenerOptions.Retry options;

	/**
	 * Creates options that leave it to the next source when retries are scheduled.
	 * @param maxAttempts after how many attempts a message is given up on
	 * @param delay the delay after the first attempt
	 * @param multiplier the factor from one delay to the next
	 * @param maxDelay the longest delay
	 * @param jitter the share of each delay by which it is varied
	 */
	public RetryOptions(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay, @Nullable Double jitter) {
		this(maxAttempts, delay, multiplier, maxDelay, jitter, null);
	}

	/**
	 * Creates options that leave it to the next source how many deliveries there may be.
	 * @param maxAttempts after how many attempts a message is given up on
	 * @param delay the delay after the first attempt
	 * @param multiplier the factor from one delay to the next
	 * @param maxDelay the longest delay
	 * @param jitter the share of each delay by which it is varied
	 * @param scheduleAfter the delay beyond which a message waits as a schedule
	 */
	public RetryOptions(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay, @Nullable Double jitter, @Nullable Duration scheduleAfter) {
		this(maxAttempts, delay, multiplier, maxDelay, jitter, scheduleAfter, null);
	}

	/**
	 * Creates options.
	 * @param maxAttempts after how many attempts a message is given up on
	 * @param delay the delay after the first attempt
	 * @param multiplier the factor from one delay to the next
	 * @param maxDelay the longest delay
	 * @param jitter the share of each delay by which it is varied
	 * @param scheduleAfter the delay beyond which a message waits as a schedule
	 * @param maxDeliveries after how many deliveries a message isn't handled any more
	 */
	public RetryOptions(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay, @Nullable Double jitter, @Nullable Duration scheduleAfter,
			@Nullable Long maxDeliveries) {
		this(new ListenerOptions.Retry(maxAttempts, delay, multiplier, maxDelay, jitter, scheduleAfter, maxDeliveries,
				null));
	}

	private RetryOptions(ListenerOptions.Retry options) {
		this.options = options;
	}

	/**
	 * Creates options that leave all to a policy, but when retries are scheduled.
	 * @param name the name of a bean of type {@link RetryPolicy}, or {@code null}
	 * @return the options
	 */
	public static RetryOptions policy(@Nullable String name) {
		return new RetryOptions(new ListenerOptions.Retry(null, null, null, null, null, null, null, name));
	}

	ListenerOptions.Retry options() {
		return this.options;
	}

}
