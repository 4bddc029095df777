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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.github.jetstreamspring.guard.CapturedContext;
import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.Interrupts;
import io.github.jetstreamspring.messaging.Durations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells the server what became of deliveries. Where nothing else is said, methods expect
 * that their caller has {@linkplain ReceivedDelivery#claim() claimed} the delivery.
 */
final class Settler {

	private static final Log logger = LogFactory.getLog(Settler.class);

	// A dead letter that couldn't be stored is tried again after this many seconds: soon
	// enough to arrive when its stream is back, not so soon that it floods the log
	private static final long MIN_DEAD_LETTER_DELAY = 1;

	private static final long MAX_DEAD_LETTER_DELAY = 30;

	// As many can be tried more often, so that all is well soon after its stream is back
	private static final int FEW_DEAD_LETTERS = 100;

	private static final long FEW_DEAD_LETTERS_DELAY = 5;

	private static final String NOT_HANDLED = "Not handled before its listener had to give it back, and this was the last delivery that max_deliver of the consumer allows";

	private static final String NOT_SETTLED = "It could not be settled";

	private static final String STRANDED = "It stays in its stream, and the server delivers it to nobody any more, as max_deliver of the consumer is reached.";

	private final String listener;

	private final AckMode ackMode;

	private final RetryPolicy retryPolicy;

	private final @Nullable DeadLetterKeeper deadLetters;

	private final SettlementObservers observers;

	private final DeliveryLimits limits;

	private final UnstoredOutcomes unstoredOutcomes;

	private final UnstoredLetters unstored;

	private final @Nullable LongRetries longRetries;

	private final FirstFailures firstFailures = new FirstFailures();

	private final Acks acks;

	private final Executor executor;

	private final ScheduledExecutorService scheduler;

	Settler(ListenerDefinition definition, ListenerEnvironment environment, DeliveryLimits limits,
			UnstoredOutcomes unstoredOutcomes, UnstoredLetters unstored, @Nullable DeadLetterKeeper deadLetters,
			@Nullable LongRetries longRetries) {
		this.listener = definition.id();
		this.ackMode = definition.ackMode();
		this.retryPolicy = new GuardedRetryPolicy(definition.id(), definition.retryPolicy());
		this.deadLetters = deadLetters;
		this.observers = new SettlementObservers(definition, environment, unstored);
		this.limits = limits;
		this.unstoredOutcomes = unstoredOutcomes;
		this.unstored = unstored;
		this.longRetries = longRetries;
		this.acks = new Acks(definition.id(), environment.connection(), limits, environment.scheduler());
		this.executor = environment.executor();
		this.scheduler = environment.scheduler();
	}

	Acks acks() {
		return this.acks;
	}

	FirstFailures firstFailures() {
		return this.firstFailures;
	}

	/**
	 * Settles a delivery, by a thread that may wait.
	 */
	void settleSoon(ReceivedDelivery delivery, Outcome outcome) {
		try {
			this.executor.execute(() -> settle(delivery, outcome));
		}
		catch (Throwable ex) {
			rescue(delivery, ex);
		}
	}

	/**
	 * Carries out what is to become of a delivery, or has its message tried again if that
	 * fails.
	 */
	void settle(ReceivedDelivery delivery, Outcome outcome) {
		Interrupts.hold(() -> {
			try {
				carryOut(delivery, outcome);
			}
			catch (Throwable ex) {
				rescue(delivery, ex);
			}
		});
	}

	private void carryOut(ReceivedDelivery delivery, Outcome outcome) {
		if (outcome instanceof Outcome.Ack) {
			ack(delivery, Settlement.HANDLED);
		}
		else if (outcome instanceof Outcome.Skip) {
			logger.info("Listener '%s': message %s%s was handled before, and is acked without its handler"
				.formatted(this.listener, delivery, HeaderText.ofId(delivery.origin().publishedId())));
			ack(delivery, Settlement.SKIPPED);
		}
		else if (outcome instanceof Outcome.Retry retry) {
			retry(delivery, retry.delay(), retry.failure());
		}
		else if (outcome instanceof Outcome.GiveUp giveUp) {
			deadLetter(delivery, giveUp);
		}
		else if (outcome instanceof Outcome.Discard discard) {
			discard(delivery, discard.outcome());
		}
		else if (outcome instanceof Outcome.GiveBack) {
			leaveToOthers(delivery);
		}
	}

	private void ack(ReceivedDelivery delivery, Settlement settlement) {
		delivery.run().decided(settlement);
		if (this.ackMode != AckMode.CONFIRMED) {
			this.acks.ack(delivery);
			settled(delivery, settlement, null);
			return;
		}
		confirm(delivery, settlement, null,
				"was handled, but the server did not confirm its ack; it may be handled again");
	}

	private void retry(ReceivedDelivery delivery, @Nullable Duration delay, @Nullable Throwable failure) {
		String whyLast = this.limits.whyLast(delivery);
		if (whyLast != null) {
			String last = (failure != null) ? ", the last time with " + Failures.describe(failure)
					: "; Delivery.retry() asked for one more attempt";
			deadLetter(delivery, new Outcome.GiveUp(whyLast + last, failure));
			return;
		}
		this.firstFailures.failed(delivery);
		delivery.run().decided(Settlement.RETRIED);
		long attempt = delivery.attempt();
		Duration next = (delay != null) ? GuardedRetryPolicy.bounded(delay) : this.retryPolicy.delayAfter(attempt);
		if (failure != null) {
			logger.warn("Listener '%s': attempt %d of %d at message %s failed, the next one follows in %s: %s"
				.formatted(this.listener, attempt, this.retryPolicy.maxAttempts(), delivery, Durations.rounded(next),
						failure),
					(failure instanceof Error) ? failure : null);
			logger.debug("Failure of message " + delivery, failure);
		}
		if (this.longRetries != null && this.longRetries.isFor(delivery, next)) {
			tryAgainAsSchedule(this.longRetries, delivery, next, failure);
		}
		else {
			tryAgain(delivery, next, Settlement.RETRIED, failure);
		}
	}

	private void deadLetter(ReceivedDelivery delivery, Outcome.GiveUp outcome) {
		String reason = outcome.reason();
		Throwable failure = outcome.failure();
		if (this.deadLetters == null) {
			logger.error("Listener '%s': message %s is given up on (%s) and discarded, because dead letters are off"
				.formatted(this.listener, delivery, reason), failure);
			discard(delivery, outcome);
			return;
		}
		delivery.run().decided(Settlement.DEAD_LETTERED);
		// The confirmation comes on another thread, and the log's lines belong to this
		// trace
		this.deadLetters.keep(delivery, outcome)
			.whenComplete(settling(delivery, CapturedContext.wrap((result, problem) -> {
				if (problem == null) {
					String kept = (result == DeadLetterPublisher.IN_PLACE)
							? "stays in the dead-letter stream, where it can be read under its sequence, and is given up on by this listener"
							: "is now a dead letter";
					logger.error("Listener '%s': message %s %s after %d attempt(s): %s".formatted(this.listener,
							delivery, kept, delivery.attempt(), reason), failure);
					this.acks.terminate(delivery, outcome.answer());
					settled(delivery, Settlement.DEAD_LETTERED, failure);
				}
				else {
					keepForLater(delivery, outcome, problem);
				}
			})));
	}

	/**
	 * Returns whether what is given up on is kept as a dead letter.
	 */
	boolean keepsDeadLetters() {
		return this.deadLetters != null;
	}

	private void discard(ReceivedDelivery delivery, Outcome.GiveUp outcome) {
		delivery.run().decided(Settlement.DISCARDED);
		this.acks.terminate(delivery, outcome.answer());
		settled(delivery, Settlement.DISCARDED, outcome.failure());
	}

	/**
	 * Gives a message back that this listener won't handle, for any other one to take at
	 * once; unless somebody has claimed the delivery.
	 * @param delivery the delivery, which is claimed here
	 */
	void giveBack(ReceivedDelivery delivery) {
		if (delivery.claim()) {
			settle(delivery, delivery.isCancelled() ? Outcome.CANCELLED : Outcome.GIVE_BACK);
		}
	}

	private void leaveToOthers(ReceivedDelivery delivery) {
		if (this.limits.isServersLast(delivery) && !delivery.isDisowned()) {
			if (this.deadLetters != null) {
				deadLetter(delivery, new Outcome.GiveUp(NOT_HANDLED, null));
				return;
			}
			logger.error("Listener '%s': message %s is not handled. %s".formatted(this.listener, delivery, STRANDED));
		}
		this.acks.nak(delivery, Duration.ZERO);
		settled(delivery, Settlement.RETURNED, null);
	}

	/**
	 * Has a message tried again that could not be settled as it should have been, because
	 * of an error in here. Whoever has claimed the delivery can't go on.
	 */
	void rescue(ReceivedDelivery delivery, Throwable problem) {
		try {
			deliverAgain(delivery, problem);
		}
		catch (Throwable ex) {
			// There is no memory to tell the server: it delivers it again after ack-wait
			settled(delivery, Settlement.RETRIED, problem);
		}
	}

	private void deliverAgain(ReceivedDelivery delivery, Throwable problem) {
		Guard.log(logger, () -> "Listener '%s': message %s could not be settled, and is delivered again"
			.formatted(this.listener, delivery), problem);
		// Not at once: what has failed may fail again
		Duration next = Duration.ofSeconds(MIN_DEAD_LETTER_DELAY);
		if (this.limits.isServersLast(delivery) && !delivery.isDisowned()) {
			Throwable failure = Failures.readable(problem);
			keepInHand(delivery, new Outcome.GiveUp(NOT_SETTLED, NOT_SETTLED, failure), next, failure);
			return;
		}
		this.acks.nak(delivery, next);
		settled(delivery, Settlement.RETRIED, Failures.readable(problem));
	}

	/**
	 * Makes of what is to be done with a result one that always settles the delivery.
	 */
	private <T> BiConsumer<T, Throwable> settling(ReceivedDelivery delivery, BiConsumer<T, @Nullable Throwable> next) {
		return (result, wrapped) -> Interrupts.hold(() -> {
			try {
				Throwable problem = Failures.unwrap(wrapped);
				next.accept(result, (problem != null) ? Failures.readable(problem) : null);
			}
			catch (Throwable ex) {
				rescue(delivery, ex);
			}
		});
	}

	private void tryAgain(ReceivedDelivery delivery, Duration delay, Settlement settlement,
			@Nullable Throwable failure) {
		delivery.owner().retry(delivery, delay, (left) -> {
			String whyLast = this.limits.isServersLast(delivery) ? this.limits.whyLast(delivery) : null;
			if (whyLast != null) {
				// The limit was lowered while the message waited here
				settle(delivery, new Outcome.GiveUp(whyLast, failure));
				return;
			}
			this.acks.nak(delivery, left);
			settled(delivery, settlement, failure);
		});
	}

	/**
	 * Has the message stored for its next attempt, and only then removes it from its
	 * queue: a crash in between makes two of it, but never loses it.
	 */
	private void tryAgainAsSchedule(LongRetries schedules, ReceivedDelivery delivery, Duration delay,
			@Nullable Throwable failure) {
		long start = System.nanoTime();
		schedules.store(delivery, delay, null)
			.whenComplete(settling(delivery, CapturedContext.wrap((stored, problem) -> {
				if (problem == null && Boolean.TRUE.equals(stored)) {
					remove(delivery, Settlement.RETRIED, failure);
					return;
				}
				if (problem != null) {
					logger.warn(
							"Listener '%s': message %s can't wait as a schedule, and waits as one of max-ack-pending instead: %s"
								.formatted(this.listener, delivery, problem));
				}
				Duration left = delay.minusNanos(System.nanoTime() - start);
				tryAgain(delivery, left.isNegative() ? Duration.ZERO : left, Settlement.RETRIED, failure);
			})));
	}

	// Confirmed whatever the ack mode: without the ack, both would be handled
	private void remove(ReceivedDelivery delivery, Settlement settlement, @Nullable Throwable failure) {
		confirm(delivery, settlement, failure,
				"is stored for its next attempt, but the server did not confirm that it left its queue; it may be handled twice");
	}

	private void confirm(ReceivedDelivery delivery, Settlement settlement, @Nullable Throwable failure,
			String unconfirmed) {
		this.acks.ackConfirmed(delivery).whenComplete(settling(delivery, (confirmed, problem) -> {
			if (problem != null) {
				rescue(delivery, problem);
				return;
			}
			if (!Boolean.TRUE.equals(confirmed)) {
				logger.warn("Listener '%s': message %s %s".formatted(this.listener, delivery, unconfirmed));
			}
			settled(delivery, settlement, failure);
		}));
	}

	private void keepForLater(ReceivedDelivery delivery, Outcome.GiveUp outcome, Throwable problem) {
		long seconds = this.retryPolicy.delayAfter(delivery.origin().counted()).toSeconds();
		long most = (this.unstored.count() <= FEW_DEAD_LETTERS) ? FEW_DEAD_LETTERS_DELAY : MAX_DEAD_LETTER_DELAY;
		Duration next = Duration.ofSeconds(Math.max(MIN_DEAD_LETTER_DELAY, Math.min(seconds, most)));
		if (this.longRetries == null || !this.longRetries.isFor(delivery, problem)) {
			keepPlace(delivery, outcome, next, problem);
			return;
		}
		// As a schedule it takes no place from others, and the server forgets how often
		// it has been delivered
		this.longRetries.store(delivery, next, outcome.reason()).whenComplete(settling(delivery, (stored, obstacle) -> {
			if (obstacle == null && Boolean.TRUE.equals(stored)) {
				this.unstoredOutcomes.remember(delivery, outcome);
				this.unstored.failed(delivery, outcome, problem, next, UnstoredLetters.Place.FREE, "");
				remove(delivery, Settlement.DEAD_LETTER_FAILED, problem);
			}
			else {
				keepPlace(delivery, outcome, next, problem);
			}
		}));
	}

	private void keepPlace(ReceivedDelivery delivery, Outcome.GiveUp outcome, Duration next, Throwable problem) {
		if (this.limits.isServersLast(delivery)) {
			keepInHand(delivery, outcome, next, problem);
			return;
		}
		this.unstoredOutcomes.remember(delivery, outcome);
		this.unstored.failed(delivery, outcome, problem, next, UnstoredLetters.Place.TAKEN, "");
		tryAgain(delivery, next, Settlement.DEAD_LETTER_FAILED, problem);
	}

	/**
	 * Keeps a message that the server would deliver to nobody, until its dead letter is
	 * stored.
	 */
	private void keepInHand(ReceivedDelivery delivery, Outcome.GiveUp outcome, Duration delay, Throwable problem) {
		this.unstored.failed(delivery, outcome, problem, delay, UnstoredLetters.Place.TAKEN,
				". If this instance ends before: " + STRANDED);
		this.observers.tellObserver(delivery, Settlement.DEAD_LETTER_FAILED, problem);
		try {
			this.scheduler.schedule(() -> settle(delivery, outcome), delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger
				.error("Listener '%s': message %s is no dead letter. %s".formatted(this.listener, delivery, STRANDED));
		}
	}

	/**
	 * The lease of a delivery has been extended.
	 */
	void extended() {
		this.observers.extended();
	}

	private void settled(ReceivedDelivery delivery, Settlement settlement, @Nullable Throwable failure) {
		if (settlement.isLast()) {
			this.firstFailures.forget(delivery);
		}
		if (delivery.settled()) {
			this.observers.settled(delivery, settlement, failure);
		}
	}

}
