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
 * Tests for {@link HeaderText}.
 */
class HeaderTextTests {

	@Test
	void lineBreaksBecomeSpaces() {
		assertThat(HeaderText.of("one\r\n\ttwo\n")).isEqualTo("one two");
	}

	@Test
	void lineBreaksOfEveryKindAndControlCharactersBecomeSpaces() {
		assertThat(HeaderText.of("one\u0085two\u2028three\u000bfour\0five")).isEqualTo("one two three four five");
	}

	@Test
	void whatIsNotAsciiStays() {
		assertThat(HeaderText.of("Straße 日本 🙂")).isEqualTo("Straße 日本 🙂");
	}

	@Test
	void noCharacterIsCutInTwo() {
		assertThat(HeaderText.of("x".repeat(499) + "🙂".repeat(10))).isEqualTo("x".repeat(499) + "...");
	}

	@Test
	void aMessageIdIsNamedIfThereIsOne() {
		assertThat(HeaderText.ofId("order-42\n")).isEqualTo(" with the message id 'order-42'");
		assertThat(HeaderText.ofId(null)).isEmpty();
	}

	@Test
	void longTextIsCut() {
		assertThat(HeaderText.of("x".repeat(10_000))).hasSize(503).endsWith("x...");
	}

}
