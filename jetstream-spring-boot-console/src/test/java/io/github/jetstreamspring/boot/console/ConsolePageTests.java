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

package io.github.jetstreamspring.boot.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page about the console has every key, as the code has it.
 */
class ConsolePageTests {

	@Test
	void everyKeyHasADescriptionAndIsOnThePage() throws IOException {
		String page = Files.readString(Path.of("../docs/console.md"));
		try (InputStream stream = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			JsonNode properties = JsonMapper.shared().readTree(stream).path("properties");
			assertThat(properties.size()).isEqualTo(ConsoleProperties.class.getRecordComponents().length);
			for (JsonNode property : properties) {
				String name = property.path("name").asString();
				assertThat(property.path("description").asString("")).as(name).isNotEmpty();
				assertThat(page).contains("| `" + name.substring("jetstream.console.".length()) + "` |");
				String value = property.path("defaultValue").asString("");
				assertThat(page.lines().filter((line) -> line.startsWith("| `" + name.substring(18) + "`")).findFirst())
					.hasValueSatisfying((line) -> assertThat(line).contains(value));
			}
		}
	}

}
