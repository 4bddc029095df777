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

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.RestoredMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ExceptionTypeFilter;

/**
 * Decides what a failure means for a message: try again, or give up.
 */
final class OutcomeDecider {

	private final DeliveryLimits limits;

	private final ExceptionTypeFilter retryable;

	private final @Nullable ListenerErrorHandler errorHandler;

	private final UnstoredOutcomes unstoredOutcomes;

	OutcomeDecider(DeliveryLimits limits, ExceptionTypeFilter retryable, UnstoredOutcomes unstoredOutcomes) {
		this(limits, retryable, null, unstoredOutcomes);
	}

	private OutcomeDecider(DeliveryLimits limits, ExceptionTypeFilter retryable,
			@Nullable ListenerErrorHandler errorHandler, UnstoredOutcomes unstoredOutcomes) {
		this.limits = limits;
		this.retryable = retryable;
		this.errorHandler = errorHandler;
		this.unstoredOutcomes = unstoredOutcomes;
	}

	static OutcomeDecider of(ListenerDefinition definition, DeliveryLimits limits, UnstoredOutcomes unstoredOutcomes) {
		return new OutcomeDecider(limits, definition.retryable(), definition.errorHandler(), unstoredOutcomes);
	}

	/**
	 * Decides about a delivery that must not reach a handler: nobody can read all of its
	 * message, or that was given up on before, or has come so often that it may be what
	 * its workers died of, and the next one might too.
	 * @param delivery the delivery
	 * @return the outcome, or {@code null} if the message is to be handled
	 */
	@Nullable Outcome withoutHandler(ReceivedDelivery delivery) {
		String fault = RestoredMessage.fault(delivery.message());
		if (fault != null) {
			return new Outcome.GiveUp(fault + "; the handler was not called", null);
		}
		if (delivery.attempt() == 1) {
			return null;
		}
		Outcome known = this.unstoredOutcomes.recall(delivery);
		if (known != null) {
			return known;
		}
		String reason = delivery.origin().history().givenUp();
		if (reason != null) {
			// Of another process, maybe, and with the text of an exception
			return new Outcome.GiveUp(reason, "it was given up on before", null);
		}
		String why = this.limits.whyNotHandled(delivery);
		return (why != null) ? new Outcome.GiveUp(why, null) : null;
	}

	/**
	 * Has the listener's error handler look at a failure, while the delivery is still at
	 * work.
	 * @param thrown what the handler threw
	 * @param delivery the delivery, which the error handler may settle
	 * @return what to decide by
	 */
	Throwable handled(Throwable thrown, ReceivedDelivery delivery) {
		ListenerErrorHandler handler = this.errorHandler;
		if (handler == null || delivery.isClaimed()) {
			return thrown;
		}
		HeldVerbs verbs = delivery.heldVerbs();
		if (verbs != null && verbs.outcome() != null) {
			return thrown;
		}
		try {
			handler.handle(delivery, thrown);
			return thrown;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	Outcome decide(Throwable thrown, ReceivedDelivery delivery) {
		// By its own type, which what stands for it hasn't
		Throwable failure = Failures.readable(thrown);
		if (thrown instanceof DeadLetterException) {
			return giveUp(describe(failure) + marker(thrown, delivery), thrown, failure);
		}
		String whyLast = this.limits.whyLast(delivery);
		if (whyLast != null) {
			return giveUp("%s, the last time with %s".formatted(whyLast, describe(failure)), thrown, failure);
		}
		if (thrown instanceof RetryException retry) {
			return new Outcome.Retry(retry.getDelay(), failure);
		}
		// Its causes count too, unless they have no end
		if (!this.retryable.match(thrown, thrown == failure)) {
			return giveUp("Not to be retried: " + describe(failure), thrown, failure);
		}
		return new Outcome.Retry(null, failure);
	}

	// It is no message of anybody's: the server says that others have gone
	private static String marker(Throwable thrown, ReceivedDelivery delivery) {
		return (thrown instanceof UnprocessableMessageException && delivery.origin().markerReason() != null)
				? ", as the message is a delete marker, which the server puts in place of messages that are gone" : "";
	}

	private static Outcome giveUp(String reason, Throwable thrown, Throwable failure) {
		return new Outcome.GiveUp(reason, FailureReply.answer(thrown), failure);
	}

	private static String describe(Throwable failure) {
		String message = Failures.message(failure);
		if (failure instanceof DeadLetterException && message != null) {
			return message;
		}
		return Failures.describe(failure);
	}

}
