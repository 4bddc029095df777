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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.topology.StreamDefinition.Builder;
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
import io.nats.client.api.SubjectTransform;

/**
 * A value of a stream's setting, and another one that it is changed to.
 *
 * @param setting the setting
 * @param changeableSince the oldest server version that makes the change, or an empty
 * string if none does
 * @param first sets the first value and what it needs; the string is a prefix for
 * subjects
 * @param second sets the other value
 */
record StreamSample(Setting<?, ?, ?> setting, String changeableSince, BiFunction<Builder, String, Builder> first,
		BiFunction<Builder, String, Builder> second) {

	private static final String NEVER = "";

	static List<StreamSample> all() {
		return Arrays.asList(
				of(StreamSettings.description(), ServerVersion.OLDEST, (b, p) -> b.description("one"),
						(b, p) -> b.description("two")),
				of(StreamSettings.description(), ServerVersion.OLDEST, (b, p) -> b.description("one"),
						(b, p) -> b.description("")),
				of(StreamSettings.subjects(), ServerVersion.OLDEST, (b, p) -> b.subjects(p + ".b", p + ".a"),
						(b, p) -> b.subjects(p + ".a", p + ".c")),
				of(StreamSettings.retention(), ServerVersion.OLDEST, (b, p) -> b.retention(RetentionPolicy.Limits),
						(b, p) -> b.retention(RetentionPolicy.Interest)),
				of(StreamSettings.retention(), NEVER, (b, p) -> b.retention(RetentionPolicy.WorkQueue),
						(b, p) -> b.retention(RetentionPolicy.Limits)),
				of(StreamSettings.retention(), NEVER, (b, p) -> b.retention(RetentionPolicy.Interest),
						(b, p) -> b.retention(RetentionPolicy.WorkQueue)),
				of(StreamSettings.storage(), NEVER, (b, p) -> b.storage(StorageType.Memory),
						(b, p) -> b.storage(StorageType.File)),
				of(StreamSettings.maxAge(), ServerVersion.OLDEST, (b, p) -> b.maxAge(Duration.ofDays(7)),
						(b, p) -> b.maxAge(Duration.ofSeconds(30))),
				of(StreamSettings.maxAge(), ServerVersion.OLDEST, (b, p) -> b.maxAge(Duration.ofSeconds(30)),
						(b, p) -> b.maxAge(Duration.ZERO)),
				of(StreamSettings.maxMessages(), ServerVersion.OLDEST, (b, p) -> b.maxMessages(10),
						(b, p) -> b.maxMessages(-1)),
				of(StreamSettings.maxMessagesPerSubject(), ServerVersion.OLDEST, (b, p) -> b.maxMessagesPerSubject(10),
						(b, p) -> b.maxMessagesPerSubject(-1)),
				of(StreamSettings.maxBytes(), ServerVersion.OLDEST, (b, p) -> b.maxBytes(100_000),
						(b, p) -> b.maxBytes(-1)),
				of(StreamSettings.maxMessageSize(), ServerVersion.OLDEST, (b, p) -> b.maxMessageSize(4096),
						(b, p) -> b.maxMessageSize(-1)),
				of(StreamSettings.discard(), ServerVersion.OLDEST, (b, p) -> b.discard(DiscardPolicy.New),
						(b, p) -> b.discard(DiscardPolicy.Old)),
				of(StreamSettings.discardNewPerSubject(), ServerVersion.OLDEST,
						(b, p) -> b.discard(DiscardPolicy.New).maxMessagesPerSubject(1).discardNewPerSubject(true),
						(b, p) -> b.discardNewPerSubject(false)),
				of(StreamSettings.duplicateWindow(), ServerVersion.OLDEST,
						(b, p) -> b.duplicateWindow(Duration.ofMinutes(2)),
						(b, p) -> b.duplicateWindow(Duration.ofHours(1))),
				of(StreamSettings.compression(), ServerVersion.OLDEST, (b, p) -> b.compression(CompressionOption.S2),
						(b, p) -> b.compression(CompressionOption.None)),
				of(StreamSettings.subjectTransform(), ServerVersion.OLDEST,
						(b, p) -> b.subjectTransform(new SubjectTransform(p + ".a.*", p + ".b.{{wildcard(1)}}")),
						(b, p) -> b.subjectTransform(new SubjectTransform(p + ".a.*", p + ".c.{{wildcard(1)}}"))),
				of(StreamSettings.republish(), ServerVersion.OLDEST,
						(b, p) -> b.republish(new Republish(p + ".>", "copy." + p + ".>", false)),
						(b, p) -> b.republish(new Republish(p + ".>", "copy." + p + ".>", true))),
				of(StreamSettings.mirror(), NEVER, (b, p) -> b.mirror(Mirror.builder().name("origin").build()),
						(b, p) -> b.mirror(Mirror.builder().name("origin").filterSubject("origin.a").build())),
				of(StreamSettings.sources(), ServerVersion.OLDEST,
						(b, p) -> b.sources(source("origin", "origin.b"), source("origin", "origin.a")),
						(b, p) -> b.sources(source("origin", "origin.a"))),
				of(StreamSettings.allowRollup(), ServerVersion.OLDEST, (b, p) -> b.allowRollup(true),
						(b, p) -> b.allowRollup(false)),
				of(StreamSettings.allowDirect(), ServerVersion.OLDEST, (b, p) -> b.allowDirect(true),
						(b, p) -> b.allowDirect(false)),
				of(StreamSettings.mirrorDirect(), ServerVersion.OLDEST,
						(b, p) -> b.mirror(Mirror.builder().name("origin").build()).mirrorDirect(true),
						(b, p) -> b.description("as the origin has it")),
				of(StreamSettings.denyDelete(), ServerVersion.OLDEST, (b, p) -> b.denyDelete(false),
						(b, p) -> b.denyDelete(true)),
				of(StreamSettings.denyDelete(), NEVER, (b, p) -> b.denyDelete(true), (b, p) -> b.denyDelete(false)),
				of(StreamSettings.denyPurge(), ServerVersion.OLDEST, (b, p) -> b.denyPurge(false),
						(b, p) -> b.denyPurge(true)),
				of(StreamSettings.denyPurge(), NEVER, (b, p) -> b.denyPurge(true), (b, p) -> b.denyPurge(false)),
				of(StreamSettings.sealed(), ServerVersion.OLDEST, (b, p) -> b.sealed(false), (b, p) -> b.sealed(true)),
				of(StreamSettings.noAck(), ServerVersion.OLDEST, (b, p) -> b.noAck(true), (b, p) -> b.noAck(false)),
				of(StreamSettings.firstSequence(), NEVER, (b, p) -> b.firstSequence(100),
						(b, p) -> b.firstSequence(200)),
				of(StreamSettings.consumerLimits(), ServerVersion.OLDEST, (b, p) -> b.consumerLimits(limits(100)),
						(b, p) -> b.consumerLimits(limits(200))),
				of(StreamSettings.replicas(), ServerVersion.OLDEST, (b, p) -> b.replicas(1),
						(b, p) -> b.replicas(1).description("same")),
				of(StreamSettings.maxConsumers(), "2.14", (b, p) -> b.maxConsumers(10), (b, p) -> b.maxConsumers(20)),
				of(StreamSettings.placement(), ServerVersion.OLDEST, (b, p) -> b.placement(placement("ssd")),
						(b, p) -> b.placement(placement("hdd"))),
				of(StreamSettings.allowMessageTtl(), ServerVersion.OLDEST, (b, p) -> b.allowMessageTtl(false),
						(b, p) -> b.allowMessageTtl(true)),
				of(StreamSettings.allowMessageTtl(), NEVER, (b, p) -> b.allowMessageTtl(true),
						(b, p) -> b.allowMessageTtl(false)),
				of(StreamSettings.subjectDeleteMarkerTtl(), ServerVersion.OLDEST,
						(b, p) -> b.retention(RetentionPolicy.Limits).subjectDeleteMarkerTtl(Duration.ofSeconds(10)),
						(b, p) -> b.subjectDeleteMarkerTtl(Duration.ofSeconds(20))),
				of(StreamSettings.allowMessageSchedules(), ServerVersion.OLDEST,
						(b, p) -> b.allowMessageSchedules(false), (b, p) -> b.allowMessageSchedules(true)),
				of(StreamSettings.allowMessageSchedules(), NEVER, (b, p) -> b.allowMessageSchedules(true),
						(b, p) -> b.allowMessageSchedules(false)),
				of(StreamSettings.allowMessageCounter(), NEVER,
						(b, p) -> b.retention(RetentionPolicy.Limits).allowMessageCounter(true),
						(b, p) -> b.allowMessageCounter(false)),
				of(StreamSettings.allowMessageCounter(), NEVER,
						(b, p) -> b.retention(RetentionPolicy.Limits).allowMessageCounter(false),
						(b, p) -> b.allowMessageCounter(true)),
				of(StreamSettings.allowAtomicPublish(), ServerVersion.OLDEST, (b, p) -> b.allowAtomicPublish(true),
						(b, p) -> b.allowAtomicPublish(false)),
				of(StreamSettings.allowBatchPublish(), ServerVersion.OLDEST, (b, p) -> b.allowBatchPublish(true),
						(b, p) -> b.allowBatchPublish(false)),
				of(StreamSettings.persistMode(), NEVER, (b, p) -> b.persistMode(PersistMode.Async),
						(b, p) -> b.persistMode(PersistMode.Default)),
				of(StreamSettings.metadata(), ServerVersion.OLDEST,
						(b, p) -> b.metadata(Map.of("team", "a", "tier", "1")),
						(b, p) -> b.metadata(Map.of("team", "b"))));
	}

	StreamDefinition before(String name) {
		return base(this.first, name).build();
	}

	StreamDefinition after(String name) {
		return this.second.apply(base(this.first, name), name).build();
	}

	/**
	 * Returns the keys of the settings that the second definition has another value for.
	 */
	List<String> changed() {
		Map<String, String> before = before("x").settings().texts();
		List<String> changed = after("x").settings()
			.texts()
			.entrySet()
			.stream()
			.filter((setting) -> !setting.getValue().equals(before.get(setting.getKey())))
			.map(Map.Entry::getKey)
			.collect(Collectors.toCollection(ArrayList::new));
		if (changed.contains(StreamSettings.allowMessageSchedules().key())) {
			// The stream gets a subject for them
			changed.add(StreamSettings.subjects().key());
		}
		return changed;
	}

	/**
	 * Returns whether a server of a version knows both values.
	 */
	boolean isKnownTo(String version) {
		return Stream.of(before("x"), after("x"))
			.allMatch((definition) -> new SettingsCheck(version).usable("", definition.settings(), new Problems())
				.keys()
				.equals(definition.settings().keys()));
	}

	boolean isChangeableOn(String version) {
		return !this.changeableSince.isEmpty()
				&& !ServerVersion.of(version).isOlderThan(ServerVersion.of(this.changeableSince));
	}

	@Override
	public String toString() {
		return this.setting.key() + (this.changeableSince.isEmpty() ? ", unchangeable" : ", changed");
	}

	private Builder base(BiFunction<Builder, String, Builder> values, String name) {
		Builder builder = StreamDefinition.named(name);
		return values.apply(!this.setting.key().startsWith("mirror") ? builder.subjects(name + ".>") : builder, name);
	}

	private static StreamSample of(Setting<?, ?, ?> setting, String changeableSince,
			BiFunction<Builder, String, Builder> first, BiFunction<Builder, String, Builder> second) {
		return new StreamSample(setting, changeableSince, first, second);
	}

	private static Source source(String stream, String filter) {
		return Source.builder().name(stream).filterSubject(filter).build();
	}

	private static ConsumerLimits limits(long maxAckPending) {
		return ConsumerLimits.builder().maxAckPending(maxAckPending).inactiveThreshold(Duration.ofHours(1)).build();
	}

	private static Placement placement(String tag) {
		return Placement.builder().tags(tag).build();
	}

}
