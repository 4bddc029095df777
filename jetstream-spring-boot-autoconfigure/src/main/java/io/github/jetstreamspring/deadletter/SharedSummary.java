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
package io.github.jetstreamspring.deadletter;

import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Sums up once for all who ask meanwhile, as each time all letters are read. Whoever asks
 * gets a sum that was begun after that, so it has all that there was by then: one that is
 * under way already is not for them, but the next one is for all of them together.
 */
final class SharedSummary {

	// Fair, so that all of a round have their sum before the next one begins
	private final ReentrantLock turns = new ReentrantLock(true);

	// Guarded by this: the round that has not begun
	private @Nullable Round next;

	/**
	 * Returns a sum, and waits for it.
	 * @param letters sums them up
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	DeadLetterSummary get(Letters letters) throws InterruptedException {
		Round round = join();
		this.turns.lockInterruptibly();
		try {
			if (round.failure != null) {
				throw round.failure;
			}
			DeadLetterSummary summary = round.summary;
			if (summary == null) {
				begin(round);
				summary = letters.sumUp();
				round.summary = summary;
			}
			return summary;
		}
		catch (RuntimeException ex) {
			// An interruption is nothing to the others, whatever it ends in
			round.failure = Thread.currentThread().isInterrupted() ? null : ex;
			throw ex;
		}
		finally {
			this.turns.unlock();
		}
	}

	int waiting() {
		return this.turns.getQueueLength();
	}

	private synchronized Round join() {
		Round round = this.next;
		if (round == null) {
			round = new Round();
			this.next = round;
		}
		return round;
	}

	private synchronized void begin(Round round) {
		if (this.next == round) {
			this.next = null;
		}
	}

	/**
	 * Sums up letters.
	 */
	@FunctionalInterface
	interface Letters {

		/**
		 * Reads all of them.
		 * @return the sum
		 * @throws InterruptedException if the thread is interrupted, which doesn't
		 * concern others
		 */
		DeadLetterSummary sumUp() throws InterruptedException;

	}

	/**
	 * A sum for several. Guarded by the turns.
	 */
	private static final class Round {

		private @Nullable DeadLetterSummary summary;

		private @Nullable RuntimeException failure;

	}

}
