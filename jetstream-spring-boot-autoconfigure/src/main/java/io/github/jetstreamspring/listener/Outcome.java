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

import org.jspecify.annotations.Nullable;

/**
 * What is to become of a delivery.
 */
sealed interface Outcome {

	/**
	 * The only {@link Ack}, as nearly every delivery needs it.
	 */
	Outcome ACK = new Ack();

	/**
	 * The only {@link Skip}.
	 */
	Outcome SKIP = new Skip();

	/**
	 * The only {@link GiveBack}.
	 */
	Outcome GIVE_BACK = new GiveBack();

	/**
	 * What becomes of a job that somebody has cancelled.
	 */
	Outcome CANCELLED = new Discard(new GiveUp("Cancelled", null));

	/**
	 * Returns how a delivery is to end.
	 * @param deadLetters whether messages that are given up on are kept
	 */
	default Settlement settlement(boolean deadLetters) {
		if (this instanceof Ack) {
			return Settlement.HANDLED;
		}
		if (this instanceof Skip) {
			return Settlement.SKIPPED;
		}
		if (this instanceof Discard || this instanceof GiveUp && !deadLetters) {
			return Settlement.DISCARDED;
		}
		return (this instanceof GiveUp) ? Settlement.DEAD_LETTERED : Settlement.RETRIED;
	}

	/**
	 * The message is done.
	 */
	record Ack() implements Outcome {
	}

	/**
	 * The message was done before.
	 */
	record Skip() implements Outcome {
	}

	/**
	 * The message is to be tried again.
	 *
	 * @param delay the delay, or {@code null} for that of the retry policy
	 * @param failure why, or {@code null} if it was asked for
	 */
	record Retry(@Nullable Duration delay, @Nullable Throwable failure) implements Outcome {
	}

	/**
	 * The message is given up on.
	 *
	 * @param reason why, for dead letters and logs
	 * @param answer what may leave the application, such as to whoever has published the
	 * message and waits for a reply
	 * @param failure what the handler threw, or {@code null} if it wasn't called
	 */
	record GiveUp(String reason, String answer, @Nullable Throwable failure) implements Outcome {

		GiveUp(String reason, @Nullable Throwable failure) {
			this(reason, (failure != null) ? FailureReply.answer(failure) : reason, failure);
		}

	}

	/**
	 * The message is given up on, and no dead letter is made of it.
	 *
	 * @param outcome why
	 */
	record Discard(GiveUp outcome) implements Outcome {
	}

	/**
	 * The message is left to any other listener at once.
	 */
	record GiveBack() implements Outcome {
	}

}
