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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeType;

/**
 * The headers of a received message, looked up where they are. Most handlers read one of
 * them or none, so they are copied only for those who want them all.
 */
final class ReceivedHeaders extends MessageHeaders {

	private static final long serialVersionUID = 1L;

	private final transient Message message;

	private static final Set<String> OF_DELIVERY = Set.of(JetStreamHeaders.STREAM, JetStreamHeaders.CONSUMER,
			JetStreamHeaders.SEQUENCE, JetStreamHeaders.ATTEMPT);

	private final transient Object delivery;

	private final transient @Nullable Function<String, Object> values;

	private transient @Nullable MessageHeaders all;

	ReceivedHeaders(Message message, Object delivery, @Nullable Function<String, Object> values) {
		super(Map.of(), ID_VALUE_NONE, -1L);
		this.message = message;
		this.delivery = delivery;
		this.values = values;
	}

	@Override
	public @Nullable Object get(Object key) {
		if (key.equals(JetStreamHeaders.SUBJECT)) {
			return this.message.getSubject();
		}
		if (key.equals(JetStreamHeaders.MESSAGE)) {
			return this.message;
		}
		if (key.equals(JetStreamHeaders.DELIVERY)) {
			return this.delivery;
		}
		if (this.values != null && key instanceof String name && OF_DELIVERY.contains(name)) {
			return this.values.apply(name);
		}
		Headers headers = this.message.getHeaders();
		if (headers == null || !(key instanceof String name)
				|| name.equals(NativeMessageHeaderAccessor.NATIVE_HEADERS)) {
			return null;
		}
		if (name.equals(CONTENT_TYPE)) {
			return ContentTypes.of(headers);
		}
		List<String> values = headers.get(name);
		return (values != null) ? NatsMessages.headerValue(values) : null;
	}

	@Override
	public <T> @Nullable T get(Object key, Class<T> type) {
		return typed(key, get(key), type);
	}

	private static <T> @Nullable T typed(Object key, @Nullable Object value, Class<T> type) {
		if (value != null && !type.isInstance(value)) {
			if (isSprings(key)) {
				// A publisher's header of the same name, which is another thing
				return null;
			}
			throw new IllegalArgumentException("Header '%s' is a %s, not a %s".formatted(key,
					value.getClass().getSimpleName(), type.getSimpleName()));
		}
		return type.cast(value);
	}

	private static boolean isSprings(Object key) {
		return key.equals(ID) || key.equals(TIMESTAMP);
	}

	@Override
	public boolean containsKey(Object key) {
		return get(key) != null;
	}

	@Override
	public boolean containsValue(Object value) {
		return all().containsValue(value);
	}

	@Override
	public Set<Map.Entry<String, Object>> entrySet() {
		return all().entrySet();
	}

	@Override
	public Set<String> keySet() {
		return all().keySet();
	}

	@Override
	public Collection<Object> values() {
		return all().values();
	}

	@Override
	public boolean isEmpty() {
		return false;
	}

	@Override
	public int size() {
		return all().size();
	}

	@Override
	protected Map<String, Object> getRawHeaders() {
		return all();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || all().equals((other instanceof ReceivedHeaders received) ? received.all() : other);
	}

	@Override
	public int hashCode() {
		return all().hashCode();
	}

	@Override
	public String toString() {
		return all().toString();
	}

	private Object writeReplace() {
		return all();
	}

	private MessageHeaders all() {
		MessageHeaders copied = this.all;
		if (copied == null) {
			copied = new CopiedHeaders(copy());
			this.all = copied;
		}
		return copied;
	}

	private Map<String, Object> copy() {
		Headers headers = this.message.getHeaders();
		Map<String, Object> values = NatsMessages.headerValues(headers);
		// Spring takes it for a map of its own
		values.remove(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		MimeType contentType = (headers != null) ? ContentTypes.of(headers) : null;
		if (contentType != null) {
			values.put(CONTENT_TYPE, contentType);
		}
		else {
			values.remove(CONTENT_TYPE);
		}
		values.put(JetStreamHeaders.SUBJECT, this.message.getSubject());
		values.put(JetStreamHeaders.MESSAGE, this.message);
		values.put(JetStreamHeaders.DELIVERY, this.delivery);
		Function<String, Object> ofDelivery = this.values;
		if (ofDelivery != null) {
			OF_DELIVERY.forEach((name) -> values.put(name, ofDelivery.apply(name)));
		}
		return values;
	}

	/**
	 * Headers without the random id and the time that Spring adds to each message; the
	 * stream's sequence and time say more, and cost nothing.
	 */
	private static final class CopiedHeaders extends MessageHeaders {

		private static final long serialVersionUID = 1L;

		CopiedHeaders(Map<String, Object> values) {
			super(values, ID_VALUE_NONE, -1L);
			// Those of the publisher, as they are no others here
			values.forEach((name, value) -> getRawHeaders().putIfAbsent(name, value));
		}

		@Override
		public <T> @Nullable T get(Object key, Class<T> type) {
			return typed(key, get(key), type);
		}

	}

}
