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

package io.github.jetstreamspring.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page about the topology says which settings can't be changed and which need a newer
 * server, as the code has it.
 */
class TopologyPageTests {

	private static final Path PAGE = Path.of("../docs/topology.md");

	@Test
	void settingsThatCantBeChangedOrNeedANewerServerAreOnThePage() throws IOException {
		List<String> rows = Stream
			.concat(StreamSettings.all().stream().flatMap((setting) -> row("stream", setting)),
					ConsumerSettings.all().stream().flatMap((setting) -> row("consumer", setting)))
			.toList();
		assertThat(Files.readAllLines(PAGE).stream().filter((line) -> line.matches("\\| (stream|consumer) \\| `.*")))
			.containsExactlyElementsOf(rows);
	}

	private static Stream<String> row(String kind, Setting<?, ?, ?> setting) {
		boolean plain = setting.changeLabel().equals("yes") && setting.sinceLabel().equals(ServerVersion.OLDEST);
		return plain ? Stream.empty() : Stream
			.of("| %s | `%s` | %s | %s |".formatted(kind, setting.key(), setting.changeLabel(), setting.sinceLabel()));
	}

}
