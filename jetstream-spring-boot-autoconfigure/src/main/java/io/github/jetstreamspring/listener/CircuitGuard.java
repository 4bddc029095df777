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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.Durations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Pauses a listener whose handler keeps failing, and has it try one message at a time
 * after a while.
 */
final class CircuitGuard implements HandlerObserver {

	private static final Log logger = LogFactory.getLog(CircuitGuard.class);

	private final @Nullable CircuitBreaker breaker;

	private final String listener;

	private final Duration pause;

	private final ScheduledExecutorService scheduler;

	private final Circuit circuit;

	// Guarded by this, as is the breaker, with what follows from its state: no handler
	// starts between a decision and its effect
	private @Nullable ScheduledFuture<?> timer;

	private boolean ended;

	/**
	 * Creates a guard, which guards nothing if the listener isn't to have one.
	 * @param definition the listener
	 * @param scheduler runs what is due
	 * @param circuit does what the guard decides
	 */
	CircuitGuard(ListenerDefinition definition, ScheduledExecutorService scheduler, Circuit circuit) {
		this.listener = definition.id();
		this.breaker = definition.circuitBreaker();
		this.pause = definition.circuitBreakerPause();
		this.scheduler = scheduler;
		this.circuit = circuit;
	}

	@Override
	public void ran(long nanos, int deliveries, @Nullable Throwable failure) {
		if (this.breaker != null) {
			ran(this.breaker, failure);
		}
	}

	private synchronized void ran(CircuitBreaker breaker, @Nullable Throwable failure) {
		if (this.ended) {
			return;
		}
		CircuitBreaker.State next = breaker.record(failure);
		if (next == CircuitBreaker.State.OPEN) {
			this.timer = this.scheduler.schedule(this::tryOut, this.pause.toNanos(), TimeUnit.NANOSECONDS);
			this.circuit.open("its handler keeps failing, at last with %s; it tries one message after another in %s"
				.formatted((failure != null) ? failure.getClass().getName() : null, Durations.text(this.pause)));
		}
		else if (next == CircuitBreaker.State.CLOSED) {
			logger.info("Listener '%s' goes on as before: its handler doesn't fail any more".formatted(this.listener));
			this.circuit.close();
		}
	}

	private synchronized void tryOut() {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
		if (!this.ended && this.breaker != null && this.breaker.tryOut()) {
			this.circuit.tryOut();
		}
	}

	/**
	 * Lets the listener go on at once: if its guard has paused it, with what it does when
	 * that pause is over.
	 * @param resume ends another pause
	 */
	synchronized void goOn(Runnable resume) {
		tryOut();
		resume.run();
	}

	/**
	 * Does something that no decision comes between.
	 * @param change what to do
	 */
	synchronized void undisturbed(Runnable change) {
		change.run();
	}

	/**
	 * Decides nothing any more, whatever handlers that still run come to.
	 */
	synchronized void end() {
		this.ended = true;
	}

	/**
	 * What the guard decides about.
	 */
	interface Circuit {

		/**
		 * No messages are to be handled for a while.
		 * @param reason why
		 */
		void open(String reason);

		/**
		 * One message at a time is to be handled.
		 */
		void tryOut();

		/**
		 * Messages are to be handled as before.
		 */
		void close();

	}

}
