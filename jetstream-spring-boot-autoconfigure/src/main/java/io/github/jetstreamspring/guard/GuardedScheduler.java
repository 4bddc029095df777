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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * A scheduler with one daemon thread, whose tasks may throw: that is logged, and a task
 * that is repeated goes on. Another thread, which does nothing else, sees to that.
 *
 * @since 0.1.0
 */
public final class GuardedScheduler extends ScheduledThreadPoolExecutor {

	private static final Log logger = LogFactory.getLog(GuardedScheduler.class);

	private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

	private final String threadNamePrefix;

	private final Set<RepeatedTask> repeated = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean watched = new AtomicBoolean();

	/**
	 * Creates a scheduler.
	 * @param threadNamePrefix how the name of its thread begins
	 */
	public GuardedScheduler(String threadNamePrefix) {
		super(1, daemons(threadNamePrefix));
		this.threadNamePrefix = threadNamePrefix;
		setRemoveOnCancelPolicy(true);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		return super.schedule(guarded(task), delay, unit);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
		return super.scheduleWithFixedDelay(guarded(task), initialDelay, delay, unit);
	}

	void repeats(RepeatedTask task) {
		this.repeated.add(task);
		if (this.watched.compareAndSet(false, true)) {
			Thread watch = new Thread(this::watch, this.threadNamePrefix + "watch");
			watch.setDaemon(true);
			watch.start();
		}
	}

	void repeatsNoMore(RepeatedTask task) {
		this.repeated.remove(task);
	}

	/**
	 * Needs no memory, as that is what the scheduler's own thread may end for want of.
	 */
	private void watch() {
		while (!isShutdown()) {
			LockSupport.parkNanos(CHECK_NANOS);
			Thread.interrupted();
			try {
				check(System.nanoTime());
			}
			catch (Throwable ex) {
				// The next check tries again
			}
		}
	}

	/**
	 * Sees to it that all repeated tasks are still repeated.
	 * @param now the current {@link System#nanoTime()}
	 */
	void check(long now) {
		for (RepeatedTask task : this.repeated) {
			task.checkThis(now);
		}
	}

	private static Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				Guard.log(logger, () -> "Internal error in a scheduled task", ex);
			}
		};
	}

	private static ThreadFactory daemons(String prefix) {
		CustomizableThreadFactory threadFactory = new CustomizableThreadFactory(prefix);
		threadFactory.setDaemon(true);
		return OwnThreads.of(threadFactory);
	}

}
