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
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.topology.StreamDefinition;
import io.nats.client.api.CompressionOption;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.PersistMode;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.unit.DataSize;

/**
 * Properties of a stream. What is left out stays as it is on the server, except for the
 * retention, which is work-queue then.
 *
 * @param description What the stream is for.
 * @param subjects Subjects whose messages the stream stores.
 * @param retention When messages leave the stream (default: work-queue).
 * @param storage Where messages are kept (default: file).
 * @param replicas Number of servers of a cluster that keep a copy of each message
 * (default: 1).
 * @param maxAge How long messages are kept, or 0 for no limit (default: 0).
 * @param maxMessages Number of messages the stream holds, or -1 for no limit (default:
 * -1).
 * @param maxMessagesPerSubject Number of messages the stream holds of each subject, or -1
 * for no limit (default: -1).
 * @param maxBytes How large the stream can grow, or -1 for no limit (default: -1).
 * @param maxMessageSize How large a message can be, or -1 for no limit but the server's
 * (default: -1).
 * @param maxConsumers Number of consumers the stream can have, or -1 for no limit
 * (default: -1).
 * @param discard Whether a full stream drops old messages or refuses new ones (default:
 * old).
 * @param discardNewPerSubject Whether new messages are refused per subject, too (default:
 * false).
 * @param duplicateWindow How long message ids are remembered (default: 2m).
 * @param compression How messages on disk are compressed (default: none).
 * @param subjectTransform How subjects are rewritten before messages are stored.
 * @param republish Where messages are published again once they are stored.
 * @param mirror The stream that this one is a copy of; 'none' makes a stream of its own
 * of a mirror, which takes nats-server 2.12.
 * @param sources Streams whose messages are copied into this one.
 * @param placement Which servers can hold the stream.
 * @param allowRollup Whether a message can replace all earlier ones (default: false).
 * @param allowDirect Whether replicas answer reads of single messages (default: false).
 * @param mirrorDirect Whether a mirror answers reads of single messages for its origin
 * (default: false).
 * @param denyDelete Whether deleting messages is refused (default: false).
 * @param denyPurge Whether purging the stream is refused (default: false).
 * @param sealed Whether the stream is closed for good (default: false).
 * @param noAck Whether the server leaves publishes unconfirmed (default: false).
 * @param firstSequence Sequence of the first message (default: 1).
 * @param consumerLimits Limits and defaults for the stream's consumers.
 * @param allowMessageTtl Whether messages can bring their own time to live; needs nats-
 * server 2.11 (default: false).
 * @param subjectDeleteMarkerTtl How long a marker stays in place of a subject's last
 * message when that has expired; needs nats-server 2.11.
 * @param allowMessageSchedules Whether messages can be scheduled for later; needs nats-
 * server 2.12 (default: false).
 * @param allowMessageCounter Whether the stream holds counters instead of messages; needs
 * nats-server 2.12 (default: false).
 * @param allowAtomicPublish Whether several messages can be published all or nothing;
 * needs nats-server 2.12 (default: false).
 * @param allowBatchPublish Whether messages can be published in fast batches; needs nats-
 * server 2.14 (default: false).
 * @param persistMode Whether messages are confirmed before they are written to the file;
 * needs nats-server 2.12 (default: default).
 * @param metadata Entries of the stream's metadata.
 * @param consumers The stream's consumers, by their names.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record StreamProperties(@Nullable String description, @Nullable List<String> subjects,
		@Nullable RetentionPolicy retention, @Nullable StorageType storage, @Nullable Integer replicas,
		@Nullable Duration maxAge, @Nullable Long maxMessages, @Nullable Long maxMessagesPerSubject,
		@Nullable DataSize maxBytes, @Nullable DataSize maxMessageSize, @Nullable Long maxConsumers,
		@Nullable DiscardPolicy discard, @Nullable Boolean discardNewPerSubject, @Nullable Duration duplicateWindow,
		@Nullable CompressionOption compression, @Nullable SubjectTransformProperties subjectTransform,
		@Nullable RepublishProperties republish, @Nullable SourceProperties mirror,
		@Nullable List<SourceProperties> sources, @Nullable PlacementProperties placement,
		@Nullable Boolean allowRollup, @Nullable Boolean allowDirect, @Nullable Boolean mirrorDirect,
		@Nullable Boolean denyDelete, @Nullable Boolean denyPurge, @Nullable Boolean sealed, @Nullable Boolean noAck,
		@Nullable Long firstSequence, @Nullable ConsumerLimitsProperties consumerLimits,
		@Nullable Boolean allowMessageTtl, @Nullable Duration subjectDeleteMarkerTtl,
		@Nullable Boolean allowMessageSchedules, @Nullable Boolean allowMessageCounter,
		@Nullable Boolean allowAtomicPublish, @Nullable Boolean allowBatchPublish, @Nullable PersistMode persistMode,
		@Nullable Map<String, String> metadata, @Nullable Map<String, ConsumerProperties> consumers) {

	/**
	 * Converts the properties to a definition.
	 * @param name the name of the stream
	 * @return the stream with its consumers
	 */
	public StreamDefinition toDefinition(String name) {
		StreamDefinition.Builder builder = StreamDefinition.named(name);
		if (this.description != null) {
			builder.description(this.description);
		}
		if (this.subjects != null) {
			builder.subjects(this.subjects.toArray(new String[0]));
		}
		if (this.retention != null) {
			builder.retention(this.retention);
		}
		if (this.storage != null) {
			builder.storage(this.storage);
		}
		if (this.replicas != null) {
			builder.replicas(this.replicas);
		}
		if (this.maxAge != null) {
			builder.maxAge(this.maxAge);
		}
		if (this.maxMessages != null) {
			builder.maxMessages(this.maxMessages);
		}
		if (this.maxMessagesPerSubject != null) {
			builder.maxMessagesPerSubject(this.maxMessagesPerSubject);
		}
		if (this.maxBytes != null) {
			builder.maxBytes(this.maxBytes.toBytes());
		}
		if (this.maxMessageSize != null) {
			builder.maxMessageSize(this.maxMessageSize.toBytes());
		}
		if (this.maxConsumers != null) {
			builder.maxConsumers(this.maxConsumers);
		}
		if (this.discard != null) {
			builder.discard(this.discard);
		}
		if (this.discardNewPerSubject != null) {
			builder.discardNewPerSubject(this.discardNewPerSubject);
		}
		if (this.duplicateWindow != null) {
			builder.duplicateWindow(this.duplicateWindow);
		}
		if (this.compression != null) {
			builder.compression(this.compression);
		}
		if (this.subjectTransform != null) {
			builder.subjectTransform(this.subjectTransform.toConfiguration());
		}
		if (this.republish != null) {
			builder.republish(this.republish.toConfiguration());
		}
		if (this.mirror != null && this.mirror.isNone()) {
			builder.noMirror();
		}
		else if (this.mirror != null) {
			builder.mirror(this.mirror.toMirror());
		}
		if (this.sources != null) {
			builder.sources(SourceProperties.toSources(this.sources));
		}
		if (this.placement != null) {
			builder.placement(this.placement.toConfiguration());
		}
		if (this.allowRollup != null) {
			builder.allowRollup(this.allowRollup);
		}
		if (this.allowDirect != null) {
			builder.allowDirect(this.allowDirect);
		}
		if (this.mirrorDirect != null) {
			builder.mirrorDirect(this.mirrorDirect);
		}
		if (this.denyDelete != null) {
			builder.denyDelete(this.denyDelete);
		}
		if (this.denyPurge != null) {
			builder.denyPurge(this.denyPurge);
		}
		if (this.sealed != null) {
			builder.sealed(this.sealed);
		}
		if (this.noAck != null) {
			builder.noAck(this.noAck);
		}
		if (this.firstSequence != null) {
			builder.firstSequence(this.firstSequence);
		}
		if (this.consumerLimits != null) {
			builder.consumerLimits(this.consumerLimits.toConfiguration());
		}
		if (this.allowMessageTtl != null) {
			builder.allowMessageTtl(this.allowMessageTtl);
		}
		if (this.subjectDeleteMarkerTtl != null) {
			builder.subjectDeleteMarkerTtl(this.subjectDeleteMarkerTtl);
		}
		if (this.allowMessageSchedules != null) {
			builder.allowMessageSchedules(this.allowMessageSchedules);
		}
		if (this.allowMessageCounter != null) {
			builder.allowMessageCounter(this.allowMessageCounter);
		}
		if (this.allowAtomicPublish != null) {
			builder.allowAtomicPublish(this.allowAtomicPublish);
		}
		if (this.allowBatchPublish != null) {
			builder.allowBatchPublish(this.allowBatchPublish);
		}
		if (this.persistMode != null) {
			builder.persistMode(this.persistMode);
		}
		if (this.metadata != null) {
			builder.metadata(this.metadata);
		}
		if (this.consumers != null) {
			for (Map.Entry<String, ConsumerProperties> consumer : this.consumers.entrySet()) {
				builder.consumer(consumer.getValue().toDefinition(consumer.getKey()));
			}
		}
		return builder.build();
	}

}
