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

package io.github.jetstreamspring.guard;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A task that is repeated until it is cancelled, even if its scheduler loses it: when the
 * heap is full, that fails between two runs, where nothing can be caught.
 *
 * @since 0.1.0
 */
public final class RepeatedTask {

	private static final Log logger = LogFactory.getLog(RepeatedTask.class);

	// Longer than a busy machine keeps a thread waiting
	private static final long MAX_SILENCE_NANOS = Duration.ofSeconds(5).toNanos();

	private final GuardedScheduler scheduler;

	private final long intervalNanos;

	private final Runnable task;

	private volatile long lastNanos;

	// Guarded by this, as the next one
	private ScheduledFuture<?> future;

	private boolean cancelled;

	/**
	 * Starts repeating a task.
	 * @param scheduler repeats it
	 * @param interval the time from one run to the next
	 * @param task the task
	 */
	public RepeatedTask(GuardedScheduler scheduler, Duration interval, Runnable task) {
		this.scheduler = scheduler;
		this.intervalNanos = interval.toNanos();
		this.task = task;
		this.lastNanos = System.nanoTime();
		this.future = schedule();
		scheduler.repeats(this);
	}

	private ScheduledFuture<?> schedule() {
		return this.scheduler.scheduleWithFixedDelay(this::run, this.intervalNanos, this.intervalNanos,
				TimeUnit.NANOSECONDS);
	}

	private void run() {
		this.lastNanos = System.nanoTime();
		this.task.run();
	}

	void checkThis(long now) {
		if (now - this.lastNanos > this.intervalNanos + MAX_SILENCE_NANOS) {
			repeatAgain(now);
		}
	}

	private synchronized void repeatAgain(long now) {
		if (this.cancelled || this.scheduler.isShutdown()) {
			return;
		}
		this.lastNanos = now;
		// In case its thread has gone and could not be replaced
		this.scheduler.prestartCoreThread();
		if (this.scheduler.getActiveCount() == 0 && !this.scheduler.getQueue().contains(this.future)) {
			this.future.cancel(false);
			this.future = schedule();
			logger.warn("A repeated task had ended and was started again");
		}
	}

	/**
	 * Ends the repetition. A run that has begun goes on.
	 */
	public synchronized void cancel() {
		this.scheduler.repeatsNoMore(this);
		this.cancelled = true;
		this.future.cancel(false);
	}

}
