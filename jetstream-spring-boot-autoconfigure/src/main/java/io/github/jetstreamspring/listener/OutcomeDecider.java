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

import io.github.jetstreamspring.messaging.RestoredMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ExceptionTypeFilter;

/**
 * Decides what a failure means for a message: try again, or give up.
 */
final class OutcomeDecider {

	private final long maxAttempts;

	private final ExceptionTypeFilter retryable;

	private final GivenUp givenUp;

	OutcomeDecider(long maxAttempts, ExceptionTypeFilter retryable, GivenUp givenUp) {
		this.maxAttempts = maxAttempts;
		this.retryable = retryable;
		this.givenUp = givenUp;
	}

	/**
	 * Decides about a delivery that must not reach a handler: nobody can read all of its
	 * message, or that was given up on before, or has been delivered more often than it
	 * may be tried. In the latter case its workers died before they could settle it, and
	 * the next one might too.
	 * @param delivery the delivery
	 * @return the outcome, or {@code null} if the message is to be handled
	 */
	@Nullable Outcome withoutHandler(ReceivedDelivery delivery) {
		String fault = RestoredMessage.fault(delivery.message());
		if (fault != null) {
			return new Outcome.GiveUp(fault + "; the handler was not called", null);
		}
		long attempt = delivery.attempt();
		if (attempt == 1) {
			return null;
		}
		Outcome known = this.givenUp.recall(delivery);
		if (known != null) {
			return known;
		}
		return (attempt > this.maxAttempts)
				? new Outcome.GiveUp("This was delivery %d, but max-attempts is %d; the handler was not called"
					.formatted(attempt, this.maxAttempts), null)
				: null;
	}

	Outcome decide(Throwable failure, long attempt) {
		if (failure instanceof DeadLetterException) {
			return new Outcome.GiveUp(describe(failure), failure);
		}
		if (attempt >= this.maxAttempts) {
			return new Outcome.GiveUp("Failed %d times, the last time with %s".formatted(attempt, describe(failure)),
					failure);
		}
		if (failure instanceof RetryException retry) {
			return new Outcome.Retry(retry.getDelay(), failure);
		}
		if (!this.retryable.match(failure, true)) {
			return new Outcome.GiveUp("Not to be retried: " + describe(failure), failure);
		}
		return new Outcome.Retry(null, failure);
	}

	private static String describe(Throwable failure) {
		String message = failure.getMessage();
		if (failure instanceof DeadLetterException && message != null) {
			return message;
		}
		return failure.getClass().getName() + ((message != null) ? ": " + message : "");
	}

}
