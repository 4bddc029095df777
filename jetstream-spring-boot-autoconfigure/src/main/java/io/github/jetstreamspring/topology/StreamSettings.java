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
 * which servers no longer have. Each has a method, so that an application doesn't pay at
 * start for those that it leaves alone.
 */
final class StreamSettings {

	/**
	 * Stands for no mirror: to leave the setting out is to leave the server's alone.
	 */
	static final Mirror NO_MIRROR = Mirror.builder().name("none").build();

	private static final Duration SHORTEST = Duration.ofMillis(100);

	private static final Duration SECOND = Duration.ofSeconds(1);

	static Setting<StreamConfiguration, Builder, String> description() {
		return setting("description", (stream) -> Values.orEmpty(stream.getDescription()), Builder::description)
			.text(Values::text)
			.build();
	}

	static Setting<StreamConfiguration, Builder, List<String>> subjects() {
		return setting("subjects", StreamConfiguration::getSubjects, (builder, subjects) -> builder.subjects(subjects))
			.same(Values::isSameSet)
			.text(Values::list)
			.valid(Values::areSubjects, Values.SUBJECTS)
			.build();
	}

	static Setting<StreamConfiguration, Builder, RetentionPolicy> retention() {
		return setting("retention", StreamConfiguration::getRetentionPolicy, Builder::retentionPolicy)
			.change(new Change<>("not to or from `work-queue`", ServerVersion.OLDEST,
					(from, to) -> from != RetentionPolicy.WorkQueue && to != RetentionPolicy.WorkQueue))
			.text((retention) -> (retention == RetentionPolicy.WorkQueue) ? "work-queue" : retention.toString())
			.build();
	}

	static Setting<StreamConfiguration, Builder, StorageType> storage() {
		return setting("storage", StreamConfiguration::getStorageType, Builder::storageType).change(Change.never())
			.build();
	}

	static Setting<StreamConfiguration, Builder, Integer> replicas() {
		return setting("replicas", StreamConfiguration::getReplicas, Builder::replicas)
			.valid(Values::isReplicas, Values.REPLICAS)
			.build();
	}

	static Setting<StreamConfiguration, Builder, Duration> maxAge() {
		return setting("max-age", StreamConfiguration::getMaxAge, Builder::maxAge).text(Values::duration)
			.valid(Values.zeroOrAtLeast(SHORTEST), "100ms or more, at most 100 years, or 0 for no limit")
			.build();
	}

	static Setting<StreamConfiguration, Builder, Long> maxMessages() {
		return limit("max-messages", StreamConfiguration::getMaxMsgs, Builder::maxMessages).build();
	}

	static Setting<StreamConfiguration, Builder, Long> maxMessagesPerSubject() {
		return limit("max-messages-per-subject", StreamConfiguration::getMaxMsgsPerSubject,
				Builder::maxMessagesPerSubject)
			.build();
	}

	static Setting<StreamConfiguration, Builder, Long> maxBytes() {
		return limit("max-bytes", StreamConfiguration::getMaxBytes, Builder::maxBytes).build();
	}

	static Setting<StreamConfiguration, Builder, Long> maxMessageSize() {
		return setting("max-message-size", (stream) -> Values.orUnlimited(stream.getMaximumMessageSize()),
				(builder, size) -> builder.maximumMessageSize(size.intValue()))
			.text(Values::limit)
			.valid((size) -> Values.isLimit(size) && size <= Integer.MAX_VALUE,
					"a size from 1B to 2147483647B, or -1 for no limit")
			.build();
	}

	static Setting<StreamConfiguration, Builder, Long> maxConsumers() {
		return limit("max-consumers", StreamConfiguration::getMaxConsumers, Builder::maxConsumers)
			.change(Change.since("2.14"))
			.build();
	}

