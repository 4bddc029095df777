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

package io.github.jetstreamspring.boot.autoconfigure;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ServerUrlsTests {

	@ParameterizedTest
	@CsvSource({ "nats://localhost:4222, nats://localhost:4222", "localhost:4222, localhost:4222",
			"nats://user:secret@host:4222, nats://******@host:4222", "nats://token@host, nats://******@host",
			"user:secret@host:4222, ******@host:4222", "nats://user:s@cr@t@host, nats://******@host",
			"nats://user:s/cr@t@host, nats://******@host", "user:s@cr://t@host, ******@host",
			"wss://user:secret@host/path, wss://******@host/path" })
	void whenAUrlHasCredentialsThenAllOfThemAreMasked(String url, String masked) {
		assertThat(ServerUrls.masked(url)).isEqualTo(masked);
	}

}
