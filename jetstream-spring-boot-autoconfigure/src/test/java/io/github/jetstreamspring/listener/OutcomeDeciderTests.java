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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutcomeDecider}.
 */
class OutcomeDeciderTests {

	private final UnstoredOutcomes unstoredOutcomes = new UnstoredOutcomes();

	private final OutcomeDecider decider = decider(List.of(), List.of());

	@Test
	void whenTheHandlerFailsThenTheMessageIsRetriedWithThePolicysDelay() {
		IOException failure = new IOException("down");
		assertThat(this.decider.decide(failure, attempt(1))).isEqualTo(new Outcome.Retry(null, failure));
	}

	@Test
	void whenTheHandlerAsksForADelayThenItIsUsed() {
		RetryException failure = new RetryException("later", Duration.ofMinutes(1));
		assertThat(this.decider.decide(failure, attempt(1)))
			.isEqualTo(new Outcome.Retry(Duration.ofMinutes(1), failure));
	}

	@Test
	void whenTheLastAttemptFailsThenTheMessageIsGivenUpOn() {
		assertThat(this.decider.decide(new IOException("down"), attempt(3)))
			.isInstanceOfSatisfying(Outcome.GiveUp.class, (giveUp) -> assertThat(giveUp.reason())
				.isEqualTo("Failed 3 times, the last time with java.io.IOException: down"));
	}

	@Test
	void whenAMessageWithLostDeliveriesFailsThenItIsGivenUpOn() {
		assertThat(this.decider.decide(new IOException("down"), attempt(5)))
			.isInstanceOfSatisfying(Outcome.GiveUp.class, (giveUp) -> assertThat(giveUp.reason()).isEqualTo(
					"Failed in delivery 5, beyond max-attempts (3), the last time with java.io.IOException: down"));
	}

	@Test
	void whenTheHandlerAsksForARetryAtTheLastAttemptThenTheMessageIsGivenUpOn() {
		assertThat(this.decider.decide(new RetryException("later"), attempt(3))).isInstanceOf(Outcome.GiveUp.class);
	}

	@Test
	void whenTheHandlerGivesUpThenItsReasonIsKept() {
		assertThat(this.decider.decide(new DeadLetterException("card expired"), attempt(1))).isInstanceOfSatisfying(
				Outcome.GiveUp.class, (giveUp) -> assertThat(giveUp.reason()).isEqualTo("card expired"));
	}

	@Test
	void theTextOfAnExceptionStaysInTheApplicationUnlessItIsMeantToBeTold() {
		IllegalStateException failure = new IllegalStateException("password=hunter2");
		OutcomeDecider strict = decider(List.of(), List.of(IllegalStateException.class));
		assertThat(List.of(this.decider.decide(failure, attempt(3)), strict.decide(failure, attempt(1)),
				strict.decide(new UncheckedIOException(new IOException("password=hunter2")), attempt(3))))
			.allSatisfy((outcome) -> assertThat(outcome).isInstanceOfSatisfying(Outcome.GiveUp.class, (giveUp) -> {
				assertThat(giveUp.reason()).contains("hunter2");
				assertThat(giveUp.answer()).startsWith("the handler failed with java.").doesNotContain("hunter2");
			}));
		assertThat(this.decider.decide(new DeadLetterException("card expired", failure), attempt(1)))
			.isInstanceOfSatisfying(Outcome.GiveUp.class,
					(giveUp) -> assertThat(giveUp.answer()).isEqualTo("card expired"));
		assertThat(this.decider.decide(new DeadLetterException(null, failure), attempt(1)))
			.isInstanceOfSatisfying(Outcome.GiveUp.class, (giveUp) -> assertThat(giveUp.answer())
				.isEqualTo("the handler failed with " + DeadLetterException.class.getName()));
	}

	@Test
	void whenAnExceptionIsNotToBeRetriedThenTheMessageIsGivenUpOn() {
		OutcomeDecider decider = decider(List.of(), List.of(FileNotFoundException.class));
		assertThat(decider.decide(new FileNotFoundException("x"), attempt(1))).isInstanceOf(Outcome.GiveUp.class);
		assertThat(decider.decide(new UncheckedIOException(new FileNotFoundException("x")), attempt(1)))
			.isInstanceOf(Outcome.GiveUp.class);
		assertThat(decider.decide(new IOException("x"), attempt(1))).isInstanceOf(Outcome.Retry.class);
	}

	@Test
	void whenOnlySomeExceptionsAreToBeRetriedThenTheMessageIsGivenUpOnForOthers() {
		OutcomeDecider decider = decider(List.of(IOException.class), List.of());
		assertThat(decider.decide(new FileNotFoundException("x"), attempt(1))).isInstanceOf(Outcome.Retry.class);
		assertThat(decider.decide(new IllegalStateException("x"), attempt(1))).isInstanceOf(Outcome.GiveUp.class);
	}

	@Test
	void whenAMessageWasDeliveredTooOftenThenItMustNotReachTheHandler() {
		assertThat(this.decider.withoutHandler(attempt(1))).isNull();
		assertThat(this.decider.withoutHandler(attempt(6))).isNull();
		assertThat(this.decider.withoutHandler(attempt(7))).isInstanceOfSatisfying(Outcome.GiveUp.class,
				(giveUp) -> assertThat(giveUp.reason()).contains("delivery 7", "max-deliveries is 6"));
	}

	@Test
	void whenAMessageWasGivenUpOnBeforeThenItDoesNotReachTheHandlerAgain() {
		Outcome.GiveUp outcome = new Outcome.GiveUp("card expired", null);
		this.unstoredOutcomes.remember(attempt(1), outcome);
		ReceivedDelivery again = attempt(5);
		assertThat(this.decider.withoutHandler(again)).isEqualTo(outcome);
		assertThat(again.attempt()).isEqualTo(1);
		assertThat(again.origin().counted()).isEqualTo(5);
		assertThat(this.decider.withoutHandler(attempt(3))).isNull();
	}

	private static ReceivedDelivery attempt(long attempt) {
		return new ReceivedDelivery(TestDeliveries.message(7, attempt), new TestOwner(TestDeliveries.settler()));
	}

	private OutcomeDecider decider(List<Class<? extends Throwable>> retryFor,
			List<Class<? extends Throwable>> noRetryFor) {
		return new OutcomeDecider(TestDeliveries.limits(), new ExceptionTypeFilter(retryFor, noRetryFor),
				this.unstoredOutcomes);
	}

}
