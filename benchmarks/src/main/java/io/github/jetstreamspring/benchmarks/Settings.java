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

package io.github.jetstreamspring.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationArguments;

/**
 * What to measure and how often.
 *
 * @param cases the cases, or empty for those that each benchmark chooses
 * @param publishCases the cases of publishing, or empty for those that are usual
 * @param sides the sides, or empty for all that a case has
 * @param rounds how many rounds count
 * @param warmup how many rounds before them don't
 * @param messages the number of messages of a round, or 0 for what fits the case
 * @param variants the applications that {@code startup} starts
 * @param listeners how many listeners an application of {@code many-listeners} has
 * @param seconds how long {@code many-listeners} looks at something
 * @param jvm options for JVMs that a benchmark starts
 */
record Settings(List<Case> cases, List<PublishCase> publishCases, List<Side> sides, int rounds, int warmup,
		int messages, List<StartupVariant> variants, List<Integer> listeners, int seconds, List<String> jvm) {

	private static final Set<String> OPTIONS = new TreeSet<>(List.of("cases", "publish-cases", "sides", "rounds",
			"warmup", "messages", "variants", "listeners", "seconds", "jvm"));

	Settings {
		if (listeners.stream().anyMatch((count) -> count < 2)) {
			throw new IllegalArgumentException(
					"'listeners' must be 2 or more each: an application with one is always measured beside them");
		}
	}

	static Settings of(ApplicationArguments arguments) {
		for (String name : arguments.getOptionNames()) {
			if (!OPTIONS.contains(name) && !name.contains(".")) {
				throw new IllegalArgumentException("There is no option '%s', only %s".formatted(name, OPTIONS));
			}
		}
		return new Settings(list(arguments, "cases").stream().map(Case::parse).toList(),
				list(arguments, "publish-cases").stream().map(PublishCase::parse).toList(),
				list(arguments, "sides").stream().map((name) -> Side.valueOf(name.toUpperCase(Locale.ROOT))).toList(),
				number(arguments, "rounds", 5), number(arguments, "warmup", 5), number(arguments, "messages", 0),
				listOr(arguments, "variants", "plain", "starter", "raw").stream().map(StartupVariant::named).toList(),
				listOr(arguments, "listeners", "300", "1000").stream().map(Integer::valueOf).toList(),
				number(arguments, "seconds", 20), list(arguments, "jvm"));
	}

	List<Case> casesOr(String... names) {
		return this.cases.isEmpty() ? Arrays.stream(names).map(Case::parse).toList() : this.cases;
	}

	List<PublishCase> publishCasesOr(String... names) {
		return this.publishCases.isEmpty() ? Arrays.stream(names).map(PublishCase::parse).toList() : this.publishCases;
	}

	List<Side> sidesFor(Case testCase) {
		return this.sides.isEmpty() ? Side.of(testCase) : this.sides;
	}

	int messagesOr(int number) {
		return (this.messages > 0) ? this.messages : number;
	}

	private static int number(ApplicationArguments arguments, String name, int otherwise) {
		List<String> values = list(arguments, name);
		return values.isEmpty() ? otherwise : Integer.parseInt(values.get(values.size() - 1));
	}

	private static List<String> listOr(ApplicationArguments arguments, String name, String... otherwise) {
		List<String> values = list(arguments, name);
		return values.isEmpty() ? List.of(otherwise) : values;
	}

	private static List<String> list(ApplicationArguments arguments, String name) {
		@Nullable List<String> values = arguments.getOptionValues(name);
		return (values != null) ? values.stream().flatMap((value) -> Arrays.stream(value.split(","))).toList()
				: List.of();
	}

}
