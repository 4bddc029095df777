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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.RepeatedTask;

/**
 * Looks after messages that are under way, again and again as long as there are some: an
 * application that publishes nothing must not be woken up for nothing.
 */
final class Lookout {

	private static final long INTERVAL_NANOS = Duration.ofMillis(25).toNanos();

	// Whatever happens
	private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

	private final GuardedScheduler scheduler;

	private final BooleanSupplier wanted;

	private final Runnable look;

	// Whether somebody will look soon
	private final AtomicBoolean planned = new AtomicBoolean();

	// Since when
	private volatile long plannedNanos;

	/**
	 * Begins to look once a second.
	 * @param scheduler looks
	 * @param wanted tells whether there is something to look after
	 * @param look looks
	 */
	Lookout(GuardedScheduler scheduler, BooleanSupplier wanted, Runnable look) {
		this.scheduler = scheduler;
		this.wanted = wanted;
		this.look = look;
		new RepeatedTask(scheduler, CHECK_INTERVAL, this::check);
	}

	/**
	 * There is something to look after. To be called for each message, once it is under
	 * way.
	 */
	void watch() {
		// Read for every message, and seldom written
		if (!this.planned.get() && this.planned.compareAndSet(false, true)) {
			this.plannedNanos = System.nanoTime();
			try {
				this.scheduler.schedule(this::lookAndGoOn, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
			}
			catch (Throwable ex) {
				// There is no memory, and the next message or check tries again; or all
				// is over
				this.planned.set(false);
			}
		}
	}

	private void lookAndGoOn() {
		this.planned.set(false);
		try {
			this.look.run();
		}
		finally {
			if (this.wanted.getAsBoolean()) {
				watch();
			}
		}
	}

	private void check() {
		if (!this.wanted.getAsBoolean()) {
			// For the thread that takes in answers, which may have ended
			this.look.run();
		}
		else if (!this.planned.get() || System.nanoTime() - this.plannedNanos > CHECK_INTERVAL.toNanos()) {
			// It was lost for want of memory
			lookAndGoOn();
		}
	}

}
