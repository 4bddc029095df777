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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The threads on which all listeners receive: a few, whatever the number of listeners.
 * One that is kept by a message doesn't count.
 *
 * @since 0.1.0
 */
public final class Receivers {

	// For how long a message may keep a thread: much less than the shortest lease, and
	// more than a busy machine keeps a thread waiting
	private static final Duration MAX_TIME = Duration.ofMillis(20);

	/**
	 * How long a busy listener waits for its next message before it leaves its thread to
	 * others.
	 */
	static final long LINGER_NANOS = Duration.ofMillis(2).toNanos();

	// With one alone, listeners would notice each other's handlers
	private static final int SIZE = Math.max(4, Math.min(8, Runtime.getRuntime().availableProcessors()));

	// Once no listener runs any more
	private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

	private final ThreadFactory threadFactory;

	// null where each turn has a thread of its own
	private final @Nullable ThreadPoolExecutor pool;

	private final ScheduledExecutorService scheduler;

	private final Set<Receiver.Turn> running = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean watched = new AtomicBoolean();

	private final AtomicInteger lingering = new AtomicInteger();

	// Guarded by this, as the next one
	private int listeners;

	private int kept;

	private Receivers(ThreadFactory threadFactory, boolean pooled, ScheduledExecutorService scheduler) {
		this.threadFactory = threadFactory;
		this.pool = pooled ? new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE.toNanos(), TimeUnit.NANOSECONDS,
				new LinkedBlockingQueue<>(), threadFactory) : null;
		this.scheduler = scheduler;
	}

	/**
	 * Returns threads that are there as long as there are listeners.
	 * @param threadFactory makes them
	 * @param scheduler looks after them
	 * @return the threads
	 */
	public static Receivers pooled(ThreadFactory threadFactory, ScheduledExecutorService scheduler) {
		return new Receivers(threadFactory, true, scheduler);
	}

	/**
	 * Returns threads that are made when there is something to receive, as virtual ones
	 * may be.
	 * @param threadFactory makes them
	 * @param scheduler looks after them
	 * @return the threads
	 */
	public static Receivers unpooled(ThreadFactory threadFactory, ScheduledExecutorService scheduler) {
		return new Receivers(threadFactory, false, scheduler);
	}

	/**
	 * A listener has started. A thread that isn't a daemon keeps an application alive
	 * that only listens.
	 */
	public synchronized void join() {
		this.listeners++;
		if (this.pool != null) {
			resize(this.pool);
			this.pool.prestartCoreThread();
		}
	}

	/**
	 * A listener that had joined has ended.
	 */
	public synchronized void leave() {
		this.listeners--;
		if (this.pool != null) {
			resize(this.pool);
		}
	}

	/**
	 * Ends the threads.
	 */
	public void close() {
		if (this.pool != null) {
			this.pool.shutdown();
		}
	}

	void execute(Receiver.Turn turn) {
		if (this.pool == null) {
			this.threadFactory.newThread(turn).start();
			return;
		}
		try {
			this.pool.execute(turn);
		}
		catch (OutOfMemoryError ex) {
			// No further thread can be made
			if (this.pool.getPoolSize() == 0 || !this.pool.getQueue().offer(turn)) {
				throw ex;
			}
		}
	}

	/**
	 * Returns whether somebody waits for a thread.
	 */
	boolean areWanted() {
		return this.pool != null && !this.pool.getQueue().isEmpty();
	}

	/**
	 * Somebody wants to wait for messages, without leaving its thread to others.
	 * @return whether others have threads enough
	 */
	boolean beginLingering() {
		if (this.lingering.incrementAndGet() < SIZE || this.pool == null) {
			return true;
		}
		endLingering();
		return false;
	}

	void endLingering() {
		this.lingering.decrementAndGet();
	}

	void begun(Receiver.Turn turn) {
		this.running.add(turn);
	}

	void ended(Receiver.Turn turn) {
		this.running.remove(turn);
	}

	/**
	 * A message keeps a thread, which another one is to replace.
	 */
	synchronized void kept() {
		this.kept++;
		if (this.pool != null) {
			resize(this.pool);
		}
	}

	/**
	 * A thread is back that was kept.
	 */
	synchronized void returned() {
		this.kept--;
		if (this.pool != null) {
			resize(this.pool);
		}
	}

	private void resize(ThreadPoolExecutor pool) {
		pool.setCorePoolSize((this.listeners > 0) ? SIZE + this.kept : 0);
	}

	/**
	 * Sees to it that somebody looks after turns that are running.
	 */
	void check() {
		// Read for every message, and seldom written
		if (!this.watched.get() && !this.running.isEmpty() && this.watched.compareAndSet(false, true)) {
			try {
				this.scheduler.schedule(this::look, MAX_TIME.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (Throwable ex) {
				// Whoever checks next tries again
				this.watched.set(false);
			}
		}
	}

	private void look() {
		this.watched.set(false);
		this.running.forEach(Receiver.Turn::look);
		check();
	}

}
