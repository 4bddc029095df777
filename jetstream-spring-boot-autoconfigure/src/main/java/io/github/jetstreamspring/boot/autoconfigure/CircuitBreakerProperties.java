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

import io.github.jetstreamspring.listener.CircuitBreakerOptions;
import org.jspecify.annotations.Nullable;

/**
 * What happens while a handler keeps failing.
 *
 * @param enabled Whether the listener pauses itself while its handler keeps failing.
 * @param failureRate Share of failures, above 0 and up to 1, from which the listener
 * pauses itself.
 * @param window Over how many of the last attempts the share of failures is taken.
 * @param pause How long the listener pauses.
 * @param trials How many messages have to be handled one at a time after the pause before
 * the listener is itself again.
 * @since 0.1.0
 */
public record CircuitBreakerProperties(@Nullable Boolean enabled, @Nullable Double failureRate,
		@Nullable Integer window, @Nullable Duration pause, @Nullable Integer trials) {

	private static final int LONGEST_WINDOW = 1_000_000;

	/**
	 * Checks the values.
	 */
	public CircuitBreakerProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("failure-rate", failureRate == null || (failureRate > 0 && failureRate <= 1),
				"it must be above 0 and at most 1");
		checks.check("window", window == null || window >= 1, "it must be at least 1");
		checks.check("window", window == null || window <= LONGEST_WINDOW,
				"it must be at most %d, as it is kept in memory".formatted(LONGEST_WINDOW));
		checks.positive("pause", pause);
		checks.check("trials", trials == null || trials >= 1, "it must be at least 1");
		checks.throwIfAny();
	}

	CircuitBreakerOptions toOptions() {
		return new CircuitBreakerOptions(this.enabled, this.failureRate, this.window, this.pause, this.trials);
	}

}
