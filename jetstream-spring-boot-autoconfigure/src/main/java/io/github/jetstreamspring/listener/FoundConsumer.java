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

package io.github.jetstreamspring.listener;

import java.time.Instant;
import java.util.Objects;

import io.github.jetstreamspring.listener.pull.PinnedClient;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as it is on the server.
 *
 * @param info the consumer
 * @param streamReplaced whether its stream was deleted and created again since the
 * consumer was found last
 */
record FoundConsumer(ConsumerInfo info, boolean streamReplaced) {

	/**
	 * Returns how the consumer is configured.
	 * @return its configuration
	 */
	ConsumerConfiguration configuration() {
		return this.info.getConsumerConfiguration();
	}

	/**
	 * Returns whether the other one is this consumer, not one that was created again.
	 * @param other a consumer with the same name
	 * @return whether it is
	 */
	boolean isSame(FoundConsumer other) {
		return Objects.equals(this.info.getCreationTime(), other.info.getCreationTime());
	}

	/**
	 * Returns until when the consumer is paused, and with it all who work for it.
	 * @return the deadline, or {@code null} if it isn't paused
	 */
	@Nullable Instant pausedUntil() {
		return (this.info.getPaused() && configuration().getPauseUntil() != null)
				? configuration().getPauseUntil().toInstant() : null;
	}

	/**
	 * Returns who gets the messages, if only one client does.
	 * @return the id that the server has given to that client, or {@code null}
	 */
	@Nullable String pinnedClient() {
		return PinnedClient.idOf(this.info);
	}

}
