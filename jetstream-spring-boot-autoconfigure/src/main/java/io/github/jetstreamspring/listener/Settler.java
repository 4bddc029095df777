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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.Connection;
import io.nats.client.Message;
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

	private static final String NOT_HANDLED = "Not handled before its listener had to give it back, and this was the last delivery that max_deliver of the consumer allows";

	private static final String STRANDED = "It stays in its stream, and the server delivers it to nobody any more, as max_deliver of the consumer is reached.";

	// Longer than a publisher tries, usually
	private static final Duration MAX_KEEP_TIME = Duration.ofSeconds(30);

	private static final int CONFIRM_ATTEMPTS = 3;

	private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(2);

	private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);

	private final String listener;

	private final Connection connection;

	private final AckMode ackMode;

	private final RetryPolicy retryPolicy;

	private final Duration keepTimeout;

	private final @Nullable DeadLetterHandler deadLetterHandler;

	private final WholeMessages wholeMessages;

	private final DeliveryObserver observer;

	private final Interceptors interceptors;

	private final DeliveryLimits limits;

	private final GivenUp givenUp;

	private final UnstoredLetters unstored;

	private final RetryTiming retryTiming;

	private final RetrySeals seals;

	private final ReplyAddresses replyAddresses;

	private final @Nullable LongRetries longRetries;

	private final Executor executor;

	private final ScheduledExecutorService scheduler;

	Settler(ListenerDefinition definition, ListenerEnvironment environment, DeliveryLimits limits, GivenUp givenUp,
			UnstoredLetters unstored, WholeMessages wholeMessages, RetryTiming retryTiming) {
		this.listener = definition.id();
		this.connection = environment.connection();
		this.ackMode = definition.ackMode();
		this.retryPolicy = new GuardedRetryPolicy(definition.id(), definition.retryPolicy());
		this.keepTimeout = min(definition.maxRunTime(), MAX_KEEP_TIME);
		this.deadLetterHandler = environment.deadLetterHandler();
		this.wholeMessages = wholeMessages;
		this.observer = environment.observer();
		this.interceptors = environment.interceptors();
		this.limits = limits;
		this.givenUp = givenUp;
		this.unstored = unstored;
		this.retryTiming = retryTiming;
		this.seals = new RetrySeals(definition, environment);
		this.replyAddresses = new ReplyAddresses(definition.id(), definition.replySubjects(), environment.connection());
		this.longRetries = LongRetries.of(definition, environment, this.seals, wholeMessages);
		this.executor = environment.executor();
		this.scheduler = environment.scheduler();
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	RetryHistory history(Message message) {
		return this.seals.read(message);
	}

	@Nullable String replyTo(ReceivedDelivery delivery) {
		return this.replyAddresses.of(delivery);
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

	void settle(ReceivedDelivery delivery, Outcome outcome) {
		if (outcome instanceof Outcome.Ack) {
			ack(delivery);
		}
		else if (outcome instanceof Outcome.Retry retry) {
			retry(delivery, retry.delay(), retry.failure());
		}
		else if (outcome instanceof Outcome.GiveUp giveUp) {
			deadLetter(delivery, giveUp.reason(), giveUp.failure());
		}
	}

	void ack(ReceivedDelivery delivery) {
		try {
			doAck(delivery);
		}
		catch (Throwable ex) {
			rescue(delivery, ex);
		}
	}

	private void doAck(ReceivedDelivery delivery) {
		if (this.ackMode == AckMode.CONFIRMED && !delivery.isDisowned()) {
			confirm(delivery, CONFIRM_ATTEMPTS);
		}
		else {
			send(delivery, "ack", Message::ack);
			settled(delivery, Settlement.HANDLED, null);
		}
	}

	void retry(ReceivedDelivery delivery, @Nullable Duration delay, @Nullable Throwable failure) {
		try {
			doRetry(delivery, delay, failure);
		}
		catch (Throwable ex) {
			rescue(delivery, ex);
		}
	}

	private void doRetry(ReceivedDelivery delivery, @Nullable Duration delay, @Nullable Throwable failure) {
		String whyLast = this.limits.whyLast(delivery);
		if (whyLast != null) {
			deadLetter(delivery, whyLast + ", and is to be tried again", failure);
			return;
		}
		long attempt = delivery.attempt();
		Duration next = (delay != null) ? GuardedRetryPolicy.bounded(delay) : this.retryPolicy.delayAfter(attempt);
		if (failure != null) {
			logger.warn("Listener '%s': attempt %d of %d at message %s failed, the next one follows in %s: %s"
				.formatted(this.listener, attempt, this.retryPolicy.maxAttempts(), delivery, Durations.text(next),
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

	void deadLetter(ReceivedDelivery delivery, String reason, @Nullable Throwable failure) {
		try {
			doDeadLetter(delivery, reason, failure);
		}
		catch (Throwable ex) {
			rescue(delivery, ex);
		}
	}

	private void doDeadLetter(ReceivedDelivery delivery, String reason, @Nullable Throwable failure) {
		if (this.deadLetterHandler == null) {
			logger.error("Listener '%s': message %s is given up on (%s) and discarded, because dead letters are off"
				.formatted(this.listener, delivery, reason), failure);
			discard(delivery, reason, failure);
			return;
		}
		keep(this.deadLetterHandler, delivery, new Outcome.GiveUp(reason, failure))
			.whenComplete(settling(delivery, (kept, problem) -> {
				if (problem == null) {
					logger.error("Listener '%s': message %s is now a dead letter after %d attempt(s): %s"
						.formatted(this.listener, delivery, delivery.attempt(), reason), failure);
					terminate(delivery, reason);
					settled(delivery, Settlement.DEAD_LETTERED, failure);
				}
				else {
					keepForLater(delivery, new Outcome.GiveUp(reason, failure), problem);
				}
			}));
	}

	void discard(ReceivedDelivery delivery, String reason, @Nullable Throwable failure) {
		try {
			doDiscard(delivery, reason, failure);
		}
		catch (Throwable ex) {
			rescue(delivery, ex);
		}
	}

	private void doDiscard(ReceivedDelivery delivery, String reason, @Nullable Throwable failure) {
		terminate(delivery, reason);
		settled(delivery, Settlement.DISCARDED, failure);
	}

	/**
	 * Gives a message back that this listener won't handle, for any other one to take at
	 * once; unless somebody has claimed the delivery.
	 * @param delivery the delivery, which is claimed here
	 */
	void giveBack(ReceivedDelivery delivery) {
		if (!delivery.claim()) {
			return;
		}
		try {
			doGiveBack(delivery);
		}
		catch (Throwable ex) {
			rescue(delivery, ex);
		}
	}

	private void doGiveBack(ReceivedDelivery delivery) {
		if (this.limits.isServersLast(delivery) && !delivery.isDisowned()) {
			if (this.deadLetterHandler != null) {
				deadLetter(delivery, NOT_HANDLED, null);
				return;
			}
			logger.error("Listener '%s': message %s is not handled. %s".formatted(this.listener, delivery, STRANDED));
		}
		nak(delivery, Duration.ZERO);
		settled(delivery, Settlement.RETURNED, null);
	}

	/**
	 * Has a message tried again that could not be settled as it should have been, because
	 * of an error in here. Whoever has claimed the delivery can't go on.
	 */
	void rescue(ReceivedDelivery delivery, Throwable problem) {
		try {
			doRescue(delivery, problem);
		}
		catch (Throwable ex) {
			// There is no memory to tell the server: it delivers it again after ack-wait
			settled(delivery, Settlement.RETRIED, problem);
		}
	}

	private void doRescue(ReceivedDelivery delivery, Throwable problem) {
		Guard.log(logger, () -> "Listener '%s': message %s could not be settled, and is delivered again"
			.formatted(this.listener, delivery), problem);
		// Not at once: what has failed may fail again
		Duration next = Duration.ofSeconds(MIN_DEAD_LETTER_DELAY);
		if (this.limits.isServersLast(delivery) && !delivery.isDisowned()) {
			Throwable failure = Failures.readable(problem);
			keepInHand(delivery, new Outcome.GiveUp("It could not be settled", failure), next, failure);
			return;
		}
		nak(delivery, next);
		settled(delivery, Settlement.RETRIED, Failures.readable(problem));
	}

	/**
	 * Makes of what is to be done with a result one that always settles the delivery.
	 */
	private <T> BiConsumer<T, Throwable> settling(ReceivedDelivery delivery, BiConsumer<T, @Nullable Throwable> next) {
		return (result, wrapped) -> {
			try {
				Throwable problem = Failures.unwrap(wrapped);
				next.accept(result, (problem != null) ? Failures.readable(problem) : null);
			}
			catch (Throwable ex) {
				rescue(delivery, ex);
			}
		};
	}

	private void tryAgain(ReceivedDelivery delivery, Duration delay, Settlement settlement,
			@Nullable Throwable failure) {
		this.retryTiming.retry(delivery, delay, (left) -> {
			String whyLast = this.limits.isServersLast(delivery) ? this.limits.whyLast(delivery) : null;
			if (whyLast != null) {
				// The limit was lowered while the message waited here
				deadLetter(delivery, whyLast, failure);
				return;
			}
			nak(delivery, left);
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
		schedules.store(delivery, delay, null).whenComplete(settling(delivery, (stored, problem) -> {
			if (problem == null && Boolean.TRUE.equals(stored)) {
				remove(delivery, CONFIRM_ATTEMPTS, Settlement.RETRIED, failure);
				return;
			}
			if (problem != null) {
				logger.warn(
						"Listener '%s': message %s can't wait as a schedule, and waits as one of max-ack-pending instead: %s"
							.formatted(this.listener, delivery, problem));
			}
			Duration left = delay.minusNanos(System.nanoTime() - start);
			tryAgain(delivery, left.isNegative() ? Duration.ZERO : left, Settlement.RETRIED, failure);
		}));
	}

	// Confirmed whatever the ack mode: without the ack, both would be handled
	private void remove(ReceivedDelivery delivery, int attemptsLeft, Settlement settlement,
			@Nullable Throwable failure) {
		if (delivery.isDisowned()) {
			settled(delivery, settlement, failure);
			return;
		}
		request(delivery).whenComplete(settling(delivery, (confirmation, problem) -> {
			if (problem != null && attemptsLeft > 1 && this.connection.getStatus() != Connection.Status.CLOSED) {
				remove(delivery, attemptsLeft - 1, settlement, failure);
				return;
			}
			if (problem != null) {
				logger.warn(
						"Listener '%s': message %s is stored for its next attempt, but the server did not confirm that it left its queue; it may be handled twice"
							.formatted(this.listener, delivery));
			}
			settled(delivery, settlement, failure);
		}));
	}

	/**
	 * Has a dead letter kept, by a thread that may wait: the calling one may be the one
	 * that receives the confirmations which that waits for.
	 */
	private CompletableFuture<?> keep(DeadLetterHandler handler, ReceivedDelivery delivery, Outcome.GiveUp outcome) {
		CompletableFuture<Object> kept = new CompletableFuture<>();
		try {
			// One that never completes would keep the message, and its worker's place,
			// for
			// ever
			ScheduledFuture<?> timeout = this.scheduler.schedule(
					() -> kept.completeExceptionally(new TimeoutException(
							"the dead-letter handler has not ended within " + Durations.text(this.keepTimeout))),
					this.keepTimeout.toNanos(), TimeUnit.NANOSECONDS);
			kept.whenComplete((result, failure) -> timeout.cancel(false));
			this.executor.execute(() -> HandlerStage.follow(() -> handler
				.handle(new DeadLetter(delivery, this.wholeMessages.of(delivery), outcome.reason(), outcome.failure())),
					kept));
		}
		catch (Throwable ex) {
			kept.completeExceptionally(ex);
		}
		return kept;
	}

	private void keepForLater(ReceivedDelivery delivery, Outcome.GiveUp outcome, Throwable problem) {
		long seconds = this.retryPolicy.delayAfter(delivery.attempt()).toSeconds();
		Duration next = Duration.ofSeconds(Math.max(MIN_DEAD_LETTER_DELAY, Math.min(seconds, MAX_DEAD_LETTER_DELAY)));
		if (this.longRetries == null || !this.longRetries.isFor(delivery, problem)) {
			keepPlace(delivery, outcome, next, problem);
			return;
		}
		// As a schedule it takes no place from others, and the server forgets how often
		// it has been delivered
		this.longRetries.store(delivery, next, outcome.reason()).whenComplete(settling(delivery, (stored, obstacle) -> {
			if (obstacle == null && Boolean.TRUE.equals(stored)) {
				this.givenUp.remember(delivery, outcome);
				tellUnstored(delivery, outcome, problem, next, UnstoredLetters.Place.FREE, "");
				remove(delivery, CONFIRM_ATTEMPTS, Settlement.DEAD_LETTER_FAILED, problem);
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
		this.givenUp.remember(delivery, outcome);
		tellUnstored(delivery, outcome, problem, next, UnstoredLetters.Place.TAKEN, "");
		tryAgain(delivery, next, Settlement.DEAD_LETTER_FAILED, problem);
	}

	// Tried again and again, while the listener's state goes on saying so
	private void tellUnstored(ReceivedDelivery delivery, Outcome.GiveUp outcome, Throwable problem, Duration next,
			UnstoredLetters.Place place, String more) {
		boolean loud = this.unstored.failed(delivery, problem, next, place);
		if (loud || logger.isDebugEnabled()) {
			String text = "Listener '%s': message %s is given up on (%s), but could not be stored as a dead letter. It stays in its queue; the next attempt follows in %s: %s%s"
				.formatted(this.listener, delivery, HeaderText.of(outcome.reason()), Durations.text(next),
						HeaderText.of(Failures.describe(problem)), more);
			if (loud) {
				logger.error(text);
			}
			else {
				logger.debug(text);
			}
		}
	}

	/**
	 * Keeps a message that the server would deliver to nobody, until its dead letter is
	 * stored.
	 */
	private void keepInHand(ReceivedDelivery delivery, Outcome.GiveUp outcome, Duration delay, Throwable problem) {
		tellUnstored(delivery, outcome, problem, delay, UnstoredLetters.Place.TAKEN,
				". If this instance ends before: " + STRANDED);
		observe(delivery, Settlement.DEAD_LETTER_FAILED, problem);
		try {
			this.scheduler.schedule(() -> deadLetter(delivery, outcome.reason(), outcome.failure()), delay.toNanos(),
					TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger
				.error("Listener '%s': message %s is no dead letter. %s".formatted(this.listener, delivery, STRANDED));
		}
	}

	private void confirm(ReceivedDelivery delivery, int attemptsLeft) {
		request(delivery).whenComplete(settling(delivery, (confirmation, problem) -> {
			if (problem != null && attemptsLeft > 1 && this.connection.getStatus() != Connection.Status.CLOSED) {
				confirm(delivery, attemptsLeft - 1);
				return;
			}
			if (problem != null) {
				logger.warn(
						"Listener '%s': message %s was handled, but the server did not confirm its ack; it may be handled again"
							.formatted(this.listener, delivery));
			}
			settled(delivery, Settlement.HANDLED, null);
		}));
	}

	private CompletableFuture<Message> request(ReceivedDelivery delivery) {
		try {
			return this.connection.requestWithTimeout(delivery.message().getReplyTo(), ACK, CONFIRM_TIMEOUT);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void nak(ReceivedDelivery delivery, Duration delay) {
		// Before it can come again
		delivery.returning();
		send(delivery, "nak", (message) -> {
			if (delay.isZero()) {
				message.nak();
			}
			else {
				message.nakWithDelay(this.limits.nakDelay(delivery, delay));
			}
		});
	}

	private void terminate(ReceivedDelivery delivery, String reason) {
		// jnats has no method that carries a reason; the server takes one since 2.10.4
		byte[] term = ("+TERM " + HeaderText.of(reason)).getBytes(StandardCharsets.UTF_8);
		send(delivery, "term", (message) -> this.connection.publish(message.getReplyTo(), term));
		try {
			FailureReply.send(this.connection, delivery, reason);
		}
		catch (Throwable ex) {
			// The message is settled, whoever waits for a reply
			Guard.log(logger, () -> "Listener '%s': the caller of request %s could not be told that it is given up on"
				.formatted(this.listener, delivery), ex);
		}
	}

	private void send(ReceivedDelivery delivery, String verb, Consumer<Message> action) {
		if (delivery.isDisowned()) {
			return;
		}
		try {
			action.accept(delivery.message());
		}
		catch (Error ex) {
			Guard.log(logger,
					() -> "Listener '%s': the %s of message %s could not be sent; the server delivers it again"
						.formatted(this.listener, verb, delivery),
					ex);
		}
		catch (RuntimeException ex) {
			// Closed for good, or the buffer for the time of a reconnect is full
			logger.warn("Listener '%s': the %s of message %s could not be sent; the server delivers it again: %s"
				.formatted(this.listener, verb, delivery, ex));
		}
	}

	private void settled(ReceivedDelivery delivery, Settlement settlement, @Nullable Throwable failure) {
		if (!delivery.settled()) {
			return;
		}
		if (settlement != Settlement.DEAD_LETTER_FAILED) {
			this.unstored.settled(delivery);
		}
		observe(delivery, settlement, failure);
		this.interceptors.settled(delivery, settlement, failure);
	}

	private void observe(ReceivedDelivery delivery, Settlement settlement, @Nullable Throwable failure) {
		try {
			this.observer.settled(this.listener, settlement, Duration.ofNanos(delivery.runNanos()), failure);
		}
		catch (Throwable ex) {
			Guard.log(logger,
					() -> "Listener '%s': an observer failed for message %s".formatted(this.listener, delivery), ex);
		}
	}

}
