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

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.RedrivenMessage;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.wire.RawMessage;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.impl.Headers;

/**
 * Fetches messages whose consumer delivers headers only as they are stored, before they
 * leave their stream. That a consumer does so is what its configuration says: the header
 * that the server adds then can be anybody's, and is lost in headers that have no end.
 */
final class WholeMessages {

	// The server adds it to what it delivers without a payload
	static final String SIZE = "Nats-Msg-Size";

	private final Connection connection;

	private final StoredMessages stored;

	private final String stream;

	private final String consumer;

	private volatile boolean headersOnly;

	WholeMessages(ListenerDefinition definition, Connection connection) {
		this.connection = connection;
		this.stored = new StoredMessages(connection);
		this.stream = definition.stream();
		this.consumer = definition.consumer();
	}

	/**
	 * Takes over what the consumer says.
	 * @param consumer the consumer's configuration
	 */
	void adapt(ConsumerConfiguration consumer) {
		// What is in hand may have come before it was changed back
		this.headersOnly |= consumer.isHeadersOnly();
	}

	/**
	 * Returns whether a message may have come without its payload.
	 */
	boolean mayLackPayload(Message message) {
		return isEmpty(message) && !(message instanceof RedrivenMessage) && (this.headersOnly || mentionsSize(message));
	}

	/**
	 * Returns whether the payload of a message is missing, because nobody has it any
	 * more.
	 * @param message a message from {@link #of(ReceivedDelivery)}
	 */
	static boolean isPayloadMissing(Message message) {
		return isEmpty(message) && hasSize(message);
	}

	/**
	 * Returns a message with its payload, which the server is asked for if need be.
	 * @param delivery the delivery of the message
	 * @return the message, without its payload if nobody has that any more
	 * @throws IllegalStateException if the server can't be asked
	 */
	Message of(ReceivedDelivery delivery) {
		Message message = delivery.message();
		if (!mayLackPayload(message)) {
			return message;
		}
		if (!this.headersOnly && !isHeadersOnly()) {
			// Somebody else's header
			return withSize(message, false);
		}
		StoredMessages.Stored whole = this.stored.find(delivery.stream(), delivery.streamSequence());
		// The stream may be another one by now, with another message of that number
		if (whole == null || !whole.time().equals(delivery.timestamp())) {
			return withSize(message, true);
		}
		Message found = RestoredMessage.stored(message, whole.headerBlock(), whole.payload());
		return isPayloadMissing(found) ? withSize(found, false) : found;
	}

	// Changed a moment ago, perhaps
	private boolean isHeadersOnly() {
		try {
			adapt(this.connection.jetStreamManagement()
				.getConsumerInfo(this.stream, this.consumer)
				.getConsumerConfiguration());
			return this.headersOnly;
		}
		catch (IOException | JetStreamApiException ex) {
			throw new IllegalStateException(
					"it can't be told whether consumer '%s' of stream '%s' delivers payloads: %s"
						.formatted(this.consumer, this.stream, ex.getMessage()),
					ex);
		}
	}

	private static Message withSize(Message message, boolean size) {
		HeaderFields headers = new HeaderFields(message.getHeaders());
		return RestoredMessage.withHeaders(message, (size ? headers.put(SIZE, "0") : headers.remove(SIZE)).toHeaders());
	}

	private static boolean isEmpty(Message message) {
		return message.getData() == null || message.getData().length == 0;
	}

	// A consumer may deliver headers only since a moment ago, and what the server adds
	// ends up in whatever the headers are cut off in
	private static boolean mentionsSize(Message message) {
		RawMessage raw = RestoredMessage.unreadable(message);
		if (raw != null) {
			return new String(raw.headers(), StandardCharsets.ISO_8859_1).contains(SIZE);
		}
		Headers headers = message.getHeaders();
		return headers != null && headers.entrySet()
			.stream()
			.anyMatch((header) -> header.getKey().contains(SIZE)
					|| header.getValue().stream().anyMatch((value) -> value.contains(SIZE)));
	}

	private static boolean hasSize(Message message) {
		Headers headers = message.getHeaders();
		return headers != null && headers.containsKey(SIZE);
	}

}
