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

import java.util.List;

import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.Receiver;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.SigningKey;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link RedrivenMessages}.
 */
class RedrivenMessagesTests {

	private final Connection connection = mock(Connection.class);

	@AutoClose
	private final ListenerEnvironment environment = JetStreamListeners.builder(this.connection)
		.environment((listener, state, reason) -> {
		});

	@Test
	void whenTheClientTakesNoRequestsAtFirstThenTheyAreMadeAtTheNextLook() {
		given(this.connection.createInbox()).willReturn("_INBOX.a");
		given(this.connection.getMaxPayload()).willReturn(1024L * 1024);
		given(this.connection.subscribe(anyString())).willThrow(new IllegalStateException("Output queue is full 5000"))
			.willReturn(mock(Subscription.class));
		RedrivenMessages redriven = redriven();
		ConsumerInfo consumer = consumer();
		SigningKey key = SigningKey.of("a-secret-of-a-decent-length");
		redriven.want(true);
		redriven.look(consumer, key);
		assertThat(redriven.flow().isDelivering()).isFalse();
		redriven.look(consumer, key);
		assertThat(redriven.flow().isDelivering()).isTrue();
		verify(this.connection, times(2)).subscribe(anyString());
		verify(this.connection).publish(anyString(), anyString(), any(byte[].class));
		redriven.flow().end();
	}

	private RedrivenMessages redriven() {
		RedriveWatch watch = RedriveWatch.of(this.connection, new RedriveLane("dead-letters", "dead-letters"), null,
				this.environment.scheduler(), this.environment.executor());
		assertThat(watch).isNotNull();
		ListenerDefinition definition = ListenerDefinition.of("worker", "orders", "worker", ListenerOptions.NONE,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
		return new RedrivenMessages(definition, this.environment, watch,
				new Credit(1, 1, 0, -1, this.environment.pullConnection()),
				new Receiver(this.environment.threads().receivers(), false), () -> true);
	}

	private static ConsumerInfo consumer() {
		ConsumerInfo consumer = mock(ConsumerInfo.class);
		given(consumer.getNumPending()).willReturn(1L);
		given(consumer.getConsumerConfiguration()).willReturn(ConsumerConfiguration.builder().durable("lane").build());
		return consumer;
	}

}
