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

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;

import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.Delivery;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.ReflectionUtils;

/**
 * What a parameter wants of a message.
 */
enum ParameterKind {

	/**
	 * The payload, converted.
	 */
	PAYLOAD,

	/**
	 * One header.
	 */
	HEADER,

	/**
	 * All headers.
	 */
	HEADERS,

	/**
	 * Payload and headers as a message of Spring.
	 */
	MESSAGE,

	/**
	 * The message as the client received it.
	 */
	NATS_MESSAGE,

	/**
	 * The handle to settle the message with.
	 */
	DELIVERY,

	/**
	 * The dead letter that the message is.
	 */
	DEAD_LETTER,

	/**
	 * Something of the application's own.
	 */
	OWN;

	static ParameterKind of(MethodParameter parameter) {
		if (parameter.hasParameterAnnotation(Payload.class)) {
			return PAYLOAD;
		}
		if (parameter.hasParameterAnnotation(Header.class)) {
			return HEADER;
		}
		return parameter.hasParameterAnnotation(Headers.class) ? HEADERS : ofType(parameter.getParameterType());
	}

	/**
	 * Returns what a parameter of a type wants that has no annotation.
	 * @param type the type
	 * @return what it wants
	 */
	static ParameterKind ofType(Class<?> type) {
		if (type == MessageHeaders.class || MessageHeaderAccessor.class.isAssignableFrom(type)) {
			return HEADERS;
		}
		if (Message.class.isAssignableFrom(type)) {
			return MESSAGE;
		}
		if (type == io.nats.client.Message.class) {
			return NATS_MESSAGE;
		}
		if (type == StoredDeadLetter.class) {
			return DEAD_LETTER;
		}
		return (type == Delivery.class) ? DELIVERY : PAYLOAD;
	}

	/**
	 * Whether a type can hold all headers.
	 * @param type the type of a parameter of the kind {@link #HEADERS}
	 * @return whether it can
	 */
	static boolean isHeaders(Class<?> type) {
		if (MessageHeaderAccessor.class.isAssignableFrom(type)) {
			// What makes the accessor is called by reflection
			Method wrap = ReflectionUtils.findMethod(type, "wrap", Message.class);
			return type == MessageHeaderAccessor.class || (wrap != null && Modifier.isPublic(type.getModifiers())
					&& Modifier.isPublic(wrap.getModifiers()) && Modifier.isStatic(wrap.getModifiers()));
		}
		return Map.class.isAssignableFrom(type) && type.isAssignableFrom(MessageHeaders.class);
	}

}
