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

package io.github.jetstreamspring.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.nats.client.support.IncomingHeadersProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HeaderCheck}.
 */
class HeaderCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "\r\n", "X-Name: value\r\n\r\n", "X-Name:value\r\nX-Name: 2\r\n\r\n", "X:\r\n\r\n",
			"X:   \r\n\r\n", "X: a:b c\td \r\n\r\n", "Nats-Stream: x\r\n\r\n", "Nats: x\r\n\r\n", "N:1\r\n\r\n",
			"X: !~\u007f\r\n\r\n", "!~: 1\r\n\r\n" })
	void ordinaryHeadersAreReadable(String lines) {
		byte[] block = HeaderBlocks.bytes("NATS/1.0\r\n" + lines);
		assertThat(HeaderCheck.isReadable(block, 0, block.length)).isTrue();
		new IncomingHeadersProcessor(block);
	}

	@ParameterizedTest
	@ValueSource(strings = { "NATS/1.0 503\r\n\r\n", "NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 1\r\n\r\n",
			"NATS/1.0 409 größer\r\n\r\n", "NATS/1.0 503\r\n" })
	void theServersStatusesAreReadable(String text) {
		byte[] block = HeaderBlocks.bytes(text);
		assertThat(HeaderCheck.isReadable(block, 0, block.length)).isFalse();
		assertThat(HeaderCheck.isReadableWithStatus(block, 0, block.length)).isTrue();
		assertThat(new IncomingHeadersProcessor(block).getStatus()).isNotNull();
	}

	@ParameterizedTest
	@MethodSource("unreadable")
	void otherHeadersAreNot(String kind) {
		byte[] block = HeaderBlocks.UNREADABLE.get(kind);
		assertThat(HeaderCheck.isReadable(block, 0, block.length)).isFalse();
		assertThat(HeaderCheck.isReadableWithStatus(block, 0, block.length)).isFalse();
	}

	static Iterable<String> unreadable() {
		return HeaderBlocks.UNREADABLE.keySet();
	}

	@Test
	void whatIsReadableIsReadByTheClientAsItIsMeant() {
		Random random = new Random(10);
		int readable = 0;
		for (int i = 0; i < 200_000; i++) {
			byte[] block = HeaderBlocks.random(random);
			if (HeaderCheck.isReadable(block, 0, block.length)) {
				readable++;
				IncomingHeadersProcessor client = new IncomingHeadersProcessor(block);
				assertThat((client.getHeaders() != null) ? client.getHeaders().toMap() : Map.of())
					.as(() -> new String(block, StandardCharsets.UTF_8))
					.isEqualTo(meant(block));
				assertThat(client.getStatus()).isNull();
			}
			if (HeaderCheck.isReadableWithStatus(block, 0, block.length)) {
				assertThat(new IncomingHeadersProcessor(block).getStatus()).isNotNull();
			}
		}
		assertThat(readable).isGreaterThan(1000);
	}

	private static Map<String, List<String>> meant(byte[] block) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		String[] lines = new String(block, StandardCharsets.US_ASCII).split("\r\n");
		for (int i = 1; i < lines.length; i++) {
			int colon = lines[i].indexOf(':');
			headers.computeIfAbsent(lines[i].substring(0, colon), (name) -> new ArrayList<>())
				.add(lines[i].substring(colon + 1).strip());
		}
		return headers;
	}

}
