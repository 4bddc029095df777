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

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the server has and compares it with what shall be there. Writes nothing.
 */
final class TopologyPlanner {

	// To ask for something by its name
	private static final Settings<StreamConfiguration, StreamConfiguration.Builder> NO_STREAM_SETTINGS = new Settings.Builder<StreamConfiguration, StreamConfiguration.Builder>()
		.build();

	private static final Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> NO_CONSUMER_SETTINGS = new Settings.Builder<ConsumerConfiguration, ConsumerConfiguration.Builder>()
		.build();

	private final Inventory inventory;

	private final SettingsCheck check;

	private final Problems problems;

	private final Unanswered unanswered;

	TopologyPlanner(JetStreamManagement management, SettingsCheck check, Problems problems, Unanswered unanswered) {
		this.inventory = new Inventory(management);
		this.check = check;
		this.problems = problems;
		this.unanswered = unanswered;
	}

	List<StreamPlan> plan(Topology topology) {
		List<StreamPlan> plans = new ArrayList<>();
		Collection<StreamDefinition> streams = topology.streams();
		readAhead(topology, streams);
		for (StreamDefinition stream : streams) {
			if (hasValidName(Keys.stream(stream.name()), stream.name())) {
				plans.add(managed(stream));
			}
		}
		for (String stream : topology.foreignStreams()) {
			if (hasValidName(Keys.stream(stream), stream)) {
				plans.addAll(foreign(stream, topology.consumers(stream)));
			}
		}
		return plans;
	}

	private void readAhead(Topology topology, Collection<StreamDefinition> definitions) {
		List<String> names = new ArrayList<>();
		for (StreamDefinition definition : definitions) {
			names.add(definition.name());
		}
		names.addAll(topology.foreignStreams());
		List<DeclaredStream> streams = new ArrayList<>();
		for (String name : names) {
			if (Subjects.isValidName(name)) {
				streams.add(new DeclaredStream(name, NO_STREAM_SETTINGS));
			}
		}
		this.inventory.readAhead(streams);
		List<DeclaredConsumer> consumers = new ArrayList<>();
		for (DeclaredStream stream : streams) {
			if (this.inventory.has(stream)) {
				consumers.addAll(consumers(stream.stream(), topology));
			}
		}
		this.inventory.readAhead(consumers);
	}

	private static List<DeclaredConsumer> consumers(String stream, Topology topology) {
		List<DeclaredConsumer> consumers = new ArrayList<>();
		for (ConsumerDefinition consumer : topology.consumers(stream)) {
			if (Subjects.isValidName(consumer.name())) {
				consumers.add(new DeclaredConsumer(stream, consumer.name(), NO_CONSUMER_SETTINGS));
			}
		}
		return consumers;
	}

	private StreamPlan managed(StreamDefinition definition) {
		Settings<StreamConfiguration, StreamConfiguration.Builder> settings = definition.settings()
			.orElse(StreamSettings.DEFAULTS);
		DeclaredStream written = new DeclaredStream(definition.name(),
				this.check.usable(Keys.stream(definition.name()), settings, this.problems));
		StreamConfiguration current = read(written);
		DeclaredStream declared = ScheduledStream.of(written, current);
		Comparison<StreamConfiguration> stream = Comparison.of(declared, current);
		if (stream.current() == null && Boolean.TRUE.equals(declared.settings().get(StreamSettings.sealed()))) {
			this.problems.add(declared.key() + "." + StreamSettings.sealed().key(),
					"can't be 'true' for a stream that doesn't exist yet",
					"Remove the key until the stream holds what it shall hold for good.");
		}
		return new StreamPlan(true, stream,
				consumers(declared.target(current), definition.consumers(), stream.current() != null));
	}

	private List<StreamPlan> foreign(String name, List<ConsumerDefinition> consumers) {
		DeclaredStream declared = new DeclaredStream(name, NO_STREAM_SETTINGS);
		Comparison<StreamConfiguration> stream = Comparison.of(declared, read(declared));
		if (stream.current() != null) {
			return List.of(new StreamPlan(false, stream, consumers(stream.current(), consumers, true)));
		}
		List<String> names = consumers.stream().map(ConsumerDefinition::name).toList();
		this.problems.add(declared.key(), "is neither on the server nor declared, but has consumers " + names,
				"Declare it, at least with its subjects (%s.subjects), or correct the stream's name."
					.formatted(declared.key()));
		return List.of();
	}

	private List<Comparison<ConsumerConfiguration>> consumers(StreamConfiguration configuration,
			List<ConsumerDefinition> definitions, boolean exists) {
		String stream = configuration.getName();
		List<Comparison<ConsumerConfiguration>> comparisons = new ArrayList<>();
		for (ConsumerDefinition definition : definitions) {
			String key = Keys.consumer(stream, definition.name());
			if (hasValidName(key, definition.name())) {
				Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> settings = definition.settings()
					.orElse(ScheduledStream.filters(configuration))
					.orElse(ConsumerSettings.DEFAULTS);
				DeclaredConsumer declared = new DeclaredConsumer(stream, definition.name(),
						this.check.usable(key, settings, this.problems));
				comparisons.add(Comparison.of(declared, exists ? read(declared) : null));
			}
		}
		return comparisons;
	}

	private static String question(Declared<?, ?> declared) {
		return (declared.consumer() == null) ? "STREAM.INFO." + declared.stream()
				: "CONSUMER.INFO." + declared.stream() + "." + declared.consumer();
	}

	<C> @Nullable C read(Declared<C, ?> declared) {
		try {
			return this.inventory.read(declared);
		}
		catch (JetStreamApiException ex) {
			this.problems.add(declared.key(), "can't be read: " + ex.getMessage(),
					"Check that the user of the connection may read streams and consumers.");
			return null;
		}
		catch (IOException ex) {
			// Whatever else is asked will not be answered either
			this.problems.add(this.unanswered.problem(declared.key(), "can't be read", ex,
					"Check that the server runs with JetStream, and that the user of the connection may publish to"
							+ " $JS.API.%s and subscribe to its inbox.".formatted(question(declared))));
			throw new TopologyException(this.problems.all());
		}
	}

	private boolean hasValidName(String key, String name) {
		boolean valid = Subjects.isValidName(name);
		if (!valid) {
			this.problems.add(key, "can't be a name", "Names have no spaces, dots, slashes, backslashes, '*' or '>'.");
		}
		return valid;
	}

}
