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
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.jetstreamspring.topology.ConsumerDefinition.Builder;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.ReplayPolicy;

/**
 * A value of a consumer's setting, and another one that it is changed to.
 *
 * @param setting the setting
 * @param changeableSince the oldest server version that makes the change, or an empty
 * string if none does
 * @param first sets the first value and what it needs
 * @param second sets the other value
 */
record ConsumerSample(Setting<?, ?, ?> setting, String changeableSince, UnaryOperator<Builder> first,
		UnaryOperator<Builder> second) {

	private static final String NEVER = "";

	private static final Instant TIME = Instant.now().minus(1, ChronoUnit.DAYS);

	static List<ConsumerSample> all() {
		return Arrays.asList(
				of(ConsumerSettings.description(), ServerVersion.OLDEST, (b) -> b.description("one"),
						(b) -> b.description("two")),
				of(ConsumerSettings.filterSubjects(), ServerVersion.OLDEST, (b) -> b.filterSubjects("origin.a"),
						(b) -> b.filterSubjects("origin.c", "origin.b")),
				of(ConsumerSettings.filterSubjects(), ServerVersion.OLDEST,
						(b) -> b.filterSubjects("origin.c", "origin.b"), (b) -> b.filterSubjects()),
				of(ConsumerSettings.deliverPolicy(), NEVER, (b) -> b.deliverPolicy(DeliverPolicy.New),
						(b) -> b.deliverPolicy(DeliverPolicy.All)),
				of(ConsumerSettings.startSequence(), NEVER,
						(b) -> b.deliverPolicy(DeliverPolicy.ByStartSequence).startSequence(5),
						(b) -> b.startSequence(6)),
				of(ConsumerSettings.startTime(), NEVER,
						(b) -> b.deliverPolicy(DeliverPolicy.ByStartTime).startTime(TIME),
						(b) -> b.startTime(TIME.plusSeconds(1))),
				of(ConsumerSettings.ackPolicy(), NEVER, (b) -> b.ackPolicy(AckPolicy.All),
						(b) -> b.ackPolicy(AckPolicy.Explicit)),
				of(ConsumerSettings.ackWait(), ServerVersion.OLDEST, (b) -> b.ackWait(Duration.ofSeconds(5)),
						(b) -> b.ackWait(Duration.ofMillis(1500))),
				of(ConsumerSettings.maxDeliver(), ServerVersion.OLDEST, (b) -> b.maxDeliver(5),
						(b) -> b.maxDeliver(-1)),
				of(ConsumerSettings.maxAckPending(), ServerVersion.OLDEST, (b) -> b.maxAckPending(5),
						(b) -> b.maxAckPending(-1)),
				of(ConsumerSettings.maxAckPending(), ServerVersion.OLDEST, (b) -> b.maxAckPending(-1),
						(b) -> b.description("unlimited as before")),
				of(ConsumerSettings.replayPolicy(), NEVER, (b) -> b.replayPolicy(ReplayPolicy.Original),
						(b) -> b.replayPolicy(ReplayPolicy.Instant)),
				of(ConsumerSettings.inactiveThreshold(), ServerVersion.OLDEST,
						(b) -> b.inactiveThreshold(Duration.ofHours(1)), (b) -> b.inactiveThreshold(Duration.ZERO)),
				of(ConsumerSettings.maxPullWaiting(), NEVER, (b) -> b.maxPullWaiting(10), (b) -> b.maxPullWaiting(20)),
				of(ConsumerSettings.maxBatch(), ServerVersion.OLDEST, (b) -> b.maxBatch(10), (b) -> b.maxBatch(-1)),
				of(ConsumerSettings.maxBytes(), ServerVersion.OLDEST, (b) -> b.maxBytes(10_000), (b) -> b.maxBytes(-1)),
				of(ConsumerSettings.maxExpires(), ServerVersion.OLDEST, (b) -> b.maxExpires(Duration.ofSeconds(10)),
						(b) -> b.maxExpires(Duration.ZERO)),
				of(ConsumerSettings.replicas(), ServerVersion.OLDEST, (b) -> b.replicas(1),
						(b) -> b.replicas(1).description("same")),
				of(ConsumerSettings.memoryStorage(), NEVER, (b) -> b.memoryStorage(true),
						(b) -> b.memoryStorage(false)),
				of(ConsumerSettings.headersOnly(), ServerVersion.OLDEST, (b) -> b.headersOnly(true),
						(b) -> b.headersOnly(false)),
				of(ConsumerSettings.sampleFrequency(), ServerVersion.OLDEST, (b) -> b.sampleFrequency("30%"),
						(b) -> b.sampleFrequency("100")),
				of(ConsumerSettings.priorityGroups(), ServerVersion.OLDEST,
						(b) -> b.priorityGroups("a").priorityPolicy(PriorityPolicy.Overflow),
						(b) -> b.priorityGroups("b")),
				of(ConsumerSettings.priorityPolicy(), ServerVersion.OLDEST,
						(b) -> b.priorityGroups("a").priorityPolicy(PriorityPolicy.Overflow),
						(b) -> b.priorityPolicy(PriorityPolicy.PinnedClient)),
				of(ConsumerSettings.priorityPolicy(), ServerVersion.OLDEST,
						(b) -> b.priorityGroups("a").priorityPolicy(PriorityPolicy.Prioritized),
						(b) -> b.priorityPolicy(PriorityPolicy.Overflow)),
				of(ConsumerSettings.priorityTimeout(), ServerVersion.OLDEST,
						(b) -> b.priorityGroups("a")
							.priorityPolicy(PriorityPolicy.PinnedClient)
							.priorityTimeout(Duration.ofSeconds(30)),
						(b) -> b.priorityTimeout(Duration.ofSeconds(40))),
				of(ConsumerSettings.pauseUntil(), ServerVersion.OLDEST,
						(b) -> b.pauseUntil(TIME.plus(2, ChronoUnit.DAYS)),
						(b) -> b.pauseUntil(TIME.plus(3, ChronoUnit.DAYS))),
				of(ConsumerSettings.pauseUntil(), ServerVersion.OLDEST,
						(b) -> b.pauseUntil(TIME.plus(2, ChronoUnit.DAYS)).description("one"),
						(b) -> b.pauseUntil(TIME.plus(3, ChronoUnit.DAYS)).description("two")),
				of(ConsumerSettings.metadata(), ServerVersion.OLDEST,
						(b) -> b.metadata(Map.of("team", "a", "tier", "1")), (b) -> b.metadata(Map.of("team", "b"))));
	}

	ConsumerDefinition before(String name) {
		return this.first.apply(ConsumerDefinition.named(name)).build();
	}

	ConsumerDefinition after(String name) {
		return this.second.apply(this.first.apply(ConsumerDefinition.named(name))).build();
	}

	/**
	 * Returns the keys of the settings that the second definition has another value for.
	 */
	List<String> changed() {
		Map<String, String> before = before("x").settings().texts();
		return after("x").settings()
			.texts()
			.entrySet()
			.stream()
			.filter((setting) -> !setting.getValue().equals(before.get(setting.getKey())))
			.map(Map.Entry::getKey)
			.toList();
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

	private static ConsumerSample of(Setting<?, ?, ?> setting, String changeableSince, UnaryOperator<Builder> first,
			UnaryOperator<Builder> second) {
		return new ConsumerSample(setting, changeableSince, first, second);
	}

}
