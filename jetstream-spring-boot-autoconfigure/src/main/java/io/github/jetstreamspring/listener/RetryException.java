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

import io.github.jetstreamspring.messaging.Durations;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler that wants its message again later. The number of attempts is
 * limited as for every other failure.
 *
 * @since 0.1.0
 */
public class RetryException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final @Nullable Duration delay;

	/**
	 * Creates an exception that asks for the delay of the listener's retry policy.
	 * @param message what happened
	 */
	public RetryException(String message) {
		this(message, null, null);
	}

	/**
	 * Creates an exception that asks for a delay.
	 * @param message what happened
	 * @param delay the time until the next attempt, not negative
	 */
	public RetryException(String message, Duration delay) {
		this(message, delay, null);
	}

	/**
	 * Creates an exception.
	 * @param message what happened
	 * @param delay the time until the next attempt, not negative, or {@code null} for
	 * that of the listener's retry policy
	 * @param cause the cause, or {@code null}
	 * @throws IllegalArgumentException if the delay is negative
	 */
	public RetryException(String message, @Nullable Duration delay, @Nullable Throwable cause) {
		super(message, cause);
		if (delay != null && delay.isNegative()) {
			throw new IllegalArgumentException("'delay' must not be negative, but is " + Durations.text(delay));
		}
		this.delay = delay;
	}

	/**
	 * Returns the delay that was asked for.
	 * @return the delay, or {@code null} for that of the listener's retry policy
	 */
	public @Nullable Duration getDelay() {
		return this.delay;
	}

}
