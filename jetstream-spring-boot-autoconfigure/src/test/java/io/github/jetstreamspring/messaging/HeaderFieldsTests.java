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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HeaderFields} and {@link TextHeaders}.
 */
class HeaderFieldsTests {

	private static final String NAME = "Müller 日本 🙂";

	@Test
	void asciiHeadersAreTheClients() {
		Headers headers = new HeaderFields().put("a", "1").add("a", "2").put("b", "3").toHeaders();
		assertThat(headers).isExactlyInstanceOf(Headers.class);
		assertThat(headers.isReadOnly()).isTrue();
		assertThat(headers.toMap()).isEqualTo(Map.of("a", List.of("1", "2"), "b", List.of("3")));
	}

	@Test
	void otherHeadersAreUtf8OnTheWireInTheirOrder() {
		Headers headers = new HeaderFields().put("a", "1").put("name", NAME).add("a", "zwölf").toHeaders();
		assertThat(new String(headers.getSerialized(), StandardCharsets.UTF_8))
			.isEqualTo("NATS/1.0\r\na:1\r\na:zwölf\r\nname:" + NAME + "\r\n\r\n");
		byte[] copied = new byte[headers.serializedLength() + 3];
		assertThat(headers.serializeToArray(3, copied)).isEqualTo(headers.serializedLength());
		assertThat(copied).endsWith(headers.getSerialized());
	}

	@Test
	void theClientSendsThemAsTheyAre() {
		Headers headers = new HeaderFields().put("name", NAME).toHeaders();
		NatsMessage message = new NatsMessage("subject", null, headers, new byte[3]);
		assertThat(message.consumeByteCount()).isPositive();
		assertThat(message.getHeaders()).isSameAs(headers);
		assertThat(headers.isReadOnly()).isTrue();
	}

	@Test
	void theyAreReadAsTheClientsOwnHeaders() {
		Headers headers = new HeaderFields().put("Name", NAME).add("Name", "2").put("größe", "1").toHeaders();
		assertThat(headers.size()).isEqualTo(2);
		assertThat(headers.isEmpty()).isFalse();
		assertThat(headers.keySet()).containsExactly("Name", "größe");
		assertThat(headers.keySetIgnoreCase()).containsExactlyInAnyOrder("name", "größe");
		assertThat(headers.containsKey("Name")).isTrue();
		assertThat(headers.containsKey("name")).isFalse();
		assertThat(headers.containsKeyIgnoreCase("name")).isTrue();
		assertThat(headers.get("Name")).containsExactly(NAME, "2");
		assertThat(headers.getFirst("Name")).isEqualTo(NAME);
		assertThat(headers.getLast("Name")).isEqualTo("2");
		assertThat(headers.getFirst("name")).isNull();
		assertThat(headers.getIgnoreCase("NAME")).containsExactly(NAME, "2");
		assertThat(headers.entrySet()).hasSize(2);
		assertThat(headers.toMap()).containsEntry("größe", List.of("1"));
		assertThat(headers).hasToString("Name:" + NAME + "; Name:2; größe:1")
			.isEqualTo(new HeaderFields(headers).toHeaders())
			.hasSameHashCodeAs(new HeaderFields(headers).toHeaders())
			.isNotEqualTo(new HeaderFields(headers).put("a", "1").toHeaders());
	}

	@Test
	void theyCantBeChanged() {
		Headers headers = new HeaderFields().put("name", NAME).toHeaders();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.put("a", "1"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.remove("name"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(headers::clear);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> headers.get("name").add("another"));
	}

	@Test
	void aCopyByTheClientLosesNoValue() {
		Headers copy = new Headers(new HeaderFields().put("a", "1").put("name", "Müller").toHeaders());
		assertThat(copy.toMap()).isEqualTo(Map.of("a", List.of("1"), "name", List.of("=?UTF-8?B?TcO8bGxlcg==?=")));
	}

	@Test
	void headersAreReplacedAndTakenAway() {
		HeaderFields fields = new HeaderFields().put("a", "1").put("name", NAME);
		fields.put("a", List.of("2", "3")).remove("name").remove("absent");
		assertThat(fields.toHeaders().toMap()).isEqualTo(Map.of("a", List.of("2", "3")));
		assertThat(fields.getFirst("a")).isEqualTo("2");
		assertThat(fields.getFirst("name")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ü\r\nForged: 1", "ü\n", "ü\rx" })
	void lineBreaksAreRefusedEverywhere(String value) {
		assertThat(HeaderFields.isValue(value)).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> new HeaderFields().put("name", value))
			.withMessageContaining("'name'");
		assertThatIllegalArgumentException().isThrownBy(() -> new HeaderFields().add("ü\n", "1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "a\tb", "Müller", "日本", "🙂", "\u00a0", "a:b", "a\0b", "a\u007fb" })
	void textOnOneLineIsAValue(String value) {
		assertThat(HeaderFields.isValue(value)).isTrue();
	}

	@Test
	void halfACharacterIsNoValue() {
		assertThat(HeaderFields.isValue("🙂".substring(0, 1))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a:b", "größe", "a\tb", "a\u007f" })
	void whatIsNoPlainAsciiIsNoName(String name) {
		assertThat(HeaderFields.isName(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Nats-Msg-Id", "nats-rollup", "NATS-TTL", "Nats-" })
	void theServersOwnNamesAreReservedInWhateverCase(String name) {
		assertThat(HeaderFields.isReserved(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Nats", "Natsional-Id", "X-Nats-Msg-Id", "JetStream-Retry-Attempts", "tenant" })
	void otherNamesAreNotReserved(String name) {
		assertThat(HeaderFields.isReserved(name)).isFalse();
	}

}
