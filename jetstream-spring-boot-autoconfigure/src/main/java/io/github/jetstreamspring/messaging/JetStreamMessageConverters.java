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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.util.ClassUtils;

/**
 * The message converters of listeners and publishers: {@code byte[]} and {@code String}
 * as they are, classes that Protobuf has generated in its binary format and CloudEvents
 * where their libraries are there, everything else as JSON.
 *
 * @since 0.1.0
 */
public final class JetStreamMessageConverters {

	private static final boolean PROTOBUF = ClassUtils.isPresent("com.google.protobuf.MessageLite",
			JetStreamMessageConverters.class.getClassLoader());

	private static final boolean CLOUD_EVENTS = ClassUtils.isPresent("io.cloudevents.core.CloudEventUtils",
			JetStreamMessageConverters.class.getClassLoader());

	private JetStreamMessageConverters() {
	}

	/**
	 * Creates the default converter.
	 * @param jsonMapper writes and reads everything that is neither bytes nor text
	 * @return a converter that chooses by the Java type alone
	 */
	public static MessageConverter json(JsonMapper jsonMapper) {
		List<MessageConverter> converters = withoutJson();
		converters.add(new JsonConverter(jsonMapper));
		return all(converters);
	}

	/**
	 * Creates a converter for applications without JSON.
	 * @return a converter for {@code byte[]}, {@code String}, classes of Protobuf and
	 * CloudEvents only
	 */
	public static MessageConverter text() {
		return all(withoutJson());
	}

	/**
	 * Returns whether a converter can make no message an object of a type, as far as that
	 * can be told before messages come.
	 * @param converter the converter
	 * @param type the type
	 * @return whether it is known that it can't; never of a converter that isn't one of
	 * those made here
	 */
	public static boolean isUnreadable(MessageConverter converter, Class<?> type) {
		if (converter instanceof CompositeMessageConverter all) {
			for (MessageConverter each : all.getConverters()) {
				if (!isUnreadable(each, type)) {
					return false;
				}
			}
			return true;
		}
		return converter instanceof KnownTypes known && known.isUnreadable(type);
	}

	private static MessageConverter all(List<MessageConverter> converters) {
		CompositeMessageConverter all = new CompositeMessageConverter(converters);
		return CLOUD_EVENTS ? new CloudEventConverter(all) : all;
	}

	private static List<MessageConverter> withoutJson() {
		List<MessageConverter> converters = new ArrayList<>();
		converters.add(new BytesConverter());
		converters.add(new TextConverter());
		if (PROTOBUF) {
			converters.add(new ProtobufConverter());
		}
		return converters;
	}

	/**
	 * Leaves bytes as they are, of whatever type of content.
	 */
	private static final class BytesConverter extends ByteArrayMessageConverter implements KnownTypes {

		BytesConverter() {
			setContentTypeResolver((headers) -> null);
		}

		@Override
		public boolean isUnreadable(Class<?> type) {
			return !supports(type);
		}

	}

	/**
	 * Reads and writes texts of all types of content, in the charset that it names. A
	 * handler that asks for a String wants the text of a JSON message too, and a
	 * publisher in another language may name no content type or an odd one.
	 */
	private static final class TextConverter extends StringMessageConverter implements KnownTypes {

		@Override
		protected boolean supportsMimeType(@Nullable MessageHeaders headers) {
			return true;
		}

		@Override
		public boolean isUnreadable(Class<?> type) {
			return !supports(type);
		}

	}

}
