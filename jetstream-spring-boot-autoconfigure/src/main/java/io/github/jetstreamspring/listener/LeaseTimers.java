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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.RepeatedTask;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps the leases of all listeners, with one timer for those whose leases are equally
 * long: one for each listener would wake up an application with a thousand of them two
 * hundred times a second.
 */
final class LeaseTimers {

	private static final Log logger = LogFactory.getLog(LeaseTimers.class);

	private final GuardedScheduler scheduler;

	// By the interval
	private final Map<Duration, Timer> timers = new HashMap<>();

	LeaseTimers(GuardedScheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Keeps leases from now on.
	 * @param interval how often to keep them
	 * @param leases the leases of a listener
	 */
	synchronized void add(Duration interval, LeaseKeeper leases) {
		this.timers.computeIfAbsent(interval, (length) -> new Timer(this.scheduler, length)).keepers.add(leases);
	}

	/**
	 * Keeps leases no more. A look at them that has begun goes on.
	 * @param leases the leases of a listener
	 */
	synchronized void remove(LeaseKeeper leases) {
		for (Map.Entry<Duration, Timer> entry : new ArrayList<>(this.timers.entrySet())) {
			Timer timer = entry.getValue();
			if (timer.keepers.remove(leases) && timer.keepers.isEmpty()) {
				timer.task.cancel();
				this.timers.remove(entry.getKey());
			}
		}
	}

	/**
	 * Keeps leases that are equally long.
	 */
	private static final class Timer {

		private final List<LeaseKeeper> keepers = new CopyOnWriteArrayList<>();

		private final RepeatedTask task;

		Timer(GuardedScheduler scheduler, Duration interval) {
			this.task = new RepeatedTask(scheduler, interval, this::keep);
		}

		private void keep() {
			long now = System.nanoTime();
			for (LeaseKeeper leases : this.keepers) {
				try {
					leases.keep(now);
				}
				catch (Throwable ex) {
					// Those of other listeners must not suffer
					Guard.log(logger, () -> "Internal error while leases are kept", ex);
				}
			}
		}

	}

}
