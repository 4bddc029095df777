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

import java.lang.reflect.Modifier;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.MimeType;

/**
 * Reads and writes JSON of all types of content, in the charset that the content type
 * names, if it names one. JSON is UTF-8 by itself, and Jackson recognizes UTF-16 and
 * UTF-32.
 */
final class JsonConverter extends JacksonJsonMessageConverter implements KnownTypes {

	// What JSON tells the type of by itself
	private static final List<Class<?>> SCALARS = List.of(String.class, Boolean.class, Integer.class, Double.class);

	JsonConverter(JsonMapper jsonMapper) {
		super(jsonMapper);
		// A publisher in another language may name no content type or an odd one
		setContentTypeResolver((headers) -> null);
	}

	// Such as an interface of which nobody says which class to make
	@Override
	public boolean isUnreadable(Class<?> type) {
		if (!Modifier.isAbstract(type.getModifiers()) || type.isPrimitive() || type.isArray()
				|| SCALARS.stream().anyMatch(type::isAssignableFrom)) {
			return false;
		}
		try {
			getJsonMapper().readValue("{}", type);
			return false;
		}
		catch (InvalidDefinitionException ex) {
			return ex.getType() != null && ex.getType().hasRawClass(type);
		}
		catch (RuntimeException ex) {
			// It can be read of something else
			return false;
		}
	}

	@Override
	protected @Nullable Object convertFromInternal(Message<?> message, Class<?> targetClass,
			@Nullable Object conversionHint) {
		Charset charset = charset(message.getHeaders());
		if (charset != null && message.getPayload() instanceof byte[] bytes) {
			return super.convertFromInternal(new GenericMessage<>(new String(bytes, charset), message.getHeaders()),
					targetClass, conversionHint);
		}
		return super.convertFromInternal(message, targetClass, conversionHint);
	}

	@Override
	protected @Nullable Object convertToInternal(Object payload, @Nullable MessageHeaders headers,
			@Nullable Object conversionHint) {
		Object written = super.convertToInternal(payload, headers, conversionHint);
		Charset charset = (headers != null) ? charset(headers) : null;
		return (charset != null && written instanceof byte[] bytes)
				? encode(new String(bytes, StandardCharsets.UTF_8), charset) : written;
	}

	// Null for those that need not be named
	private static @Nullable Charset charset(MessageHeaders headers) {
		Charset charset = (headers.get(MessageHeaders.CONTENT_TYPE) instanceof MimeType type) ? type.getCharset()
				: null;
		return (charset == null || charset.equals(StandardCharsets.UTF_8)) ? null : charset;
	}

	// What isn't ASCII is within texts, where it can be escaped
	private static byte[] encode(String json, Charset charset) {
		CharsetEncoder encoder = charset.newEncoder();
		if (encoder.canEncode(json)) {
			return json.getBytes(charset);
		}
		StringBuilder escaped = new StringBuilder(json.length());
		for (int i = 0; i < json.length(); i++) {
			char character = json.charAt(i);
			if (character < 128 || encoder.canEncode(character)) {
				escaped.append(character);
			}
			else {
				escaped.append("\\u%04x".formatted((int) character));
			}
		}
		return escaped.toString().getBytes(charset);
	}

}
