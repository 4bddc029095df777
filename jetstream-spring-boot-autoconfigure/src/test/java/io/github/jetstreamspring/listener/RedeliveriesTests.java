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

import java.util.concurrent.atomic.AtomicInteger;

import io.nats.client.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Which deliveries are of messages that are in hand already.
 */
class RedeliveriesTests {

	private final Settler settler = mock(Settler.class);

	private final DeliveriesInHand inHand = new DeliveriesInHand();

	private final AtomicInteger alarms = new AtomicInteger();

	private final Redeliveries redeliveries = new Redeliveries("worker", this.inHand, this.alarms::incrementAndGet);

	@Test
	void aMessageThatIsInHandIsTaken() {
		ReceivedDelivery first = inHand(7, 1);
		assertThat(this.redeliveries.take(delivery(7, 2))).isTrue();
		assertThat(this.redeliveries.take(delivery(8, 2))).isFalse();
		assertThat(first.attempt()).isEqualTo(1);
		assertThat(first.origin().delivered()).isEqualTo(2);
	}

	@Test
	void firstDeliveriesAreNotLookedAtMoreClosely() {
		inHand(7, 1);
		Message message = TestDeliveries.message(8, 1);
		assertThat(this.redeliveries.take(delivery(message))).isFalse();
		verify(message, never()).metaData();
	}

	@Test
	void aMessageThatWasGivenBackIsNotInHand() {
		inHand(7, 1).returning();
		assertThat(this.redeliveries.take(delivery(7, 2))).isFalse();
	}

	@Test
	void aMessageOfAStreamThatIsGoneIsNotInHand() {
		inHand(7, 1).disown();
		assertThat(this.redeliveries.take(delivery(7, 2))).isFalse();
	}

	@Test
	void whatCameWhileTheMessageWasInHandIsNoAttempt() {
		ReceivedDelivery first = inHand(7, 1);
		this.redeliveries.take(delivery(7, 2));
		this.redeliveries.take(delivery(7, 3));
		first.returning();
		this.inHand.remove(first);
		this.redeliveries.done(first);
		ReceivedDelivery second = delivery(7, 4);
		assertThat(this.redeliveries.take(second)).isFalse();
		assertThat(second.attempt()).isEqualTo(2);
		this.redeliveries.done(second);
		ReceivedDelivery other = delivery(7, 5);
		assertThat(this.redeliveries.take(other)).isFalse();
		assertThat(other.attempt()).isEqualTo(5);
	}

	@Test
	void theAlarmIsGivenOnceForManyMessages() {
		inHand(7, 1);
		inHand(8, 1);
		this.redeliveries.take(delivery(7, 2));
		this.redeliveries.take(delivery(8, 2));
		assertThat(this.alarms).hasValue(1);
	}

	@Test
	void whenTheConsumerWasMadeAnewThenFirstDeliveriesMayBeOfMessagesInHandToo() {
		ReceivedDelivery second = inHand(7, 2);
		this.redeliveries.consumerReplaced();
		assertThat(this.redeliveries.take(delivery(8, 1))).isFalse();
		assertThat(this.redeliveries.take(delivery(7, 1))).isTrue();
		assertThat(second.attempt()).isEqualTo(2);
		assertThat(second.origin().delivered()).isEqualTo(1);
	}

	@Test
	void whenAllIsSettledThatWasInHandAtAConsumersEndThenFirstDeliveriesAreFirstOnesAgain() {
		ReceivedDelivery first = inHand(7, 1);
		this.redeliveries.consumerReplaced();
		this.inHand.remove(first);
		this.redeliveries.take(delivery(8, 1));
		Message message = TestDeliveries.message(9, 1);
		this.redeliveries.take(delivery(message));
		verify(message, never()).metaData();
	}

	private ReceivedDelivery inHand(long sequence, long count) {
		ReceivedDelivery delivery = delivery(sequence, count);
		this.inHand.add(delivery);
		return delivery;
	}

	private ReceivedDelivery delivery(long sequence, long count) {
		return delivery(TestDeliveries.message(sequence, count));
	}

	private ReceivedDelivery delivery(Message message) {
		return new ReceivedDelivery(message, new TestOwner(this.settler));
	}

}
