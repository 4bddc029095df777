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
import java.util.function.BiConsumer;
import java.util.function.Function;

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
import io.nats.client.api.StreamConfiguration.Builder;
import io.nats.client.api.SubjectTransform;
import io.nats.client.support.JsonSerializable;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a stream: all that jnats knows, except the owner of a stream template,
 * which servers no longer have.
 */
final class StreamSettings {

	private static final Duration SHORTEST = Duration.ofMillis(100);

	private static final Duration SECOND = Duration.ofSeconds(1);

	static final Setting<StreamConfiguration, Builder, String> DESCRIPTION = Setting
		.<StreamConfiguration, Builder, String>of("description", (stream) -> Values.orEmpty(stream.getDescription()),
				Builder::description)
		.text(Values::text)
		.build();

	static final Setting<StreamConfiguration, Builder, List<String>> SUBJECTS = Setting
		.<StreamConfiguration, Builder, List<String>>of("subjects", StreamConfiguration::getSubjects,
				(builder, subjects) -> builder.subjects(subjects))
		.same(Values::isSameSet)
		.text(Values::list)
		.valid(Values::areSubjects, Values.SUBJECTS)
		.build();

	static final Setting<StreamConfiguration, Builder, RetentionPolicy> RETENTION = Setting
		.of("retention", StreamConfiguration::getRetentionPolicy, Builder::retentionPolicy)
		.change(new Change<>("not to or from `work-queue`", ServerVersion.OLDEST,
				(from, to) -> from != RetentionPolicy.WorkQueue && to != RetentionPolicy.WorkQueue))
		.text((retention) -> (retention == RetentionPolicy.WorkQueue) ? "work-queue" : retention.toString())
		.build();

	static final Setting<StreamConfiguration, Builder, StorageType> STORAGE = Setting
		.of("storage", StreamConfiguration::getStorageType, Builder::storageType)
		.change(Change.never())
		.build();

	static final Setting<StreamConfiguration, Builder, Integer> REPLICAS = Setting
		.of("replicas", StreamConfiguration::getReplicas, Builder::replicas)
		.valid(Values::isReplicas, Values.REPLICAS)
		.build();

	static final Setting<StreamConfiguration, Builder, Duration> MAX_AGE = Setting
		.<StreamConfiguration, Builder, Duration>of("max-age", StreamConfiguration::getMaxAge, Builder::maxAge)
		.text(Values::duration)
		.valid(Values.zeroOrAtLeast(SHORTEST), "100ms or more, at most 100 years, or 0 for no limit")
		.build();

	static final Setting<StreamConfiguration, Builder, Long> MAX_MESSAGES = limit("max-messages",
			StreamConfiguration::getMaxMsgs, Builder::maxMessages)
		.build();

	static final Setting<StreamConfiguration, Builder, Long> MAX_MESSAGES_PER_SUBJECT = limit(
			"max-messages-per-subject", StreamConfiguration::getMaxMsgsPerSubject, Builder::maxMessagesPerSubject)
		.build();

	static final Setting<StreamConfiguration, Builder, Long> MAX_BYTES = limit("max-bytes",
			StreamConfiguration::getMaxBytes, Builder::maxBytes)
		.build();

	static final Setting<StreamConfiguration, Builder, Long> MAX_MESSAGE_SIZE = Setting
		.<StreamConfiguration, Builder, Long>of("max-message-size",
				(stream) -> Values.orUnlimited(stream.getMaximumMessageSize()),
				(builder, size) -> builder.maximumMessageSize(size.intValue()))
		.text(Values::limit)
		.valid((size) -> Values.isLimit(size) && size <= Integer.MAX_VALUE,
				"a size from 1B to 2147483647B, or -1 for no limit")
		.build();

	static final Setting<StreamConfiguration, Builder, Long> MAX_CONSUMERS = limit("max-consumers",
			StreamConfiguration::getMaxConsumers, Builder::maxConsumers)
		.change(Change.since("2.14"))
		.build();

	static final Setting<StreamConfiguration, Builder, DiscardPolicy> DISCARD = Setting
		.of("discard", StreamConfiguration::getDiscardPolicy, Builder::discardPolicy)
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> DISCARD_NEW_PER_SUBJECT = flag(
			"discard-new-per-subject", StreamConfiguration::isDiscardNewPerSubject, Builder::discardNewPerSubject)
		.build();

	static final Setting<StreamConfiguration, Builder, Duration> DUPLICATE_WINDOW = Setting
		.<StreamConfiguration, Builder, Duration>of("duplicate-window",
				(stream) -> Values.orZero(stream.getDuplicateWindow()), Builder::duplicateWindow)
		.text(Values::duration)
		.valid(Values.atLeast(SHORTEST), "100ms or more, at most 100 years")
		.build();

