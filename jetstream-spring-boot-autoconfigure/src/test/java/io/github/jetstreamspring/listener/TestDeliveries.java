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
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;

import org.springframework.util.ExceptionTypeFilter;

import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;

/**
 * Deliveries of messages that came from no server.
 */
final class TestDeliveries {

	private TestDeliveries() {
	}

	static Message message(long sequence, long attempt) {
		Message message = mock(Message.class);
		given(message.getReplyTo())
			.willReturn("$JS.ACK.orders.worker.%d.%d.1.1769860800000000001.0".formatted(attempt, sequence));
		given(message.getSubject()).willReturn("orders.created");
		NatsJetStreamMetaData metaData = mock(NatsJetStreamMetaData.class);
		given(metaData.getStream()).willReturn("orders");
		given(metaData.getConsumer()).willReturn("worker");
		given(metaData.streamSequence()).willReturn(sequence);
		given(metaData.timestamp()).willReturn(ZonedDateTime.parse("2026-01-31T12:00:00.000000001Z"));
		given(metaData.deliveredCount()).willReturn(attempt);
		given(message.metaData()).willReturn(metaData);
		return message;
	}

	static ReceivedDelivery delivery(long sequence, DeliveryOwner owner) {
		return new ReceivedDelivery(message(sequence, 1), owner);
	}

	/**
	 * Three attempts, hence six deliveries.
	 */
	static DeliveryLimits limits() {
		return new DeliveryLimits(RetryPolicy.exponential(3, Duration.ofSeconds(7), 1, Duration.ofSeconds(7), 0));
	}

	static Settler settler() {
		return settler(limits());
	}

	static Settler settler(DeliveryLimits limits) {
		return settler(limits, DeliveryObserver.NONE);
	}

	static Settler settler(DeliveryLimits limits, DeliveryObserver observer) {
		ListenerDefinition definition = ListenerDefinition.of("worker", "orders", "worker",
				ListenerOptions.builder()
					.retry(new RetryOptions(3L, Duration.ofSeconds(7), 1.0, Duration.ofSeconds(7), 0.0))
					.build(),
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
		ListenerEnvironment environment = JetStreamListeners.builder(mock(Connection.class))
			.deadLetterHandler((deadLetter) -> CompletableFuture.completedFuture(null))
			.observer(observer)
			.environment((listener, state, reason) -> {
			});
		return spy(new Settler(definition, environment, limits, new UnstoredOutcomes(), noLetters(),
				DeadLetterKeeper.of(definition, environment, new WholeMessages(definition, environment.connection())),
				null));
	}

	static UnstoredLetters noLetters() {
		return new UnstoredLetters("worker", () -> {
		});
	}

}
