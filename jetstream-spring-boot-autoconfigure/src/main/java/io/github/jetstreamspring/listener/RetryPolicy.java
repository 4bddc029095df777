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

/**
 * How often and after what delay a failed message is tried again. Attempts are the
 * server's count of deliveries, so they go on counting when a worker dies.
 *
 * @since 0.1.0
 */
public interface RetryPolicy {

	/**
	 * Returns after how many attempts a message is given up on.
	 * @return the number of attempts, at least 1
	 */
	long maxAttempts();

	/**
	 * Returns after how many deliveries a message is given up on without being handled.
	 * The server counts deliveries that no handler has seen as well: to a worker that
	 * died, over a connection that broke. So a message that comes with a count above
	 * {@link #maxAttempts()} is handled once more, and up to this limit.
	 * @return the number of deliveries, at least {@link #maxAttempts()}; twice as many by
	 * default
	 */
	default long maxDeliveries() {
		return ExponentialRetryPolicy.twice(maxAttempts());
	}

	/**
	 * Returns the time until the next attempt.
	 * @param attempt the attempt that failed, from 1
	 * @return the delay, not negative
	 */
	Duration delayAfter(long attempt);

	/**
	 * Returns a policy whose delays grow exponentially.
	 * @param maxAttempts after how many attempts a message is given up on, at least 1
	 * @param delay the delay after the first attempt
	 * @param multiplier the factor from one delay to the next, at least 1
	 * @param maxDelay the longest delay, before jitter
	 * @param jitter the share of each delay, from 0 to 1, by which it is varied at random
	 * in both directions, so that messages that failed together don't come back together
	 * @return the policy
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	static RetryPolicy exponential(long maxAttempts, Duration delay, double multiplier, Duration maxDelay,
			double jitter) {
		return new ExponentialRetryPolicy(maxAttempts, delay, multiplier, maxDelay, jitter,
				ExponentialRetryPolicy.twice(maxAttempts));
	}

}
