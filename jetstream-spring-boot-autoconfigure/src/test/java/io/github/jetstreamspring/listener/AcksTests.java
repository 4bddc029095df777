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

import java.util.concurrent.ScheduledExecutorService;

import io.nats.client.Connection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalMatchers.aryEq;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.willDoNothing;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Acks}, with a connection that goes nowhere.
 */
class AcksTests {

	private static final byte[] ACK = "+ACK".getBytes();

	private static final IllegalStateException FULL = new IllegalStateException(
			"Unable to queue any more messages during reconnect, max buffer is 8388608");

	private final Connection connection = mock(Connection.class);

	private final Acks acks = new Acks("worker", this.connection, TestDeliveries.limits(),
			mock(ScheduledExecutorService.class));

	private final ReceivedDelivery delivery = TestDeliveries.delivery(7, new TestOwner(TestDeliveries.settler()));

	@Test
	void whatWasAckedIsAckedOnceMoreWhenTheServerMayNotKnowIt() {
		this.acks.ack(this.delivery);
		assertThat(this.acks.repeat()).isFalse();
		verify(this.delivery.message()).ack();
		verify(this.connection).publish(this.delivery.message().getReplyTo(), ACK);
	}

	@Test
	void whenTheClientDoesNotTakeAnAckThenItIsSentWhenTheConnectionIsBack() {
		willThrow(FULL).given(this.delivery.message()).ack();
		this.acks.ack(this.delivery);
		assertThat(this.acks.repeat()).isFalse();
		verify(this.connection).publish(anyString(), aryEq(ACK));
	}

	@Test
	void whenTheClientDoesNotTakeWhatIsGivenUpOnThenItIsSentWhenTheConnectionIsBack() {
		willThrow(FULL).willDoNothing().given(this.connection).publish(anyString(), any(byte[].class));
		this.acks.terminate(this.delivery, "declined");
		assertThat(this.acks.repeat()).isFalse();
		verify(this.connection, times(2)).publish(this.delivery.message().getReplyTo(), "+TERM declined".getBytes());
	}

	@Test
	void whenTheClientDoesNotTakeWhatIsSentOnceMoreThenThatIsToBeTriedAgain() {
		this.acks.ack(this.delivery);
		willThrow(FULL).given(this.connection).publish(anyString(), any(byte[].class));
		assertThat(this.acks.repeat()).isTrue();
		willDoNothing().given(this.connection).publish(anyString(), any(byte[].class));
		assertThat(this.acks.repeat()).isFalse();
		verify(this.connection, times(2)).publish(this.delivery.message().getReplyTo(), ACK);
	}

	@Test
	void whatHasNobodyToBeToldIsNotRepeated() {
		this.delivery.disown();
		this.acks.ack(this.delivery);
		assertThat(this.acks.repeat()).isFalse();
		verify(this.delivery.message(), never()).ack();
		verify(this.connection, never()).publish(anyString(), any(byte[].class));
	}

}
