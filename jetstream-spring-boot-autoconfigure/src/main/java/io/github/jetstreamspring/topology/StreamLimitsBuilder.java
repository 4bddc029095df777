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

import io.nats.client.api.CompressionOption;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

/**
 * The settings of {@link StreamDefinition.Builder} that say how messages are kept and how
 * many.
 *
 * @param <B> the builder
 */
abstract class StreamLimitsBuilder<B> extends SettingsBuilder<StreamConfiguration, StreamConfiguration.Builder, B> {

	/**
	 * Sets when messages leave the stream. The default is
	 * {@link RetentionPolicy#WorkQueue}: as soon as they are acked.
	 * @param retention the retention
	 * @return this builder
	 */
	public B retention(RetentionPolicy retention) {
		return set(StreamSettings.RETENTION, retention);
	}

	/**
	 * Sets where messages are kept.
	 * @param storage the storage
	 * @return this builder
	 */
	public B storage(StorageType storage) {
		return set(StreamSettings.STORAGE, storage);
	}

	/**
	 * Sets how many servers of a cluster keep a copy of each message.
	 * @param replicas the number of copies, 1 to 5
	 * @return this builder
	 */
	public B replicas(int replicas) {
		return set(StreamSettings.REPLICAS, replicas);
	}

	/**
	 * Sets how long messages are kept.
	 * @param maxAge the age, or {@link Duration#ZERO} for no limit
	 * @return this builder
	 */
	public B maxAge(Duration maxAge) {
		return set(StreamSettings.MAX_AGE, maxAge);
	}

	/**
	 * Sets how many messages the stream holds.
	 * @param maxMessages the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxMessages(long maxMessages) {
		return set(StreamSettings.MAX_MESSAGES, maxMessages);
	}

	/**
	 * Sets how many messages the stream holds of each subject.
	 * @param maxMessages the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxMessagesPerSubject(long maxMessages) {
		return set(StreamSettings.MAX_MESSAGES_PER_SUBJECT, maxMessages);
	}

	/**
	 * Sets how large the stream can grow.
	 * @param maxBytes the size in bytes, or -1 for no limit
	 * @return this builder
	 */
	public B maxBytes(long maxBytes) {
		return set(StreamSettings.MAX_BYTES, maxBytes);
	}

	/**
	 * Sets how large a message can be, with its headers.
	 * @param maxMessageSize the size in bytes, or -1 for no limit but the server's
	 * @return this builder
	 */
	public B maxMessageSize(long maxMessageSize) {
		return set(StreamSettings.MAX_MESSAGE_SIZE, maxMessageSize);
	}

	/**
	 * Sets how many consumers the stream can have.
	 * @param maxConsumers the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxConsumers(long maxConsumers) {
		return set(StreamSettings.MAX_CONSUMERS, maxConsumers);
	}

	/**
	 * Sets whether a full stream drops old messages or refuses new ones.
	 * @param discard the policy
	 * @return this builder
	 */
	public B discard(DiscardPolicy discard) {
		return set(StreamSettings.DISCARD, discard);
	}

	/**
	 * Sets whether new messages are refused per subject, too. Needs
	 * {@link DiscardPolicy#New} and a limit per subject.
	 * @param discardNewPerSubject {@code true} to refuse them
	 * @return this builder
	 */
	public B discardNewPerSubject(boolean discardNewPerSubject) {
		return set(StreamSettings.DISCARD_NEW_PER_SUBJECT, discardNewPerSubject);
	}

	/**
	 * Sets how long message ids are remembered, so that a message that is published twice
	 * is stored once.
	 * @param duplicateWindow the duration, 100 milliseconds or more
	 * @return this builder
	 */
	public B duplicateWindow(Duration duplicateWindow) {
		return set(StreamSettings.DUPLICATE_WINDOW, duplicateWindow);
	}

	/**
	 * Sets how messages on disk are compressed.
	 * @param compression the compression
	 * @return this builder
	 */
	public B compression(CompressionOption compression) {
		return set(StreamSettings.COMPRESSION, compression);
	}

	/**
	 * Sets the sequence of the first message.
	 * @param firstSequence the sequence, 1 or more
	 * @return this builder
	 */
	public B firstSequence(long firstSequence) {
		return set(StreamSettings.FIRST_SEQUENCE, firstSequence);
	}

	/**
	 * Sets limits and defaults for the stream's consumers.
	 * @param consumerLimits the limits
	 * @return this builder
	 */
	public B consumerLimits(ConsumerLimits consumerLimits) {
		return set(StreamSettings.CONSUMER_LIMITS, consumerLimits);
	}

}
