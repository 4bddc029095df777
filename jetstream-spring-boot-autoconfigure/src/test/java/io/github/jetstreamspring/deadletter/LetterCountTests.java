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

import io.github.jetstreamspring.messaging.HeaderBlock;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link LetterCount} with what anybody can put in the stream.
 */
class LetterCountTests {

	private final LetterCount count = new LetterCount();

	@Test
	void whenTextsAreLongThenTheyAreCut() {
		add("orders", "worker", "x".repeat(499) + "\ud83d\ude00".repeat(100), "r".repeat(60_000));
		add("orders", "worker", "x".repeat(499) + "\ud83d\ude00", "r".repeat(50_000));
		assertThat(this.count.summary().groups()).singleElement().satisfies((group) -> {
			assertThat(group.exception()).isEqualTo("x".repeat(499));
			assertThat(group.reason()).isEqualTo("r".repeat(500));
			assertThat(group.count()).isEqualTo(2);
		});
	}

	@Test
	void whenNamesCanBeNobodysThenTheyAreUnknown() {
		add("a.b", "x".repeat(256), null, null);
		add("", "*", null, null);
		assertThat(this.count.summary().groups()).singleElement().satisfies((group) -> {
			assertThat(group.stream()).isNull();
			assertThat(group.consumer()).isNull();
			assertThat(group.count()).isEqualTo(2);
		});
	}

	@Test
	void whenManyConsumersHaveManyReasonsThenMostAreWithTheOthersAndAllAreCounted() {
		for (int consumer = 0; consumer < 100; consumer++) {
			for (int reason = 0; reason < 1000; reason++) {
				add("orders", "worker-" + consumer, "E", "r" + "a".repeat(reason % 30) + "b".repeat(reason / 30));
			}
		}
		DeadLetterSummary summary = this.count.summary();
		assertThat(summary.total()).isEqualTo(100_000);
		assertThat(summary.groups().stream().mapToLong(DeadLetterSummary.Group::count).sum()).isEqualTo(100_000);
		assertThat(summary.groups()).extracting(DeadLetterSummary.Group::consumer).contains("worker-0", "worker-99");
		assertThat(summary.groups()).hasSizeLessThan(3000);
	}

	private void add(String stream, String consumer, String exception, String reason) {
		Headers headers = new Headers().put("Dead-Letter-Stream", stream).put("Dead-Letter-Consumer", consumer);
		HeaderFields fields = new HeaderFields(headers);
		if (exception != null) {
			fields.put("Dead-Letter-Exception", exception);
		}
		if (reason != null) {
			fields.put("Dead-Letter-Reason", reason);
		}
		this.count
			.add(new LetterHeaders(1, "dead-letters.a.b", Instant.EPOCH, HeaderBlock.of(fields.toHeaders()), 0, null));
	}

}
