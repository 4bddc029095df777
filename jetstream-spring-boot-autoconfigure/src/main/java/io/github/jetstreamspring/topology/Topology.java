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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The streams and consumers that an application declares, from wherever they come: the
 * configuration, {@link StreamDefinition} beans, and listeners.
 * <p>
 * Definitions of one name are merged: each may set what the others leave out. When two
 * set the same to different values, that is a problem which is reported when the topology
 * is declared. All methods can be called from any thread.
 *
 * @since 0.1.0
 */
public final class Topology {

	private final Map<String, Settings<StreamConfiguration, StreamConfiguration.Builder>> streams = new LinkedHashMap<>();

	private final Map<String, Map<String, Settings<ConsumerConfiguration, ConsumerConfiguration.Builder>>> consumers = new LinkedHashMap<>();

	private final Map<String, ScheduleDefinition> schedules = new LinkedHashMap<>();

	// Streams that nothing needs so far
	private final Map<String, StreamDefinition> unused = new LinkedHashMap<>();

	private boolean part;

	private final List<TopologyProblem> conflicts = new ArrayList<>();

	private final List<DeadLetterRules> deadLetters = new ArrayList<>();

	private final TopologyCustomizers customizers;

	/**
	 * Creates a topology of definitions.
	 * @param definitions the streams with their consumers
	 */
	public Topology(Collection<StreamDefinition> definitions) {
		this(definitions, List.of(), List.of());
	}

	/**
	 * Creates a topology of definitions that are customized, as are those that are added
	 * later.
	 * @param definitions the streams with their consumers
	 * @param streamCustomizers change the streams, one after the other
	 * @param consumerCustomizers change the consumers, one after the other
	 */
	public Topology(Collection<StreamDefinition> definitions, List<StreamConfigurationCustomizer> streamCustomizers,
			List<ConsumerConfigurationCustomizer> consumerCustomizers) {
		this.customizers = new TopologyCustomizers(streamCustomizers, consumerCustomizers);
		for (StreamDefinition definition : definitions) {
			add(definition);
		}
	}

	/**
	 * Adds a stream with its consumers.
	 * @param definition the stream
	 */
	public synchronized void add(StreamDefinition definition) {
		StreamDefinition customized = this.customizers.customize(definition);
		merge(this.streams, customized.name(), customized.settings(), Keys.stream(customized.name()));
		addConsumers(customized);
		used(customized.name());
	}

	/**
	 * Adds a stream whose settings hold where no other definition sets them.
	 * @param definition the stream
	 */
	public synchronized void addDefaults(StreamDefinition definition) {
		StreamDefinition customized = this.customizers.customize(definition);
		this.streams.merge(customized.name(), customized.settings(), Settings::orElse);
		addConsumers(customized);
	}

	private void addConsumers(StreamDefinition definition) {
		for (ConsumerDefinition consumer : definition.consumers()) {
			addConsumer(definition.name(), consumer);
		}
	}

	/**
	 * Adds a stream as {@link #addDefaults(StreamDefinition)} does, once it is in here
	 * otherwise, be it now or later: by another definition or by a consumer.
	 * @param definition the stream
	 */
	public synchronized void addDefaultsIfUsed(StreamDefinition definition) {
		if (this.streams.containsKey(definition.name()) || this.consumers.containsKey(definition.name())) {
			addDefaults(definition);
		}
		else {
			this.unused.put(definition.name(), definition);
		}
	}

	private void used(String stream) {
		StreamDefinition definition = this.unused.remove(stream);
		if (definition != null) {
			addDefaults(definition);
		}
	}

	/**
	 * Says which stream takes dead letters, so that a definition which keeps them out is
	 * a problem.
	 * @param stream the name of the stream
	 * @param subjectPrefix what the subjects of dead letters begin with, before the names
	 * of stream and consumer
	 */
	public synchronized void addDeadLetters(String stream, String subjectPrefix) {
		this.deadLetters.add(new DeadLetterRules(stream, subjectPrefix));
	}

