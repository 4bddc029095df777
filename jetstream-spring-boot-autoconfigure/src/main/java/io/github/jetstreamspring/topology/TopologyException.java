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

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Streams and consumers could not be declared. It holds everything that is wrong, not
 * only the first thing.
 *
 * @since 0.1.0
 */
public class TopologyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<TopologyProblem> problems;

	private final transient @Nullable TopologyReport report;

	private final @Nullable String connection;

	private final transient List<String> written;

	/**
	 * Creates an exception.
	 * @param problems what is wrong, at least one
	 */
	public TopologyException(List<TopologyProblem> problems) {
		this(problems, null);
	}

	/**
	 * Creates an exception.
	 * @param problems what is wrong, at least one
	 * @param report the differences among the problems as a table, or {@code null} if no
	 * difference is a problem
	 */
	public TopologyException(List<TopologyProblem> problems, @Nullable TopologyReport report) {
		this(problems, report, null, List.of());
	}

	private TopologyException(List<TopologyProblem> problems, @Nullable TopologyReport report,
			@Nullable String connection, List<String> written) {
		super(lines("Streams and consumers can't be declared:", problems)
				+ (written.isEmpty() ? "" : lines("\nBefore that, this was written:", written)));
		this.written = List.copyOf(written);
		this.problems = List.copyOf(problems);
		this.report = report;
		this.connection = connection;
	}

	/**
	 * Creates an exception for what the server has refused to write.
	 * @param problems what is wrong, at least one
	 * @param written what was written before, for people
	 */
	static TopologyException after(List<TopologyProblem> problems, List<String> written) {
		return new TopologyException(problems, null, null, written);
	}

	private static String lines(String heading, List<?> items) {
		return items.stream().map((item) -> "\n- " + item).collect(Collectors.joining("", heading, ""));
	}

	/**
	 * Returns the same for a named connection, with its keys.
	 */
	TopologyException of(String connection) {
		TopologyException named = new TopologyException(
				this.problems.stream().map((problem) -> problem.of(connection)).toList(),
				(this.report != null) ? this.report.of(connection) : null, connection, this.written);
		named.setStackTrace(getStackTrace());
		return named;
	}

	/**
	 * Returns what is wrong.
	 * @return the problems, in the order of the definitions
	 */
	public List<TopologyProblem> getProblems() {
		return this.problems;
	}

	/**
	 * Returns what had been written before the server refused something that it could not
	 * be known to refuse.
	 * @return a line for each stream, consumer and schedule, mostly none
	 */
	public List<String> getWritten() {
		return this.written;
	}

	/**
	 * Returns what differs, where nothing may differ.
	 * @return the report in mode {@link TopologyMode#VALIDATE}, else {@code null}
	 */
	public @Nullable TopologyReport getReport() {
		return this.report;
	}

	/**
	 * Returns the connection whose streams and consumers they are.
	 * @return the connection's name, or {@code null} for the default one
	 */
	public @Nullable String getConnection() {
		return this.connection;
	}

}
