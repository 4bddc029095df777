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
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that run a listener's handlers, as many as its concurrency.
 */
final class Workers {

	private final ThreadPoolExecutor executor;

	Workers(int concurrency, ThreadFactory threadFactory) {
		// The queue is bounded by the credit
		this.executor = new ThreadPoolExecutor(concurrency, concurrency, 0, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threadFactory);
		// One thread that isn't a daemon keeps an application alive that only listens
		this.executor.prestartCoreThread();
	}

	void execute(HandlerTask task) {
		this.executor.execute(task);
	}

	int busy() {
		return this.executor.getActiveCount();
	}

	/**
	 * Takes no more tasks.
	 * @return the deliveries that have not started
	 */
	List<ReceivedDelivery> stop() {
		this.executor.shutdown();
		List<Runnable> waiting = new ArrayList<>();
		this.executor.getQueue().drainTo(waiting);
		return waiting.stream().map((task) -> ((HandlerTask) task).delivery()).toList();
	}

	/**
	 * Interrupts the handlers that are still running.
	 */
	void interrupt() {
		this.executor.shutdownNow();
	}

	/**
	 * Waits until all running handlers have ended.
	 * @param timeout how long to wait
	 * @return whether they have
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	boolean await(Duration timeout) throws InterruptedException {
		return this.executor.awaitTermination(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
	}

}
