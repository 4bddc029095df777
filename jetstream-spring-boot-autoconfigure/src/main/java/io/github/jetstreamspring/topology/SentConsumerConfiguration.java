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

import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A consumer configuration that sends what jnats leaves out: unlimited
 * {@code max_ack_pending}, which the server would replace by its default of 1000, and
 * settings that only a newer server knows.
 */
final class SentConsumerConfiguration extends ConsumerConfiguration {

	private final @Nullable String json;

	SentConsumerConfiguration(ConsumerConfiguration configuration) {
		this(configuration, null);
	}

	/**
	 * Creates a configuration.
	 * @param configuration what jnats knows of it
	 * @param json all of it, or {@code null} if jnats knows all
	 */
	SentConsumerConfiguration(ConsumerConfiguration configuration, @Nullable String json) {
		super(configuration);
		this.json = json;
	}

	@Override
	public String toJson() {
		if (this.json != null) {
			return this.json;
		}
		String json = super.toJson();
		boolean left = maxAckPendingWasSet() && getMaxAckPending() == Values.UNLIMITED;
		return left ? json.substring(0, json.length() - 1) + ",\"max_ack_pending\":-1}" : json;
	}

}
