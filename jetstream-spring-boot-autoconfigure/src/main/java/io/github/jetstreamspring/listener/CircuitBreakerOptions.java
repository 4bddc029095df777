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
 * Options for a listener that pauses itself while its handler keeps failing, as programs
 * write them for {@link ListenerOptions.Builder}. Each may be {@code null}, which leaves
 * it to the next source. What they mean, and which are valid, is said at
 * {@link ListenerOptions.CircuitBreaker}.
 *
 * @since 0.1.0
 */
public final class CircuitBreakerOptions {

	private final ListenerOptions.CircuitBreaker options;

	/**
	 * Creates options.
	 * @param enabled whether the listener pauses itself while its handler keeps failing
	 * @param failureRate the share of failures from which it does
	 * @param window over how many of the last attempts the share is taken
	 * @param pause how long the listener pauses
	 * @param trials how many messages have to be handled one at a time afterwards
	 */
	public CircuitBreakerOptions(@Nullable Boolean enabled, @Nullable Double failureRate, @Nullable Integer window,
			@Nullable Duration pause, @Nullable Integer trials) {
		this.options = new ListenerOptions.CircuitBreaker(enabled, failureRate, window, pause, trials);
	}

	ListenerOptions.CircuitBreaker options() {
		return this.options;
	}

}
