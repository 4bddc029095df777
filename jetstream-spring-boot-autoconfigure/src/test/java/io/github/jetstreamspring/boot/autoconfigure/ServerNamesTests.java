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

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerNamesTests {

	@Test
	void whenAHostIsConfiguredThenItIsTheName() {
		ServerNames names = new ServerNames(List.of("nats://one.example.com:4222", "10.0.0.1:4222", "tls://[::1]"));
		assertThat(List.of("one.example.com", "10.0.0.1", "[::1]")).allMatch((host) -> names.of(host).equals(host));
	}

	@Test
	void whenAnotherServerToldTheAddressThenItIsTheNameConnectedToLast() {
		ServerNames names = new ServerNames(List.of("one.example.com", "two.example.com"));
		assertThat(names.of("10.0.0.1")).isEqualTo("one.example.com");
		names.of("two.example.com");
		assertThat(names.of("10.0.0.1")).isEqualTo("two.example.com");
		assertThat(names.of("[fd00::1]")).isEqualTo("two.example.com");
	}

	@Test
	void whenAnotherServerToldTheNameThenItIsTheName() {
		ServerNames names = new ServerNames(List.of("one.example.com"));
		assertThat(names.of("two.example.com")).isEqualTo("two.example.com");
	}

	@Test
	void whenOnlyAddressesAreConfiguredThenAddressesAreTheNames() {
		assertThat(new ServerNames(List.of("10.0.0.1")).of("10.0.0.2")).isEqualTo("10.0.0.2");
	}

}
