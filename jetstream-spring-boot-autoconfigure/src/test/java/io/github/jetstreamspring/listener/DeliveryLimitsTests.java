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

import java.time.Instant;

import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryLimits}.
 */
class DeliveryLimitsTests {

	// Three attempts, six deliveries
	private final DeliveryLimits limits = TestDeliveries.limits();

	@Test
	void upToItsLastDeliveryAMessageIsHandled() {
		assertThat(this.limits.whyNotHandled(delivery(6))).isNull();
		assertThat(this.limits.whyNotHandled(delivery(7))).contains("delivery 7", "max-deliveries is 6");
	}

	@Test
	void fromItsLastAttemptOnAMessageIsTriedNoMore() {
		assertThat(this.limits.whyLast(delivery(2))).isNull();
		assertThat(this.limits.whyLast(delivery(3))).isEqualTo("Failed 3 times");
		assertThat(this.limits.whyLast(delivery(4))).contains("delivery 4", "max-attempts (3)");
	}

	@Test
	void whenTheServerDeliversAMessageNoMoreThenItIsTriedNoMore() {
		adapt(2);
		assertThat(this.limits.whyLast(delivery(1))).isNull();
		assertThat(this.limits.whyLast(delivery(2))).contains("max_deliver", "(2)");
		// Lowered while it was on its way
		assertThat(this.limits.isServersLast(delivery(3))).isTrue();
	}

	@Test
	void whenTheServerHasNoLimitAnyMoreThenTheAttemptsDecide() {
		adapt(2);
		adapt(-1);
		assertThat(this.limits.isServersLast(delivery(2))).isFalse();
		assertThat(this.limits.whyLast(delivery(2))).isNull();
	}

	@Test
	void whenAMessageHasWaitedAsAScheduleThenTheServerCountsAnewButWeDoNot() {
		adapt(2);
		ReceivedDelivery delivery = delivery(1, 2);
		assertThat(this.limits.isServersLast(delivery)).isFalse();
		assertThat(this.limits.whyLast(delivery)).isEqualTo("Failed 3 times");
		assertThat(this.limits.whyNotHandled(delivery(2, 4))).isNull();
		assertThat(this.limits.whyNotHandled(delivery(2, 5))).isNotNull();
	}

	private void adapt(long maxDeliver) {
		this.limits.adapt(ConsumerConfiguration.builder().maxDeliver(maxDeliver).build());
	}

	private static ReceivedDelivery delivery(long delivered) {
		return delivery(delivered, 0);
	}

	private static ReceivedDelivery delivery(long delivered, long before) {
		Message message = TestDeliveries.message(7, delivered);
		return new ReceivedDelivery(message, new TestOwner(TestDeliveries.settler())
			.history((known) -> new RetryHistory(before, 7, Instant.EPOCH, null, null, null)));
	}

}
