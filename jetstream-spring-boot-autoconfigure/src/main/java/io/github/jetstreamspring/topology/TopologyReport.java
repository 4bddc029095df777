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
 * What differs between the server and the definitions of streams and consumers, and what
 * keeps these from being declared.
 *
 * @param server the version of the server
 * @param mode what the application is set to do about it
 * @param rows what differs
 * @param problems what is wrong besides
 * @param notes what is worth knowing, but no difference
 * @since 0.1.0
 */
public record TopologyReport(String server, TopologyMode mode, List<Row> rows, List<TopologyProblem> problems,
		List<String> notes) {

	/**
	 * Creates a report.
	 */
	public TopologyReport {
		rows = List.copyOf(rows);
		problems = List.copyOf(problems);
		notes = List.copyOf(notes);
	}

	/**
	 * Returns the same for a named connection, with its keys.
	 */
	TopologyReport of(String connection) {
		return new TopologyReport(this.server, this.mode, this.rows,
				this.problems.stream().map((problem) -> problem.of(connection)).toList(), this.notes);
	}

	/**
	 * Returns whether the server has everything as it is defined.
	 * @return whether nothing differs and nothing is wrong
	 */
	public boolean isClean() {
		return this.rows.isEmpty() && this.problems.isEmpty();
	}

	/**
	 * Returns whether all that differs can be created or updated.
	 * @return whether nothing is wrong, and no change is one that the server doesn't make
	 */
	public boolean isDeclarable() {
		return this.problems.isEmpty() && this.rows.stream().noneMatch((row) -> row.action() == Action.IMPOSSIBLE);
	}

	/**
	 * Returns what differs as a table.
	 * @return lines of text
	 */
	public String table() {
		TextTable table = new TextTable("WHAT", "SETTING", "ON THE SERVER", "IN THE CONFIGURATION", "TO BE DONE");
		this.rows.forEach((row) -> table.add(row.what(), row.setting(), row.onServer(), row.inConfiguration(),
				row.action().toString()));
		return table.toString();
	}

	/**
	 * Returns the report for people.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("Streams and consumers of the configuration, beside nats-server ")
			.append(this.server);
		text.append("\n\n").append(this.rows.isEmpty() ? "Nothing differs." : table());
		if (!this.problems.isEmpty()) {
			text.append("\n\n").append(lines("Problems:", this.problems));
		}
		if (!this.notes.isEmpty()) {
			text.append("\n\n").append(lines("Notes:", this.notes));
		}
		return text.append("\n\n").append(conclusion()).append('\n').toString();
	}

	private static String lines(String heading, List<?> items) {
		return items.stream().map((item) -> "\n- " + item).collect(Collectors.joining("", heading, ""));
	}

	private String conclusion() {
		if (isClean()) {
			return "The application would write nothing.";
		}
		return switch (this.mode) {
			case UPDATE -> isDeclarable() ? "The application would do this when it starts."
					: "The application would not start: correct the problems and what can't be changed.";
			case CREATE -> this.problems.isEmpty()
					? "The application would create what is missing when it starts, and leave the rest as it is:"
							+ " jetstream.topology.mode is create."
					: "The application would not start: correct the problems.";
			case VALIDATE -> "The application would not start: jetstream.topology.mode is validate.";
			case NONE -> "The application would do nothing about it: jetstream.topology.mode is none.";
		};
	}

	/**
	 * A setting that differs.
	 *
	 * @param stream the name of the stream
	 * @param consumer the name of the consumer, or {@code null} if it is about the stream
	 * @param setting the setting's key
	 * @param onServer the server's value
	 * @param inConfiguration the defined value
	 * @param action what has to be done
	 * @since 0.1.0
	 */
	public record Row(String stream, @Nullable String consumer, String setting, String onServer, String inConfiguration,
			Action action) {

		String what() {
			return (this.consumer != null) ? "consumer %s of %s".formatted(this.consumer, this.stream)
					: "stream " + this.stream;
		}

	}

	/**
	 * What has to be done so that the server has what is defined.
	 *
	 * @since 0.1.0
	 */
	public enum Action {

		/**
		 * The stream, consumer or schedule is missing and has to be created.
		 */
		CREATE("create"),

		/**
		 * The setting has to be updated.
		 */
		UPDATE("update"),

		/**
		 * The schedule is no longer defined and has to be removed.
		 */
		REMOVE("remove"),

		/**
		 * The server doesn't make this change.
		 */
		IMPOSSIBLE("can't be changed");

		private final String text;

		Action(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
