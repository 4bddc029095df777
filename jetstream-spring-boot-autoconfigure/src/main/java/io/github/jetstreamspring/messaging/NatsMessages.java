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

import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.MimeType;

/**
 * Makes Spring messages from NATS messages, and takes from Spring messages what a NATS
 * message can carry.
 *
 * @since 0.1.0
 */
public final class NatsMessages {

	private static final byte[] NO_DATA = new byte[0];

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
		return toMessage(message, delivery, null);
	}

	/**
	 * Makes a Spring message whose headers also say what is known of the delivery:
	 * {@link JetStreamHeaders#STREAM}, {@link JetStreamHeaders#CONSUMER},
	 * {@link JetStreamHeaders#SEQUENCE} and {@link JetStreamHeaders#ATTEMPT}.
	 * @param <D> the type of the delivery
	 * @param message the NATS message
	 * @param delivery the value of {@link JetStreamHeaders#DELIVERY}
	 * @param values looks up these headers when somebody asks for them; {@code null} if
	 * there are none
	 * @return the message, whose payload is the NATS message's data
	 */
	public static <D> Message<byte[]> toMessage(io.nats.client.Message message, D delivery,
			@Nullable DeliveryValues<D> values) {
		return new GenericMessage<>(data(message),
				new ReceivedHeaders(message, delivery, (values != null) ? (name) -> values.get(delivery, name) : null));
	}

	/**
	 * Makes the headers of a reply that says why there is no result.
	 * @param error what the caller is told, text on one line
	 * @return the headers
	 */
	public static Headers failedReply(String error) {
		HeaderFields headers = new HeaderFields();
		headers.put(JetStreamHeaders.REPLY_STATUS, JetStreamHeaders.REPLY_FAILED);
		headers.put(JetStreamHeaders.REPLY_ERROR, error);
		return headers.toHeaders();
	}

	/**
	 * Returns a message's data.
	 * @param message the NATS message
	 * @return the data, empty if there is none
	 */
	public static byte[] data(io.nats.client.Message message) {
		byte @Nullable [] data = message.getData();
		return (data != null) ? data : NO_DATA;
	}

	/**
	 * Returns NATS headers by their names.
	 * @param headers the headers, or {@code null} if there are none
	 * @return the values: texts, or lists of texts where a header has several
	 */
	public static Map<String, Object> headerValues(@Nullable Headers headers) {
		Map<String, Object> values = new LinkedHashMap<>();
		if (headers != null) {
			headers.forEach((name, list) -> values.put(name, headerValue(list)));
		}
		return values;
	}

	/**
	 * Returns those headers of a Spring message that a NATS message can carry. What the
	 * server reserves for itself is left out, as is what belongs to the received message
	 * or to Spring: their meaning would not be the same for another message. So are those
	 * whose names not all clients can read.
	 * @param headers the headers
	 * @return the values of each header
	 */
	public static Map<String, List<String>> headersToPublish(MessageHeaders headers) {
		Map<String, List<String>> published = new LinkedHashMap<>();
		headers.forEach((name, value) -> {
			if (isToPublish(name, value)) {
				List<String> texts = texts(value);
				if (!texts.isEmpty()) {
					published.put(name, texts);
				}
			}
		});
		ContentTypes.rename(published);
		return published;
	}

	static Object headerValue(List<String> values) {
		return (values.size() == 1) ? values.get(0) : List.copyOf(values);
	}

	private static boolean isToPublish(String name, Object value) {
		return switch (name) {
			// Unless they are those of another client, which only have the same names
			case MessageHeaders.ID -> !(value instanceof UUID);
			case MessageHeaders.TIMESTAMP -> !(value instanceof Long);
			case JetStreamHeaders.SUBJECT, JetStreamHeaders.MESSAGE, JetStreamHeaders.DELIVERY, JetStreamHeaders.STREAM,
					JetStreamHeaders.CONSUMER, JetStreamHeaders.SEQUENCE, JetStreamHeaders.ATTEMPT ->
				false;
			default -> HeaderFields.isAscii(name) && !HeaderFields.isReserved(name) && !RetryHeaders.isOne(name);
		};
	}

	private static List<String> texts(Object value) {
		List<String> texts = new ArrayList<>();
		Collection<?> values = (value instanceof Collection<?> several) ? several : List.of(value);
		for (Object each : values) {
			if (isText(each)) {
				texts.add(each.toString());
			}
		}
		return texts;
	}

	// What its text says completely, unlike that of a reply channel, for one
	private static boolean isText(@Nullable Object value) {
		return value instanceof CharSequence || value instanceof Number || value instanceof Boolean
				|| value instanceof Enum || value instanceof MimeType || value instanceof UUID
				|| value instanceof Temporal;
	}

	/**
	 * Looks up what is known of a delivery.
	 *
	 * @param <D> the type of the delivery
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface DeliveryValues<D> {

		/**
		 * Returns a value.
		 * @param delivery the delivery
		 * @param header one of the headers of {@link JetStreamHeaders} that are about
		 * deliveries
		 * @return the value
		 */
		Object get(D delivery, String header);

	}

}
