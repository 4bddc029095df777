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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Snippets in the pages are what the compiled and tested code says, and links lead
 * somewhere.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	// <!-- snippet: path/to/File.java#tag --> and the code block after it
	private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: ([^#]+)#(\\S+) -->\n```\\w+\n(.*?)```",
			Pattern.DOTALL);

	private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)");

	@ParameterizedTest
	@MethodSource("pages")
	void snippetsAreTheCode(Path page) throws IOException {
		for (MatchResult snippet : SNIPPET.matcher(Files.readString(page)).results().toList()) {
			String path = snippet.group(1);
			String tag = snippet.group(2);
			assertThat(snippet.group(3)).as(page + ": " + path + "#" + tag)
				.isEqualTo(Snippets.region(ROOT.resolve(path), tag));
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void linksLeadToFiles(Path page) throws IOException {
		assertThat(LINK.matcher(Files.readString(page)).results().map((link) -> link.group(1)))
			.allSatisfy((path) -> assertThat(page.resolveSibling(path)).exists());
	}

	@Test
	void theReadmeHasSnippets() throws IOException {
		assertThat(SNIPPET.matcher(Files.readString(ROOT.resolve("README.md"))).results()).isNotEmpty();
	}

	static Stream<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream
				.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), docs.toList().stream())
				.filter((page) -> page.toString().endsWith(".md"));
		}
	}

}
