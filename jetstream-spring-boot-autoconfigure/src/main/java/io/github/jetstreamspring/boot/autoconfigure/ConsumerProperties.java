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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.topology.ConsumerDefinition;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.ReplayPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.unit.DataSize;

/**
 * Properties of a durable pull consumer. What is left out stays as it is on the server,
 * except for the ack policy, which is explicit then, and how often messages are
 * delivered, which is without limit.
 *
 * @param description What the consumer is for.
 * @param filterSubjects Which of the stream's messages the consumer gets.
 * @param deliverPolicy With which message a new consumer starts (default: all).
 * @param startSequence Message that the policy by-start-sequence starts with.
 * @param startTime Time that the policy by-start-time starts with.
 * @param ackPolicy Which messages are acked; listeners work with explicit only (default:
 * explicit).
 * @param ackWait How long the server waits for an ack before it delivers a message again
 * (default: 30s).
 * @param maxDeliver How often the server delivers a message before it gives it up in
 * silence, or -1 for no limit (default: -1).
 * @param maxAckPending Number of messages that can be out for handling at once, over all
 * workers, or -1 for no limit (default: 1000).
 * @param replayPolicy Whether messages come at once or at the pace they were published
 * (default: instant).
 * @param inactiveThreshold After how long without a worker the server deletes the
 * consumer, or 0 for never (default: 0).
 * @param maxPullWaiting Number of pulls that can wait for messages at once (default:
 * 512).
 * @param maxBatch Number of messages a pull can ask for, or -1 for no limit (default:
 * -1).
 * @param maxBytes Size of the messages a pull can ask for, or -1 for no limit (default:
 * -1).
 * @param maxExpires How long a pull can wait for messages, or 0 for no limit (default:
 * 0).
 * @param replicas Number of servers of a cluster that keep the consumer's state.
 * @param memoryStorage Whether the consumer's state is kept in memory only (default:
 * false).
 * @param headersOnly Whether messages come without their payload (default: false).
 * @param sampleFrequency Percentage of the acks for which the server publishes a metric.
 * @param priorityGroups Groups of instances that a priority policy tells apart; needs
 * nats-server 2.11.
 * @param priorityPolicy Which instances of a group get messages; needs nats-server 2.11
 * (default: none).
 * @param priorityTimeout After how long without a pull the pinned instance is replaced;
 * needs nats-server 2.11.
 * @param pauseUntil Until when the consumer delivers nothing; needs nats-server 2.11.
 * @param metadata Entries of the consumer's metadata.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record ConsumerProperties(@Nullable String description, @Nullable List<String> filterSubjects,
		@Nullable DeliverPolicy deliverPolicy, @Nullable Long startSequence, @Nullable Instant startTime,
		@Nullable AckPolicy ackPolicy, @Nullable Duration ackWait, @Nullable Long maxDeliver,
		@Nullable Long maxAckPending, @Nullable ReplayPolicy replayPolicy, @Nullable Duration inactiveThreshold,
		@Nullable Long maxPullWaiting, @Nullable Long maxBatch, @Nullable DataSize maxBytes,
		@Nullable Duration maxExpires, @Nullable Integer replicas, @Nullable Boolean memoryStorage,
		@Nullable Boolean headersOnly, @Nullable String sampleFrequency, @Nullable List<String> priorityGroups,
		@Nullable PriorityPolicy priorityPolicy, @Nullable Duration priorityTimeout, @Nullable Instant pauseUntil,
		@Nullable Map<String, String> metadata) {

	/**
	 * Converts the properties to a definition.
	 * @param name the name of the consumer
	 * @return the consumer
	 */
	public ConsumerDefinition toDefinition(String name) {
		ConsumerDefinition.Builder builder = ConsumerDefinition.named(name);
		if (this.description != null) {
			builder.description(this.description);
		}
		if (this.filterSubjects != null) {
			builder.filterSubjects(this.filterSubjects.toArray(String[]::new));
		}
		if (this.deliverPolicy != null) {
			builder.deliverPolicy(this.deliverPolicy);
		}
		if (this.startSequence != null) {
			builder.startSequence(this.startSequence);
		}
		if (this.startTime != null) {
			builder.startTime(this.startTime);
		}
		if (this.ackPolicy != null) {
			builder.ackPolicy(this.ackPolicy);
		}
		if (this.ackWait != null) {
			builder.ackWait(this.ackWait);
		}
		if (this.maxDeliver != null) {
			builder.maxDeliver(this.maxDeliver);
		}
		if (this.maxAckPending != null) {
			builder.maxAckPending(this.maxAckPending);
		}
		if (this.replayPolicy != null) {
			builder.replayPolicy(this.replayPolicy);
		}
		if (this.inactiveThreshold != null) {
			builder.inactiveThreshold(this.inactiveThreshold);
		}
		if (this.maxPullWaiting != null) {
			builder.maxPullWaiting(this.maxPullWaiting);
		}
		if (this.maxBatch != null) {
			builder.maxBatch(this.maxBatch);
		}
		if (this.maxBytes != null) {
			builder.maxBytes(this.maxBytes.toBytes());
		}
		if (this.maxExpires != null) {
			builder.maxExpires(this.maxExpires);
		}
		if (this.replicas != null) {
			builder.replicas(this.replicas);
		}
		if (this.memoryStorage != null) {
			builder.memoryStorage(this.memoryStorage);
		}
		if (this.headersOnly != null) {
			builder.headersOnly(this.headersOnly);
		}
		if (this.sampleFrequency != null) {
			builder.sampleFrequency(this.sampleFrequency);
		}
		if (this.priorityGroups != null) {
			builder.priorityGroups(this.priorityGroups.toArray(String[]::new));
		}
		if (this.priorityPolicy != null) {
			builder.priorityPolicy(this.priorityPolicy);
		}
		if (this.priorityTimeout != null) {
			builder.priorityTimeout(this.priorityTimeout);
		}
		if (this.pauseUntil != null) {
			builder.pauseUntil(this.pauseUntil);
		}
		if (this.metadata != null) {
			builder.metadata(this.metadata);
		}
		return builder.build();
	}

}
