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

import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a durable pull consumer shall be like on the server. It holds only what was set:
 * everything else stays as it is there, or as the server has it by default.
 * <p>
 * The consumer's own {@code backoff} is left out on purpose: it bends the delays of
 * retries. So are settings that only push consumers have.
 *
 * @since 0.1.0
 */
public final class ConsumerDefinition {

	private final String name;

	private final Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> settings;

	ConsumerDefinition(String name, Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> settings) {
		this.name = name;
		this.settings = settings;
	}

	/**
	 * Starts the definition of a consumer.
	 * @param name the name of the durable on the server
	 * @return a builder without any setting
	 */
	public static Builder named(String name) {
		return new Builder(name);
	}

	/**
	 * Returns the consumer's name.
	 * @return the name of the durable
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns which messages of the stream the consumer is to have.
	 * @return the filter subjects, none for all messages; {@code null} if this definition
	 * leaves that to the server
	 */
	public @Nullable List<String> filterSubjects() {
		return this.settings.get(ConsumerSettings.filterSubjects());
	}

	/**
	 * Returns what the server gets when the consumer doesn't exist yet.
	 * @return the client's configuration
	 */
	public ConsumerConfiguration toConfiguration() {
		return new DeclaredConsumer("", this.name, this.settings.orElse(ConsumerSettings.DEFAULTS)).target(null);
	}

	/**
	 * Returns a builder that has all of this definition.
	 */
	Builder toBuilder() {
		Builder builder = new Builder(this.name);
		builder.setAll(this.settings);
		return builder;
	}

	/**
	 * Returns the settings that were set.
	 */
	Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> settings() {
		return this.settings;
	}

	@Override
	public String toString() {
		return "ConsumerDefinition[" + this.name + "]";
	}

	/**
	 * Builder for a {@link ConsumerDefinition}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder extends ConsumerSettingsBuilder<Builder> {

		private final String name;

		private Builder(String name) {
			Assert.hasText(name, "A consumer needs a name: ConsumerDefinition.named(\"order-worker\")");
			this.name = name;
		}

		/**
		 * Returns the consumer's name.
		 * @return the name of the durable
		 */
		public String name() {
			return this.name;
		}

		/**
		 * Builds the definition.
		 * @return the definition
		 */
		public ConsumerDefinition build() {
			return new ConsumerDefinition(this.name, settings());
		}

		@Override
		Builder self() {
			return this;
		}

	}

}
