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
import java.util.Locale;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.rw.CloudEventRWException;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.MimeType;

/**
 * Reads and writes {@link CloudEvent}s: in binary mode, where attributes are headers and
 * the payload is the data, and in structured mode, where the payload is the whole event.
 * Of an event in structured mode it also reads the data for those who ask for that. In a
 * class of its own, as it needs the library.
 */
final class CloudEventConverter implements SmartMessageConverter, KnownTypes {

	private static final String TYPE = "application";

	private static final String SUBTYPE = "cloudevents";

	private static final String JSON_LIBRARY = "io.cloudevents:cloudevents-json-jackson";

	private final SmartMessageConverter payloads;

	/**
	 * Creates a converter.
	 * @param payloads converts what isn't an event
	 */
	CloudEventConverter(SmartMessageConverter payloads) {
		this.payloads = payloads;
	}

	@Override
	public boolean isUnreadable(Class<?> type) {
		return !CloudEvent.class.isAssignableFrom(type) && JetStreamMessageConverters.isUnreadable(this.payloads, type);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
		return fromMessage(message, targetClass, null);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass, @Nullable Object conversionHint) {
		MimeType structured = structured(message.getHeaders());
		if (CloudEvent.class.isAssignableFrom(targetClass)) {
			return (structured != null) ? read(message, structured) : CloudEventMessages.read(message);
		}
		if (structured == null || isText(targetClass)) {
			return this.payloads.fromMessage(message, targetClass, conversionHint);
		}
		CloudEvent event = read(message, structured);
		return this.payloads.fromMessage(new GenericMessage<>(data(event), headersOf(event, message.getHeaders())),
				targetClass, conversionHint);
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
		return toMessage(payload, headers, null);
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers,
			@Nullable Object conversionHint) {
		if (!(payload instanceof CloudEvent event)) {
			return this.payloads.toMessage(payload, headers, conversionHint);
		}
		MimeType structured = (headers != null) ? structured(headers) : null;
		try {
			return (headers != null && structured != null)
					? new GenericMessage<>(format(structured).serialize(event), headers)
					: CloudEventMessages.write(event, headers);
		}
		catch (CloudEventRWException ex) {
			throw new MessageConversionException("The CloudEvent can't be written", ex);
		}
	}

	// Whoever asks for a text wants that of the whole message, whatever it is
	private static boolean isText(Class<?> type) {
		return type == String.class || type == byte[].class;
	}

	private static CloudEvent read(Message<?> message, MimeType type) {
		try {
			return format(type).deserialize((byte[]) message.getPayload());
		}
		catch (CloudEventRWException ex) {
			throw new MessageConversionException(message, "No CloudEvent", ex);
		}
	}

	private static byte[] data(CloudEvent event) {
		CloudEventData data = event.getData();
		return (data != null) ? data.toBytes() : new byte[0];
	}

	private static MessageHeaders headersOf(CloudEvent event, MessageHeaders headers) {
		MessageHeaderAccessor accessor = new MessageHeaderAccessor();
		accessor.copyHeaders(headers);
		accessor.removeHeader(MessageHeaders.CONTENT_TYPE);
		String type = event.getDataContentType();
		if (type != null) {
			accessor.setHeader(MessageHeaders.CONTENT_TYPE, CloudEventMessages.mimeType(type));
		}
		return accessor.getMessageHeaders();
	}

	private static @Nullable MimeType structured(MessageHeaders headers) {
		Object type = headers.get(MessageHeaders.CONTENT_TYPE);
		return (type instanceof MimeType mimeType && mimeType.getType().equalsIgnoreCase(TYPE)
				&& List.of(mimeType.getSubtype().toLowerCase(Locale.ROOT).split("\\+", 2)).get(0).equals(SUBTYPE))
						? mimeType : null;
	}

	private static EventFormat format(MimeType type) {
		EventFormat format = EventFormatProvider.getInstance()
			.resolveFormat(type.getType() + "/" + type.getSubtype().toLowerCase(Locale.ROOT));
		if (format == null) {
			throw new UnreadableFormatException(
					"no library on the class path knows this format of CloudEvents; that for JSON is " + JSON_LIBRARY);
		}
		return format;
	}

}
