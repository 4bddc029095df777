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
import java.util.List;
import java.util.Map;

import io.nats.client.api.CompressionOption;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Mirror;
import io.nats.client.api.PersistMode;
import io.nats.client.api.Placement;
import io.nats.client.api.Republish;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.SubjectTransform;

/**
 * The settings of {@link StreamDefinition.Builder}.
 *
 * @param <B> the builder
 */
abstract class StreamSettingsBuilder<B> extends SettingsBuilder<StreamConfiguration, StreamConfiguration.Builder, B> {

	/**
	 * Sets what the stream is for.
	 * @param description the description
	 * @return this builder
	 */
	public B description(String description) {
		return set(StreamSettings.description(), description);
	}

	/**
	 * Sets the subjects whose messages the stream stores.
	 * @param subjects subjects such as {@code orders.>}; none means a subject of the
	 * stream's name
	 * @return this builder
	 */
	public B subjects(String... subjects) {
		return set(StreamSettings.subjects(), List.of(subjects));
	}

	/**
	 * Sets when messages leave the stream. The default is
	 * {@link RetentionPolicy#WorkQueue}: as soon as they are acked.
	 * @param retention the retention
	 * @return this builder
	 */
	public B retention(RetentionPolicy retention) {
		return set(StreamSettings.retention(), retention);
	}

	/**
	 * Sets where messages are kept.
	 * @param storage the storage
	 * @return this builder
	 */
	public B storage(StorageType storage) {
		return set(StreamSettings.storage(), storage);
	}

	/**
	 * Sets how many servers of a cluster keep a copy of each message.
	 * @param replicas the number of copies, 1 to 5
	 * @return this builder
	 */
	public B replicas(int replicas) {
		return set(StreamSettings.replicas(), replicas);
	}

	/**
	 * Sets how long messages are kept.
	 * @param maxAge the age, or {@link Duration#ZERO} for no limit
	 * @return this builder
	 */
	public B maxAge(Duration maxAge) {
		return set(StreamSettings.maxAge(), maxAge);
	}

	/**
	 * Sets how many messages the stream holds.
	 * @param maxMessages the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxMessages(long maxMessages) {
		return set(StreamSettings.maxMessages(), maxMessages);
	}

	/**
	 * Sets how many messages the stream holds of each subject.
	 * @param maxMessages the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxMessagesPerSubject(long maxMessages) {
		return set(StreamSettings.maxMessagesPerSubject(), maxMessages);
	}

	/**
	 * Sets how large the stream can grow.
	 * @param maxBytes the size in bytes, or -1 for no limit
	 * @return this builder
	 */
	public B maxBytes(long maxBytes) {
		return set(StreamSettings.maxBytes(), maxBytes);
	}

	/**
	 * Sets how large a message can be, with its headers.
	 * @param maxMessageSize the size in bytes, or -1 for no limit but the server's
	 * @return this builder
	 */
	public B maxMessageSize(long maxMessageSize) {
		return set(StreamSettings.maxMessageSize(), maxMessageSize);
	}

	/**
	 * Sets how many consumers the stream can have.
	 * @param maxConsumers the number, or -1 for no limit
	 * @return this builder
	 */
	public B maxConsumers(long maxConsumers) {
		return set(StreamSettings.maxConsumers(), maxConsumers);
	}

	/**
	 * Sets whether a full stream drops old messages or refuses new ones.
	 * @param discard the policy
	 * @return this builder
	 */
	public B discard(DiscardPolicy discard) {
		return set(StreamSettings.discard(), discard);
	}

	/**
	 * Sets whether new messages are refused per subject, too. Needs
	 * {@link DiscardPolicy#New} and a limit per subject.
	 * @param discardNewPerSubject {@code true} to refuse them
	 * @return this builder
	 */
	public B discardNewPerSubject(boolean discardNewPerSubject) {
		return set(StreamSettings.discardNewPerSubject(), discardNewPerSubject);
	}

	/**
	 * Sets how long message ids are remembered, so that a message that is published twice
	 * is stored once.
	 * @param duplicateWindow the duration, 100 milliseconds or more
	 * @return this builder
	 */
	public B duplicateWindow(Duration duplicateWindow) {
		return set(StreamSettings.duplicateWindow(), duplicateWindow);
	}

	/**
	 * Sets how messages on disk are compressed.
	 * @param compression the compression
	 * @return this builder
	 */
	public B compression(CompressionOption compression) {
		return set(StreamSettings.compression(), compression);
	}

	/**
	 * Sets the sequence of the first message.
	 * @param firstSequence the sequence, 1 or more
	 * @return this builder
	 */
	public B firstSequence(long firstSequence) {
		return set(StreamSettings.firstSequence(), firstSequence);
	}

	/**
	 * Sets limits and defaults for the stream's consumers.
	 * @param consumerLimits the limits
	 * @return this builder
	 */
	public B consumerLimits(ConsumerLimits consumerLimits) {
		return set(StreamSettings.consumerLimits(), consumerLimits);
	}

	/**
	 * Sets how subjects are rewritten before messages are stored.
	 * @param subjectTransform the transform
	 * @return this builder
	 */
	public B subjectTransform(SubjectTransform subjectTransform) {
		return set(StreamSettings.subjectTransform(), subjectTransform);
	}

	/**
	 * Sets where messages are published again once they are stored.
	 * @param republish the subjects
	 * @return this builder
	 */
	public B republish(Republish republish) {
		return set(StreamSettings.republish(), republish);
	}

	/**
	 * Makes the stream a copy of another one. It then has no subjects of its own.
	 * @param mirror the stream to copy
	 * @return this builder
	 */
	public B mirror(Mirror mirror) {
		return set(StreamSettings.mirror(), mirror);
	}

