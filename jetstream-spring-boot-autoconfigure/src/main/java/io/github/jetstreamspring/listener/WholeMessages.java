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

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;

/**
 * Fetches the payloads of messages whose consumer delivers headers only, before they
 * leave their stream.
 */
final class WholeMessages {

	// The server adds it to what it delivers without a payload
	private static final String SIZE = "Nats-Msg-Size";

	private final StoredMessages stored;

	WholeMessages(Connection connection) {
		this.stored = new StoredMessages(connection);
	}

	/**
	 * Returns whether a message came without its payload. One that only says so is looked
	 * up in vain.
	 */
	static boolean isWithoutPayload(Message message) {
		Headers headers = message.getHeaders();
		return headers != null && headers.containsKey(SIZE)
				&& (message.getData() == null || message.getData().length == 0);
	}

	/**
	 * Returns a message with its payload, which the server is asked for if need be.
	 * @param delivery the delivery of the message
	 * @return the message, without its payload if nobody has that any more
	 * @throws IllegalStateException if the server can't be asked
	 */
	Message of(ReceivedDelivery delivery) {
		Message message = delivery.message();
		if (!isWithoutPayload(message)) {
			return message;
		}
		StoredMessages.Stored whole = this.stored.find(delivery.stream(), delivery.streamSequence());
		// The stream may be another one by now, with another message of that number
		if (whole == null || !whole.time().equals(delivery.timestamp())) {
			return message;
		}
		return RestoredMessage.withContent(message, new HeaderFields(message.getHeaders()).remove(SIZE).toHeaders(),
				whole.payload());
	}

}
