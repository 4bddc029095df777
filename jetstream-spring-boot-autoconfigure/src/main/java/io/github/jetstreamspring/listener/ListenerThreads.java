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
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.OwnThreads;
import io.github.jetstreamspring.listener.pull.Receivers;

/**
 * The threads of all listeners: those on which they receive, and those on which handlers
 * run.
 */
final class ListenerThreads {

	/**
	 * How long a thread on which handlers run stays without work.
	 */
	static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

	private final Receivers receivers;

	private final Function<String, Executor> workers;

	private final Runnable end;

	private ListenerThreads(Receivers receivers, Function<String, Executor> workers, Runnable end) {
		this.receivers = receivers;
		this.workers = workers;
		this.end = end;
	}

	/**
	 * Returns platform threads, which all listeners share. Those on which handlers run
	 * are made when there is work, and end when there has been none for a while.
	 * @param scheduler looks after them
	 * @param keepAlive how long those on which handlers run stay without work
	 */
	static ListenerThreads shared(GuardedScheduler scheduler, Duration keepAlive) {
		AtomicInteger numbers = new AtomicInteger();
		// Not that of whoever happens to need a thread, such as one of the common pool
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		ThreadFactory factory = OwnThreads.of((task) -> {
			Thread thread = new NamedThread(task, numbers.incrementAndGet());
			thread.setContextClassLoader(classLoader);
			return thread;
		});
		ThreadPoolExecutor pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, keepAlive.toNanos(),
				TimeUnit.NANOSECONDS, new SynchronousQueue<>(), factory);
		return new ListenerThreads(Receivers.pooled(factory, scheduler), (listener) -> (task) -> pool.execute(() -> {
			nameAfter(listener);
			task.run();
		}), pool::shutdown);
	}

	/**
	 * Returns threads of which each runs one thing and ends, as virtual ones may.
	 * @param factories make them, by the prefix of their names
	 * @param scheduler looks after them
	 */
	static ListenerThreads each(Function<String, ThreadFactory> factories, GuardedScheduler scheduler) {
		return new ListenerThreads(Receivers.unpooled(OwnThreads.of(factories.apply("jetstream-receiver-")), scheduler),
				(listener) -> {
					ThreadFactory factory = OwnThreads.of(factories.apply(listener + "-"));
					return (task) -> factory.newThread(task).start();
				}, () -> {
				});
	}

	/**
	 * Returns those on which listeners receive.
	 */
	Receivers receivers() {
		return this.receivers;
	}

	/**
	 * Returns those on which a listener's handlers run.
	 * @param listener the listener
	 * @return runs each task at once
	 */
	Executor workers(String listener) {
		return this.workers.apply(listener);
	}

	/**
	 * Gives the calling thread the name of the listener whose handler it is about to run,
	 * if listeners share it.
	 */
	static void nameAfter(String listener) {
		if (Thread.currentThread() instanceof NamedThread thread) {
			thread.nameAfter(listener);
		}
	}

	void close() {
		this.receivers.close();
		this.end.run();
	}

	private static final class NamedThread extends Thread {

		private final int number;

		private String listener = "";

		NamedThread(Runnable task, int number) {
			// Shared by all, it inherits nothing from the one that made it
			super(null, task, "jetstream-listener-" + number, 0, false);
			this.number = number;
			setDaemon(false);
		}

		void nameAfter(String listener) {
			// Costs a call of the system, so only if it is another one
			if (!this.listener.equals(listener)) {
				this.listener = listener;
				setName(listener + "-" + this.number);
			}
		}

	}

}
