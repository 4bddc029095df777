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

import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * Hands dead letters on as they are restored, and neither their parts nor what is gone by
 * now.
 *
 * @param handler handles them
 * @param deadLetters restores them
 */
record DeadLetterHandling(DeliveryHandler handler, DeadLetters deadLetters) implements DeliveryHandler {

	@Override
	public @Nullable CompletionStage<?> handle(Delivery delivery, Message message) throws Exception {
		Headers headers = message.getHeaders();
		if (headers != null && headers.containsKey(JetStreamHeaders.DEAD_LETTER_PART)) {
			return null;
		}
		Optional<StoredDeadLetter> letter = this.deadLetters.get(delivery.streamSequence());
		return letter.isPresent() ? this.handler.handle(delivery, new Letter(message, letter.get())) : null;
	}

	/**
	 * Returns the dead letter that a message is.
	 * @throws IllegalStateException if it is none
	 */
	static StoredDeadLetter letter(Message message) {
		if (message instanceof Letter letter) {
			return letter.letter;
		}
		throw new IllegalStateException("Only a method with @DeadLetterListener gets a StoredDeadLetter");
	}

	/**
	 * A message with headers and payload of the original.
	 */
	private static final class Letter extends NatsMessage {

		private final StoredDeadLetter letter;

		Letter(Message message, StoredDeadLetter letter) {
			super(message.getSubject(), message.getReplyTo(), headers(message, letter), letter.payload());
			this.letter = letter;
		}

		private static Headers headers(Message message, StoredDeadLetter letter) {
			HeaderFields headers = new HeaderFields(message.getHeaders());
			letter.headers().forEach(headers::put);
			return headers.toHeaders();
		}

	}

}
