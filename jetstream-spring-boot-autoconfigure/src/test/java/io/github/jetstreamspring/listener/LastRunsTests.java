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
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class LastRunsTests {

	private final LastRuns runs = new LastRuns();

	@Test
	void whenNothingHasRunThenNothingIsKnown() {
		assertThat(this.runs.handled()).isNull();
		assertThat(this.runs.error()).isNull();
	}

	@Test
	void whenAHandlerReturnsThenItsTimeIsKnown() {
		this.runs.ran(1, 1, null);
		assertThat(this.runs.handled()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
		assertThat(this.runs.error()).isNull();
	}

	@Test
	void whenAHandlerFailsThenTheFailureIsKeptAndTheLastSuccessToo() {
		this.runs.ran(1, 1, null);
		Instant handled = this.runs.handled();
		this.runs.ran(1, 1, new IllegalStateException("no stock"));
		assertThat(this.runs.handled()).isEqualTo(handled);
		assertThat(this.runs.error()).isNotNull();
		assertThat(this.runs.error().failure()).isEqualTo("java.lang.IllegalStateException: no stock");
	}

	@Test
	void whenAFailureSaysMuchThenItIsCut() {
		this.runs.ran(1, 1, new IllegalStateException("x".repeat(100_000)));
		assertThat(this.runs.error()).isNotNull();
		assertThat(this.runs.error().failure()).hasSize(503).endsWith("xxx...");
	}

	@Test
	void whenAFailureCanNotBeReadThenItsTypeIsKept() {
		this.runs.ran(1, 1, new IllegalStateException() {

			private static final long serialVersionUID = 1L;

			@Override
			public String getMessage() {
				throw new UnsupportedOperationException();
			}

		});
		assertThat(this.runs.error()).isNotNull();
		assertThat(this.runs.error().failure()).contains("LastRunsTests$");
	}

}
