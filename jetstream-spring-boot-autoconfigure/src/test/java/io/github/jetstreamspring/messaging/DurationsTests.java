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

package io.github.jetstreamspring.messaging;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Durations}.
 */
class DurationsTests {

	@ParameterizedTest
	@CsvSource({ "PT0S, 0s", "PT0.000000001S, 1ns", "PT0.000001S, 1us", "PT0.85S, 850ms", "PT1.5S, 1500ms", "PT2S, 2s",
			"PT1M30S, 90s", "PT5M, 5m", "PT300S, 5m", "PT1H30M, 90m", "PT36H, 36h", "P7D, 7d", "P36500D, 36500d",
			"PT-5S, -5s" })
	void whenItIsASettingThenItIsOneNumberWithTheLargestUnitThatCountsIt(Duration duration, String text) {
		assertThat(Durations.text(duration)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT0.000000001S", "PT2.125S", "PT1M30S", "P1DT1S", "PT-1M", "P30D" })
	void whenItIsPastedIntoAConfigurationThenItIsTheSame(Duration duration) {
		assertThat(DurationStyle.detectAndParse(Durations.text(duration))).isEqualTo(duration);
	}

	@Test
	void whenNoClockCanCountItThenItIsWrittenAllTheSame() {
		assertThat(Durations.text(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))
			.isEqualTo("9223372036854775807999999999ns");
		assertThat(Durations.text(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo("-9223372036854775808s");
		assertThat(Durations.rounded(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo("106751991167300.6 d");
	}

	@ParameterizedTest
	@CsvSource({ "PT0S, 0 ms", "PT0.0004S, 0 ms", "PT0.85S, 850 ms", "PT1S, 1 s", "PT2.125S, 2.1 s", "PT2.05S, 2.1 s",
			"PT20S, 20 s", "PT59.97S, 60 s", "PT1M, 1 min", "PT4M37S, 4.6 min", "PT30M, 30 min", "PT1H30M, 1.5 h",
			"PT25H, 1 d", "P100D, 100 d", "PT-2.125S, -2.1 s" })
	void whenItWasReckonedThenItIsRounded(Duration duration, String text) {
		assertThat(Durations.rounded(duration)).isEqualTo(text);
	}

	@Test
	void whenItIsLongerThanAHundredYearsThenItCantBeCounted() {
		assertThat(Durations.isCountable(Duration.ofDays(36_500))).isTrue();
		assertThat(Durations.isCountable(Duration.ofDays(36_500).plusNanos(1))).isFalse();
		assertThat(Durations.isCountable(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();
		assertThat(Durations.isCountable(Duration.ofSeconds(-1))).isTrue();
	}

	@Test
	void whenThereIsNothingToWaitForThenItIsNoTimeout() {
		assertThat(Durations.isTimeout(Duration.ofMillis(1))).isTrue();
		assertThat(Durations.isTimeout(Duration.ofNanos(1))).isFalse();
		assertThat(Durations.isTimeout(Duration.ZERO)).isFalse();
		assertThat(Durations.isTimeout(Duration.ofSeconds(-1))).isFalse();
		assertThat(Durations.isTimeout(Duration.ofSeconds(Long.MAX_VALUE))).isFalse();
	}

}
