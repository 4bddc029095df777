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

package io.github.jetstreamspring.messaging;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

/**
 * Makes Spring messages of NATS messages.
 *
 * @since 0.1.0
 */
public final class NatsMessages {

	private NatsMessages() {
	}

	/**
	 * Makes a Spring message. NATS headers keep their names; one with several values is a
	 * list. Beside them are those in {@link JetStreamHeaders}.
	 * @param message the NATS message
	 * @param delivery the value of {@link JetStreamHeaders#DELIVERY}
	 * @return the message, whose payload is the NATS message's data
	 */
	public static Message<byte[]> toMessage(io.nats.client.Message message, Object delivery) {
		Headers headers = message.getHeaders();
		Map<String, Object> values = new HashMap<>();
		if (headers != null) {
			headers.forEach((name, list) -> values.put(name, (list.size() == 1) ? list.get(0) : List.copyOf(list)));
		}
		values.put(JetStreamHeaders.SUBJECT, message.getSubject());
		values.put(JetStreamHeaders.MESSAGE, message);
		values.put(JetStreamHeaders.DELIVERY, delivery);
		byte @Nullable [] data = message.getData();
		return new GenericMessage<>((data != null) ? data : new byte[0], new PlainHeaders(values));
	}

	/**
	 * Headers without the random id and the time that Spring adds to each message; the
	 * stream's sequence and time say more, and cost nothing.
	 */
	private static final class PlainHeaders extends MessageHeaders {

		private static final long serialVersionUID = 1L;

		PlainHeaders(Map<String, Object> values) {
			super(values, ID_VALUE_NONE, -1L);
		}

	}

}
