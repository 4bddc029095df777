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

package io.github.jetstreamspring.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All YAML of the pages that is about this project: its keys exist and its values can be.
 */
class YamlBlockTests {

	private static final Pattern BLOCK = Pattern.compile("^```yaml\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

	// What the page shows to be refused
	private static final String REFUSED = "max-age: 7 days";

	// Environment variables that the application needs: a value that fits where each is
	private static final Map<String, String> VARIABLES = Map.of("SEED",
			"SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY", "URL", "nats://localhost:4222");

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w*?([A-Z]+)}");

	private static final Pattern OURS = Pattern.compile("^jetstream[.:]", Pattern.MULTILINE);

	@ParameterizedTest
	@MethodSource("blocks")
	void anApplicationTakesIt(String page, String yaml) throws Exception {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load(page,
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8), page));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JetStreamAutoConfiguration.class))
			.withInitializer((context) -> sources.forEach(context.getEnvironment().getPropertySources()::addLast))
			.withPropertyValues("jetstream.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	static Stream<String[]> blocks() throws Exception {
		return DocumentationTests.pages().flatMap(YamlBlockTests::blocks);
	}

	private static Stream<String[]> blocks(Path page) {
		try {
			return BLOCK.matcher(Files.readString(page))
				.results()
				.map((MatchResult block) -> block.group(1))
				.filter((yaml) -> OURS.matcher(yaml).find() && !yaml.contains(REFUSED))
				.map((yaml) -> VARIABLE.matcher(yaml)
					.replaceAll((variable) -> VARIABLES.getOrDefault(variable.group(1), "value")))
				.map((yaml) -> new String[] { page.getFileName().toString(), yaml });
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
