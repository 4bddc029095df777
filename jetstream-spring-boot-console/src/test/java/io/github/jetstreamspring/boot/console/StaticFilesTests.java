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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page is made of.
 */
class StaticFilesTests {

	private static final int MOST_BYTES = 100_000;

	private static final Path FOLDER = Path.of("src/main/resources/io/github/jetstreamspring/boot/console/static");

	private static final Pattern TEXT = Pattern.compile("^\t\"?(\\w+)\"?: \\[\"(.*)\", \"(.*)\"\\],?$",
			Pattern.MULTILINE);

	private static final Pattern USE = Pattern.compile("\\bt\\(\"(\\w+)\"");

	private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

	@Test
	void allFilesTogetherAreSmall() throws IOException {
		Map<String, Long> sizes = new TreeMap<>();
		for (Path file : files()) {
			sizes.put(file.getFileName().toString(), Files.size(file));
		}
		long all = sizes.values().stream().mapToLong(Long::longValue).sum();
		System.out.printf("The console's files: %,d bytes of %,d: %s%n", all, MOST_BYTES, sizes);
		assertThat(all).isPositive().isLessThanOrEqualTo(MOST_BYTES);
	}

	@Test
	void eachFileIsServedAndNoOther() throws IOException {
		StaticFiles served = new StaticFiles();
		ConsoleRequest request = new ConsoleRequest("GET", "/", Map.of(), (name) -> null, true, null, null, () -> null);
		assertThat(files())
			.allSatisfy((file) -> assertThat(served.get(file.getFileName().toString(), request)).as(file.toString())
				.isNotNull());
		assertThat(served.get("../static/app.js", request)).isNull();
		assertThat(served.get("ConsoleHandler.class", request)).isNull();
	}

	@Test
	void noFileMakesMarkupOfTextsOrKnowsOtherHosts() throws IOException {
		for (Path file : files()) {
			String content = Files.readString(file).replace("http://www.w3.org/2000/svg", "");
			assertThat(content).as(file.toString())
				.doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
						"new Function", "http:", "https:", "@import", "url(", "style=\"", "document.cookie");
		}
	}

	@Test
	void allTextsAreThereInBothLanguagesAndUsed() throws IOException {
		Map<String, MatchResult> texts = TEXT.matcher(Files.readString(FOLDER.resolve("text.js")))
			.results()
			.collect(Collectors.toMap((match) -> match.group(1), (match) -> match));
		assertThat(texts).hasSizeGreaterThan(100);
		String scripts = files().stream()
			.filter((file) -> !file.endsWith("text.js"))
			.map(StaticFilesTests::read)
			.collect(Collectors.joining());
		assertThat(texts.keySet()).containsAll(USE.matcher(scripts).results().map((match) -> match.group(1)).toList())
			.allSatisfy((key) -> assertThat(scripts).containsPattern("\\b" + key + "\\b|`\\$\\{action}n`"));
		texts.forEach((key, match) -> assertThat(places(match.group(2))).as(key).isEqualTo(places(match.group(3))));
	}

	private static TreeSet<String> places(String text) {
		return PLACE.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
	}

	private static List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(FOLDER)) {
			return files.toList();
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
