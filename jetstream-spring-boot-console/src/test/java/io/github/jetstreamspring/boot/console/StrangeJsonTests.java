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

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StrangeJsonTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "[]", "17", "null", "{", "{\"a\":}" })
	void whatIsNoObjectIsNothing(String text) {
		assertThat(parse(text)).isNull();
	}

	@Test
	void whatIsDeepIsNothing() {
		assertThat(parse("{\"a\":".repeat(100_000))).isNull();
		assertThat(parse("{\"a\":" + "[".repeat(50) + "]".repeat(50) + "}")).isNull();
	}

	@Test
	void whatIsOfAnotherKindIsNotThere() {
		JsonValue json = parse(
				"{\"text\":17,\"count\":\"x\",\"large\":99999999999999,\"less\":-1,\"time\":\"today\",\"list\":{}}");
		assertThat(json).isNotNull();
		assertThat(StrangeJson.text(json, "text")).isNull();
		assertThat(StrangeJson.count(StrangeJson.value(json, "count"))).isZero();
		assertThat(StrangeJson.count(StrangeJson.value(json, "large"))).isEqualTo(Integer.MAX_VALUE);
		assertThat(StrangeJson.count(StrangeJson.value(json, "less"))).isZero();
		assertThat(StrangeJson.instant(json, "time")).isNull();
		assertThat(StrangeJson.list(StrangeJson.value(json, "list"), 10)).isEmpty();
	}

	@Test
	void aLongTextIsCut() {
		JsonValue json = parse("{\"text\":\"" + "x".repeat(10_000) + "\"}");
		assertThat(json).isNotNull();
		assertThat(StrangeJson.text(json, "text")).hasSize(301);
	}

	@Test
	void talliesOfSeveralInstancesAreSummedUp() {
		TreeMap<Long, Tally> other = new TreeMap<>();
		long[] times = new long[RunTimeCells.CELLS];
		times[3] = 7;
		other.put(100L, new Tally(5, 2, 1, times));
		other.put(101L, Tally.NONE);
		other.put(999L, new Tally(1, 1, 1, null));
		JsonValue json = parse("{\"tallies\":" + JsonText.of(Tallies.write(other)) + "}");
		assertThat(json).isNotNull();
		TreeMap<Long, Tally> sums = new TreeMap<>();
		sums.put(100L, new Tally(1, 0, 0, times));
		sums.put(101L, Tally.NONE);
		Tallies.add(StrangeJson.value(json, "tallies"), sums);
		assertThat(sums).hasSize(2);
		Tally sum = sums.get(100L);
		assertThat(sum.handled()).isEqualTo(6);
		assertThat(sum.retried()).isEqualTo(2);
		assertThat(sum.deadLettered()).isEqualTo(1);
		assertThat(sum.times()).isNotNull().satisfies((cells) -> assertThat(cells[3]).isEqualTo(14));
	}

	private static @Nullable JsonValue parse(String text) {
		return StrangeJson.parse(text.getBytes(StandardCharsets.UTF_8));
	}

}
