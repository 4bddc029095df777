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

package io.github.jetstreamspring.boot.operations;

import java.time.Duration;
import java.time.Instant;

import io.github.jetstreamspring.topology.ScheduleDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleTimesTests {

	private static final Instant NOW = Instant.parse("2027-01-11T10:15:30Z");

	@Test
	void theNextTimeOfACronExpressionIsInItsZone() {
		assertThat(next("0 0 3 * * *", null)).isEqualTo("2027-01-12T03:00:00Z");
		assertThat(next("0 0 3 * * *", "Europe/Berlin")).isEqualTo("2027-01-12T02:00:00Z");
		assertThat(next("@daily", null)).isEqualTo("2027-01-12T00:00:00Z");
		assertThat(next("0 0 6 * * MON-FRI", null)).isEqualTo("2027-01-12T06:00:00Z");
	}

	@Test
	void whatNobodyUnderstandsIsNotKnown() {
		assertThat(next("whenever", null)).isNull();
		assertThat(next("@daily", "Middle-earth/Shire")).isNull();
	}

	@Test
	void anIntervalCountsFromTheLastTimeIfThatIsKnown() {
		ScheduleDefinition every = ScheduleDefinition.named("a").every(Duration.ofMinutes(15)).build();
		assertThat(ScheduleTimes.next(every, null, NOW)).isNull();
		assertThat(ScheduleTimes.next(every, NOW.minusSeconds(60), NOW)).isEqualTo("2027-01-11T10:29:30Z");
		assertThat(ScheduleTimes.next(every, NOW.minus(Duration.ofHours(1)), NOW)).isNull();
	}

	private static Instant next(String cron, String zone) {
		return ScheduleTimes.next(ScheduleDefinition.named("a").cron(cron).timeZone(zone).build(), null, NOW);
	}

}
