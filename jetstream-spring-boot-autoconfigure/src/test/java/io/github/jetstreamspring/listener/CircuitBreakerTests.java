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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CircuitBreaker}.
 */
class CircuitBreakerTests {

	private static final Throwable FAILURE = new IllegalStateException("down");

	private final CircuitBreaker breaker = new CircuitBreaker(0.5, 4, 2);

	@Test
	void whenTheShareOfFailuresIsReachedThenItOpens() {
		assertThat(this.breaker.record(null)).isNull();
		assertThat(this.breaker.record(FAILURE)).isNull();
		assertThat(this.breaker.record(null)).isNull();
		assertThat(this.breaker.record(FAILURE)).isEqualTo(CircuitBreaker.State.OPEN);
	}

	@Test
	void whenTooFewAttemptsWereMadeThenItStaysClosed() {
		assertThat(this.breaker.record(FAILURE)).isNull();
		assertThat(this.breaker.record(FAILURE)).isNull();
		assertThat(this.breaker.record(FAILURE)).isNull();
	}

	@Test
	void whenFailuresAreLongAgoThenTheyDoNotCount() {
		this.breaker.record(FAILURE);
		for (int i = 0; i < 4; i++) {
			assertThat(this.breaker.record(null)).isNull();
		}
		assertThat(this.breaker.record(FAILURE)).isNull();
		assertThat(this.breaker.record(FAILURE)).isEqualTo(CircuitBreaker.State.OPEN);
	}

	@Test
	void whenTheMessageIsToBlameThenItDoesNotCount() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.breaker.record(new DeadLetterException("no such country"))).isNull();
		}
	}

	@Test
	void whenItIsOpenThenWhatWasBegunBeforeDoesNotCount() {
		open();
		assertThat(this.breaker.record(null)).isNull();
		assertThat(this.breaker.record(FAILURE)).isNull();
	}

	@Test
	void whenTrialsSucceedThenItClosesAndBeginsToCountAnew() {
		open();
		this.breaker.tryOut();
		assertThat(this.breaker.record(null)).isNull();
		assertThat(this.breaker.record(null)).isEqualTo(CircuitBreaker.State.CLOSED);
		assertThat(this.breaker.record(FAILURE)).isNull();
	}

	@Test
	void whenATrialFailsThenItOpensAgain() {
		open();
		this.breaker.tryOut();
		assertThat(this.breaker.record(null)).isNull();
		assertThat(this.breaker.record(FAILURE)).isEqualTo(CircuitBreaker.State.OPEN);
	}

	private void open() {
		for (int i = 0; i < 4; i++) {
			this.breaker.record(FAILURE);
		}
	}

}
