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

package io.github.jetstreamspring.test;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NatsServerConfiguration}.
 */
class NatsServerConfigurationTests {

	@Test
	void whenJetStreamThenItIsSwitchedOn() {
		String content = new NatsServerConfiguration(Path.of("/data"), true, List.of()).render(20_123);
		assertThat(content.lines()).containsExactly("host: \"127.0.0.1\"", "port: 20123", "store_dir: \"/data\"",
				"jetstream: enabled");
	}

	@Test
	void whenNoJetStreamThenItIsNotMentioned() {
		assertThat(new NatsServerConfiguration(Path.of("/data"), false, List.of()).render(20_123))
			.doesNotContain("jetstream");
	}

	@Test
	void whenLinesThenTheyComeLast() {
		assertThat(new NatsServerConfiguration(Path.of("/data"), true, List.of("max_payload: 2MB", "debug: true"))
			.render(20_123)
			.lines()).endsWith("max_payload: 2MB", "debug: true");
	}

	@Test
	void whenPathHasSpecialCharactersThenItIsQuoted() {
		assertThat(new NatsServerConfiguration(Path.of("/a \"b\"\\c\n$d"), true, List.of()).render(20_123).lines())
			.contains("store_dir: \"/a \\\"b\\\"\\\\c\\n$d\"");
	}

}
