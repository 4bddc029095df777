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

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.CloudEventUtils;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.core.message.impl.BaseGenericBinaryMessageReaderImpl;
import io.cloudevents.rw.CloudEventContextWriter;
import io.cloudevents.rw.CloudEventRWException;
import io.cloudevents.rw.CloudEventWriter;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * CloudEvents in binary mode.
 */
final class CloudEventMessages {

	private static final String VERSION = CloudEventHeaders.header("specversion");

	private CloudEventMessages() {
	}

	/**
	 * Reads an event.
	 */
	static CloudEvent read(Message<?> message) {
		Object version = message.getHeaders()
			.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase(VERSION))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
		if (version == null) {
			throw new UnreadableFormatException(
					"it is no CloudEvent: it has neither the header ce-specversion nor the content type application/cloudevents+json");
		}
		try {
			return new Reader(SpecVersion.parse(text(version)), message).toEvent();
		}
		catch (CloudEventRWException ex) {
			throw new MessageConversionException(message, "No CloudEvent", ex);
		}
	}

	/**
	 * Writes an event.
	 */
	static Message<byte[]> write(CloudEvent event, @Nullable MessageHeaders headers) {
		MessageHeaderAccessor accessor = new MessageHeaderAccessor();
		if (headers != null) {
			accessor.copyHeaders(headers);
		}
		return CloudEventUtils.toReader(event).read((version) -> new Writer(version, accessor));
	}

	static MimeType mimeType(String text) {
		try {
			return MimeTypeUtils.parseMimeType(text);
		}
		catch (InvalidMimeTypeException ex) {
			return MimeTypeUtils.APPLICATION_OCTET_STREAM;
		}
	}

	private static String text(Object value) {
		return String.valueOf((value instanceof List<?> several && !several.isEmpty()) ? several.get(0) : value);
	}

	private static final class Reader extends BaseGenericBinaryMessageReaderImpl<String, Object> {

		private final MessageHeaders headers;

		Reader(SpecVersion version, Message<?> message) {
			super(version, data((byte[]) message.getPayload()));
			this.headers = message.getHeaders();
		}

		private static @Nullable CloudEventData data(byte[] payload) {
			return (payload.length > 0) ? BytesCloudEventData.wrap(payload) : null;
		}

		@Override
		protected boolean isContentTypeHeader(String key) {
			return key.equals(MessageHeaders.CONTENT_TYPE);
		}

		@Override
		protected boolean isCloudEventsHeader(String key) {
			return CloudEventHeaders.isOne(key);
		}

		@Override
		protected String toCloudEventsKey(String key) {
			return CloudEventHeaders.attribute(key);
		}

		@Override
		protected void forEachHeader(BiConsumer<String, Object> consumer) {
			this.headers.forEach(consumer);
		}

		@Override
		protected String toCloudEventsValue(Object value) {
			return CloudEventHeaders.decode(text(value));
		}

	}

	private static final class Writer implements CloudEventWriter<Message<byte[]>> {

		private final MessageHeaderAccessor headers;

		Writer(SpecVersion version, MessageHeaderAccessor headers) {
			this.headers = headers;
			this.headers.setHeader(VERSION, version.toString());
		}

		@Override
		public CloudEventContextWriter withContextAttribute(String name, String value) {
			if (name.equals("datacontenttype")) {
				this.headers.setHeader(MessageHeaders.CONTENT_TYPE, mimeType(value));
			}
			else {
				this.headers.setHeader(CloudEventHeaders.header(name), CloudEventHeaders.encode(value));
			}
			return this;
		}

		@Override
		public Message<byte[]> end(CloudEventData data) {
			return new GenericMessage<>(data.toBytes(), this.headers.getMessageHeaders());
		}

		@Override
		public Message<byte[]> end() {
			return new GenericMessage<>(new byte[0], this.headers.getMessageHeaders());
		}

	}

}
