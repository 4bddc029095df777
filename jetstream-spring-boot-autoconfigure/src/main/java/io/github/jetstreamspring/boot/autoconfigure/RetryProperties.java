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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;

import io.github.jetstreamspring.listener.RetryOptions;
import org.jspecify.annotations.Nullable;

/**
 * How failed messages are tried again.
 *
 * @param maxAttempts After how many attempts a message is given up on.
 * @param delay Delay after the first attempt.
 * @param multiplier Factor from one delay to the next.
 * @param maxDelay Longest delay, before jitter.
 * @param jitter Share of each delay, from 0 to 1, by which it is varied at random.
 * @param scheduleAfter Delay beyond which a message waits as a schedule of its stream, if
 * that is a work queue with message schedules, and doesn't count in max-ack-pending.
 * @param maxDeliveries After how many deliveries, those that no handler has seen
 * included, a message isn't handled any more; twice max-attempts if it isn't set.
 * @since 0.1.0
 */
public record RetryProperties(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
		@Nullable Duration maxDelay, @Nullable Double jitter, @Nullable Duration scheduleAfter,
		@Nullable Long maxDeliveries) {

	/**
	 * Checks the values.
	 */
	public RetryProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("max-attempts", maxAttempts == null || maxAttempts >= 1, "it must be at least 1");
		checks.notNegative("delay", delay);
		checks.check("multiplier", multiplier == null || multiplier >= 1, "it must be at least 1");
		checks.notNegative("max-delay", maxDelay);
		checks.check("max-delay", delay == null || maxDelay == null || maxDelay.compareTo(delay) >= 0,
				"it must not be shorter than delay");
		checks.check("jitter", jitter == null || (jitter >= 0 && jitter <= 1), "it must be from 0 to 1");
		checks.notNegative("schedule-after", scheduleAfter);
		checks.check("max-deliveries", maxDeliveries == null || maxDeliveries >= 1, "it must be at least 1");
		checks.check("max-deliveries", maxAttempts == null || maxDeliveries == null || maxDeliveries >= maxAttempts,
				"it must not be less than max-attempts");
		checks.throwIfAny();
	}

	RetryOptions toOptions() {
		return new RetryOptions(this.maxAttempts, this.delay, this.multiplier, this.maxDelay, this.jitter,
				this.scheduleAfter, this.maxDeliveries);
	}

}
