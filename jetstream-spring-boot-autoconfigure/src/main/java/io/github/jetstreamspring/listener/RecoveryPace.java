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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.jetstreamspring.listener.pull.Rhythm;

/**
 * How soon a listener looks for its consumer: at once when something goes wrong for the
 * first time, then less and less often, but often enough to be back soon.
 */
final class RecoveryPace {

	/**
	 * The longest time between two looks while all is well.
	 */
	static final Duration IDLE = Duration.ofSeconds(10);

	// So that the looks of many listeners that started together are spread
	private static final double SPREAD = 0.2;

	private static final Duration FIRST = Duration.ofMillis(250);

	private static final int MAX_DOUBLINGS = 2;

	private static final Duration PAUSED = Duration.ofSeconds(2);

	private static final Duration FAILED = Duration.ofSeconds(5);

	private final Duration idle;

	private final AtomicInteger attempts = new AtomicInteger();

	private final Supplier<Rhythm> rhythm;

	/**
	 * Creates a pace.
	 * @param idle between two looks while all is well, if there are a few listeners
	 * @param rhythm tells how much slower many are
	 */
	RecoveryPace(Duration idle, Supplier<Rhythm> rhythm) {
		this.idle = idle;
		this.rhythm = rhythm;
	}

	/**
	 * Returns when to look after new trouble.
	 * @return the time until then
	 */
	Duration next() {
		int attempt = this.attempts.getAndIncrement();
		return (attempt == 0) ? Duration.ZERO : FIRST.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
	}

	/**
	 * Returns when to look again after a look.
	 * @param state the listener's state
	 * @return the time until then
	 */
	Duration interval(ListenerState state) {
		return switch (state) {
			case RECOVERING -> next();
			case PAUSED -> PAUSED;
			case FAILED -> FAILED;
			default -> idle();
		};
	}

	/**
	 * Returns when to look while all is well.
	 * @return the time until then
	 */
	Duration idle() {
		long millis = this.rhythm.get().slower(this.idle).toMillis();
		return Duration.ofMillis(Math.round(millis * (1 - SPREAD * ThreadLocalRandom.current().nextDouble())));
	}

	/**
	 * All is well again.
	 */
	void reset() {
		this.attempts.set(0);
	}

}
