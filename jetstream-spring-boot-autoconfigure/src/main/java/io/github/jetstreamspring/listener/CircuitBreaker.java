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

import org.jspecify.annotations.Nullable;

/**
 * Watches how a handler fares. When it keeps failing, whatever it depends on is likely to
 * be down, and further attempts would only use up those of the messages. Not thread-safe.
 */
final class CircuitBreaker {

	private final double failureRate;

	private final int trials;

	// The last attempts, the oldest overwritten first
	private final boolean[] failed;

	private int recorded;

	private int failures;

	private int tried;

	private State state = State.CLOSED;

	/**
	 * Creates a breaker.
	 * @param failureRate the share of failures from which it opens
	 * @param window over how many attempts the share is taken
	 * @param trials how many attempts have to succeed before it closes again
	 */
	CircuitBreaker(double failureRate, int window, int trials) {
		this.failureRate = failureRate;
		this.failed = new boolean[window];
		this.trials = trials;
	}

	/**
	 * Records an attempt.
	 * @param failure why it failed, or {@code null}
	 * @return the state this attempt has led to, or {@code null} if it is the same as
	 * before
	 */
	@Nullable State record(@Nullable Throwable failure) {
		if (failure instanceof DeadLetterException) {
			// The message is to blame, and nothing that the handler depends on
			return null;
		}
		return switch (this.state) {
			case CLOSED -> recordInWindow(failure != null);
			case TRIAL -> recordTrial(failure != null);
			// Begun before it opened
			case OPEN -> null;
		};
	}

	/**
	 * Lets attempts count again, to see whether they succeed.
	 * @return whether it was open
	 */
	boolean tryOut() {
		if (this.state != State.OPEN) {
			return false;
		}
		this.state = State.TRIAL;
		this.tried = 0;
		return true;
	}

	private @Nullable State recordInWindow(boolean failure) {
		int slot = this.recorded % this.failed.length;
		if (this.recorded >= this.failed.length && this.failed[slot]) {
			this.failures--;
		}
		this.failed[slot] = failure;
		this.recorded++;
		if (failure) {
			this.failures++;
		}
		boolean open = this.recorded >= this.failed.length && this.failures >= this.failureRate * this.failed.length;
		return open ? change(State.OPEN) : null;
	}

	private @Nullable State recordTrial(boolean failure) {
		if (failure) {
			return change(State.OPEN);
		}
		this.tried++;
		return (this.tried >= this.trials) ? change(State.CLOSED) : null;
	}

	private State change(State next) {
		this.state = next;
		this.recorded = 0;
		this.failures = 0;
		return next;
	}

	/**
	 * What may be handled.
	 */
	enum State {

		/**
		 * Everything.
		 */
		CLOSED,

		/**
		 * Nothing.
		 */
		OPEN,

		/**
		 * One message at a time.
		 */
		TRIAL

	}

}