	static final Setting<StreamConfiguration, Builder, CompressionOption> COMPRESSION = Setting
		.of("compression", StreamConfiguration::getCompressionOption, Builder::compressionOption)
		.build();

	static final Setting<StreamConfiguration, Builder, SubjectTransform> SUBJECT_TRANSFORM = json("subject-transform",
			StreamConfiguration::getSubjectTransform, Builder::subjectTransform)
		.build();

	static final Setting<StreamConfiguration, Builder, Republish> REPUBLISH = json("republish",
			StreamConfiguration::getRepublish, Builder::republish)
		.build();

	/**
	 * Stands for no mirror: to leave the setting out is to leave the server's alone.
	 */
	static final Mirror NO_MIRROR = Mirror.builder().name("none").build();

	static final Setting<StreamConfiguration, Builder, Mirror> MIRROR = Setting
		.<StreamConfiguration, Builder, Mirror>of("mirror",
				(stream) -> (stream.getMirror() != null) ? stream.getMirror() : NO_MIRROR,
				(builder, mirror) -> builder.mirror((mirror == NO_MIRROR) ? null : mirror))
		.same((first, second) -> (first == NO_MIRROR || second == NO_MIRROR) ? first == second
				: Values.isSameJson(first, second))
		.text((mirror) -> (mirror == NO_MIRROR) ? "none" : Values.json(mirror))
		.since((mirror) -> (mirror.getConsumerSource() != null) ? "2.14" : ServerVersion.OLDEST,
				"2.10, `consumer` 2.14")
		.change(new Change<>("to `none` from 2.12", "2.12", (from, to) -> to == NO_MIRROR))
		.build();

	static final Setting<StreamConfiguration, Builder, List<Source>> SOURCES = Setting
		.<StreamConfiguration, Builder, List<Source>>of("sources", StreamConfiguration::getSources,
				(builder, sources) -> builder.sources(sources))
		.since((sources) -> sources.stream().anyMatch((source) -> source.getConsumerSource() != null) ? "2.14"
				: ServerVersion.OLDEST, "2.10, `consumer` 2.14")
		.same((first, second) -> Values.isSameSet(first.stream().map(Values::json).toList(),
				second.stream().map(Values::json).toList()))
		.text((sources) -> Values.list(sources.stream().map(Values::json).toList()))
		.build();

	static final Setting<StreamConfiguration, Builder, Placement> PLACEMENT = json("placement",
			StreamConfiguration::getPlacement, Builder::placement)
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> ALLOW_ROLLUP = flag("allow-rollup",
			StreamConfiguration::getAllowRollup, Builder::allowRollup)
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> ALLOW_DIRECT = flag("allow-direct",
			StreamConfiguration::getAllowDirect, Builder::allowDirect)
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> MIRROR_DIRECT = flag("mirror-direct",
			StreamConfiguration::getMirrorDirect, Builder::mirrorDirect)
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> DENY_DELETE = flag("deny-delete",
			StreamConfiguration::getDenyDelete, Builder::denyDelete)
		.change(Change.onlyToTrue())
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> DENY_PURGE = flag("deny-purge",
			StreamConfiguration::getDenyPurge, Builder::denyPurge)
		.change(Change.onlyToTrue())
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> SEALED = flag("sealed", StreamConfiguration::getSealed,
			StreamSettings::seal)
		.change(Change.onlyToTrue())
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> NO_ACK = flag("no-ack", StreamConfiguration::getNoAck,
			Builder::noAck)
		.build();

	static final Setting<StreamConfiguration, Builder, Long> FIRST_SEQUENCE = Setting
		.<StreamConfiguration, Builder, Long>of("first-sequence", (stream) -> Math.max(1, stream.getFirstSequence()),
				Builder::firstSequence)
		.change(Change.never())
		.valid((sequence) -> sequence > 0, "1 or more")
		.build();

	static final Setting<StreamConfiguration, Builder, ConsumerLimits> CONSUMER_LIMITS = json("consumer-limits",
			StreamConfiguration::getConsumerLimits, Builder::consumerLimits)
		.text(Values::limits)
		.valid(Values::areLimits, "an 'inactive-threshold' of at most 100 years, or 0 for no limit")
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> ALLOW_MESSAGE_TTL = flag("allow-message-ttl",
			StreamConfiguration::getAllowMessageTtl, Builder::allowMessageTtl)
		.since("2.11")
		.change(Change.onlyToTrue())
		.build();

