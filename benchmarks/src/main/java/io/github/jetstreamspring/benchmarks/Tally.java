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

package io.github.jetstreamspring.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.jetstreamspring.messaging.Durations;

/**
 * Work that takes a while, and counts how often each message was handled.
 */
final class Tally implements Work {

	private final long handlerNanos;

	private volatile AtomicIntegerArray runs = new AtomicIntegerArray(0);

	private volatile CountDownLatch done = new CountDownLatch(1);

	private final AtomicInteger open = new AtomicInteger();

	Tally(Duration handlerTime) {
		this.handlerNanos = handlerTime.toNanos();
	}

	/**
	 * Starts again from zero.
	 * @param messages how many messages there are to handle
	 */
	void reset(int messages) {
		this.runs = new AtomicIntegerArray(messages);
		this.done = new CountDownLatch(1);
		this.open.set(messages);
	}

	@Override
	public void run(int number, long time) {
		pause();
		if (this.runs.incrementAndGet(number) == 1 && this.open.decrementAndGet() == 0) {
			this.done.countDown();
		}
	}

	// A handler that waits for something else, such as a database, takes a thread and no
	// CPU
	private void pause() {
		if (this.handlerNanos == 0) {
			return;
		}
		long end = System.nanoTime() + this.handlerNanos;
		for (long left = this.handlerNanos; left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
			if (Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException("Interrupted");
			}
		}
	}

	int handled() {
		return this.runs.length() - this.open.get();
	}

	/**
	 * Returns how many handler runs there were beyond one for each message.
	 * @return the number of runs
	 */
	int duplicates() {
		return IntStream.range(0, this.runs.length()).map((number) -> Math.max(0, this.runs.get(number) - 1)).sum();
	}

	/**
	 * Waits until each message was handled.
	 * @param timeout how long to wait
	 * @throws InterruptedException if the calling thread is interrupted
	 * @throws IllegalStateException if it takes longer
	 */
	void await(Duration timeout) throws InterruptedException {
		if (!this.done.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException("Only %d of %d messages were handled within %s".formatted(handled(),
					this.runs.length(), Durations.text(timeout)));
		}
	}

}
