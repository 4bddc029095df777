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
 * What the verbs of a delivery have said while its handler runs in a transaction, with
 * which they take effect.
 */
final class HeldVerbs {

	// Guarded by this
	private boolean open = true;

	private @Nullable Outcome outcome;

	private boolean again;

	/**
	 * Takes what a verb says.
	 * @param said what is to become of the message
	 * @return whether it is taken; {@code false} if the transaction has ended
	 * @throws IllegalStateException if a verb was called before
	 */
	synchronized boolean take(Outcome said) {
		if (this.outcome != null) {
			throw new IllegalStateException("What is to become of the message is decided already");
		}
		if (this.open) {
			this.outcome = said;
		}
		return this.open;
	}

	/**
	 * Returns what is to become of the message.
	 * @return the outcome, or {@code null} if no verb was called, or none that counts
	 */
	synchronized @Nullable Outcome outcome() {
		return this.outcome;
	}

	/**
	 * Returns whether the message is to be handled again by the same run, as its
	 * transaction was rolled back for the sake of others.
	 */
	synchronized boolean isAgain() {
		return this.again;
	}

	/**
	 * Returns whether the message must not count as handled.
	 */
	synchronized boolean isDeclined() {
		return this.outcome instanceof Outcome.Retry || this.outcome instanceof Outcome.GiveUp;
	}

	/**
	 * The transaction has ended.
	 */
	synchronized void close() {
		this.open = false;
	}

	/**
	 * The message is handled already.
	 */
	synchronized void skip() {
		this.open = false;
		this.outcome = Outcome.SKIP;
	}

	/**
	 * The transaction was rolled back: what was to be done with it is not.
	 */
	synchronized void rolledBack() {
		this.open = false;
		if (!isDeclined()) {
			this.outcome = null;
		}
	}

	/**
	 * The transaction was rolled back because of other messages: this one is handled
	 * again, unless that was declined.
	 */
	synchronized void rolledBackForOthers() {
		rolledBack();
		this.again = (this.outcome == null);
	}

}
