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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs each task at once on a thread of its own. Tasks may throw, which is logged; one
 * for which there is no thread waits a second.
 *
 * @since 0.1.0
 */
public final class GuardedExecutor extends ThreadPoolExecutor {

	private static final Log logger = LogFactory.getLog(GuardedExecutor.class);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final ScheduledExecutorService scheduler;

	/**
	 * Creates an executor.
	 * @param threadFactory makes its threads
	 * @param scheduler lets tasks wait
	 */
	public GuardedExecutor(ThreadFactory threadFactory, ScheduledExecutorService scheduler) {
		super(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), threadFactory);
		this.scheduler = scheduler;
	}

	@Override
	public void execute(Runnable task) {
		try {
			super.execute(() -> {
				try {
					task.run();
				}
				catch (Throwable ex) {
					Guard.log(logger, () -> "Internal error in a task", ex);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "There is no thread for a task; it waits", ex);
			this.scheduler.schedule(() -> execute(task), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

}