	/**
	 * Returns the streams for dead letters.
	 * @return what the subjects of their letters begin with, by the names of the streams
	 */
	public synchronized Map<String, String> deadLetterSubjects() {
		Map<String, String> prefixes = new LinkedHashMap<>();
		this.deadLetters.forEach((letters) -> prefixes.put(letters.stream(), letters.subjectPrefix()));
		return prefixes;
	}

	/**
	 * Returns what streams for dead letters must be like.
	 */
	synchronized List<DeadLetterRules> deadLetters() {
		return List.copyOf(this.deadLetters);
	}

	/**
	 * Adds a consumer. Its stream need not be in the topology: then somebody else has to
	 * have made it when the topology is declared.
	 * @param stream the name of the stream
	 * @param definition the consumer
	 */
	public synchronized void addConsumer(String stream, ConsumerDefinition definition) {
		ConsumerDefinition customized = this.customizers.customize(stream, definition);
		merge(this.consumers.computeIfAbsent(stream, (name) -> new LinkedHashMap<>()), customized.name(),
				customized.settings(), Keys.consumer(stream, customized.name()));
		used(stream);
	}

	/**
	 * Adds a schedule.
	 * @param definition the schedule
	 */
	public synchronized void addSchedule(ScheduleDefinition definition) {
		ScheduleDefinition other = this.schedules.putIfAbsent(definition.name(), definition);
		if (other != null && !other.equals(definition)) {
			this.conflicts.add(new TopologyProblem(Keys.schedule(definition.name()), "is declared twice, differently",
					"Declare it in one place only: the configuration or a ScheduleDefinition bean."));
		}
	}

	/**
	 * Returns the schedules.
	 * @return the schedules, in the order in which they were added
	 */
	public synchronized Collection<ScheduleDefinition> schedules() {
		return List.copyOf(this.schedules.values());
	}

	/**
	 * Returns the part of this topology that one consumer needs: its stream with all
	 * consumers and schedules, or the consumer alone if its stream is not in the
	 * topology. What is missing in a part is not taken for something that is no longer
	 * declared.
	 * @param stream the name of the stream
	 * @param consumer the consumer
	 * @return the part
	 */
	public synchronized Topology part(String stream, ConsumerDefinition consumer) {
		Topology result = part(stream);
		if (!this.streams.containsKey(stream)) {
			// Somebody else's stream
			result.addConsumer(stream, consumer);
		}
		return result;
	}

	/**
	 * Returns the part of this topology that belongs to one stream: the stream with all
	 * consumers and schedules, or nothing if it is not in the topology. What is missing
	 * in a part is not taken for something that is no longer declared.
	 * @param stream the name of the stream
	 * @return the part
	 */
	public synchronized Topology part(String stream) {
		Topology result = new Topology(
				streams().stream().filter((definition) -> definition.name().equals(stream)).toList());
		result.part = true;
		this.schedules.values().forEach(result::addSchedule);
		return result;
	}

	/**
	 * Returns whether there is more than is in here.
	 */
	synchronized boolean isPart() {
		return this.part;
	}

	/**
	 * Returns the streams, each merged from all its definitions.
	 * @return the streams with their consumers, in the order in which they were added
	 */
	public synchronized Collection<StreamDefinition> streams() {
		List<StreamDefinition> definitions = new ArrayList<>();
		for (Map.Entry<String, Settings<StreamConfiguration, StreamConfiguration.Builder>> stream : this.streams
			.entrySet()) {
			definitions.add(new StreamDefinition(stream.getKey(), stream.getValue(), consumers(stream.getKey())));
		}
		return List.copyOf(definitions);
	}

	/**
	 * Returns whether a stream is declared.
	 * @param stream the name of the stream
	 * @return whether it is in the topology, and not only consumers of it
	 */
	public synchronized boolean hasStream(String stream) {
		return this.streams.containsKey(stream);
	}

