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

import com.google.protobuf.Duration;
import com.google.protobuf.MessageLite;
import com.google.protobuf.StringValue;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageHeaderAccessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ProtobufConverter}.
 */
class ProtobufConverterTests {

	private final MessageConverter converter = JetStreamMessageConverters.json(JsonMapper.shared());

	@Test
	void whenThePayloadIsAMessageOfProtobufThenItIsWrittenAndReadInItsFormat() {
		StringValue value = StringValue.of("grün");
		MessageHeaderAccessor headers = new MessageHeaderAccessor();
		headers.setLeaveMutable(true);
		Message<?> written = this.converter.toMessage(value, headers.getMessageHeaders());
		assertThat(written).isNotNull();
		assertThat(written.getPayload()).isEqualTo(value.toByteArray());
		assertThat(written.getHeaders().get(MessageHeaders.CONTENT_TYPE)).hasToString("application/x-protobuf");
		assertThat(this.converter.fromMessage(received(value.toByteArray(), "application/protobuf"), StringValue.class))
			.isEqualTo(value);
		assertThat(this.converter.fromMessage(received(new byte[0], "application/x-protobuf"), Duration.class))
			.isEqualTo(Duration.getDefaultInstance());
	}

	@Test
	void whenThePayloadIsNoneThenThatIsAFailure() {
		assertThatExceptionOfType(MessageConversionException.class).isThrownBy(
				() -> this.converter.fromMessage(received("{}".getBytes(), "application/json"), StringValue.class));
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> this.converter.fromMessage(received(new byte[0], "a/b"), MessageLite.class))
			.withMessageContaining("is no class that Protobuf has generated");
	}

	private static Message<byte[]> received(byte[] data, String type) {
		return NatsMessages.toMessage(new NatsMessage("a", null, new Headers().put("Content-Type", type), data), "a");
	}

}
