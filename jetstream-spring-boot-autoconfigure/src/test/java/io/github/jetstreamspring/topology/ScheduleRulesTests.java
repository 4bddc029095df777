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

import java.time.Duration;

import io.github.jetstreamspring.messaging.Durations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which cron expressions nats-server 2.15 takes was tried.
 */
class ScheduleRulesTests {

	@ParameterizedTest
	@ValueSource(strings = { "0 0 6 * * *", "*/2 * * * * *", "0 0-30/5 6 1,15 JAN-MAR SUN-TUE", "0 0 6 * * sun",
			"0 0 6 * JUL WED", "0 0 6 ? * 0", "0 0 6 29 2 *", "@hourly", "@midnight", "@annually" })
	void whenTheServerTakesAnExpressionThenSoDoTheRules(String cron) {
		assertThat(ScheduleRules.isCron(cron)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "often", "0 6 * * *", "60 * * * * *", "0 0 24 * * *", "0 0 6 L * *", "0 0 6 1W * *",
			"0 0 6 * * FRI#2", "0 0 6 * * 7", "0 0 6 * * FRI-SUN", "0 0 6 30 2 *", "@reboot", "@every 5m",
			"@at 2030-01-01T00:00:00Z" })
	void whenTheServerRefusesAnExpressionThenSoDoTheRules(String cron) {
		assertThat(ScheduleRules.isCron(cron)).isFalse();
	}

	@Test
	void whenAZoneIsGivenForAnIntervalThenItIsRefused() {
		Problems problems = new Problems();
		ScheduleDefinition schedule = ScheduleDefinition.named("tick")
			.subject("jobs.tick")
			.every(Duration.ofSeconds(1))
			.timeZone("UTC")
			.build();
		assertThat(new ScheduleRules("2.15.1", problems).check(schedule)).isFalse();
		assertThat(problems.all()).extracting(TopologyProblem::toString)
			.containsExactly("jetstream.schedules.tick.time-zone is only for 'cron'. Remove it.");
	}

	@Test
	void whenAHeaderCantBeSentThenItIsRefused() {
		Problems problems = new Problems();
		ScheduleDefinition schedule = ScheduleDefinition.named("tick")
			.subject("jobs.tick")
			.every(Duration.ofSeconds(1))
			.header("nats-rollup", "all")
			.header("two words", "x")
			.header("name", "two\nlines")
			.build();
		assertThat(new ScheduleRules("2.15.1", problems).check(schedule)).isFalse();
		assertThat(problems.all()).extracting(TopologyProblem::key)
			.containsOnly("jetstream.schedules.tick.headers")
			.hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0.999S", "PT-5M", "PT876000H0.000000001S", "PT9223372036854775807S" })
	void whenNoClockCanCountAnIntervalThenItIsRefused(Duration every) {
		Problems problems = new Problems();
		assertThat(new ScheduleRules("2.15.1", problems).check(every(every))).isFalse();
		assertThat(problems.all()).extracting(TopologyProblem::toString)
			.containsExactly(
					"jetstream.schedules.tick.every can't be '%s'. It takes a duration of 1s or more and at most 100 years."
						.formatted(Durations.text(every)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT1S", "PT876000H" })
	void whenAnIntervalCanBeCountedThenItIsTaken(Duration every) {
		Problems problems = new Problems();
		assertThat(new ScheduleRules("2.15.1", problems).check(every(every))).isTrue();
		assertThat(problems.all()).isEmpty();
	}

	private static ScheduleDefinition every(Duration every) {
		return ScheduleDefinition.named("tick").subject("jobs.tick").every(every).build();
	}

}
