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
 * Tests for {@link ServerBackoff}.
 */
class ServerBackoffTests {

	// As NATS' Kubernetes controller shows it
	private final ServerBackoff backoff = ServerBackoff.of(consumer(1, 5, 10));

	@Test
	void whenAConsumerHasNoneThenDelaysAreLeftAlone() {
		ConsumerConfiguration consumer = ConsumerConfiguration.builder().ackWait(Duration.ofSeconds(20)).build();
		assertThat(ServerBackoff.of(consumer).isNone()).isTrue();
		assertThat(ServerBackoff.lease(consumer)).isEqualTo(Duration.ofSeconds(20));
		assertThat(ServerBackoff.longestLease(consumer)).isEqualTo(Duration.ofSeconds(20));
		assertThat(ServerBackoff.of(consumer).longestAdded()).isZero();
	}

	@Test
	void whatTheServerAddsIsTakenFromADelay() {
		assertThat(this.backoff.nakDelay(1, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(20));
		assertThat(this.backoff.nakDelay(2, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(16));
		assertThat(this.backoff.nakDelay(3, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(11));
		assertThat(this.backoff.nakDelay(99, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(11));
	}

	@Test
	void whenTheServerAddsMoreThanTheDelayThenTheMessageWaitsAsShortAsItCan() {
		assertThat(this.backoff.nakDelay(3, Duration.ofSeconds(2))).isEqualTo(Duration.ofMillis(1));
		assertThat(this.backoff.longestAdded()).isEqualTo(Duration.ofSeconds(9));
	}

	@Test
	void whenTheMessageIsToComeAtOnceThenItDoes() {
		assertThat(this.backoff.nakDelay(3, Duration.ZERO)).isZero();
	}

	@Test
	void theLeaseHoldsForEveryDelivery() {
		assertThat(ServerBackoff.lease(consumer(5, 2, 10))).isEqualTo(Duration.ofSeconds(2));
		assertThat(ServerBackoff.of(consumer(5, 2, 10)).nakDelay(2, Duration.ofSeconds(1)))
			.isEqualTo(Duration.ofSeconds(4));
	}

	@Test
	void afterTheLongestLeaseEveryMessageComesAgain() {
		assertThat(ServerBackoff.longestLease(consumer(5, 10, 2))).isEqualTo(Duration.ofSeconds(10));
	}

	private static ConsumerConfiguration consumer(long... seconds) {
		Duration[] delays = new Duration[seconds.length];
		for (int i = 0; i < seconds.length; i++) {
			delays[i] = Duration.ofSeconds(seconds[i]);
		}
		return ConsumerConfiguration.builder().ackWait(delays[0]).backoff(delays).build();
	}

}
