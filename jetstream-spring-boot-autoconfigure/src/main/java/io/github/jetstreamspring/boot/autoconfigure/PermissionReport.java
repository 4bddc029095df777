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

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.nats.client.Options;

/**
 * The permissions that an application needs, as the configuration of a NATS server has
 * them.
 */
final class PermissionReport {

	private static final String API = "$JS.API.";

	private final ReportedConnection connection;

	PermissionReport(ReportedConnection connection) {
		this.connection = connection;
	}

	/**
	 * Returns what the user must be allowed to publish to.
	 */
	Set<String> publish() {
		Set<String> subjects = new LinkedHashSet<>();
		// For whatever the account can do
		subjects.add(API + "INFO");
		subjects.addAll(this.connection.topology().permissions(this.connection.mode()));
		this.connection.listeners().forEach((listener) -> add(listener, subjects));
		this.connection.others().forEach((other) -> subjects.addAll(other.publish()));
		return withoutCovered(subjects);
	}

	private void add(ListenerDefinition listener, Set<String> subjects) {
		String consumer = listener.stream() + "." + listener.consumer();
		subjects.add(API + "STREAM.INFO." + listener.stream());
		subjects.add(API + "CONSUMER.INFO." + consumer);
		subjects.add(API + "CONSUMER.MSG.NEXT." + consumer);
		subjects.add("$JS.ACK." + consumer + ".>");
		if (this.connection.deadLetters() != null) {
			subjects.add(this.connection.deadLetters().subjectPrefix() + "." + consumer);
		}
	}

	// Two streams may have the same subject, and a publisher may take dead letters
	private static Set<String> withoutCovered(Set<String> subjects) {
		return subjects.stream()
			.filter((subject) -> subjects.stream()
				.noneMatch((other) -> !other.equals(subject) && other.endsWith(".>")
						&& subject.startsWith(other.substring(0, other.length() - 1))))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/**
	 * Returns what the user must be allowed to subscribe to.
	 */
	Set<String> subscribe() {
		Set<String> subjects = new LinkedHashSet<>();
		subjects.add(inboxes());
		this.connection.others().forEach((other) -> subjects.addAll(other.subscribe()));
		return subjects;
	}

	private String inboxes() {
		Options options = this.connection.connection().getOptions();
		String prefix = (options != null) ? options.getInboxPrefix() : Options.DEFAULT_INBOX_PREFIX;
		return prefix + (prefix.endsWith(".") ? ">" : ".>");
	}

	@Override
	public String toString() {
		String publish = publish().stream().map("    \"%s\"\n"::formatted).collect(Collectors.joining());
		return """
				# What the user of connection '%s' needs, where jetstream.topology.mode is %s.
				# The subjects of the streams are there for publishing: remove those to which this
				# application doesn't publish. Add what only its code knows: other subjects that it
				# publishes or replies to, and what its operators do, such as
				%s
				%spermissions: {
				  publish: { allow: [
				%s  ] }
				  subscribe: { allow: %s }
				}
				""".formatted(this.connection.name(), this.connection.mode().name().toLowerCase(Locale.ROOT),
				operations(), forDeadLetters(), publish, list(subscribe()));
	}

	/**
	 * Returns comments: not every application has its dead letters looked after by its
	 * own user.
	 */
	private String forDeadLetters() {
		RedriveLane lane = this.connection.deadLetters();
		if (lane == null) {
			return "";
		}
		String letters = lane.deadLetterStream();
		String redriven = lane.stream();
		return Stream
			.of(API + "STREAM.INFO." + letters, API + "STREAM.MSG.GET." + letters, API + "STREAM.MSG.DELETE." + letters,
					API + "STREAM.PURGE." + letters, API + "CONSUMER.CREATE." + letters + ".>",
					API + "CONSUMER.MSG.NEXT." + letters + ".>", API + "CONSUMER.DELETE." + letters + ".>",
					lane.subjects(), API + "STREAM.INFO." + redriven, API + "STREAM.CREATE." + redriven,
					API + "CONSUMER.CREATE." + redriven + ".>", API + "CONSUMER.LIST." + redriven,
					API + "CONSUMER.INFO." + redriven + ".>", API + "CONSUMER.MSG.NEXT." + redriven + ".>",
					"$JS.ACK." + redriven + ".>")
			.map("#   \"%s\"\n"::formatted)
			.collect(Collectors.joining("",
					"# To find, discard and redrive dead letters, and to handle what is redriven, also:\n", ""));
	}

	private static String list(Set<String> subjects) {
		String all = subjects.stream().map("\"%s\""::formatted).collect(Collectors.joining(", "));
		return (subjects.size() > 1) ? "[ " + all + " ]" : all;
	}

	private String operations() {
		String first = this.connection.listeners()
			.stream()
			.findFirst()
			.map((listener) -> listener.stream() + "." + listener.consumer())
			.orElse(null);
		return (first != null) ? "# \"%sCONSUMER.PAUSE.%s\", which pauses all instances.".formatted(API, first)
				: "# \"%sSTREAM.PURGE.<stream>\", which cancels a delayed job.".formatted(API);
	}

}
