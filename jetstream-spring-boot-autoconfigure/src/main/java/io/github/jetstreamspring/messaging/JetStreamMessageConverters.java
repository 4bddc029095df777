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
import org.springframework.messaging.converter.AbstractMessageConverter;
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

	private static MessageConverter all(List<MessageConverter> converters) {
		CompositeMessageConverter all = new CompositeMessageConverter(converters);
		return CLOUD_EVENTS ? new CloudEventConverter(all) : all;
	}

	private static List<MessageConverter> withoutJson() {
		List<MessageConverter> converters = new ArrayList<>();
		converters.add(byType(new ByteArrayMessageConverter()));
		converters.add(new TextConverter());
		if (PROTOBUF) {
			converters.add(new ProtobufConverter());
		}
		return converters;
	}

	// A handler that asks for a String wants the text of a JSON message too, and a
	// publisher in another language may name no content type or an odd one.
	private static MessageConverter byType(AbstractMessageConverter converter) {
		converter.setContentTypeResolver((headers) -> null);
		return converter;
	}

	/**
	 * Reads and writes texts of all types of content, in the charset that it names.
	 */
	private static final class TextConverter extends StringMessageConverter {

		@Override
		protected boolean supportsMimeType(@Nullable MessageHeaders headers) {
			return true;
		}

	}

}
