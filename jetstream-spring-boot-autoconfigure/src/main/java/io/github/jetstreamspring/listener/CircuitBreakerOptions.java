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
 * Options for a listener that stops asking for messages while its handler keeps failing,
 * each of which may be left to the next source.
 *
 * @param enabled whether the listener does so, or {@code null}
 * @param failureRate the share of failures, above 0 and up to 1, from which the listener
 * pauses itself, or {@code null}
 * @param window over how many of the last attempts the share is taken, or {@code null}
 * @param pause how long the listener pauses, or {@code null}
 * @param trials how many messages have to be handled one at a time after the pause before
 * the listener is itself again, or {@code null}
 * @since 0.1.0
 */
public record CircuitBreakerOptions(@Nullable Boolean enabled, @Nullable Double failureRate, @Nullable Integer window,
		@Nullable Duration pause, @Nullable Integer trials) {

	/**
	 * Options that leave everything to the next source.
	 */
	public static final CircuitBreakerOptions NONE = new CircuitBreakerOptions(null, null, null, null, null);

	/**
	 * What holds where nobody says otherwise.
	 */
	public static final CircuitBreakerOptions DEFAULTS = new CircuitBreakerOptions(false, 0.5, 100,
			Duration.ofSeconds(30), 5);

	/**
	 * Fills what these options leave open.
	 * @param next the options that take over where these say nothing
	 * @return both together
	 */
	public CircuitBreakerOptions orElse(CircuitBreakerOptions next) {
		return new CircuitBreakerOptions(ListenerOptions.or(this.enabled, next.enabled),
				ListenerOptions.or(this.failureRate, next.failureRate), ListenerOptions.or(this.window, next.window),
				ListenerOptions.or(this.pause, next.pause), ListenerOptions.or(this.trials, next.trials));
	}

}
