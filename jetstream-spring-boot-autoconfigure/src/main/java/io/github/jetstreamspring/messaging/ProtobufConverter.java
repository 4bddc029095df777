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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.util.MimeType;

/**
 * Reads and writes the classes that are generated of Protobuf's messages, in its binary
 * format. In a class of its own, as it needs the library.
 */
final class ProtobufConverter extends AbstractMessageConverter implements KnownTypes {

	private static final MimeType PROTOBUF = new MimeType("application", "x-protobuf");

	private final Map<Class<?>, MessageLite> defaults = new ConcurrentHashMap<>();

	ProtobufConverter() {
		super(PROTOBUF);
		// By the Java type alone, as publishers have several names for it
		setContentTypeResolver((headers) -> null);
	}

	@Override
	protected boolean supports(Class<?> type) {
		return MessageLite.class.isAssignableFrom(type);
	}

	@Override
	public boolean isUnreadable(Class<?> type) {
		return !supports(type);
	}

	@Override
	protected Object convertFromInternal(Message<?> message, Class<?> targetClass, @Nullable Object conversionHint) {
		try {
			return this.defaults.computeIfAbsent(targetClass, ProtobufConverter::defaultInstance)
				.getParserForType()
				.parseFrom((byte[]) message.getPayload());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new MessageConversionException(message, "No message of Protobuf", ex);
		}
	}

	@Override
	protected Object convertToInternal(Object payload, @Nullable MessageHeaders headers,
			@Nullable Object conversionHint) {
		return ((MessageLite) payload).toByteArray();
	}

	private static MessageLite defaultInstance(Class<?> type) {
		try {
			Method method = type.getMethod("getDefaultInstance");
			return (MessageLite) method.invoke(null);
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException | ClassCastException ex) {
			throw new MessageConversionException("%s is no class that Protobuf has generated".formatted(type.getName()),
					ex);
		}
	}

}
