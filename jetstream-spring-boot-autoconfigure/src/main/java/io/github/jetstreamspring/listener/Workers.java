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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Runs a listener's handlers, as many at once as its concurrency. A handler that goes on
 * without its thread counts until it has ended.
 */
final class Workers {

	private final Executor threads;

	// All below is guarded by this. What waits is bounded by the credit.
	private final Queue<Work> waiting = new ArrayDeque<>();

	private int concurrency;

	private int limit = Integer.MAX_VALUE;

	private int busy;

	private boolean stopped;

	/**
	 * Creates workers.
	 * @param concurrency how many handlers run at once
	 * @param threads run each task at once
	 */
	Workers(int concurrency, Executor threads) {
		this.concurrency = concurrency;
		this.threads = threads;
	}

	/**
	 * Runs something as soon as a worker is free.
	 * @param work what to run
	 * @throws RejectedExecutionException if the workers have stopped
	 */
	void execute(Work work) {
		synchronized (this) {
			if (this.stopped) {
				throw new RejectedExecutionException("The workers have stopped");
			}
			if (this.busy >= allowed()) {
				this.waiting.add(work);
				return;
			}
			this.busy++;
		}
		start(work);
	}

	/**
	 * Runs something on the calling thread, if a worker is free.
	 * @param work what to run
	 * @return whether it was run
	 */
	boolean runHere(Work work) {
		synchronized (this) {
			if (this.stopped || this.busy >= allowed()) {
				return false;
			}
			this.busy++;
		}
		run(work);
		return true;
	}

	/**
	 * Goes on with a handler that has gone on without its thread, on a thread that may
	 * block.
	 * @param rest what is left to run of it
	 */
	void goOn(Runnable rest) {
		this.threads.execute(rest);
	}

	synchronized int busy() {
		return this.busy;
	}

	/**
	 * Changes how many handlers run at once. Those that are running are not interrupted.
	 * @param concurrency a number of at least 1
	 */
	void resize(int concurrency) {
		synchronized (this) {
			this.concurrency = concurrency;
		}
		startWaiting();
	}

	/**
	 * Limits how many handlers run at once, whatever the number of workers. Those that
	 * are running are not interrupted.
	 * @param limit the most handlers, 0 to let all further work wait
	 */
	void limit(int limit) {
		synchronized (this) {
			this.limit = limit;
		}
		startWaiting();
	}

	/**
	 * Gives up on a handler that doesn't end: its worker takes no further work, and
	 * another one takes its place.
	 * @param work what doesn't end
	 */
	void abandon(Work work) {
		Work next;
		synchronized (this) {
			if (work.abandoned || this.stopped) {
				return;
			}
			work.abandoned = true;
			next = nextOrRest();
		}
		if (next != null) {
			start(next);
		}
	}

	/**
	 * Takes no more work.
	 * @return what has not started
	 */
	synchronized List<Work> stop() {
		this.stopped = true;
		List<Work> left = List.copyOf(this.waiting);
		this.waiting.clear();
		return left;
	}

	/**
	 * Waits until all running handlers have ended.
	 * @param timeout how long to wait
	 * @return whether they have
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	synchronized boolean await(Duration timeout) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (this.busy > 0) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		return true;
	}

	private void startWaiting() {
		List<Work> started = new ArrayList<>();
		synchronized (this) {
			while (this.busy < allowed() && !this.waiting.isEmpty()) {
				this.busy++;
				started.add(this.waiting.remove());
			}
		}
		started.forEach(this::start);
	}

	private void start(Work work) {
		Work next = work;
		while (next != null) {
			Work current = next;
			try {
				this.threads.execute(() -> run(current));
				return;
			}
			catch (Throwable ex) {
				// There is no thread for it, for want of memory or because all have ended
				current.abort(ex);
				next = next(current);
			}
		}
	}

	private void run(Work first) {
		Work work = first;
		while (work != null) {
			Work current = work;
			// Left behind by an interceptor or observer, and nothing of this handler's
			Thread.interrupted();
			if (goesOnWithoutThread(current)) {
				return;
			}
			work = next(current);
		}
	}

	private boolean goesOnWithoutThread(Work work) {
		try {
			CompletableFuture<?> pending = work.run();
			if (pending != null) {
				pending.whenComplete((result, failure) -> endedWithoutThread(work));
			}
			return pending != null;
		}
		catch (Throwable ex) {
			// There is no memory to be told when it ends
			return false;
		}
	}

	private void endedWithoutThread(Work work) {
		Work next = next(work);
		if (next != null) {
			start(next);
		}
	}

	private synchronized @Nullable Work next(Work ended) {
		if (ended.abandoned) {
			// Its place is taken
			return null;
		}
		return nextOrRest();
	}

	private @Nullable Work nextOrRest() {
		Work next = (this.busy <= allowed()) ? this.waiting.poll() : null;
		if (next == null) {
			this.busy--;
			if (this.busy == 0 && this.stopped) {
				notifyAll();
			}
		}
		return next;
	}

	private int allowed() {
		return Math.min(this.concurrency, this.limit);
	}

}
