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
import java.time.ZonedDateTime;
import java.util.Objects;

import io.github.jetstreamspring.listener.pull.PinnedClient;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.SequenceInfo;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as it is on the server: what a listener has to know of it, as the client's
 * own answer keeps all of the server's.
 *
 * @param configuration how it is configured
 * @param created when it was created
 * @param pausedUntil until when it is paused, and with it all who work for it, or
 * {@code null} if it isn't
 * @param pinnedClient the id that the server has given to the one client that gets
 * messages, or {@code null} if several get them
 * @param delivered the number of the last message that was delivered for the first time
 * @param ackPending how many messages are delivered and not acknowledged
 * @param replicated whether several servers know what it has delivered
 * @param streamReplaced whether its stream was deleted and created again since the
 * consumer was found last
 * @param askedNanos when the server was asked, by {@link System#nanoTime()}: what has
 * happened since may not be known here
 */
record FoundConsumer(ConsumerConfiguration configuration, @Nullable ZonedDateTime created,
		@Nullable Instant pausedUntil, @Nullable String pinnedClient, long delivered, long ackPending,
		boolean replicated, boolean streamReplaced, long askedNanos) {

	/**
	 * Returns what has to be known of a consumer.
	 * @param info the consumer
	 * @param streamReplaced whether its stream was deleted and created again since the
	 * consumer was found last
	 * @param askedNanos when the server was asked
	 */
	static FoundConsumer of(ConsumerInfo info, boolean streamReplaced, long askedNanos) {
		SequenceInfo delivered = info.getDelivered();
		return new FoundConsumer(info.getConsumerConfiguration(), info.getCreationTime(), pausedUntil(info),
				PinnedClient.idOf(info), (delivered != null) ? delivered.getStreamSequence() : 0,
				info.getNumAckPending(), isReplicated(info.getClusterInfo()), streamReplaced, askedNanos);
	}

	private static boolean isReplicated(@Nullable ClusterInfo cluster) {
		return cluster != null && cluster.getReplicas() != null && !cluster.getReplicas().isEmpty();
	}

	private static @Nullable Instant pausedUntil(ConsumerInfo info) {
		ZonedDateTime until = info.getConsumerConfiguration().getPauseUntil();
		return (info.getPaused() && until != null) ? until.toInstant() : null;
	}

	/**
	 * Returns whether the other one is this consumer, not one that was created again.
	 * @param other a consumer with the same name
	 * @return whether it is
	 */
	boolean isSame(FoundConsumer other) {
		return Objects.equals(this.created, other.created);
	}

	/**
	 * Returns the same, as it is when it is found once more.
	 */
	FoundConsumer known() {
		return this.streamReplaced ? new FoundConsumer(this.configuration, this.created, this.pausedUntil,
				this.pinnedClient, this.delivered, this.ackPending, this.replicated, false, this.askedNanos) : this;
	}

}
