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

package io.github.jetstreamspring.publisher;

import org.junit.jupiter.api.Test;

import org.springframework.util.backoff.BackOffExecution;

import static org.assertj.core.api.Assertions.assertThat;

class RetriesTests {

	@Test
	void delaysGrowToASecondAndNeverEnd() {
		BackOffExecution execution = Retries.start();
		assertThat(execution.nextBackOff()).isBetween(40L, 60L);
		assertThat(execution.nextBackOff()).isBetween(80L, 120L);
		for (int i = 0; i < 100; i++) {
			assertThat(execution.nextBackOff()).isBetween(100L, 1000L);
		}
		assertThat(execution.nextBackOff()).isGreaterThan(700);
	}

}
