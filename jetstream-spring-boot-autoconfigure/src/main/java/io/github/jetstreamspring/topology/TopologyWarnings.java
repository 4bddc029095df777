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
import java.util.stream.Stream;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What the server accepts, but nobody can want.
 */
final class TopologyWarnings {

	// Extended after a third of it, over a network and with pauses of the JVM
	private static final Duration SHORTEST_LEASE = Duration.ofMillis(500);

	private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);

	// A restart takes longer
	private static final Duration SHORTEST_ABSENCE = Duration.ofSeconds(30);

	// Headers of a message count
	private static final long SMALLEST = 1024;

	private static final ServerVersion CONSUMERS_LIMITED = ServerVersion.of("2.15");

	private static final int MOST_CONSUMERS = 1000;

	private static final List<Rule<StreamConfiguration>> STREAMS = List.of(
			Rule.of(StreamSettings.DUPLICATE_WINDOW, TopologyWarnings::hasTinyWindow,
					"is shorter than what a publisher may need to send a message once more, which is stored twice then",
					"Set it to 1s or more, better to the default of 2m."),
			Rule.of(StreamSettings.MAX_BYTES, TopologyWarnings::hasNoRoom,
					"is less than one message may have: with discard 'old' the server confirms such a message and"
							+ " drops it, with 'new' it refuses it",
					"Set it to a multiple of 'max-message-size', or remove the key."),
			Rule.of(StreamSettings.MAX_MESSAGE_SIZE,
					(stream) -> stream.getMaximumMessageSize() > 0 && stream.getMaximumMessageSize() < SMALLEST,
					"has little room for a payload, as headers count, such as the message's id",
					"Set it to 1KB or more, or remove the key."),
			Rule.of(StreamSettings.CONSUMER_LIMITS, TopologyWarnings::limitsAbsence,
					"let the server delete consumers when no worker asks for messages for less than 30s, as during"
							+ " a restart; what is handled comes again then",
					"Set 'inactive-threshold' there to 5m or more, or remove it."));

	private static final List<Rule<ConsumerConfiguration>> CONSUMERS = List.of(
			new Rule<>(ConsumerSettings.ACK_WAIT,
					(consumer) -> hasTinyLease(consumer) ? "is '%s': the way to the server and a short pause of the JVM"
						.formatted(ConsumerSettings.ACK_WAIT.text(consumer.getAckWait()))
							+ " take longer, and messages are delivered again while they are handled" : null,
					"Set it to 1s or more; listeners extend it while they work."),
			Rule.of(ConsumerSettings.HEADERS_ONLY, ConsumerConfiguration::isHeadersOnly,
					"makes nats-server up to 2.15.1 end when it delivers a message whose header block is one byte, which"
							+ " everybody can publish who may publish to the stream",
					"Set it only where you trust all publishers, or remove the key."),
			Rule.of(ConsumerSettings.MAX_EXPIRES, TopologyWarnings::hasTinyPulls,
					"makes workers ask the server for messages many times a second", "Set it to 1s or more."),
			Rule.of(ConsumerSettings.INACTIVE_THRESHOLD,
					(consumer) -> isShorter(consumer.getInactiveThreshold(), SHORTEST_ABSENCE),
					"lets the server delete the consumer when no worker asks for messages for so short a time, between"
							+ " two pulls or during a restart; what is handled comes again then",
					"Set it to 5m or more, or to 0 for never."),
			Rule.of(ConsumerSettings.PRIORITY_TIMEOUT,
					(consumer) -> isShorter(consumer.getPriorityTimeout(), SHORTEST_WINDOW),
					"replaces a pinned worker that is alive, between two pulls",
					"Set it to one and a half times ack-wait, or more."));

	private TopologyWarnings() {
	}

	/**
	 * Returns what to warn of.
	 * @param plans the streams and consumers
	 * @param mode what is written
	 * @param server the server's version
	 * @return a line for each
	 */
	static List<String> of(List<StreamPlan> plans, TopologyMode mode, ServerVersion server) {
		Stream<TopologyProblem> rules = plans.stream()
			.flatMap((plan) -> Stream.concat(
					plan.managed() ? Rule.broken(STREAMS, plan.stream().declared(), plan.stream().outcome(mode))
							: Stream.empty(),
					plan.consumers()
						.stream()
						.flatMap((consumer) -> Rule.broken(CONSUMERS, consumer.declared(), consumer.outcome(mode)))));
		return Stream.concat(rules, tooManyConsumers(plans, server)).map(TopologyProblem::toString).toList();
	}

	private static Stream<TopologyProblem> tooManyConsumers(List<StreamPlan> plans, ServerVersion server) {
		return server.isOlderThan(CONSUMERS_LIMITED) ? Stream.empty()
				: plans.stream()
					.filter((plan) -> plan.consumers().size() > MOST_CONSUMERS)
					.map((plan) -> new TopologyProblem(plan.stream().declared().key() + ".consumers",
							"are %,d, but nats-server 2.15 and newer take %,d for a stream, whatever max-consumers says"
								.formatted(plan.consumers().size(), MOST_CONSUMERS),
							"Spread them over several streams, or have the server's limit raised."));
	}

	private static boolean hasTinyWindow(StreamConfiguration stream) {
		Duration window = Values.orZero(stream.getDuplicateWindow());
		// Where max-age is short the window can't be long
		boolean chosen = stream.getMaxAge().isZero() || window.compareTo(stream.getMaxAge()) < 0;
		return chosen && !window.isZero() && window.compareTo(SHORTEST_WINDOW) < 0;
	}

	private static boolean hasNoRoom(StreamConfiguration stream) {
		long room = stream.getMaxBytes();
		return room > 0 && room < Math.max(SMALLEST, stream.getMaximumMessageSize());
	}

	private static boolean limitsAbsence(StreamConfiguration stream) {
		ConsumerLimits limits = stream.getConsumerLimits();
		return limits != null && isShorter(limits.getInactiveThreshold(), SHORTEST_ABSENCE);
	}

	private static boolean hasTinyLease(ConsumerConfiguration consumer) {
		return isShorter(consumer.getAckWait(), SHORTEST_LEASE);
	}

	private static boolean hasTinyPulls(ConsumerConfiguration consumer) {
		return isShorter(consumer.getMaxExpires(), SHORTEST_LEASE);
	}

	// Zero is no limit, or what the server takes
	private static boolean isShorter(@Nullable Duration value, Duration shortest) {
		Duration duration = Values.orZero(value);
		return duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(shortest) < 0;
	}

}