	/**
	 * Makes the stream a copy of no other one. A mirror that exists becomes a stream of
	 * its own with the messages it has, which takes nats-server 2.12; give it
	 * {@link #subjects(String...)}. Without this, a stream that is a mirror stays one.
	 * @return this builder
	 */
	public B noMirror() {
		return set(StreamSettings.mirror(), StreamSettings.NO_MIRROR);
	}

	/**
	 * Sets the streams whose messages are copied into this one.
	 * @param sources the streams to copy from
	 * @return this builder
	 */
	public B sources(Source... sources) {
		return set(StreamSettings.sources(), List.of(sources));
	}

	/**
	 * Sets which servers can hold the stream.
	 * @param placement the placement
	 * @return this builder
	 */
	public B placement(Placement placement) {
		return set(StreamSettings.placement(), placement);
	}

	/**
	 * Sets whether a message can replace all earlier ones by a {@code Nats-Rollup}
	 * header.
	 * @param allowRollup {@code true} to allow it
	 * @return this builder
	 */
	public B allowRollup(boolean allowRollup) {
		return set(StreamSettings.allowRollup(), allowRollup);
	}

	/**
	 * Sets whether replicas answer reads of single messages.
	 * @param allowDirect {@code true} to allow it
	 * @return this builder
	 */
	public B allowDirect(boolean allowDirect) {
		return set(StreamSettings.allowDirect(), allowDirect);
	}

	/**
	 * Sets whether a mirror answers reads of single messages for its origin.
	 * @param mirrorDirect {@code true} to allow it
	 * @return this builder
	 */
	public B mirrorDirect(boolean mirrorDirect) {
		return set(StreamSettings.mirrorDirect(), mirrorDirect);
	}

	/**
	 * Sets whether deleting messages is refused.
	 * @param denyDelete {@code true} to refuse it
	 * @return this builder
	 */
	public B denyDelete(boolean denyDelete) {
		return set(StreamSettings.denyDelete(), denyDelete);
	}

	/**
	 * Sets whether purging the stream is refused.
	 * @param denyPurge {@code true} to refuse it
	 * @return this builder
	 */
	public B denyPurge(boolean denyPurge) {
		return set(StreamSettings.denyPurge(), denyPurge);
	}

	/**
	 * Sets whether the stream is closed for good: nothing comes in or goes out any more.
	 * Only a stream that exists can be sealed.
	 * @param sealed {@code true} to seal it
	 * @return this builder
	 */
	public B sealed(boolean sealed) {
		return set(StreamSettings.sealed(), sealed);
	}

	/**
	 * Sets whether the server leaves publishes unconfirmed. A publisher that waits for
	 * the confirmation then fails.
	 * @param noAck {@code true} to confirm nothing
	 * @return this builder
	 */
	public B noAck(boolean noAck) {
		return set(StreamSettings.noAck(), noAck);
	}

	/**
	 * Sets whether messages can bring their own time to live. Needs nats-server 2.11.
	 * @param allowMessageTtl {@code true} to allow it
	 * @return this builder
	 */
	public B allowMessageTtl(boolean allowMessageTtl) {
		return set(StreamSettings.allowMessageTtl(), allowMessageTtl);
	}

	/**
	 * Sets how long a marker stays in place of a subject's last message when that has
	 * expired. Needs nats-server 2.11.
	 * @param subjectDeleteMarkerTtl the duration, a second or more
	 * @return this builder
	 */
	public B subjectDeleteMarkerTtl(Duration subjectDeleteMarkerTtl) {
		return set(StreamSettings.subjectDeleteMarkerTtl(), subjectDeleteMarkerTtl);
	}

	/**
	 * Sets whether messages can be scheduled for later. Needs nats-server 2.12. The
	 * stream gets a subject for them, {@code _schedules.<stream>.>}, which consumers
	 * without filters are kept off.
	 * @param allowMessageSchedules {@code true} to allow it
	 * @return this builder
	 */
	public B allowMessageSchedules(boolean allowMessageSchedules) {
		return set(StreamSettings.allowMessageSchedules(), allowMessageSchedules);
	}

	/**
	 * Sets whether the stream holds counters instead of messages. Needs nats-server 2.12.
	 * @param allowMessageCounter {@code true} for counters
	 * @return this builder
	 */
	public B allowMessageCounter(boolean allowMessageCounter) {
		return set(StreamSettings.allowMessageCounter(), allowMessageCounter);
	}

	/**
	 * Sets whether several messages can be published all or nothing. Needs nats-server
	 * 2.12.
	 * @param allowAtomicPublish {@code true} to allow it
	 * @return this builder
	 */
	public B allowAtomicPublish(boolean allowAtomicPublish) {
		return set(StreamSettings.allowAtomicPublish(), allowAtomicPublish);
	}

	/**
	 * Sets whether messages can be published in fast batches. Needs nats-server 2.14.
	 * @param allowBatchPublish {@code true} to allow it
	 * @return this builder
	 */
	public B allowBatchPublish(boolean allowBatchPublish) {
		return set(StreamSettings.allowBatchPublish(), allowBatchPublish);
	}

	/**
	 * Sets whether messages are confirmed before they are written to the file. Needs
	 * nats-server 2.12.
	 * @param persistMode the mode
	 * @return this builder
	 */
	public B persistMode(PersistMode persistMode) {
		return set(StreamSettings.persistMode(), persistMode);
	}

	/**
	 * Sets entries of the stream's metadata. Other entries stay as they are on the
	 * server.
	 * @param metadata the entries
	 * @return this builder
	 */
	public B metadata(Map<String, String> metadata) {
		return add(StreamSettings.metadata(), metadata);
	}

}
