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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Regions of files that the pages show.
 */
final class Snippets {

	private Snippets() {
	}

	/**
	 * Returns the lines between two tags, as the pages show them.
	 */
	static String region(Path source, String tag) throws IOException {
		List<String> lines = Files.readAllLines(source);
		int from = indexOf(lines, "tag::" + tag + "[]");
		int to = indexOf(lines, "end::" + tag + "[]");
		return String.join("\n", lines.subList(from + 1, to)).stripIndent() + "\n";
	}

	/**
	 * Returns a region of a resource, as it is.
	 */
	static String text(String resource, String tag) throws IOException {
		return region(Path.of("src/test/resources/docs", resource), tag).strip();
	}

	/**
	 * Runs an application that is configured by a resource.
	 */
	static ConfigurableApplicationContext run(Class<?> application, String resource, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.config.location=classpath:docs/" + resource));
		Arrays.stream(properties).map((property) -> "--" + property).forEach(arguments::add);
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static int indexOf(List<String> lines, String marker) {
		for (int i = 0; i < lines.size(); i++) {
			if (lines.get(i).contains(marker)) {
				return i;
			}
		}
		throw new AssertionError("No " + marker);
	}

}
