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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Snippets in the pages are what the compiled and tested code says, links lead somewhere,
 * and the source of the pages can be read in an editor.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	// <!-- snippet: path/to/File.java#tag --> and the code block after it
	private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: ([^#]+)#(\\S+) -->\n```\\w+\n(.*?)```",
			Pattern.DOTALL);

	// [text](file#anchor), either of them left out
	private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)#?([^)]*)\\)");

	private static final Pattern CODE = Pattern.compile("^ *```.*?^ *```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

	// `Name` or `Name.method`
	private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z]+)(?:\\.\\w+)?`");

	// The name of a thread, or the beginning of such names
	private static final Pattern THREAD = Pattern.compile("\"(jetstream-(?!spring-boot-)[a-z-]+)\"");

	// An empty line, or the beginning of a list's item
	private static final Pattern BETWEEN_PARAGRAPHS = Pattern.compile("\n\\s*\n|\n(?= *([*+-]|\\d+\\.) )");

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
	void linksLeadToFilesAndHeadings(Path page) throws IOException {
		for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
			Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
			assertThat(target).exists();
			if (!link.group(2).isEmpty()) {
				assertThat(anchors(target)).as(page + ": " + link.group()).contains(link.group(2));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void linesAreShort(Path page) throws IOException {
		assertThat(Files.readAllLines(page)).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(160));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void paragraphsAreShort(Path page) throws IOException {
		String prose = CODE.matcher(Files.readString(page)).replaceAll("");
		assertThat(BETWEEN_PARAGRAPHS.split(prose)).filteredOn((paragraph) -> !paragraph.startsWith("|"))
			.allSatisfy((paragraph) -> assertThat(paragraph.strip().split("\\s+")).hasSizeLessThanOrEqualTo(80));
	}

	@Test
	void everyClassThatTheArchitectureNamesIsThere() throws IOException {
		Set<String> classes;
		try (Stream<Path> files = Files.walk(ROOT, 12)) {
			classes = files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".java"))
				.map((name) -> name.substring(0, name.length() - ".java".length()))
				.collect(Collectors.toSet());
		}
		assertThat(CLASS.matcher(Files.readString(ROOT.resolve("docs/architecture.md"))).results())
			.hasSizeGreaterThan(50)
			.allSatisfy((name) -> assertThat(classes).contains(name.group(1)));
	}

	@Test
	void theArchitectureNamesAllThreads() throws IOException {
		String page = Files.readString(ROOT.resolve("docs/architecture.md"));
		Set<String> threads = new TreeSet<>();
		for (String module : List.of("autoconfigure", "console")) {
			try (Stream<Path> files = Files.walk(ROOT.resolve("jetstream-spring-boot-" + module + "/src/main/java"))) {
				for (Path file : files.filter((each) -> each.toString().endsWith(".java")).toList()) {
					THREAD.matcher(Files.readString(file)).results().forEach((name) -> threads.add(name.group(1)));
				}
			}
		}
		assertThat(threads).hasSizeGreaterThan(20)
			.allSatisfy((name) -> assertThat(page)
				.containsPattern("`" + name + (name.endsWith("-") ? "(<n>|1|watch)`" : "(-1)?`")));
	}

	@Test
	void theReadmeHasSnippets() throws IOException {
		assertThat(SNIPPET.matcher(Files.readString(ROOT.resolve("README.md"))).results()).isNotEmpty();
	}

	static Stream<Path> pages() throws IOException {
		try (Stream<Path> files = Files.list(ROOT); Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream.concat(files, docs).filter((page) -> page.toString().endsWith(".md")).toList().stream();
		}
	}

	/**
	 * Returns the anchors of a page's headings, as GitHub makes them.
	 */
	private static List<String> anchors(Path page) throws IOException {
		return HEADING.matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
			.results()
			.map((heading) -> heading.group(1).toLowerCase(Locale.ROOT))
			.map((heading) -> heading.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
			.toList();
	}

}
