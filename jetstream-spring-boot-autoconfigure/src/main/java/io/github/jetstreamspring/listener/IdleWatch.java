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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Notices when a listener gets no messages for long, by what is counted anyway. To be
 * asked by one thread at a time.
 */
final class IdleWatch {

	private static final Log logger = LogFactory.getLog(IdleWatch.class);

	private final String listener;

	private final long intervalNanos;

	private final BooleanSupplier waiting;

	private final LongSupplier arrived;

	private final Executor executor;

	private final Consumer<Duration> idle;

	private long seen = -1;

	private long sinceNanos;

	private long nextNanos;

	/**
	 * Creates a watch.
	 * @param listener the listener's id
	 * @param interval how long it may get nothing
	 * @param waiting tells whether it would get messages if there were any, and has none
	 * in hand
	 * @param arrived counts the messages that it has got
	 * @param executor tells it, as that may take its time
	 * @param idle is told how long it has got nothing
	 */
	IdleWatch(String listener, Duration interval, BooleanSupplier waiting, LongSupplier arrived, Executor executor,
			Consumer<Duration> idle) {
		this.listener = listener;
		this.intervalNanos = interval.toNanos();
		this.waiting = waiting;
		this.arrived = arrived;
		this.executor = executor;
		this.idle = idle;
	}

	/**
	 * Looks whether the listener is idle.
	 * @param now the current {@link System#nanoTime()}
	 */
	void look(long now) {
		long count = this.arrived.getAsLong();
		if (count != this.seen || !this.waiting.getAsBoolean()) {
			this.seen = count;
			this.sinceNanos = now;
			this.nextNanos = now + this.intervalNanos;
		}
		else if (now - this.nextNanos >= 0) {
			this.nextNanos = now + this.intervalNanos;
			Duration time = Duration.ofNanos(now - this.sinceNanos);
			this.executor.execute(() -> Guard.run(logger,
					() -> "Listener '%s': an application listener for its idle time failed".formatted(this.listener),
					() -> this.idle.accept(time)));
		}
	}

}
