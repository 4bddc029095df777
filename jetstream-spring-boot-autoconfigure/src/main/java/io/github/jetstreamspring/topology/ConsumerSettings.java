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
 * bends the delays of retries, and those that only push consumers have. Each has a
 * method, so that an application doesn't pay at start for those that it leaves alone.
 */
final class ConsumerSettings {

	private static final Instant NO_PAUSE = Instant.EPOCH;

	static Setting<ConsumerConfiguration, Builder, String> description() {
		return setting("description", (consumer) -> Values.orEmpty(consumer.getDescription()), Builder::description)
			.text(Values::text)
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, List<String>> filterSubjects() {
		return setting("filter-subjects", (consumer) -> Values.orEmpty(consumer.getFilterSubjects()),
				Builder::filterSubjects)
			.same(Values::isSameSet)
			.text(Values::list)
			.valid(Values::areFilters, Values.SUBJECTS)
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, DeliverPolicy> deliverPolicy() {
		return setting("deliver-policy", ConsumerConfiguration::getDeliverPolicy, Builder::deliverPolicy)
			.change(Change.never())
			.text((policy) -> policy.toString().replace('_', '-'))
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Long> startSequence() {
		return setting("start-sequence", ConsumerConfiguration::getStartSequence,
				(builder, sequence) -> builder.startSequence(sequence.longValue()))
			.change(Change.never())
			.valid((sequence) -> sequence > 0, "1 or more")
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Instant> startTime() {
		return setting("start-time", (consumer) -> instant(consumer.getStartTime()),
				(builder, time) -> builder.startTime(time.atZone(ZoneOffset.UTC)))
			.change(Change.never())
			.valid(Values::isTime, Values.TIME)
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, AckPolicy> ackPolicy() {
		return setting("ack-policy", ConsumerConfiguration::getAckPolicy, Builder::ackPolicy).change(Change.never())
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Duration> ackWait() {
		return duration("ack-wait", ConsumerConfiguration::getAckWait, Builder::ackWait)
			.valid(Values::isPositive, Values.DURATION)
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Long> maxDeliver() {
		return limit("max-deliver", ConsumerConfiguration::getMaxDeliver,
				(builder, number) -> builder.maxDeliver(number.longValue()))
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Long> maxAckPending() {
		return limit("max-ack-pending", ConsumerConfiguration::getMaxAckPending,
				(builder, number) -> builder.maxAckPending(number.longValue()))
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, ReplayPolicy> replayPolicy() {
		return setting("replay-policy", ConsumerConfiguration::getReplayPolicy, Builder::replayPolicy)
			.change(Change.never())
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Duration> inactiveThreshold() {
		return duration("inactive-threshold", ConsumerConfiguration::getInactiveThreshold, Builder::inactiveThreshold)
			.valid(Values::isZeroOrPositive, Values.DURATION_OR_ZERO)
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Long> maxPullWaiting() {
		return setting("max-pull-waiting", ConsumerConfiguration::getMaxPullWaiting,
				(builder, number) -> builder.maxPullWaiting(number.longValue()))
			.change(Change.never())
			.valid((number) -> number > 0, "1 or more")
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Long> maxBatch() {
		return limit("max-batch", ConsumerConfiguration::getMaxBatch,
				(builder, number) -> builder.maxBatch(number.longValue()))
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Long> maxBytes() {
		return limit("max-bytes", ConsumerConfiguration::getMaxBytes,
				(builder, number) -> builder.maxBytes(number.longValue()))
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Duration> maxExpires() {
		return duration("max-expires", ConsumerConfiguration::getMaxExpires, Builder::maxExpires)
			.valid(Values.zeroOrAtLeast(Duration.ofMillis(1)), "1ms or more, at most 100 years, or 0 for no limit")
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Integer> replicas() {
		return setting("replicas", ConsumerConfiguration::getNumReplicas, Builder::numReplicas)
			.valid(Values::isReplicas, Values.REPLICAS)
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Boolean> memoryStorage() {
		return setting("memory-storage", ConsumerConfiguration::isMemStorage, Builder::memStorage)
			.change(Change.never())
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Boolean> headersOnly() {
		return setting("headers-only", ConsumerConfiguration::isHeadersOnly, Builder::headersOnly).build();
	}

	static Setting<ConsumerConfiguration, Builder, String> sampleFrequency() {
		return setting("sample-frequency", (consumer) -> Values.orEmpty(consumer.getSampleFrequency()),
				Builder::sampleFrequency)
			.text(Values::text)
			.same((first, second) -> percentage(first).equals(percentage(second)))
			.valid((frequency) -> percentage(frequency).matches("\\d{1,3}"), "a percentage such as 30%")
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, List<String>> priorityGroups() {
		return setting("priority-groups", (consumer) -> Values.orEmpty(consumer.getPriorityGroups()),
				Builder::priorityGroups)
			.since("2.11")
			.same(Values::isSameSet)
			.text(Values::list)
			.valid((groups) -> groups.stream().allMatch((group) -> group.matches("[\\w/=)+-]{1,16}")),
					"names of 1 to 16 letters, digits and -_/=)+")
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, PriorityPolicy> priorityPolicy() {
		return setting("priority-policy", ConsumerConfiguration::getPriorityPolicy, Builder::priorityPolicy)
			.since(ConsumerSettings::since, "2.11, `prioritized` 2.12")
			.text((policy) -> policy.toString().replace('_', '-'))
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Duration> priorityTimeout() {
		return duration("priority-timeout", ConsumerConfiguration::getPriorityTimeout, Builder::priorityTimeout)
			.since("2.11")
			.valid(Values::isPositive, Values.DURATION)
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Instant> pauseUntil() {
		return setting("pause-until", ConsumerSettings::pauseUntil, ConsumerSettings::pauseUntil).since("2.11")
			.merge((current, wanted) -> isAhead(wanted) ? wanted : current)
			.valid(Values::isTime, Values.TIME)
			.text((time) -> time.equals(NO_PAUSE) ? "not set" : time.toString())
			.build();
	}

	static Setting<ConsumerConfiguration, Builder, Map<String, String>> metadata() {
		return setting("metadata", (consumer) -> Values.userMetadata(consumer.getMetadata()), Builder::metadata)
			.merge(Values::mergeMetadata)
			.valid(Values::isUserMetadata, Values.METADATA)
			.build();
	}

	static List<Setting<ConsumerConfiguration, Builder, ?>> all() {
		return List.of(description(), filterSubjects(), deliverPolicy(), startSequence(), startTime(), ackPolicy(),
				ackWait(), maxDeliver(), maxAckPending(), replayPolicy(), inactiveThreshold(), maxPullWaiting(),
				maxBatch(), maxBytes(), maxExpires(), replicas(), memoryStorage(), headersOnly(), sampleFrequency(),
				priorityGroups(), priorityPolicy(), priorityTimeout(), pauseUntil(), metadata());
	}

	/**
	 * What every consumer has unless it is set otherwise. The server's own limit on
	 * deliveries drops messages in silence, where listeners write dead letters.
	 */
	static final Settings<ConsumerConfiguration, Builder> DEFAULTS = new Settings.Builder<ConsumerConfiguration, Builder>()
		.set(ackPolicy(), AckPolicy.Explicit)
		.set(maxDeliver(), Values.UNLIMITED)
		.build();

	private ConsumerSettings() {
	}

	private static <T> Setting.Builder<ConsumerConfiguration, Builder, T> setting(String key,
			Function<ConsumerConfiguration, @Nullable T> reader, BiConsumer<Builder, T> writer) {
		return Setting.of(key, reader, writer);
	}

	private static Setting.Builder<ConsumerConfiguration, Builder, Long> limit(String key,
			Function<ConsumerConfiguration, Long> reader, BiConsumer<Builder, Long> writer) {
		return setting(key, (consumer) -> Values.orUnlimited(reader.apply(consumer)), writer).text(Values::limit)
			.valid(Values::isLimit, Values.LIMIT);
	}

	private static Setting.Builder<ConsumerConfiguration, Builder, Duration> duration(String key,
			Function<ConsumerConfiguration, @Nullable Duration> reader, BiConsumer<Builder, Duration> writer) {
		return setting(key, (consumer) -> Values.orZero(reader.apply(consumer)), writer).text(Values::duration);
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
