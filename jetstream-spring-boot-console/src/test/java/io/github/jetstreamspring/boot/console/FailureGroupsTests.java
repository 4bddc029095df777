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

package io.github.jetstreamspring.boot.console;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FailureGroupsTests {

	private final FailureGroups groups = new FailureGroups();

	@Test
	void theLargestComesFirst() {
		this.groups.add(new IllegalStateException(), Instant.EPOCH);
		this.groups.add(new IllegalArgumentException(), Instant.EPOCH);
		this.groups.add(new IllegalArgumentException(), Instant.EPOCH.plusSeconds(1));
		assertThat(this.groups.describe()).hasSize(2)
			.first()
			.satisfies((group) -> assertThat(group).containsEntry("exception", IllegalArgumentException.class.getName())
				.containsEntry("count", 2L)
				.containsEntry("last", "1970-01-01T00:00:01Z"));
	}

	@Test
	void whatDiffersInNumbersOnlyIsOneKind() {
		this.groups.add(new IllegalStateException("Order 17 of 2026 is lost"), Instant.EPOCH);
		this.groups.add(new IllegalStateException("Order 4711 of 2025 is lost"), Instant.EPOCH);
		this.groups.add(new IllegalStateException("Card is declined"), Instant.EPOCH);
		assertThat(this.groups.describe()).extracting((group) -> group.get("message"))
			.containsExactly("Order # of # is lost", "Card is declined");
	}

	@Test
	void theyAreBoundedAndAMessageIsCut() {
		for (int i = 0; i < 100; i++) {
			this.groups.add(new IllegalStateException("x".repeat(i + 50)), Instant.EPOCH);
		}
		this.groups.add(new IllegalStateException("y".repeat(1_000_000)), Instant.EPOCH);
		assertThat(this.groups.describe()).hasSize(20)
			.allSatisfy((group) -> assertThat(String.valueOf(group.get("message"))).hasSizeLessThanOrEqualTo(201));
	}

}
