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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The thread that takes messages from the client, and handles them itself where that
 * takes less time than to wake up a worker.
 * <p>
 * Heartbeats and leases depend on somebody receiving. So when a handler turns out to be
 * slow after all, another thread becomes the receiver, and this one only ends its work.
 *
 * @since 0.1.0
 */
public final class Receiver {

	private static final Log logger = LogFactory.getLog(Receiver.class);

	// For how long nobody may receive: much less than the shortest lease, and more than a
	// busy machine keeps a thread waiting
	private static final Duration MAX_ABSENCE = Duration.ofMillis(20);

	private final ThreadFactory threadFactory;

	private final ScheduledExecutorService scheduler;

	private final AtomicBoolean watched = new AtomicBoolean();

	// Set once, before any thread receives
	private @Nullable Source source;

	// The thread that receives
	private volatile @Nullable Thread current;

	// A number for each time it turns to a message, and 0 while it receives. Reading a
	// clock would cost more than all the rest of this.
	private volatile long absence;

	private long lastAbsence;

	// The absence that was seen at the last look, 0 if there was none
	private volatile long seenAbsence;

	/**
	 * Creates a receiver that doesn't run yet.
	 * @param threadFactory makes its threads
	 * @param scheduler looks after it
	 */
	public Receiver(ThreadFactory threadFactory, ScheduledExecutorService scheduler) {
		this.threadFactory = threadFactory;
		this.scheduler = scheduler;
	}

	/**
	 * Begins to receive.
	 * @param source has what is received
	 */
	public synchronized void start(Source source) {
		this.source = source;
		start();
	}

	private void start() {
		Source from = Objects.requireNonNull(this.source);
		Thread thread = this.threadFactory.newThread(() -> receive(from));
		Thread before = this.current;
		this.absence = 0;
		this.current = thread;
		try {
			thread.start();
		}
		catch (Throwable ex) {
			this.current = before;
			throw ex;
		}
	}

	/**
	 * Sees to it that the thread which receives is there. To be called now and then.
	 */
	public void check() {
		Thread thread = this.current;
		if (thread != null && !thread.isAlive()) {
			revive(thread);
		}
		else if (this.absence != 0 && !this.watched.get()) {
			// It has left while nobody could be told to look
			watch();
		}
	}

	private synchronized void revive(Thread ended) {
		if (this.current == ended && !ended.isAlive()) {
			logger.warn("The thread %s, which receives messages, has ended; another one takes its place"
				.formatted(ended.getName()));
			start();
		}
	}

	/**
	 * Receives no more. What is being handled goes on.
	 */
	public synchronized void stop() {
		this.current = null;
	}

	/**
	 * The receiving thread, which is the calling one, turns to something that may take
	 * long after all.
	 */
	public void leave() {
		this.absence = ++this.lastAbsence;
		if (!this.watched.get()) {
			watch();
		}
	}

	/**
	 * The thread that has left is back, and receives unless another one does by now.
	 */
	public void comeBack() {
		if (isReceiving()) {
			this.absence = 0;
		}
	}

	/**
	 * Whether the calling thread is the one that receives.
	 * @return whether it is
	 */
	public boolean isReceiving() {
		return this.current == Thread.currentThread();
	}

	private void receive(Source from) {
		while (isReceiving()) {
			try {
				receiveNext(from);
			}
			catch (Throwable ex) {
				// To do anything about it would need memory, as to log it first did. It
				// must not end this thread, which looks after others.
			}
		}
	}

	private void receiveNext(Source from) {
		try {
			from.receive();
		}
		catch (InterruptedException ex) {
			// Meant for a handler that has ended: nothing else interrupts
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "Internal error while a message was received", ex);
		}
	}

	private void watch() {
		if (this.watched.compareAndSet(false, true)) {
			try {
				this.scheduler.schedule(this::look, MAX_ABSENCE.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (Throwable ex) {
				// The next check tries again
				this.watched.set(false);
			}
		}
	}

	/**
	 * Sees to it that somebody receives, as long as there are absences.
	 */
	private void look() {
		long seen = this.seenAbsence;
		long now = this.absence;
		this.seenAbsence = now;
		this.watched.set(false);
		if (now != 0 && now == seen) {
			replace();
		}
		else if (now != 0) {
			watch();
		}
	}

	/**
	 * Has another thread receive, as the one that does it is kept by something else.
	 */
	public synchronized void replace() {
		if (this.current != null) {
			start();
		}
	}

	/**
	 * Has what is received.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Receives the next message, or waits for one for a short while.
		 * @throws InterruptedException if the calling thread is interrupted
		 */
		void receive() throws InterruptedException;

	}

}
