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

package io.github.jetstreamspring.annotation.handler;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.NatsMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;

/**
 * A message on its way into a handler. Many handlers get by without it as a message of
 * Spring, which is made only for those that don't.
 */
final class Incoming {

	private final Delivery delivery;

	private final io.nats.client.Message natsMessage;

	private @Nullable Message<byte[]> message;

	Incoming(Delivery delivery, io.nats.client.Message natsMessage) {
		this.delivery = delivery;
		this.natsMessage = natsMessage;
	}

	Delivery delivery() {
		return this.delivery;
	}

	io.nats.client.Message natsMessage() {
		return this.natsMessage;
	}

	byte[] data() {
		return NatsMessages.data(this.natsMessage);
	}

	private static Object value(Delivery delivery, String header) {
		return switch (header) {
			case JetStreamHeaders.STREAM -> delivery.stream();
			case JetStreamHeaders.CONSUMER -> delivery.consumer();
			case JetStreamHeaders.SEQUENCE -> delivery.streamSequence();
			default -> delivery.attempt();
		};
	}

	Message<byte[]> message() {
		Message<byte[]> made = this.message;
		if (made == null) {
			made = NatsMessages.toMessage(this.natsMessage, this.delivery, Incoming::value);
			this.message = made;
		}
		return made;
	}

}
