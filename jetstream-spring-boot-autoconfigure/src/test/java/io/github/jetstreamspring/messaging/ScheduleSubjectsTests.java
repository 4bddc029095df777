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

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleSubjectsTests {

	@Test
	void whatIsSaidOfAScheduleHasNoSignature() {
		assertThat(ScheduleSubjects.said("_schedules.orders.delayed.d1.signature")).isEqualTo("_schedules.orders.>");
		assertThat(ScheduleSubjects.said("orders.new")).isEqualTo("orders.new");
	}

	@Test
	void whenTextsDifferThenTheirTokensDoAndAreSafe() {
		assertThat(ScheduleSubjects.token("order-42_A")).isEqualTo("order-42_A");
		assertThat(List.of("a.b", "a%2Eb", "a b", "a*", "a>", "ä", "")).map(ScheduleSubjects::token)
			.containsExactly("a%2Eb", "a%252Eb", "a%20b", "a%2A", "a%3E", "%C3%A4", "");
	}

	@Test
	void subjectsNameStreamKindAndId() {
		assertThat(ScheduleSubjects.all("orders")).isEqualTo("_schedules.orders.>");
		assertThat(ScheduleSubjects.delayed("orders", "o.1")).isEqualTo("_schedules.orders.delayed.o%2E1.*");
		assertThat(ScheduleSubjects.retry("orders", "worker", 7, "x9"))
			.isEqualTo("_schedules.orders.retry.worker.7.x9");
		assertThat(ScheduleSubjects.recurring("orders", "my shop", "a.b"))
			.isEqualTo("_schedules.orders.recurring.my%20shop.a%2Eb.*");
		assertThat(ScheduleSubjects.recurring("orders", "my shop"))
			.isEqualTo("_schedules.orders.recurring.my%20shop.>");
	}

	@Test
	void whenOnlyTheKeyDiffersThenTheLastTokenDoes() {
		SigningKey key = SigningKey.of("between us");
		String delayed = ScheduleSubjects.delayed("orders", "o-1", key);
		assertThat(delayed).matches("_schedules\\.orders\\.delayed\\.o-1\\.[\\w-]{43}")
			.isEqualTo(ScheduleSubjects.delayed("orders", "o-1", SigningKey.of("between us")))
			.isNotEqualTo(ScheduleSubjects.delayed("orders", "o-1", SigningKey.of("another one")));
		String recurring = ScheduleSubjects.recurring("orders", "shop", "nightly", key);
		assertThat(recurring).matches("_schedules\\.orders\\.recurring\\.shop\\.nightly\\.[\\w-]{43}");
		assertThat(List.of(delayed, recurring, ScheduleSubjects.delayed("orders", "o-2", key),
				ScheduleSubjects.delayed("mails", "o-1", key),
				ScheduleSubjects.recurring("orders", "shopnightly", "", key),
				ScheduleSubjects.recurring("orders", "other", "nightly", key)))
			.extracting((subject) -> subject.substring(subject.lastIndexOf('.')))
			.doesNotHaveDuplicates();
	}

	@Test
	void whenASubjectCoversTheSchedulesThenTheyAreAmongThem() {
		assertThat(ScheduleSubjects.isAmong(List.of("orders.>", "_schedules.orders.>"), "orders")).isTrue();
		assertThat(ScheduleSubjects.isAmong(List.of("_schedules.>"), "orders")).isTrue();
		assertThat(ScheduleSubjects.isAmong(List.of("*.orders.>"), "orders")).isTrue();
		assertThat(ScheduleSubjects.isAmong(List.of(">"), "orders")).isTrue();
		assertThat(ScheduleSubjects.isAmong(List.of("orders.>"), "orders")).isFalse();
		assertThat(ScheduleSubjects.isAmong(List.of("_schedules.mails.>"), "orders")).isFalse();
		assertThat(ScheduleSubjects.isAmong(List.of("_schedules.orders.*"), "orders")).isFalse();
		assertThat(ScheduleSubjects.isAmong(List.of("_schedules.orders"), "orders")).isFalse();
		assertThat(ScheduleSubjects.isAmong(List.of("_schedules.orders.delayed.>"), "orders")).isFalse();
	}

}
