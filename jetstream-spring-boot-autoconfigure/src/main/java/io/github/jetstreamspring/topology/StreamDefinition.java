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
import java.util.List;
import java.util.function.Consumer;

import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;

import org.springframework.util.Assert;

/**
 * What a stream shall be like on the server. It holds only what was set: everything else
 * stays as it is there, or as the server has it by default.
 * <p>
 * Beans of this type are declared together with the streams of the configuration. Two
 * definitions of one name are merged. Whether values make sense is checked when the
 * stream is declared, so that everything that is wrong is reported together.
 *
 * @since 0.1.0
 */
public final class StreamDefinition {

	private final String name;

	private final Settings<StreamConfiguration, StreamConfiguration.Builder> settings;

	private final List<ConsumerDefinition> consumers;

	StreamDefinition(String name, Settings<StreamConfiguration, StreamConfiguration.Builder> settings,
			List<ConsumerDefinition> consumers) {
		this.name = name;
		this.settings = settings;
		this.consumers = List.copyOf(consumers);
	}

	/**
	 * Starts the definition of a stream.
	 * @param name the name of the stream on the server
	 * @return a builder without any setting
	 */
	public static Builder named(String name) {
		return new Builder(name);
	}

	/**
	 * Starts the definition of a work queue: a message is gone when it is acked.
	 * @param name the name of the stream on the server
	 * @return a builder with {@link RetentionPolicy#WorkQueue}
	 */
	public static Builder workQueue(String name) {
		return named(name).retention(RetentionPolicy.WorkQueue);
	}

	/**
	 * Starts the definition of a stream for several consumers: a message is gone when all
	 * of them have acked it.
	 * @param name the name of the stream on the server
	 * @return a builder with {@link RetentionPolicy#Interest}
	 */
	public static Builder interest(String name) {
		return named(name).retention(RetentionPolicy.Interest);
	}

	/**
	 * Starts the definition of a stream that keeps its messages, acked or not, until it
	 * reaches one of its limits.
	 * @param name the name of the stream on the server
	 * @return a builder with {@link RetentionPolicy#Limits}
	 */
	public static Builder limits(String name) {
		return named(name).retention(RetentionPolicy.Limits);
	}

	/**
	 * Returns the stream's name.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the consumers that are declared together with the stream.
	 * @return the consumers, in the order in which they were added
	 */
	public List<ConsumerDefinition> consumers() {
		return this.consumers;
	}

	/**
	 * Returns the subjects of the messages that the stream stores, as far as this
	 * definition says so.
	 * @return the subjects; none if it leaves them to the server, or has messages of
	 * other streams, or rewrites subjects
	 */
	public List<String> storedSubjects() {
		List<String> subjects = this.settings.get(StreamSettings.subjects());
		boolean others = this.settings.get(StreamSettings.mirror()) != null
				|| this.settings.get(StreamSettings.sources()) != null
				|| this.settings.get(StreamSettings.subjectTransform()) != null;
		return (subjects != null && !others) ? subjects : List.of();
	}

	/**
	 * Returns a builder that has all of this definition.
	 */
	Builder toBuilder() {
		return new Builder(this);
	}

	/**
	 * Returns what the server gets when the stream doesn't exist yet.
	 * @return the client's configuration
	 */
	public StreamConfiguration toConfiguration() {
		return new DeclaredStream(this.name, this.settings.orElse(StreamSettings.DEFAULTS)).target(null);
	}

	/**
	 * Returns the settings that were set.
	 */
	Settings<StreamConfiguration, StreamConfiguration.Builder> settings() {
		return this.settings;
	}

	@Override
	public String toString() {
		return "StreamDefinition[" + this.name + "]";
	}

	/**
	 * Builder for a {@link StreamDefinition}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder extends StreamSettingsBuilder<Builder> {

		private final String name;

		private final List<ConsumerDefinition> consumers = new ArrayList<>();

		private Builder(String name) {
			Assert.hasText(name, "A stream needs a name: StreamDefinition.named(\"orders\")");
			this.name = name;
		}

		private Builder(StreamDefinition definition) {
			this.name = definition.name;
			this.consumers.addAll(definition.consumers);
			setAll(definition.settings);
		}

		/**
		 * Returns the stream's name.
		 * @return the name
		 */
		public String name() {
			return this.name;
		}

		/**
		 * Adds a consumer without any setting.
		 * @param name the name of the durable on the server
		 * @return this builder
		 */
		public Builder consumer(String name) {
			return consumer(ConsumerDefinition.named(name).build());
		}

		/**
		 * Adds a consumer.
		 * @param name the name of the durable on the server
		 * @param settings sets what it shall be like
		 * @return this builder
		 */
		public Builder consumer(String name, Consumer<ConsumerDefinition.Builder> settings) {
			ConsumerDefinition.Builder consumer = ConsumerDefinition.named(name);
			settings.accept(consumer);
			return consumer(consumer.build());
		}

		/**
		 * Adds a consumer.
		 * @param consumer the consumer to declare together with the stream
		 * @return this builder
		 */
		public Builder consumer(ConsumerDefinition consumer) {
			this.consumers.add(consumer);
			return this;
		}

		/**
		 * Builds the definition.
		 * @return the definition
		 */
		public StreamDefinition build() {
			return new StreamDefinition(this.name, settings(), this.consumers);
		}

		@Override
		Builder self() {
			return this;
		}

	}

}
