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

package io.github.jetstreamspring.guard;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Failures}.
 */
class FailuresTests {

	@Test
	void whenFailureIsItsOwnCauseThenCausesHaveAnEnd() {
		Throwable failure = new IllegalStateException("circle") {

			@Override
			public synchronized Throwable getCause() {
				return this;
			}

		};
		assertThat(Failures.causes(failure)).containsExactly(failure);
		assertThat(Failures.isReadable(failure)).isFalse();
	}

	@Test
	void whenCauseCannotBeHadThenCausesEndThere() {
		Throwable cause = new IllegalStateException("no cause") {

			@Override
			public synchronized Throwable getCause() {
				throw new IllegalStateException("no");
			}

		};
		Throwable failure = new IllegalArgumentException("outer", cause);
		assertThat(Failures.causes(failure)).containsExactly(failure, cause);
	}

	@Test
	void whenTextInterruptsThenNobodyElseIsInterrupted() {
		Throwable failure = new IllegalStateException() {

			@Override
			public String getMessage() {
				Thread.currentThread().interrupt();
				return "text";
			}

		};
		assertThat(Failures.message(failure)).isEqualTo("text");
		assertThat(Failures.describe(failure)).endsWith("text");
		assertThat(Failures.readable(failure)).isSameAs(failure);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void whenInterruptedBeforeThenThatIsNotForgotten() {
		Thread.currentThread().interrupt();
		Failures.describe(new IllegalStateException("text"));
		assertThat(Thread.interrupted()).isTrue();
	}

}
