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
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a listener's consumer from time to time, never twice at once, and never on the
 * scheduler's thread, as a look waits for the server.
 */
final class ConsumerWatch {

	private static final Log logger = LogFactory.getLog(ConsumerWatch.class);

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

	// How long a look may be late, as threads are busy, before it is taken for lost
	private static final long MAX_LATE_NANOS = Duration.ofSeconds(2).toNanos();

	private final ListenerEnvironment environment;

	private final Supplier<Duration> look;

	// Always the same, as it is to be found again
	private final IntConsumer check = (intervals) -> check();

	// Guarded by this, as all below
	private @Nullable ScheduledFuture<?> next;

	private boolean planned;

	private long due = System.nanoTime();

	private boolean looking;

	private boolean ended;

	/**
	 * Creates a watch, which waits for {@link #lookWithin(Duration)}.
	 * @param environment what runs it
	 * @param look looks and returns how soon to look again
	 */
	ConsumerWatch(ListenerEnvironment environment, Supplier<Duration> look) {
		this.environment = environment;
		this.look = look;
		environment.looks().add(this.check);
	}

	// When there is no memory, no look can be planned
	private synchronized void check() {
		if (!this.ended && !this.looking && System.nanoTime() - this.due > MAX_LATE_NANOS) {
			this.planned = true;
			schedule();
		}
	}

	/**
	 * Makes sure that somebody looks soon.
	 * @param delay how soon
	 */
	synchronized void lookWithin(Duration delay) {
		long wanted = System.nanoTime() + delay.toNanos();
		if (this.ended || (this.planned && this.due - wanted <= 0)) {
			return;
		}
		this.planned = true;
		this.due = wanted;
		if (!this.looking) {
			schedule();
		}
	}

	/**
	 * Ends the watch. A look that has begun goes on.
	 */
	synchronized void end() {
		this.ended = true;
		this.environment.looks().remove(this.check);
		if (this.next != null) {
			this.next.cancel(false);
		}
	}

	private void schedule() {
		if (this.next != null) {
			this.next.cancel(false);
		}
		this.next = this.environment.scheduler()
			.schedule(() -> this.environment.executor().execute(this::look), this.due - System.nanoTime(),
					TimeUnit.NANOSECONDS);
	}

	private void look() {
		synchronized (this) {
			if (this.ended || this.looking) {
				return;
			}
			this.looking = true;
			this.planned = false;
		}
		Duration interval = AFTER_FAILURE;
		try {
			interval = safeLook();
		}
		finally {
			looked(interval);
		}
	}

	private synchronized void looked(Duration interval) {
		this.looking = false;
		if (this.planned && !this.ended) {
			schedule();
		}
		lookWithin(interval);
	}

	private Duration safeLook() {
		try {
			return this.look.get();
		}
		catch (Throwable ex) {
			// One failure must not end the watch
			Guard.log(logger, () -> "Internal error while looking for a consumer", ex);
			return AFTER_FAILURE;
		}
	}

}