	static Setting<StreamConfiguration, Builder, DiscardPolicy> discard() {
		return setting("discard", StreamConfiguration::getDiscardPolicy, Builder::discardPolicy).build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> discardNewPerSubject() {
		return flag("discard-new-per-subject", StreamConfiguration::isDiscardNewPerSubject,
				Builder::discardNewPerSubject)
			.build();
	}

	static Setting<StreamConfiguration, Builder, Duration> duplicateWindow() {
		return setting("duplicate-window", (stream) -> Values.orZero(stream.getDuplicateWindow()),
				Builder::duplicateWindow)
			.text(Values::duration)
			.valid(Values.atLeast(SHORTEST), "100ms or more, at most 100 years")
			.build();
	}

	static Setting<StreamConfiguration, Builder, CompressionOption> compression() {
		return setting("compression", StreamConfiguration::getCompressionOption, Builder::compressionOption).build();
	}

	static Setting<StreamConfiguration, Builder, SubjectTransform> subjectTransform() {
		return json("subject-transform", StreamConfiguration::getSubjectTransform, Builder::subjectTransform).build();
	}

	static Setting<StreamConfiguration, Builder, Republish> republish() {
		return json("republish", StreamConfiguration::getRepublish, Builder::republish).build();
	}

	static Setting<StreamConfiguration, Builder, Mirror> mirror() {
		return setting("mirror", (stream) -> (stream.getMirror() != null) ? stream.getMirror() : NO_MIRROR,
				(builder, mirror) -> builder.mirror((mirror == NO_MIRROR) ? null : mirror))
			.same((first, second) -> (first == NO_MIRROR || second == NO_MIRROR) ? first == second
					: Values.isSameJson(first, second))
			.text((mirror) -> (mirror == NO_MIRROR) ? "none" : Values.json(mirror))
			.since((mirror) -> (mirror.getConsumerSource() != null) ? "2.14" : ServerVersion.OLDEST,
					"2.10, `consumer` 2.14")
			.change(new Change<>("to `none` from 2.12", "2.12", (from, to) -> to == NO_MIRROR))
			.build();
	}

	static Setting<StreamConfiguration, Builder, List<Source>> sources() {
		return setting("sources", StreamConfiguration::getSources, (builder, sources) -> builder.sources(sources))
			.since((sources) -> sources.stream().anyMatch((source) -> source.getConsumerSource() != null) ? "2.14"
					: ServerVersion.OLDEST, "2.10, `consumer` 2.14")
			.same((first, second) -> Values.isSameSet(first.stream().map(Values::json).toList(),
					second.stream().map(Values::json).toList()))
			.text((sources) -> Values.list(sources.stream().map(Values::json).toList()))
			.build();
	}

	static Setting<StreamConfiguration, Builder, Placement> placement() {
		return json("placement", StreamConfiguration::getPlacement, Builder::placement).build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> allowRollup() {
		return flag("allow-rollup", StreamConfiguration::getAllowRollup, Builder::allowRollup).build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> allowDirect() {
		return flag("allow-direct", StreamConfiguration::getAllowDirect, Builder::allowDirect).build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> mirrorDirect() {
		return flag("mirror-direct", StreamConfiguration::getMirrorDirect, Builder::mirrorDirect).build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> denyDelete() {
		return flag("deny-delete", StreamConfiguration::getDenyDelete, Builder::denyDelete).change(Change.onlyToTrue())
			.build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> denyPurge() {
		return flag("deny-purge", StreamConfiguration::getDenyPurge, Builder::denyPurge).change(Change.onlyToTrue())
			.build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> sealed() {
		return flag("sealed", StreamConfiguration::getSealed, StreamSettings::seal).change(Change.onlyToTrue()).build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> noAck() {
		return flag("no-ack", StreamConfiguration::getNoAck, Builder::noAck).build();
	}

	static Setting<StreamConfiguration, Builder, Long> firstSequence() {
		return setting("first-sequence", (stream) -> Math.max(1, stream.getFirstSequence()), Builder::firstSequence)
			.change(Change.never())
			.valid((sequence) -> sequence > 0, "1 or more")
			.build();
	}

	static Setting<StreamConfiguration, Builder, ConsumerLimits> consumerLimits() {
		return json("consumer-limits", StreamConfiguration::getConsumerLimits, Builder::consumerLimits)
			.text(Values::limits)
			.valid(Values::areLimits, "an 'inactive-threshold' of at most 100 years, or 0 for no limit")
			.build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> allowMessageTtl() {
		return flag("allow-message-ttl", StreamConfiguration::getAllowMessageTtl, Builder::allowMessageTtl)
			.since("2.11")
			.change(Change.onlyToTrue())
			.build();
	}

	static Setting<StreamConfiguration, Builder, Duration> subjectDeleteMarkerTtl() {
		return setting("subject-delete-marker-ttl", StreamConfiguration::getSubjectDeleteMarkerTtl,
				Builder::subjectDeleteMarkerTtl)
			.since("2.11")
			.text(Values::duration)
			.valid(Values.atLeast(SECOND), "1s or more, at most 100 years")
			.build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> allowMessageSchedules() {
		return flag("allow-message-schedules", StreamConfiguration::getAllowMsgSchedules,
				Builder::allowMessageSchedules)
			.since("2.12")
			.change(Change.onlyToTrue())
			.build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> allowMessageCounter() {
		return flag("allow-message-counter", StreamConfiguration::getAllowMessageCounter, Builder::allowMessageCounter)
			.since("2.12")
			.change(Change.never())
			.build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> allowAtomicPublish() {
		return flag("allow-atomic-publish", StreamConfiguration::getAllowAtomicPublish, Builder::allowAtomicPublish)
			.since("2.12")
			.build();
	}

	static Setting<StreamConfiguration, Builder, Boolean> allowBatchPublish() {
		return flag("allow-batch-publish", StreamConfiguration::getAllowBatched, Builder::allowBatched).since("2.14")
			.build();
	}

	static Setting<StreamConfiguration, Builder, PersistMode> persistMode() {
		return setting("persist-mode", StreamSettings::persistMode, Builder::persistMode)
			.since((mode) -> (mode != PersistMode.Default) ? "2.12" : ServerVersion.OLDEST, "2.12")
			.change(Change.never())
			.build();
	}

	static Setting<StreamConfiguration, Builder, Map<String, String>> metadata() {
		return setting("metadata", (stream) -> Values.userMetadata(stream.getMetadata()), Builder::metadata)
			.merge(Values::mergeMetadata)
			.valid(Values::isUserMetadata, Values.METADATA)
			.build();
	}

	static List<Setting<StreamConfiguration, Builder, ?>> all() {
		return List.of(description(), subjects(), retention(), storage(), replicas(), maxAge(), maxMessages(),
				maxMessagesPerSubject(), maxBytes(), maxMessageSize(), maxConsumers(), discard(),
				discardNewPerSubject(), duplicateWindow(), compression(), subjectTransform(), republish(), mirror(),
				sources(), placement(), allowRollup(), allowDirect(), mirrorDirect(), denyDelete(), denyPurge(),
				sealed(), noAck(), firstSequence(), consumerLimits(), allowMessageTtl(), subjectDeleteMarkerTtl(),
				allowMessageSchedules(), allowMessageCounter(), allowAtomicPublish(), allowBatchPublish(),
				persistMode(), metadata());
	}

	/**
	 * What every stream has unless it is set otherwise.
	 */
	static final Settings<StreamConfiguration, Builder> DEFAULTS = new Settings.Builder<StreamConfiguration, Builder>()
		.set(retention(), RetentionPolicy.WorkQueue)
		.build();

	private StreamSettings() {
	}

	private static <T> Setting.Builder<StreamConfiguration, Builder, T> setting(String key,
			Function<StreamConfiguration, @Nullable T> reader, BiConsumer<Builder, T> writer) {
		return Setting.of(key, reader, writer);
	}

	private static Setting.Builder<StreamConfiguration, Builder, Long> limit(String key,
			Function<StreamConfiguration, Long> reader, BiConsumer<Builder, Long> writer) {
		return setting(key, (stream) -> Values.orUnlimited(reader.apply(stream)), writer).text(Values::limit)
			.valid(Values::isLimit, Values.LIMIT);
	}

	private static Setting.Builder<StreamConfiguration, Builder, Boolean> flag(String key,
			Function<StreamConfiguration, Boolean> reader, BiConsumer<Builder, Boolean> writer) {
		return setting(key, reader::apply, writer);
	}

	private static <T extends JsonSerializable> Setting.Builder<StreamConfiguration, Builder, T> json(String key,
			Function<StreamConfiguration, @Nullable T> reader, BiConsumer<Builder, T> writer) {
		return setting(key, reader, writer).same(Values::isSameJson).text(Values::json);
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
