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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerConfiguration.Builder;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.ReplayPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pull consumer: all that jnats knows, except {@code backoff}, which
 * bends the delays of retries, and those that only push consumers have.
 */
final class ConsumerSettings {

	private static final Instant NO_PAUSE = Instant.EPOCH;

	static final Setting<ConsumerConfiguration, Builder, String> DESCRIPTION = Setting
		.<ConsumerConfiguration, Builder, String>of("description",
				(consumer) -> Values.orEmpty(consumer.getDescription()), Builder::description)
		.text(Values::text)
		.build();

	static final Setting<ConsumerConfiguration, Builder, List<String>> FILTER_SUBJECTS = Setting
		.<ConsumerConfiguration, Builder, List<String>>of("filter-subjects",
				(consumer) -> Values.orEmpty(consumer.getFilterSubjects()), Builder::filterSubjects)
		.same(Values::isSameSet)
		.text(Values::list)
		.valid(Values::areFilters, Values.SUBJECTS)
		.build();

	static final Setting<ConsumerConfiguration, Builder, DeliverPolicy> DELIVER_POLICY = Setting
		.of("deliver-policy", ConsumerConfiguration::getDeliverPolicy, Builder::deliverPolicy)
		.change(Change.never())
		.text((policy) -> policy.toString().replace('_', '-'))
		.build();

	static final Setting<ConsumerConfiguration, Builder, Long> START_SEQUENCE = Setting
		.<ConsumerConfiguration, Builder, Long>of("start-sequence", ConsumerConfiguration::getStartSequence,
				(builder, sequence) -> builder.startSequence(sequence.longValue()))
		.change(Change.never())
		.valid((sequence) -> sequence > 0, "1 or more")
		.build();

	static final Setting<ConsumerConfiguration, Builder, Instant> START_TIME = Setting
		.<ConsumerConfiguration, Builder, Instant>of("start-time", (consumer) -> instant(consumer.getStartTime()),
				(builder, time) -> builder.startTime(time.atZone(ZoneOffset.UTC)))
		.change(Change.never())
		.valid(Values::isTime, Values.TIME)
		.build();

	static final Setting<ConsumerConfiguration, Builder, AckPolicy> ACK_POLICY = Setting
		.of("ack-policy", ConsumerConfiguration::getAckPolicy, Builder::ackPolicy)
		.change(Change.never())
		.build();

	static final Setting<ConsumerConfiguration, Builder, Duration> ACK_WAIT = duration("ack-wait",
			ConsumerConfiguration::getAckWait, Builder::ackWait)
		.valid(Values::isPositive, Values.DURATION)
		.build();

	static final Setting<ConsumerConfiguration, Builder, Long> MAX_DELIVER = limit("max-deliver",
			ConsumerConfiguration::getMaxDeliver, (builder, number) -> builder.maxDeliver(number.longValue()))
		.build();

	static final Setting<ConsumerConfiguration, Builder, Long> MAX_ACK_PENDING = limit("max-ack-pending",
			ConsumerConfiguration::getMaxAckPending, (builder, number) -> builder.maxAckPending(number.longValue()))
		.build();

	static final Setting<ConsumerConfiguration, Builder, ReplayPolicy> REPLAY_POLICY = Setting
		.of("replay-policy", ConsumerConfiguration::getReplayPolicy, Builder::replayPolicy)
		.change(Change.never())
		.build();

	static final Setting<ConsumerConfiguration, Builder, Duration> INACTIVE_THRESHOLD = duration("inactive-threshold",
			ConsumerConfiguration::getInactiveThreshold, Builder::inactiveThreshold)
		.valid(Values::isZeroOrPositive, Values.DURATION_OR_ZERO)
		.build();

