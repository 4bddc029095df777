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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Knows the threads that handle and settle messages. Code of the application that runs on
 * one of them must not wait until they have nothing to do, as it would wait for itself.
 *
 * @since 0.1.0
 */
public final class OwnThreads {

	private static final long RETRY_NANOS = 1_000_000;

	// Set once for each thread, so that it costs messages nothing
	private static final ThreadLocal<Boolean> own = new ThreadLocal<>();

	// What the thread has told to stop, which can't stop before the thread goes on
	private static final ThreadLocal<CompletableFuture<?>> stopping = new ThreadLocal<>();

	private OwnThreads() {
	}

	/**
	 * Returns whether the calling thread is one of them.
	 * @return whether it is
	 */
	public static boolean isOne() {
		return own.get() != null;
	}

	/**
	 * Makes the calling thread one of them, for good.
	 */
	public static void join() {
		own.set(Boolean.TRUE);
	}

	/**
	 * The calling thread has told something to stop that can't stop without it.
	 * @param stopped completes when it has stopped
	 */
	public static void stopping(CompletableFuture<?> stopped) {
		stopping.set(stopped);
	}

	/**
	 * Runs something as soon as what the calling thread has told to stop has stopped, and
	 * after what was to be run before; at once if there is nothing.
	 * @param action what to run
	 */
	public static void afterStop(Runnable action) {
		CompletableFuture<?> stopped = stopping.get();
		if (stopped == null) {
			action.run();
		}
		else {
			stopping.set(stopped.whenComplete((result, failure) -> action.run()));
		}
	}

	/**
	 * Returns a factory whose threads are some of them.
	 * @param threadFactory makes the threads
	 * @return the factory
	 */
	public static ThreadFactory of(ThreadFactory threadFactory) {
		return (task) -> threadFactory.newThread(() -> {
			joinAtLast();
			task.run();
		});
	}

	// A pool that made the thread would count it for ever if its task never ran
	private static void joinAtLast() {
		while (own.get() == null) {
			try {
				join();
			}
			catch (Throwable ex) {
				// There is no memory yet
				LockSupport.parkNanos(RETRY_NANOS);
			}
		}
	}

}