	/**
	 * Returns the streams for which a consumer is declared.
	 * @param consumer the name of the consumer
	 * @return the names of the streams, which need not be in the topology themselves
	 */
	public synchronized List<String> streamsWithConsumer(String consumer) {
		List<String> names = new ArrayList<>();
		for (String stream : this.consumers.keySet()) {
			if (consumer(stream, consumer) != null) {
				names.add(stream);
			}
		}
		return List.copyOf(names);
	}

	/**
	 * Returns a consumer, merged from all its definitions.
	 * @param stream the name of the stream
	 * @param consumer the name of the consumer
	 * @return the consumer, or {@code null} if none is declared
	 */
	public synchronized @Nullable ConsumerDefinition consumer(String stream, String consumer) {
		Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> settings = this.consumers
			.getOrDefault(stream, Map.of())
			.get(consumer);
		return (settings != null) ? new ConsumerDefinition(consumer, settings) : null;
	}

	/**
	 * Returns the consumers of a stream, be it in the topology or not.
	 */
	synchronized List<ConsumerDefinition> consumers(String stream) {
		List<ConsumerDefinition> definitions = new ArrayList<>();
		for (Map.Entry<String, Settings<ConsumerConfiguration, ConsumerConfiguration.Builder>> consumer : this.consumers
			.getOrDefault(stream, Map.of())
			.entrySet()) {
			definitions.add(new ConsumerDefinition(consumer.getKey(), consumer.getValue()));
		}
		return List.copyOf(definitions);
	}

	/**
	 * Returns the streams that have consumers here, but no definition.
	 */
	synchronized List<String> foreignStreams() {
		List<String> names = new ArrayList<>(this.consumers.keySet());
		names.removeAll(this.streams.keySet());
		return names;
	}

	/**
	 * Returns the settings that two definitions set differently.
	 */
	synchronized List<TopologyProblem> conflicts() {
		return List.copyOf(this.conflicts);
	}

	/**
	 * Returns what an application publishes to that declares this topology: where it asks
	 * the server, and the subjects of its streams, but those for dead letters.
	 * @param mode what it does about streams and consumers that are missing or differ
	 * @return the subjects, with wildcards
	 */
	public Set<String> permissions(TopologyMode mode) {
		return TopologyPermissions.of(this, mode);
	}

	/**
	 * Returns the streams and consumers as resources of NACK, the controller for
	 * Kubernetes.
	 * @param omitted takes what no resource can say, in sentences
	 * @return the resources, each as a map
	 */
	public List<Map<String, Object>> kubernetesResources(Consumer<String> omitted) {
		KubernetesResources resources = new KubernetesResources(this);
		resources.omitted().forEach(omitted);
		return resources.resources();
	}

	private <C, B> void merge(Map<String, Settings<C, B>> all, String name, Settings<C, B> settings, String key) {
		Settings<C, B> known = all.putIfAbsent(name, settings);
		if (known != null) {
			for (Setting<C, B, ?> setting : settings.keys()) {
				if (conflict(setting, known, settings)) {
					this.conflicts.add(conflict(key, setting, known, settings));
				}
			}
			all.put(name, known.orElse(settings));
		}
	}

	private <C, B, T> boolean conflict(Setting<C, B, T> setting, Settings<C, B> first, Settings<C, B> second) {
		T one = first.get(setting);
		T other = second.get(setting);
		return one != null && other != null && !setting.isSame(one, other);
	}

	private <C, B, T> TopologyProblem conflict(String key, Setting<C, B, T> setting, Settings<C, B> first,
			Settings<C, B> second) {
		return new TopologyProblem(key + "." + setting.key(),
				"is set twice, to '%s' and to '%s'".formatted(setting.text(first.get(setting)),
						setting.text(second.get(setting))),
				"Set it in one place only: the configuration, a StreamDefinition bean or a listener.");
	}

}