	static final Setting<ConsumerConfiguration, Builder, Long> MAX_PULL_WAITING = Setting
		.<ConsumerConfiguration, Builder, Long>of("max-pull-waiting", ConsumerConfiguration::getMaxPullWaiting,
				(builder, number) -> builder.maxPullWaiting(number.longValue()))
		.change(Change.never())
		.valid((number) -> number > 0, "1 or more")
		.build();

	static final Setting<ConsumerConfiguration, Builder, Long> MAX_BATCH = limit("max-batch",
			ConsumerConfiguration::getMaxBatch, (builder, number) -> builder.maxBatch(number.longValue()))
		.build();

	static final Setting<ConsumerConfiguration, Builder, Long> MAX_BYTES = limit("max-bytes",
			ConsumerConfiguration::getMaxBytes, (builder, number) -> builder.maxBytes(number.longValue()))
		.build();

	static final Setting<ConsumerConfiguration, Builder, Duration> MAX_EXPIRES = duration("max-expires",
			ConsumerConfiguration::getMaxExpires, Builder::maxExpires)
		.valid(Values.zeroOrAtLeast(Duration.ofMillis(1)), "1ms or more, at most 100 years, or 0 for no limit")
		.build();

	static final Setting<ConsumerConfiguration, Builder, Integer> REPLICAS = Setting
		.<ConsumerConfiguration, Builder, Integer>of("replicas", ConsumerConfiguration::getNumReplicas,
				Builder::numReplicas)
		.valid(Values::isReplicas, Values.REPLICAS)
		.build();

	static final Setting<ConsumerConfiguration, Builder, Boolean> MEMORY_STORAGE = Setting
		.<ConsumerConfiguration, Builder, Boolean>of("memory-storage", ConsumerConfiguration::isMemStorage,
				Builder::memStorage)
		.change(Change.never())
		.build();

	static final Setting<ConsumerConfiguration, Builder, Boolean> HEADERS_ONLY = Setting
		.<ConsumerConfiguration, Builder, Boolean>of("headers-only", ConsumerConfiguration::isHeadersOnly,
				Builder::headersOnly)
		.build();

	static final Setting<ConsumerConfiguration, Builder, String> SAMPLE_FREQUENCY = Setting
		.<ConsumerConfiguration, Builder, String>of("sample-frequency",
				(consumer) -> Values.orEmpty(consumer.getSampleFrequency()), Builder::sampleFrequency)
		.text(Values::text)
		.same((first, second) -> percentage(first).equals(percentage(second)))
		.valid((frequency) -> percentage(frequency).matches("\\d{1,3}"), "a percentage such as 30%")
		.build();

	static final Setting<ConsumerConfiguration, Builder, List<String>> PRIORITY_GROUPS = Setting
		.<ConsumerConfiguration, Builder, List<String>>of("priority-groups",
				(consumer) -> Values.orEmpty(consumer.getPriorityGroups()), Builder::priorityGroups)
		.since("2.11")
		.same(Values::isSameSet)
		.text(Values::list)
		.valid((groups) -> groups.stream().allMatch((group) -> group.matches("[\\w/=)+-]{1,16}")),
				"names of 1 to 16 letters, digits and -_/=)+")
		.build();

	static final Setting<ConsumerConfiguration, Builder, PriorityPolicy> PRIORITY_POLICY = Setting
		.<ConsumerConfiguration, Builder, PriorityPolicy>of("priority-policy", ConsumerConfiguration::getPriorityPolicy,
				Builder::priorityPolicy)
		.since(ConsumerSettings::since, "2.11, `prioritized` 2.12")
		.text((policy) -> policy.toString().replace('_', '-'))
		.build();

	static final Setting<ConsumerConfiguration, Builder, Duration> PRIORITY_TIMEOUT = duration("priority-timeout",
			ConsumerConfiguration::getPriorityTimeout, Builder::priorityTimeout)
		.since("2.11")
		.valid(Values::isPositive, Values.DURATION)
		.build();

