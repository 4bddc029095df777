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

import org.springframework.util.unit.DataSize;

/**
 * Properties of a durable pull consumer. What is left out stays as it is on the server,
 * except for the ack policy, which is explicit then, and how often messages are
 * delivered, which is without limit.
 *
 * @param description what the consumer is for
 * @param filterSubjects which of the stream's messages the consumer gets
 * @param deliverPolicy with which message a new consumer starts
 * @param startSequence message that the policy by-start-sequence starts with
 * @param startTime time that the policy by-start-time starts with
 * @param ackPolicy which messages are acked; listeners work with explicit only
 * @param ackWait how long the server waits for an ack before it delivers a message again
 * @param maxDeliver how often the server delivers a message before it gives it up in
 * silence, or -1 for no limit
 * @param maxAckPending number of messages that can be out for handling at once, over all
 * workers, or -1 for no limit
 * @param replayPolicy whether messages come at once or at the pace they were published
 * @param inactiveThreshold after how long without a worker the server deletes the
 * consumer, or 0 for never
 * @param maxPullWaiting number of pulls that can wait for messages at once
 * @param maxBatch number of messages a pull can ask for, or -1 for no limit
 * @param maxBytes size of the messages a pull can ask for, or -1 for no limit
 * @param maxExpires how long a pull can wait for messages, or 0 for no limit
 * @param replicas number of servers of a cluster that keep the consumer's state
 * @param memoryStorage whether the consumer's state is kept in memory only
 * @param headersOnly whether messages come without their payload
 * @param sampleFrequency percentage of the acks for which the server publishes a metric
 * @param priorityGroups groups of workers that a priority policy tells apart; needs
 * nats-server 2.11
 * @param priorityPolicy which workers of a group get messages; needs nats-server 2.11
 * @param priorityTimeout after how long without a pull a pinned worker is replaced; needs
 * nats-server 2.11
 * @param pauseUntil until when the consumer delivers nothing; needs nats-server 2.11
 * @param metadata entries of the consumer's metadata
 * @since 0.1.0
 */
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
