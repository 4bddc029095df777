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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.topology.TopologyException;
import io.github.jetstreamspring.topology.TopologyProblem;
import io.github.jetstreamspring.topology.TopologyReport;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Lists everything that is wrong with the topology, and what to do about each.
 */
class TopologyFailureAnalyzer extends AbstractFailureAnalyzer<TopologyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TopologyException cause) {
		// Of other connections
		List<TopologyException> all = Stream
			.concat(Stream.of(cause),
					Arrays.stream(cause.getSuppressed())
						.filter(TopologyException.class::isInstance)
						.map(TopologyException.class::cast))
			.toList();
		return new FailureAnalysis(text(all, TopologyFailureAnalyzer::description),
				text(all, TopologyFailureAnalyzer::action), cause);
	}

	private static String text(List<TopologyException> all, Function<TopologyException, String> text) {
		return all.stream().map(text).collect(Collectors.joining("\n\n"));
	}

	private static String description(TopologyException cause) {
		TopologyReport report = cause.getReport();
		if (report == null || report.rows().isEmpty()) {
			return description(cause.getProblems()) + written(cause.getWritten());
		}
		String of = (cause.getConnection() != null) ? " of connection '" + cause.getConnection() + "'" : "";
		String differences = report.table()
			.lines()
			.map((line) -> "    " + line)
			.collect(Collectors.joining("\n",
					"Streams and consumers%s differ from those on the server:\n\n".formatted(of), ""));
		return report.problems().isEmpty() ? differences : differences + "\n\n" + description(report.problems());
	}

	private static String description(List<TopologyProblem> problems) {
		return problems.stream()
			.map((problem) -> "    %s %s".formatted(problem.key(), problem.description()))
			.collect(Collectors.joining("\n", "Streams and consumers can't be declared:\n\n", ""));
	}

	private static String written(List<String> lines) {
		return lines.isEmpty() ? ""
				: lines.stream()
					.map((line) -> "    " + line)
					.collect(Collectors.joining("\n", "\n\nBefore that, this was written:\n\n", ""));
	}

	private static String action(TopologyException cause) {
		String prefix = (cause.getConnection() != null) ? "connections." + cause.getConnection() + "." : "";
		return cause.getProblems()
			.stream()
			.map((problem) -> "    %s: %s".formatted(problem.key(), problem.action()))
			.collect(Collectors.joining("\n", "Correct each of them:\n\n", "\n\nSet jetstream." + prefix
					+ "topology.mode to none to start without looking at streams and consumers."));
	}

}
