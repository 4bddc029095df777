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

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.messaging.Durations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A retry policy of the application that always has an answer, and one that clocks can
 * deal with.
 */
final class GuardedRetryPolicy implements RetryPolicy {

	private static final Log logger = LogFactory.getLog(GuardedRetryPolicy.class);

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

	private final String listener;

	private final RetryPolicy policy;

	private final long maxAttempts;

	GuardedRetryPolicy(String listener, RetryPolicy policy) {
		this.listener = listener;
		this.policy = policy;
		this.maxAttempts = policy.maxAttempts();
	}

	@Override
	public long maxAttempts() {
		return this.maxAttempts;
	}

	@Override
	public Duration delayAfter(long attempt) {
		try {
			return bounded(this.policy.delayAfter(attempt));
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "Listener '%s': its retry policy failed for attempt %d; the message waits for %s"
				.formatted(this.listener, attempt, Durations.text(AFTER_FAILURE)), ex);
			return AFTER_FAILURE;
		}
	}

	static Duration bounded(Duration delay) {
		if (delay.isNegative()) {
			return Duration.ZERO;
		}
		return Durations.isCountable(delay) ? delay : Durations.LONGEST;
	}

}
