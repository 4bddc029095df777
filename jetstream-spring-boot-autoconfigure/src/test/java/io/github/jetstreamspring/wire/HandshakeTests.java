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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Handshake} and {@link Refusal}.
 */
class HandshakeTests {

	private static final String INFO = "INFO {\"server_name\":\"-ERR 'Authorization Violation'\"}\r\n";

	@ParameterizedTest
	@ValueSource(strings = { "-ERR 'Authorization Violation'\r\n", "PING\r\n-ERR 'User Authentication Expired'\r\n",
			"-ERR 'User Authentication Revoked'\r\nINFO {}\r\n", "-ERR 'Account Authentication Expired'\r\n",
			"PONG\r\n-ERR 'Permissions Violation for \"MSG\"'\r\n+OK\r\n-ERR 'User Authentication Expired'\r\n" })
	void whenTheServerRefusesThenEachRefusalDiffersAndSaysTheSame(String refusal) throws IOException {
		Set<String> seen = new HashSet<>();
		for (int size = 1; size <= 200; size++) {
			String read = read(INFO + refusal, size, (size % 7) + 1);
			assertThat(Refusal.words(read)).isEqualTo(INFO + refusal);
			assertThat(Refusal.isRefusal(read.substring(INFO.length()))).isTrue();
			seen.add(read);
		}
		assertThat(seen).hasSize(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "+OK\r\nMSG a 1 3\r\n-ER\r\n",
			"PING\r\nPING\r\nPONG\r\nMSG a 1 33\r\n\r\n-ERR 'Authorization Violation'\r\n\r\n",
			"-ERR 'Maximum Connections Exceeded'\r\n", "-ERR 'authorization", "-ERR\r\n" })
	void whenItIsNoRefusalThenItIsPassedOnAsItIs(String text) throws IOException {
		for (int size = 1; size <= 200; size++) {
			assertThat(read(INFO + text, size, (size % 7) + 1)).isEqualTo(INFO + text);
		}
	}

	@Test
	void whenAnErrorHasNoEndThenItIsPassedOnAsItIs() throws IOException {
		String text = INFO + "-ERR 'Authorization Violation" + "x".repeat(100_000);
		assertThat(read(text, 512, 512)).isEqualTo(text);
	}

	@Test
	void otherErrorsAreNoRefusals() {
		assertThat(Refusal.isRefusal(null)).isFalse();
		assertThat(Refusal.isRefusal("Permissions Violation for Publish to \"orders\"")).isFalse();
	}

	private static String read(String text, int asked, int available) throws IOException {
		ByteArrayInputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
		Handshake handshake = new Handshake(
				(target, offset, length) -> bytes.read(target, offset, Math.min(length, available)));
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		byte[] buffer = new byte[asked + 3];
		int count = handshake.read(buffer, 3, asked);
		while (count > 0) {
			read.write(buffer, 3, count);
			count = handshake.read(buffer, 3, asked);
		}
		return read.toString(StandardCharsets.ISO_8859_1);
	}

}
