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

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The run of a delivery's handler: which work it is part of, on which thread, what it
 * waits for when it goes on without one, and whether it or the settlement of the delivery
 * ends last. An interrupt never hits a thread that has moved on.
 */
final class HandlerRun {

	// Guarded by this
	private @Nullable Work work;

	private @Nullable Thread worker;

	private @Nullable CompletableFuture<?> pending;

	private boolean interrupted;

	// Written under the lock
	private volatile boolean cancelled;

	// Written under the lock
	private volatile boolean settled;

	private volatile long startedNanos;

	private volatile long nanos;

	// Of no use to other threads, unless something else has made it known to them
	private @Nullable Settlement decided;

	/**
	 * Binds this run to the current thread, which is to run the handler.
	 * @param handling what runs the handler
	 * @return whether there is still something to handle
	 */
	synchronized boolean begin(Work handling) {
		if (this.settled || this.cancelled) {
			return false;
		}
		this.work = handling;
		this.worker = Thread.currentThread();
		this.startedNanos = System.nanoTime();
		return true;
	}

	/**
	 * Lets the current thread go; the handler goes on without it.
	 * @param handler completes when the handler has ended
	 */
	void goOn(CompletableFuture<?> handler) {
		boolean cancel;
		synchronized (this) {
			release();
			this.pending = handler;
			cancel = this.interrupted;
		}
		if (cancel) {
			// It was meant for the handler, not for the thread that has started it
			handler.cancel(true);
		}
	}

	/**
	 * Binds this run to the current thread, which is to run the handler once more. If the
	 * run was interrupted before, so is the thread.
	 */
	synchronized void comeBack() {
		this.pending = null;
		this.worker = Thread.currentThread();
		if (this.interrupted) {
			this.worker.interrupt();
		}
	}

	/**
	 * The handler has ended, or it never will and nobody waits for it any more.
	 * @return whether the delivery is done with that: it was running until now, and is
	 * settled
	 */
	synchronized boolean end() {
		if (this.work == null) {
			return false;
		}
		release();
		this.work = null;
		this.pending = null;
		this.nanos = System.nanoTime() - this.startedNanos;
		return this.settled;
	}

	/**
	 * The server has been told what became of the message.
	 * @return what that means for the delivery
	 */
	synchronized Settled settled() {
		if (this.settled) {
			return Settled.BEFORE;
		}
		this.settled = true;
		return (this.work == null) ? Settled.DONE : Settled.RUNNING;
	}

	boolean isSettled() {
		return this.settled;
	}

	/**
	 * What is to become of the message is decided.
	 */
	void decided(Settlement settlement) {
		this.decided = settlement;
	}

	/**
	 * Returns what is to become of the message.
	 * @return how the delivery is to end, or {@code null} if that isn't decided yet
	 */
	@Nullable Settlement decided() {
		return this.decided;
	}

	/**
	 * Lets the handler not start any more.
	 * @return whether it runs already
	 */
	synchronized boolean cancel() {
		this.cancelled = true;
		return this.work != null;
	}

	boolean isCancelled() {
		return this.cancelled;
	}

	private void release() {
		if (this.worker == Thread.currentThread()) {
			// What an interrupt from here was meant for is over
			Thread.interrupted();
		}
		this.worker = null;
	}

	/**
	 * Returns what handles the delivery.
	 * @return the work, or {@code null} if the handler hasn't started or has ended
	 */
	synchronized @Nullable Work work() {
		return this.work;
	}

	/**
	 * Interrupts the handler if it is running, or cancels what it waits for.
	 * @return where the handler was, empty if it has no thread
	 */
	StackTraceElement[] interrupt() {
		CompletableFuture<?> cancelled;
		synchronized (this) {
			if (this.worker != null) {
				this.interrupted = true;
				StackTraceElement[] stack = this.worker.getStackTrace();
				this.worker.interrupt();
				return stack;
			}
			cancelled = this.pending;
		}
		if (cancelled != null) {
			// Not under the lock, as it runs whatever depends on it
			cancelled.cancel(true);
		}
		return new StackTraceElement[0];
	}

	/**
	 * Returns where the handler is.
	 * @return the stack of its thread, empty if it has none
	 */
	synchronized StackTraceElement[] stack() {
		return (this.worker != null) ? this.worker.getStackTrace() : new StackTraceElement[0];
	}

	/**
	 * Returns whether the handler waits for listeners to stop, and so for itself.
	 * @param stopping a thread that does
	 * @return whether it is that thread, or one that closes the context just as well
	 */
	boolean isStopping(Thread stopping) {
		synchronized (this) {
			if (this.worker == stopping) {
				return true;
			}
		}
		return Arrays.stream(stack()).anyMatch(HandlerRun::closes);
	}

	private static boolean closes(StackTraceElement frame) {
		return frame.getClassName().equals("org.springframework.context.support.AbstractApplicationContext")
				&& (frame.getMethodName().equals("close") || frame.getMethodName().equals("stop"));
	}

	/**
	 * Returns when the handler has started.
	 * @return a {@link System#nanoTime()}, 0 if it has not
	 */
	long startedNanos() {
		return this.startedNanos;
	}

	/**
	 * Returns how long the handler has run.
	 * @return nanoseconds, 0 if it has not ended
	 */
	long nanos() {
		return this.nanos;
	}

	/**
	 * What a settlement means.
	 */
	enum Settled {

		/**
		 * Nothing: the delivery was settled before.
		 */
		BEFORE,

		/**
		 * The delivery is done when its handler ends.
		 */
		RUNNING,

		/**
		 * The delivery is done.
		 */
		DONE

	}

}
