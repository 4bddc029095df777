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

package io.github.jetstreamspring.lab;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PlainClient}.
 */
class PlainClientTests {

	@Test
	void whenAllThatWasConfirmedIsStoredThenNothingIsForgotten() {
		assertThat(PlainClient.forgotten(Set.of("plain-0", "plain-1"), Set.of("plain-0", "plain-1"))).isZero();
	}

	@Test
	void whenAnotherMessageHasTakenThePlaceOfOneThatWasConfirmedThenThatIsForgotten() {
		assertThat(PlainClient.forgotten(Set.of("plain-0", "plain-1"), Set.of("plain-0", "plain-2"))).isOne();
	}

	@Test
	void whenAMessageIsStoredThatWasNotConfirmedThenNothingIsForgotten() {
		assertThat(PlainClient.forgotten(Set.of("plain-0"), Set.of("plain-0", "plain-1"))).isZero();
	}

}