	static final Setting<ConsumerConfiguration, Builder, Instant> PAUSE_UNTIL = Setting
		.<ConsumerConfiguration, Builder, Instant>of("pause-until", ConsumerSettings::pauseUntil,
				ConsumerSettings::pauseUntil)
		.since("2.11")
		.merge((current, wanted) -> isAhead(wanted) ? wanted : current)
		.valid(Values::isTime, Values.TIME)
		.text((time) -> time.equals(NO_PAUSE) ? "not set" : time.toString())
		.build();

	static final Setting<ConsumerConfiguration, Builder, Map<String, String>> METADATA = Setting
		.<ConsumerConfiguration, Builder, Map<String, String>>of("metadata",
				(consumer) -> Values.userMetadata(consumer.getMetadata()), Builder::metadata)
		.merge(Values::mergeMetadata)
		.valid(Values::isUserMetadata, Values.METADATA)
		.build();

	static final List<Setting<ConsumerConfiguration, Builder, ?>> ALL = List.of(DESCRIPTION, FILTER_SUBJECTS,
			DELIVER_POLICY, START_SEQUENCE, START_TIME, ACK_POLICY, ACK_WAIT, MAX_DELIVER, MAX_ACK_PENDING,
			REPLAY_POLICY, INACTIVE_THRESHOLD, MAX_PULL_WAITING, MAX_BATCH, MAX_BYTES, MAX_EXPIRES, REPLICAS,
			MEMORY_STORAGE, HEADERS_ONLY, SAMPLE_FREQUENCY, PRIORITY_GROUPS, PRIORITY_POLICY, PRIORITY_TIMEOUT,
			PAUSE_UNTIL, METADATA);

	/**
	 * What every consumer has unless it is set otherwise. The server's own limit on
	 * deliveries drops messages in silence, where listeners write dead letters.
	 */
	static final Settings<ConsumerConfiguration, Builder> DEFAULTS = new Settings.Builder<ConsumerConfiguration, Builder>()
		.set(ACK_POLICY, AckPolicy.Explicit)
		.set(MAX_DELIVER, Values.UNLIMITED)
		.build();

	private ConsumerSettings() {
	}

	private static Setting.Builder<ConsumerConfiguration, Builder, Long> limit(String key,
			Function<ConsumerConfiguration, Long> reader, BiConsumer<Builder, Long> writer) {
		return Setting
			.<ConsumerConfiguration, Builder, Long>of(key, (consumer) -> Values.orUnlimited(reader.apply(consumer)),
					writer)
			.text(Values::limit)
			.valid(Values::isLimit, Values.LIMIT);
	}

	private static Setting.Builder<ConsumerConfiguration, Builder, Duration> duration(String key,
			Function<ConsumerConfiguration, @Nullable Duration> reader, BiConsumer<Builder, Duration> writer) {
		return Setting
			.<ConsumerConfiguration, Builder, Duration>of(key, (consumer) -> Values.orZero(reader.apply(consumer)),
					writer)
			.text(Values::duration);
	}

	private static String since(PriorityPolicy policy) {
		return switch (policy) {
			case None -> ServerVersion.OLDEST;
			case Overflow, PinnedClient -> "2.11";
			case Prioritized -> "2.12";
		};
	}

	private static String percentage(String frequency) {
		return frequency.endsWith("%") ? frequency.substring(0, frequency.length() - 1) : frequency;
	}

	private static Instant pauseUntil(ConsumerConfiguration consumer) {
		Instant time = instant(consumer.getPauseUntil());
		return (time != null) ? time : NO_PAUSE;
	}

	private static void pauseUntil(Builder builder, Instant time) {
		if (isAhead(time)) {
			builder.pauseUntil(time.atZone(ZoneOffset.UTC));
		}
	}

	private static boolean isAhead(Instant time) {
		return time.isAfter(Instant.now());
	}

	private static @Nullable Instant instant(@Nullable ZonedDateTime time) {
		return (time != null) ? time.toInstant() : null;
	}

}
