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
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.util.Assert;

/**
 * {@link RetryPolicy} whose delays grow exponentially.
 *
 * @param maxAttempts after how many attempts a message is given up on
 * @param delay the delay after the first attempt
 * @param multiplier the factor from one delay to the next
 * @param maxDelay the longest delay, before jitter
 * @param jitter the share of each delay by which it is varied
 * @param maxDeliveries after how many deliveries a message isn't handled any more
 */
record ExponentialRetryPolicy(long maxAttempts, Duration delay, double multiplier, Duration maxDelay, double jitter,
		long maxDeliveries) implements RetryPolicy {

	ExponentialRetryPolicy {
		OptionRanges.require(
				new ListenerOptions.Retry(maxAttempts, delay, multiplier, maxDelay, jitter, null, maxDeliveries, null));
	}

	/**
	 * Makes a policy of options, and of the defaults where they say nothing.
	 * @param options the options
	 * @return the policy
	 * @throws IllegalArgumentException if an option is out of its range
	 */
	static ExponentialRetryPolicy of(ListenerOptions.Retry options) {
		ListenerOptions.Retry all = options.orElse(ListenerOptions.Retry.DEFAULTS);
		Assert.state(all.maxAttempts() != null && all.delay() != null && all.multiplier() != null
				&& all.maxDelay() != null && all.jitter() != null, "The defaults leave nothing open");
		long deliveries = (all.maxDeliveries() != null) ? all.maxDeliveries() : twice(all.maxAttempts());
		return new ExponentialRetryPolicy(all.maxAttempts(), all.delay(), all.multiplier(), all.maxDelay(),
				all.jitter(), deliveries);
	}

	/**
	 * Returns twice a number of attempts, which may stand for no limit.
	 */
	static long twice(long attempts) {
		return (attempts > Long.MAX_VALUE / 2) ? Long.MAX_VALUE : 2 * attempts;
	}

	/**
	 * Returns all delays of a message together, before jitter.
	 */
	Duration total() {
		double millis = 0;
		double next = this.delay.toMillis();
		long left = this.maxAttempts - 1;
		// Until it grows no more
		for (; left > 0 && next > 0 && next < this.maxDelay.toMillis() && this.multiplier > 1; left--) {
			millis += next;
			next *= this.multiplier;
		}
		return Duration.ofMillis((long) (millis + left * Math.min(next, this.maxDelay.toMillis())));
	}

	ExponentialRetryPolicy withoutJitter() {
		return new ExponentialRetryPolicy(this.maxAttempts, this.delay, this.multiplier, this.maxDelay, 0,
				this.maxDeliveries);
	}

	@Override
	public Duration delayAfter(long attempt) {
		double grown = this.delay.toMillis() * Math.pow(this.multiplier, Math.max(0, attempt - 1));
		double capped = Math.min(grown, this.maxDelay.toMillis());
		double varied = capped * (1 + this.jitter * ThreadLocalRandom.current().nextDouble(-1, 1));
		return Duration.ofMillis(Math.round(varied));
	}

}
