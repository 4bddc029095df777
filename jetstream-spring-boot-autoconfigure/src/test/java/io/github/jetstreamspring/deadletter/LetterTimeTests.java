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

package io.github.jetstreamspring.deadletter;

import java.time.Instant;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link LetterTime} compared with the JDK.
 */
class LetterTimeTests {

	@ParameterizedTest
	@ValueSource(strings = { "2026-01-31T08:00:00Z", "2026-01-31T08:00:00.1Z", "2026-01-31T08:00:00.123456789Z",
			"2024-02-29T23:59:59.999Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.000000001Z",
			"+12345-01-01T00:00:00Z", "2026-01-31T08:00:00+01:00", "2026-01-31T24:00:00Z", "2026-12-31T23:59:60Z" })
	void aTimeIsWhatTheJdkSays(String text) {
		assertThat(LetterTime.parse(text)).isEqualTo(Instant.parse(text));
	}

	@Test
	void everyInstantIsReadAsItWasWritten() {
		Random random = new Random(17);
		for (int i = 0; i < 1000; i++) {
			Instant instant = Instant.ofEpochSecond(random.nextLong(4_000_000_000L),
					random.nextInt(1000) * (long) Math.pow(10, random.nextInt(7)));
			assertThat(LetterTime.parse(instant.toString())).isEqualTo(instant);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Z", "yesterday", "2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z",
			"2026-01-31T25:00:00Z", "2026-01-31T08:00:60Z", "2026-01-31T08:00:00", "2026-01-31T08:00:00.1234567890Z",
			"2026-01-31T08:00:00,1Z", "2026-01-31 08:00:00Z", "2026-01-31T08:00:00..1Z", "\u0662026-01-31T08:00:00Z" })
	void whatIsNoTimeIsNone(String text) {
		assertThat(LetterTime.parse(text)).isNull();
	}

}
