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

package io.github.jetstreamspring.boot.console;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.jetstreamspring.boot.operations.DeadLetterRequests;
import io.github.jetstreamspring.boot.operations.OperationFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Redrives and discards many dead letters while nobody waits, and says how far it is.
 */
final class BulkTasks implements DisposableBean {

	private static final Set<String> ACTIONS = Set.of("redrive", "discard");

	private static final int MOST_RUNNING = 4;

	private static final int MOST_KEPT = 20;

	private static final long IDLE_SECONDS = 10;

	private final DeadLetterRequests deadLetters;

	private final AtomicLong ids = new AtomicLong();

	// The one that was started last is at the end
	private final Map<String, BulkTask> tasks = new LinkedHashMap<>();

	private final ThreadPoolExecutor threads;

	BulkTasks(DeadLetterRequests deadLetters) {
		this.deadLetters = deadLetters;
		CustomizableThreadFactory factory = new CustomizableThreadFactory("jetstream-console-task-");
		factory.setDaemon(true);
		this.threads = new ThreadPoolExecutor(0, MOST_RUNNING, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				factory);
	}

	/**
	 * Starts a task.
	 * @param action {@code redrive} or {@code discard}
	 * @param expected how many they are said to be, or {@code null}
	 * @param parameters which letters
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return the task
	 * @throws OperationFailure if it makes no sense, or too many are running
	 */
	Map<String, Object> start(@Nullable String action, @Nullable String expected, Map<String, String> parameters,
			@Nullable String principal) {
		if (action == null || !ACTIONS.contains(action)) {
			throw OperationFailure.badRequest("'action' must be 'redrive' or 'discard'");
		}
		BulkTask task = new BulkTask(String.valueOf(this.ids.incrementAndGet()), action, number(expected), parameters,
				principal, this.deadLetters);
		try {
			this.threads.execute(task);
		}
		catch (RejectedExecutionException ex) {
			throw OperationFailure.conflict("There are %d tasks running already".formatted(MOST_RUNNING));
		}
		keep(task);
		return task.describe();
	}

	private static @Nullable Long number(@Nullable String expected) {
		try {
			return (expected != null) ? Long.valueOf(expected) : null;
		}
		catch (NumberFormatException ex) {
			throw OperationFailure.badRequest("'expected' must be a number");
		}
	}

	private synchronized void keep(BulkTask task) {
		this.tasks.put(task.id(), task);
		Iterator<BulkTask> oldest = this.tasks.values().iterator();
		while (this.tasks.size() > MOST_KEPT && oldest.hasNext()) {
			if (!oldest.next().isRunning()) {
				oldest.remove();
			}
		}
	}

	/**
	 * Ends a task early. What it has done stays done.
	 * @return the task
	 * @throws OperationFailure if there is no such task
	 */
	synchronized Map<String, Object> cancel(String id, @Nullable String action) {
		if (!"cancel".equals(action)) {
			throw OperationFailure.badRequest("'action' must be 'cancel'");
		}
		BulkTask task = this.tasks.get(id);
		if (task == null) {
			throw OperationFailure.notFound("There is no task %s".formatted(id));
		}
		task.cancel();
		return task.describe();
	}

	/**
	 * Describes the tasks, the one that was started last first.
	 */
	synchronized List<Map<String, Object>> describe() {
		List<Map<String, Object>> all = new ArrayList<>();
		this.tasks.values().forEach((task) -> all.add(0, task.describe()));
		return all;
	}

	@Override
	public void destroy() {
		this.threads.shutdownNow();
	}

}
