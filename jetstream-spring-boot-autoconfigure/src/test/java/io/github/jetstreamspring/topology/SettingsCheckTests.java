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

package io.github.jetstreamspring.topology;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

import io.nats.client.api.ConsumerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SettingsCheck}.
 */
class SettingsCheckTests {

	private static final Duration HUNDRED_YEARS = Duration.ofDays(36_500);

	private final Problems problems = new Problems();

	@ParameterizedTest
	@MethodSource("durations")
	void whenNoClockCanCountADurationThenItIsRefused(Method setter) {
		assertThat(usable(setter, Duration.ofSeconds(Long.MAX_VALUE))).isZero();
		assertThat(usable(setter, HUNDRED_YEARS.plusNanos(1))).isZero();
		assertThat(usable(setter, Duration.ofSeconds(Long.MIN_VALUE))).isZero();
		assertThat(this.problems.all()).hasSize(3)
			.allSatisfy((problem) -> assertThat(problem.toString()).contains("can't be '", "at most 100 years"));
		assertThat(this.problems.all().get(0).toString()).contains("can't be '9223372036854775807s'");
	}

	@ParameterizedTest
	@MethodSource("durations")
	void whenADurationCanBeCountedThenItIsTaken(Method setter) {
		assertThat(usable(setter, HUNDRED_YEARS)).isOne();
		assertThat(usable(setter, Duration.ofSeconds(1))).isOne();
		assertThat(this.problems.all()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("times")
	void whenTheServerCantReadATimeThenItIsRefused(Method setter) {
		assertThat(usable(setter, Instant.MAX)).isZero();
		assertThat(usable(setter, Instant.MIN)).isZero();
		assertThat(usable(setter, Instant.parse("9999-12-30T00:00:00Z"))).isOne();
		assertThat(this.problems.all()).hasSize(2)
			.allSatisfy((problem) -> assertThat(problem.toString()).contains("a time from the years 1 to 9999"));
	}

	@Test
	void whenALimitForConsumersIsLongerThanAHundredYearsThenItIsRefused() {
		StreamDefinition.Builder stream = StreamDefinition.named("orders")
			.consumerLimits(
					ConsumerLimits.builder().inactiveThreshold(Duration.ofDays(73_000)).maxAckPending(5).build());
		assertThat(usable(stream.settings())).isZero();
		assertThat(this.problems.all()).extracting(TopologyProblem::toString)
			.containsExactly("key.consumer-limits can't be 'inactive-threshold 73000d, max-ack-pending 5'."
					+ " It takes an 'inactive-threshold' of at most 100 years, or 0 for no limit.");
	}

	static Stream<Method> durations() {
		return setters(Duration.class);
	}

	static Stream<Method> times() {
		return setters(Instant.class);
	}

	private static Stream<Method> setters(Class<?> type) {
		return Stream.of(StreamDefinition.Builder.class, ConsumerDefinition.Builder.class)
			.flatMap((builder) -> Arrays.stream(builder.getMethods()))
			.filter((method) -> Arrays.equals(method.getParameterTypes(), new Class<?>[] { type }));
	}

	private int usable(Method setter, Object value) {
		SettingsBuilder<?, ?, ?> builder = (setter.getDeclaringClass() == StreamDefinition.Builder.class)
				? StreamDefinition.named("orders") : ConsumerDefinition.named("worker");
		ReflectionUtils.makeAccessible(setter);
		ReflectionUtils.invokeMethod(setter, builder, value);
		return usable(builder.settings());
	}

	private <C, B> int usable(Settings<C, B> settings) {
		return new SettingsCheck("2.15.1").usable("key", settings, this.problems).keys().size();
	}

}
