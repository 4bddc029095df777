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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.ReplayPolicy;

/**
 * The settings of {@link ConsumerDefinition.Builder}.
 *
 * @param <B> the builder
 */
abstract class ConsumerSettingsBuilder<B>
		extends SettingsBuilder<ConsumerConfiguration, ConsumerConfiguration.Builder, B> {

	/**
	 * Sets what the consumer is for.
	 * @param description the description
	 * @return this builder
	 */
	public B description(String description) {
		return set(ConsumerSettings.description(), description);
	}

	/**
	 * Sets which of the stream's messages the consumer gets. The default is all of them.
	 * @param filterSubjects subjects such as {@code orders.created}
	 * @return this builder
	 */
	public B filterSubjects(String... filterSubjects) {
		return set(ConsumerSettings.filterSubjects(), List.of(filterSubjects));
	}

	/**
	 * Sets with which message a new consumer starts.
	 * @param deliverPolicy the policy
	 * @return this builder
	 */
	public B deliverPolicy(DeliverPolicy deliverPolicy) {
		return set(ConsumerSettings.deliverPolicy(), deliverPolicy);
	}

	/**
	 * Sets the message that {@link DeliverPolicy#ByStartSequence} starts with.
	 * @param startSequence the sequence, 1 or more
	 * @return this builder
	 */
	public B startSequence(long startSequence) {
		return set(ConsumerSettings.startSequence(), startSequence);
	}

	/**
	 * Sets the time that {@link DeliverPolicy#ByStartTime} starts with.
	 * @param startTime the time
	 * @return this builder
	 */
	public B startTime(Instant startTime) {
		return set(ConsumerSettings.startTime(), startTime);
	}

	/**
	 * Sets which messages are acked. The default is {@link AckPolicy#Explicit}, each one
	 * by itself; listeners work with no other.
	 * @param ackPolicy the policy
	 * @return this builder
	 */
	public B ackPolicy(AckPolicy ackPolicy) {
		return set(ConsumerSettings.ackPolicy(), ackPolicy);
	}

	/**
	 * Sets how long the server waits for an ack before it delivers a message again.
	 * @param ackWait the duration
	 * @return this builder
	 */
	public B ackWait(Duration ackWait) {
		return set(ConsumerSettings.ackWait(), ackWait);
	}

	/**
	 * Sets how often the server delivers a message before it gives it up in silence.
	 * Better left at the default, -1 for no limit: listeners count attempts themselves
	 * and write dead letters.
	 * @param maxDeliver the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxDeliver(long maxDeliver) {
		return set(ConsumerSettings.maxDeliver(), maxDeliver);
	}

	/**
	 * Sets how many messages can be out for handling at once, over all workers.
	 * @param maxAckPending the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxAckPending(long maxAckPending) {
		return set(ConsumerSettings.maxAckPending(), maxAckPending);
	}

	/**
	 * Sets whether messages come at once or at the pace they were published.
	 * @param replayPolicy the policy
	 * @return this builder
	 */
	public B replayPolicy(ReplayPolicy replayPolicy) {
		return set(ConsumerSettings.replayPolicy(), replayPolicy);
	}

	/**
	 * Sets after how long without a worker the server deletes the consumer.
	 * @param inactiveThreshold the duration, or {@link Duration#ZERO} for never
	 * @return this builder
	 */
	public B inactiveThreshold(Duration inactiveThreshold) {
		return set(ConsumerSettings.inactiveThreshold(), inactiveThreshold);
	}

	/**
	 * Sets how many pulls can wait for messages at once.
	 * @param maxPullWaiting the number
	 * @return this builder
	 */
	public B maxPullWaiting(long maxPullWaiting) {
		return set(ConsumerSettings.maxPullWaiting(), maxPullWaiting);
	}

	/**
	 * Sets how many messages a pull can ask for.
	 * @param maxBatch the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxBatch(long maxBatch) {
		return set(ConsumerSettings.maxBatch(), maxBatch);
	}

	/**
	 * Sets how many bytes a pull can ask for.
	 * @param maxBytes the size in bytes, or -1 for no limit
	 * @return this builder
	 */
	public B maxBytes(long maxBytes) {
		return set(ConsumerSettings.maxBytes(), maxBytes);
	}

	/**
	 * Sets how long a pull can wait for messages.
	 * @param maxExpires the duration, or {@link Duration#ZERO} for no limit
	 * @return this builder
	 */
	public B maxExpires(Duration maxExpires) {
		return set(ConsumerSettings.maxExpires(), maxExpires);
	}

	/**
	 * Sets how many servers of a cluster keep the consumer's state. The default is the
	 * stream's number.
	 * @param replicas the number of copies, 1 to 5
	 * @return this builder
	 */
	public B replicas(int replicas) {
		return set(ConsumerSettings.replicas(), replicas);
	}

	/**
	 * Sets whether the consumer's state is kept in memory only.
	 * @param memoryStorage {@code true} for memory
	 * @return this builder
	 */
	public B memoryStorage(boolean memoryStorage) {
		return set(ConsumerSettings.memoryStorage(), memoryStorage);
	}

	/**
	 * Sets whether messages come without their payload.
	 * @param headersOnly {@code true} to leave it out
	 * @return this builder
	 */
	public B headersOnly(boolean headersOnly) {
		return set(ConsumerSettings.headersOnly(), headersOnly);
	}

	/**
	 * Sets for what share of the acks the server publishes a metric.
	 * @param sampleFrequency a percentage such as {@code 30%}
	 * @return this builder
	 */
	public B sampleFrequency(String sampleFrequency) {
		return set(ConsumerSettings.sampleFrequency(), sampleFrequency);
	}

	/**
	 * Sets the groups of instances that a priority policy tells apart. Needs nats-server
	 * 2.11.
	 * @param priorityGroups names of 16 characters at most
	 * @return this builder
	 */
	public B priorityGroups(String... priorityGroups) {
		return set(ConsumerSettings.priorityGroups(), List.of(priorityGroups));
	}

	/**
	 * Sets which instances of a group get messages. Needs nats-server 2.11, and
	 * {@link PriorityPolicy#Prioritized} 2.12.
	 * @param priorityPolicy the policy
	 * @return this builder
	 */
	public B priorityPolicy(PriorityPolicy priorityPolicy) {
		return set(ConsumerSettings.priorityPolicy(), priorityPolicy);
	}

	/**
	 * Sets after how long without a pull the pinned instance is replaced. Needs
	 * nats-server 2.11.
	 * @param priorityTimeout the duration
	 * @return this builder
	 */
	public B priorityTimeout(Duration priorityTimeout) {
		return set(ConsumerSettings.priorityTimeout(), priorityTimeout);
	}

	/**
	 * Sets until when the consumer delivers nothing. A time that is past changes nothing.
	 * Needs nats-server 2.11.
	 * @param pauseUntil the time
	 * @return this builder
	 */
	public B pauseUntil(Instant pauseUntil) {
		return set(ConsumerSettings.pauseUntil(), pauseUntil);
	}

	/**
	 * Sets entries of the consumer's metadata. Other entries stay as they are on the
	 * server.
	 * @param metadata the entries
	 * @return this builder
	 */
	public B metadata(Map<String, String> metadata) {
		return add(ConsumerSettings.metadata(), metadata);
	}

}
