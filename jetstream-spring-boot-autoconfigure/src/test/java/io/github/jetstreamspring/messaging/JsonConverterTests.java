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

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.MimeType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonConverter}.
 */
class JsonConverterTests {

	private final MessageConverter converter = JetStreamMessageConverters.json(JsonMapper.shared());

	@ParameterizedTest
	@ValueSource(strings = { "ISO-8859-1", "UTF-8", "UTF-16", "windows-1252" })
	void whenTheContentTypeNamesACharsetThenJsonIsReadAndWrittenInThat(String name) {
		Charset charset = Charset.forName(name);
		String type = "application/json;charset=" + name;
		assertThat(read("{\"name\":\"grün\"}".getBytes(charset), type)).isEqualTo(new Named("grün"));
		byte[] written = write(new Named("grün"), type);
		assertThat(new String(written, charset)).isEqualTo("{\"name\":\"grün\"}");
	}

	@Test
	void whenACharsetHasNotAllCharactersThenTheOthersAreEscaped() {
		byte[] written = write(new Named("grün 語 😀"), "application/json;charset=ISO-8859-1");
		assertThat(new String(written, StandardCharsets.ISO_8859_1))
			.isEqualTo("{\"name\":\"grün \\u8a9e \\ud83d\\ude00\"}");
		assertThat(read(written, "application/json;charset=ISO-8859-1")).isEqualTo(new Named("grün 語 😀"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "text/plain", "application/octet-stream" })
	void whenTheContentTypeNamesNoCharsetThenJsonIsUtf8(String type) {
		assertThat(read("{\"name\":\"grün\"}".getBytes(StandardCharsets.UTF_8), type)).isEqualTo(new Named("grün"));
		assertThat(write(new Named("grün"), type)).isEqualTo("{\"name\":\"grün\"}".getBytes(StandardCharsets.UTF_8));
	}

	private @Nullable Object read(byte[] data, String type) {
		return this.converter
			.fromMessage(
					NatsMessages.toMessage(
							new NatsMessage("jobs.a", null, new Headers().put("Content-Type", type), data), "delivery"),
					Named.class);
	}

	private byte[] write(Object payload, String type) {
		Message<?> message = this.converter.toMessage(payload,
				new MessageHeaders(Map.of(MessageHeaders.CONTENT_TYPE, MimeType.valueOf(type))));
		assertThat(message).isNotNull();
		return (byte[]) message.getPayload();
	}

	record Named(String name) {
	}

}
