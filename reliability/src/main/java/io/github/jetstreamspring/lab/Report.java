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

package io.github.jetstreamspring.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The table of what was found, which the page on reliability has between two marks.
 */
final class Report {

	private static final String BEGIN = "<!-- report -->\n";

	private static final String END = "<!-- end of report -->";

	// In the order of the scenarios, whichever ends first
	private final Map<String, String> rows = new LinkedHashMap<>();

	Report(List<Scenario> scenarios) {
		scenarios.forEach((scenario) -> this.rows.put(scenario.name(), ""));
	}

	synchronized void add(Scenario scenario, Lab.Outcome outcome) {
		Verdict verdict = outcome.verdict();
		this.rows.put(scenario.name(),
				String.format(Locale.ROOT, "| `%s` | %s | %,d | %d | %d | %d | %.1f s | %.1f s | %d | %d |\n",
						scenario.name(), scenario.what(), verdict.confirmed(), verdict.faults(), verdict.lost().size(),
						verdict.duplicates(), verdict.pause().toMillis() / 1e3, verdict.back().toMillis() / 1e3,
						outcome.forgotten(), verdict.kept()));
	}

	synchronized void notRun(Scenario scenario, String why) {
		this.rows.put(scenario.name(),
				"| `%s` | %s: not run. %s |||||||||\n".formatted(scenario.name(), scenario.what(), why));
	}

	/**
	 * Returns the table of those that have ended.
	 * @param line with what it was made
	 */
	String text(String line) {
		return line
				+ "\n\n| scenario | what happens | jobs | faults | lost | twice | longest pause | back after | forgotten | kept |\n"
				+ "|---|---|---|---|---|---|---|---|---|---|\n" + String.join("", this.rows.values());
	}

	/**
	 * Writes the table into a page.
	 * @param page the page, with the two marks; a new one has nothing but the table
	 * @param line with what the table was made
	 */
	void write(Path page, String line) throws IOException {
		String text = Files.exists(page) ? Files.readString(page) : BEGIN + END + "\n";
		int begin = text.indexOf(BEGIN) + BEGIN.length();
		int end = text.indexOf(END);
		Files.writeString(page, text.substring(0, begin) + "\n" + text(line) + "\n" + text.substring(end));
	}

}