	static final Setting<StreamConfiguration, Builder, Duration> SUBJECT_DELETE_MARKER_TTL = Setting
		.<StreamConfiguration, Builder, Duration>of("subject-delete-marker-ttl",
				StreamConfiguration::getSubjectDeleteMarkerTtl, Builder::subjectDeleteMarkerTtl)
		.since("2.11")
		.text(Values::duration)
		.valid(Values.atLeast(SECOND), "1s or more, at most 100 years")
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> ALLOW_MESSAGE_SCHEDULES = flag(
			"allow-message-schedules", StreamConfiguration::getAllowMsgSchedules, Builder::allowMessageSchedules)
		.since("2.12")
		.change(Change.onlyToTrue())
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> ALLOW_MESSAGE_COUNTER = flag("allow-message-counter",
			StreamConfiguration::getAllowMessageCounter, Builder::allowMessageCounter)
		.since("2.12")
		.change(Change.never())
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> ALLOW_ATOMIC_PUBLISH = flag("allow-atomic-publish",
			StreamConfiguration::getAllowAtomicPublish, Builder::allowAtomicPublish)
		.since("2.12")
		.build();

	static final Setting<StreamConfiguration, Builder, Boolean> ALLOW_BATCH_PUBLISH = flag("allow-batch-publish",
			StreamConfiguration::getAllowBatched, Builder::allowBatched)
		.since("2.14")
		.build();

	static final Setting<StreamConfiguration, Builder, PersistMode> PERSIST_MODE = Setting
		.<StreamConfiguration, Builder, PersistMode>of("persist-mode", StreamSettings::persistMode,
				Builder::persistMode)
		.since((mode) -> (mode != PersistMode.Default) ? "2.12" : ServerVersion.OLDEST, "2.12")
		.change(Change.never())
		.build();

	static final Setting<StreamConfiguration, Builder, Map<String, String>> METADATA = Setting
		.<StreamConfiguration, Builder, Map<String, String>>of("metadata",
				(stream) -> Values.userMetadata(stream.getMetadata()), Builder::metadata)
		.merge(Values::mergeMetadata)
		.valid(Values::isUserMetadata, Values.METADATA)
		.build();

	static final List<Setting<StreamConfiguration, Builder, ?>> ALL = List.of(DESCRIPTION, SUBJECTS, RETENTION, STORAGE,
			REPLICAS, MAX_AGE, MAX_MESSAGES, MAX_MESSAGES_PER_SUBJECT, MAX_BYTES, MAX_MESSAGE_SIZE, MAX_CONSUMERS,
			DISCARD, DISCARD_NEW_PER_SUBJECT, DUPLICATE_WINDOW, COMPRESSION, SUBJECT_TRANSFORM, REPUBLISH, MIRROR,
			SOURCES, PLACEMENT, ALLOW_ROLLUP, ALLOW_DIRECT, MIRROR_DIRECT, DENY_DELETE, DENY_PURGE, SEALED, NO_ACK,
			FIRST_SEQUENCE, CONSUMER_LIMITS, ALLOW_MESSAGE_TTL, SUBJECT_DELETE_MARKER_TTL, ALLOW_MESSAGE_SCHEDULES,
			ALLOW_MESSAGE_COUNTER, ALLOW_ATOMIC_PUBLISH, ALLOW_BATCH_PUBLISH, PERSIST_MODE, METADATA);

	/**
	 * What every stream has unless it is set otherwise.
	 */
	static final Settings<StreamConfiguration, Builder> DEFAULTS = new Settings.Builder<StreamConfiguration, Builder>()
		.set(RETENTION, RetentionPolicy.WorkQueue)
		.build();

	private StreamSettings() {
	}

	private static Setting.Builder<StreamConfiguration, Builder, Long> limit(String key,
			Function<StreamConfiguration, Long> reader, BiConsumer<Builder, Long> writer) {
		return Setting
			.<StreamConfiguration, Builder, Long>of(key, (stream) -> Values.orUnlimited(reader.apply(stream)), writer)
			.text(Values::limit)
			.valid(Values::isLimit, Values.LIMIT);
	}

	private static Setting.Builder<StreamConfiguration, Builder, Boolean> flag(String key,
			Function<StreamConfiguration, Boolean> reader, BiConsumer<Builder, Boolean> writer) {
		return Setting.of(key, reader::apply, writer);
	}

	private static <T extends JsonSerializable> Setting.Builder<StreamConfiguration, Builder, T> json(String key,
			Function<StreamConfiguration, @Nullable T> reader, BiConsumer<Builder, T> writer) {
		return Setting.of(key, reader, writer).same(Values::isSameJson).text(Values::json);
	}

	private static void seal(Builder builder, boolean sealed) {
		// jnats has no way to unseal: nor has the server
		if (sealed) {
			builder.seal();
		}
	}

	private static PersistMode persistMode(StreamConfiguration stream) {
		PersistMode mode = stream.getPersistMode();
		return (mode != null) ? mode : PersistMode.Default;
	}

}
