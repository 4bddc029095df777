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

import io.nats.client.api.ConsumerConfiguration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is remembered of dead letters that can't be stored.
 */
class UnstoredLettersTests {

	private final UnstoredLetters letters = TestDeliveries.noLetters();

	@Test
	void whenNothingIsOutAfterTheyWereDueThenTheyAreGone() {
		fail(Duration.ZERO);
		this.letters.look(found(0, System.nanoTime()), true);
		assertThat(this.letters.count()).isZero();
	}

	@Test
	void whenTheyAreNotYetDueThenTheyAreExpected() {
		fail(Duration.ofHours(1));
		this.letters.look(found(0, System.nanoTime()), true);
		assertThat(this.letters.count()).isEqualTo(1);
	}

	@Test
	void whenTheServerWasAskedBeforeTheyWereDueThenItsAnswerSaysNothingOfThem() {
		long asked = System.nanoTime();
		fail(Duration.ZERO);
		this.letters.look(found(0, asked), true);
		assertThat(this.letters.count()).isEqualTo(1);
	}

	@Test
	void whenSomethingIsOutThenItMayBeOneOfThem() {
		fail(Duration.ZERO);
		this.letters.look(found(1, System.nanoTime()), true);
		assertThat(this.letters.count()).isEqualTo(1);
	}

	private void fail(Duration delay) {
		ReceivedDelivery delivery = TestDeliveries.delivery(1, new TestOwner(TestDeliveries.settler()));
		this.letters.failed(delivery, new Outcome.GiveUp("no customer", null), new IllegalStateException("stream full"),
				delay, UnstoredLetters.Place.TAKEN, "");
	}

	private static FoundConsumer found(long ackPending, long asked) {
		return new FoundConsumer(ConsumerConfiguration.builder().build(), null, null, null, 0, ackPending, false, false,
				asked);
	}

}
