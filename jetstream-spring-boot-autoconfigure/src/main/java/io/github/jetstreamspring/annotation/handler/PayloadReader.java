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

import java.nio.charset.StandardCharsets;

import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.RetryException;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.ConversionFailure;
import io.github.jetstreamspring.messaging.MessageTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.util.ClassUtils;

/**
 * Makes an object of a message's data, of the type that a parameter has.
 */
final class PayloadReader {

	private static final String PROBLEM = "The payload can't be converted: ";

	// With some blanks around it
	private static final int MAX_NULL_LENGTH = 64;

	private final MethodParameter parameter;

	private final Class<?> type;

	private final boolean raw;

	private final MessageConverter converter;

	private final Subtypes subtypes;

	private final ContentEncodings encodings;

	/**
	 * Creates a reader.
	 * @param parameter the parameter, whose type is that of the payload
	 * @param converter converts what is to be more than bytes
	 * @param types tell what a payload is that may be of several types
	 * @param encodings decompress payloads
	 */
	PayloadReader(MethodParameter parameter, MessageConverter converter, MessageTypes types,
			ContentEncodings encodings) {
		this.parameter = parameter;
		this.type = parameter.getParameterType();
		this.raw = this.type.isAssignableFrom(byte[].class);
		this.converter = converter;
		this.subtypes = Subtypes.of(parameter, types);
		this.encodings = encodings;
	}

	/**
	 * Returns of what type payloads are.
	 * @return the type, or one that they extend
	 */
	Class<?> type() {
		return this.type;
	}

	/**
	 * Whether the payload is the message's data as it is.
	 * @return whether nothing is converted
	 */
	boolean isRaw() {
		return this.raw;
	}

	/**
	 * Reads the payload of a message.
	 * @param incoming the message, which is not empty
	 * @return the payload, or {@code null} if it is JSON's {@code null}
	 * @throws UnprocessableMessageException if it can't be converted
	 */
	@Nullable Object read(ArgumentSource incoming) {
		return this.raw ? raw(incoming) : convert(incoming);
	}

	private byte[] raw(ArgumentSource incoming) {
		return isEncoded(incoming) ? message(incoming).getPayload() : incoming.data();
	}

	/**
	 * Returns the message that payloads are read of. What bytes are in an encoding that
	 * is unknown is left to whoever wants bytes.
	 */
	Message<byte[]> message(ArgumentSource incoming) {
		return (this.raw && !isEncoded(incoming)) ? incoming.message() : incoming.decoded(this.encodings);
	}

	private static boolean isEncoded(ArgumentSource incoming) {
		String encoding = ContentEncodings.of(incoming.natsMessage());
		return encoding != null && ContentEncodings.isKnown(encoding);
	}

	private @Nullable Object convert(ArgumentSource incoming) {
		MethodParameter target = this.subtypes.select(incoming);
		Class<?> type = target.getParameterType();
		Message<byte[]> message = message(incoming);
		Object payload;
		try {
			payload = (this.converter instanceof SmartMessageConverter smart) ? smart.fromMessage(message, type, target)
					: this.converter.fromMessage(message, type);
		}
		catch (DeadLetterException | RetryException ex) {
			// A converter that knows what is to become of the message
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new UnprocessableMessageException(
					PROBLEM + ConversionFailure.describe(ex, name(type)) + this.subtypes.hint(incoming),
					ConversionFailure.withoutText(ex));
		}
		if (payload == null && !isJsonNull(message.getPayload())) {
			throw new UnprocessableMessageException(PROBLEM + "no message converter is for " + name(type), null);
		}
		return payload;
	}

	private static String name(Class<?> type) {
		return ClassUtils.getQualifiedName(type);
	}

	// Converters return null for it as well as for what they are not for
	private static boolean isJsonNull(byte[] data) {
		return data.length < MAX_NULL_LENGTH && new String(data, StandardCharsets.UTF_8).strip().equals("null");
	}

}
