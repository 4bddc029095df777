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

import java.io.IOException;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.NatsMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * A message on its way into a handler. Many handlers get by without it as a message of
 * Spring, which is made only for those that don't.
 */
final class ArgumentSource {

	private final Delivery delivery;

	private final io.nats.client.Message natsMessage;

	private @Nullable Message<byte[]> message;

	private @Nullable Message<byte[]> decoded;

	ArgumentSource(Delivery delivery, io.nats.client.Message natsMessage) {
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

	/**
	 * Returns the message with its payload as it was before it was compressed.
	 * @param encodings decompress it
	 * @throws UnprocessableMessageException if that isn't possible
	 */
	Message<byte[]> decoded(ContentEncodings encodings) {
		String encoding = ContentEncodings.of(this.natsMessage);
		if (encoding == null || data().length == 0) {
			return message();
		}
		Message<byte[]> known = this.decoded;
		if (known == null) {
			known = new GenericMessage<>(decode(encoding, encodings), message().getHeaders());
			this.decoded = known;
		}
		return known;
	}

	private byte[] decode(String encoding, ContentEncodings encodings) {
		if (!ContentEncodings.isKnown(encoding)) {
			throw new UnprocessableMessageException(
					"The payload can't be decompressed: " + ContentEncodings.describeUnknown(encoding), null);
		}
		try {
			return encodings.decode(data(), encoding);
		}
		catch (IOException ex) {
			throw new UnprocessableMessageException("The payload can't be decompressed: " + ex.getMessage(), null);
		}
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
			made = NatsMessages.toMessage(this.natsMessage, this.delivery, ArgumentSource::value);
			this.message = made;
		}
		return made;
	}

}
