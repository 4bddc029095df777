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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.annotation.handler.ProblemCollector;
import io.github.jetstreamspring.messaging.SimilarNames;
import io.github.jetstreamspring.topology.ConsumerDefinition;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.PriorityPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Finds the streams of the consumers that listeners name, and adds the consumers that
 * listeners declare.
 */
final class ConsumerLookup {

	private static final String EXCLUSIVE_GROUP = "workers";

	// One and a half times the ack-wait that the server has by default
	private static final Duration EXCLUSIVE_TIMEOUT = Duration.ofSeconds(45);

	private final Topology topology;

	private final @Nullable String connection;

	ConsumerLookup(Topology topology, @Nullable String connection) {
		this.topology = topology;
		this.connection = connection;
	}

	/**
	 * Returns a consumer's stream.
	 * @param stream the stream, or an empty string if the listener names none
	 * @param consumer the consumer
	 * @param subjects the subjects of a consumer that the listener declares, or none
	 * @param exclusive whether a consumer that the listener declares sends its messages
	 * to one client at a time
	 * @param problems takes what is wrong
	 * @return the stream, or nothing if something is wrong
	 */
	Optional<String> stream(String stream, String consumer, List<String> subjects, boolean exclusive,
			ProblemCollector problems) {
		if (!subjects.isEmpty()) {
			return declared(stream, consumer, subjects, exclusive, problems);
		}
		if (stream.isEmpty()) {
			return found(consumer, problems);
		}
		return named(stream, consumer, problems);
	}

	/**
	 * Declares a consumer of new dead letters.
	 * @param stream the dead-letter stream
	 * @param consumer the consumer
	 * @param subjects the subjects of the dead letters
	 * @return the stream
	 */
	String deadLetters(String stream, String consumer, List<String> subjects) {
		this.topology.addConsumer(stream,
				ConsumerDefinition.named(consumer)
					.filterSubjects(subjects.toArray(String[]::new))
					.deliverPolicy(DeliverPolicy.New)
					.build());
		return stream;
	}

	/**
	 * Returns on which subjects messages of a consumer come.
	 * @param stream the stream
	 * @param consumer the consumer
	 * @param declared the subjects of a consumer that the listener declares, or none
	 * @return the subjects, none if they aren't known, as somebody else manages them
	 */
	List<String> subjects(String stream, String consumer, List<String> declared) {
		if (!declared.isEmpty()) {
			return declared;
		}
		for (StreamDefinition definition : this.topology.streams()) {
			if (definition.name().equals(stream)) {
				List<String> filter = definition.consumers()
					.stream()
					.filter((candidate) -> candidate.name().equals(consumer))
					.findFirst()
					.map(ConsumerDefinition::filterSubjects)
					.orElse(null);
				return (filter != null && !filter.isEmpty()) ? filter : definition.storedSubjects();
			}
		}
		return List.of();
	}

	private Optional<String> declared(String stream, String consumer, List<String> subjects, boolean exclusive,
			ProblemCollector problems) {
		if (stream.isEmpty()) {
			problems.add("it declares a consumer by its subjects, but names no stream",
					"Name the stream: @JetStreamListener(stream = \"orders\", consumer = \"%s\", ...)."
						.formatted(consumer));
			return Optional.empty();
		}
		ConsumerDefinition.Builder definition = ConsumerDefinition.named(consumer)
			.filterSubjects(subjects.toArray(String[]::new));
		if (exclusive) {
			definition.priorityPolicy(PriorityPolicy.PinnedClient)
				.priorityGroups(EXCLUSIVE_GROUP)
				.priorityTimeout(EXCLUSIVE_TIMEOUT);
		}
		this.topology.addConsumer(stream, definition.build());
		return Optional.of(stream);
	}

	private Optional<String> found(String consumer, ProblemCollector problems) {
		List<String> streams = this.topology.streamsWithConsumer(consumer);
		if (streams.isEmpty()) {
			List<String> known = this.topology.streams().stream().map(StreamDefinition::name).sorted().toList();
			problems.add(
					"no stream of %s has a consumer '%s'; the streams are %s%s".formatted(place(), consumer, known,
							SimilarNames.question(consumer, consumers(null))),
					declare((known.size() == 1) ? known.get(0) : "<stream>", consumer));
			return Optional.empty();
		}
		if (streams.size() > 1) {
			String which = "Say which one: @JetStreamListener(stream = \"%s\", consumer = \"%s\")."
				.formatted(streams.get(0), consumer);
			boolean alike = streams.stream().anyMatch((stream) -> isAlike(stream, streams));
			problems.add("several streams have a consumer '%s': %s".formatted(consumer, streams), alike
					? "Streams whose names differ in case or dashes only are different ones. If they are meant to be"
							+ " one, write its name in the same way everywhere. Otherwise: " + which
					: which);
			return Optional.empty();
		}
		return Optional.of(streams.get(0));
	}

	private Optional<String> named(String stream, String consumer, ProblemCollector problems) {
		if (this.topology.hasStream(stream) && !this.topology.streamsWithConsumer(consumer).contains(stream)) {
			problems.add("stream '%s' of %s has no consumer '%s'%s".formatted(stream, place(), consumer,
					SimilarNames.question(consumer, consumers(stream))), declare(stream, consumer));
			return Optional.empty();
		}
		// A stream that somebody else manages is looked for when the listener starts
		return Optional.of(stream);
	}

	private static boolean isAlike(String stream, List<String> streams) {
		return streams.stream().anyMatch((other) -> !other.equals(stream) && SimilarNames.isAlike(stream, other));
	}

	private List<String> consumers(@Nullable String stream) {
		return this.topology.streams()
			.stream()
			.filter((definition) -> stream == null || definition.name().equals(stream))
			.flatMap((definition) -> definition.consumers().stream().map(ConsumerDefinition::name))
			.toList();
	}

	private String place() {
		return (this.connection != null) ? "connection '" + this.connection + "'" : "the configuration";
	}

	private String declare(String stream, String consumer) {
		String yaml = """
				streams:
				  %s:
				    consumers:
				      %s:
				        ack-wait: 30s
				""".formatted(stream, consumer);
		String place = (this.connection != null) ? "jetstream:\n  connections:\n    %s:\n".formatted(this.connection)
				: "jetstream:\n";
		return "Declare it:\n\n" + place + yaml.indent((this.connection != null) ? 6 : 2);
	}

}
