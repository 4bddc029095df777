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

package io.github.jetstreamspring.publisher;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.messaging.CloudEventHeaders;
import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.github.jetstreamspring.messaging.MessageTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Makes bytes of payloads, and the headers that say what they are.
 *
 * @since 0.1.0
 */
public final class PayloadWriter {

	private static final String CONTENT_TYPE = "Content-Type";

	private static final List<MimeType> EXPECTED = List.of(MimeTypeUtils.APPLICATION_JSON, MimeTypeUtils.TEXT_PLAIN,
			MimeTypeUtils.APPLICATION_OCTET_STREAM);

	private final MessageConverter converter;

	private final MessageTypes types;

	private final ContentEncodings encodings;

	/**
	 * Creates a writer.
	 * @param converter converts payloads
	 * @param types the names of their types
	 * @param encodings tells which payloads are compressed
	 */
	public PayloadWriter(MessageConverter converter, MessageTypes types, ContentEncodings encodings) {
		this.converter = converter;
		this.types = types;
		this.encodings = encodings;
	}

	/**
	 * Creates a writer of the beans that an application has.
	 * @param beanFactory has a message converter, and may have {@link MessageTypes} and
	 * {@link ContentEncodings}
	 * @return the writer
	 */
	public static PayloadWriter of(ConfigurableListableBeanFactory beanFactory) {
		MessageTypes types = beanFactory.getBeanProvider(MessageTypes.class).getIfAvailable();
		ContentEncodings encodings = beanFactory.getBeanProvider(ContentEncodings.class).getIfAvailable();
		return new PayloadWriter(MessageConverterLookup.find(beanFactory), (types != null) ? types : new MessageTypes(),
				(encodings != null) ? encodings : ContentEncodings.DEFAULTS);
	}

	MessageConverter converter() {
		return this.converter;
	}

	/**
	 * Makes bytes of a payload.
	 * @param payload the payload
	 * @param headers the headers of its message, which get what the reader has to know
	 * unless they have it: the name of the type, the content type if it isn't what
	 * everybody expects, the encoding
	 * @return the bytes
	 * @throws MessageConversionException if it can't be converted
	 */
	public byte[] write(Object payload, HeaderFields headers) {
		Message<?> message = convert(payload, contentType(headers));
		byte[] bytes = bytes(message, payload);
		String type = (headers.getFirst(this.types.header()) == null) ? this.types.nameOf(payload) : null;
		if (type != null) {
			headers.put(this.types.header(), type);
		}
		addContentType(message, headers, addAttributes(message, headers));
		return this.encodings.encode(bytes, headers);
	}

	/**
	 * Makes bytes of a payload that has no headers.
	 * @param payload the payload
	 * @return the bytes
	 * @throws MessageConversionException if it can't be converted
	 */
	byte[] write(Object payload) {
		return bytes(convert(payload, null), payload);
	}

	private @Nullable Message<?> convert(Object payload, @Nullable MimeType contentType) {
		// Left open, as only the payload is looked at: a message of its own would copy
		// the headers and get an id
		MessageHeaderAccessor headers = new MessageHeaderAccessor();
		headers.setLeaveMutable(true);
		if (contentType != null) {
			headers.setHeader(MessageHeaders.CONTENT_TYPE, contentType);
		}
		return this.converter.toMessage(payload, headers.getMessageHeaders());
	}

	private static byte[] bytes(@Nullable Message<?> message, Object payload) {
		Object written = (message != null) ? message.getPayload() : null;
		if (written instanceof byte[] bytes) {
			return bytes;
		}
		if (written instanceof String text) {
			return text.getBytes(StandardCharsets.UTF_8);
		}
		throw new MessageConversionException(
				"The message converter makes neither bytes nor text of a " + payload.getClass().getName());
	}

	// That of a converter whose messages not everybody would take for what they are
	// In any case that of an event, which is one of its attributes
	private static void addContentType(@Nullable Message<?> message, HeaderFields headers, boolean event) {
		Object type = (message != null) ? message.getHeaders().get(MessageHeaders.CONTENT_TYPE) : null;
		if (type instanceof MimeType written && (event || EXPECTED.stream().noneMatch(written::equalsTypeAndSubtype))
				&& headers.getFirst(CONTENT_TYPE) == null) {
			headers.put(CONTENT_TYPE, written.toString());
		}
	}

	private static boolean addAttributes(@Nullable Message<?> message, HeaderFields headers) {
		boolean event = false;
		for (Map.Entry<String, Object> header : (message != null) ? message.getHeaders().entrySet()
				: Set.<Map.Entry<String, Object>>of()) {
			if (CloudEventHeaders.isOne(header.getKey())) {
				event = true;
				if (headers.getFirst(header.getKey()) == null) {
					headers.put(header.getKey(), header.getValue().toString());
				}
			}
		}
		return event;
	}

	// What the caller says of the payload is made true, such as the charset of a text
	private static @Nullable MimeType contentType(HeaderFields headers) {
		String text = headers.getFirst(CONTENT_TYPE);
		try {
			return (text != null) ? MimeTypeUtils.parseMimeType(text) : null;
		}
		catch (InvalidMimeTypeException ex) {
			return null;
		}
	}

}
