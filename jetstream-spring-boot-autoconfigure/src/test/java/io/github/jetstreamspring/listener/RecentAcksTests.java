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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentAcks}.
 */
class RecentAcksTests {

	private static final byte[] ACK = "+ACK".getBytes();

	private final RecentAcks acks = new RecentAcks();

	@Test
	void whatWasSentIsRepeatedAsOftenAsThereIsTrouble() {
		send("a");
		send("b");
		assertThat(repeated()).containsExactlyInAnyOrder("a", "b");
		send("c");
		assertThat(repeated()).containsExactlyInAnyOrder("a", "b", "c");
	}

	@Test
	void whenNothingWasSentThenNothingIsRepeated() {
		assertThat(repeated()).isEmpty();
	}

	@Test
	void whatIsForgottenIsNotRepeated() {
		send("a");
		this.acks.forget();
		send("b");
		assertThat(repeated()).containsExactly("b");
	}

	@Test
	void whatIsSentWhileAllIsForgottenIsNotRepeated() {
		int before = this.acks.epoch();
		this.acks.forget();
		this.acks.sent(before, "a", ACK);
		assertThat(repeated()).isEmpty();
	}

	@Test
	void onlyTheLastOnesAreRemembered() {
		for (int i = 0; i < 5000; i++) {
			send("ack-" + i);
		}
		assertThat(repeated()).hasSize(1024).contains("ack-4999", "ack-3976").doesNotContain("ack-3975");
	}

	@Test
	void whenNothingWasSentForLongThenNothingIsRemembered() {
		send("a");
		this.acks.look(System.nanoTime());
		assertThat(repeated()).containsExactly("a");
		this.acks.look(System.nanoTime() + Duration.ofSeconds(31).toNanos());
		assertThat(repeated()).isEmpty();
	}

	private void send(String replyTo) {
		this.acks.sent(this.acks.epoch(), replyTo, ACK);
	}

	private List<String> repeated() {
		List<String> repeated = new ArrayList<>();
		int count = this.acks.repeat((replyTo, body) -> {
			assertThat(body).isEqualTo(ACK);
			repeated.add(replyTo);
		});
		assertThat(count).isEqualTo(repeated.size());
		return repeated;
	}

}
