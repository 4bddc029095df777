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
import java.util.List;

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

	private final Problems problems = new Problems();

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
		TopologyWarnings warnings = new TopologyWarnings();
		for (StreamPlan plan : plans) {
			if (plan.managed()) {
				warnings.checkStream(plan.stream().declared(), plan.stream().outcome(mode));
			}
			for (Comparison<ConsumerConfiguration> consumer : plan.consumers()) {
				warnings.checkConsumer(consumer.declared(), consumer.outcome(mode));
			}
		}
		if (!server.isOlderThan(CONSUMERS_LIMITED)) {
			for (StreamPlan plan : plans) {
				warnings.checkNumber(plan);
			}
		}
		List<String> texts = new ArrayList<>();
		for (TopologyProblem problem : warnings.problems.all()) {
			texts.add(problem.toString());
		}
		return texts;
	}

	private void checkStream(Declared<StreamConfiguration, ?> declared, StreamConfiguration stream) {
		if (hasTinyWindow(stream)) {
			this.problems.add(declared, StreamSettings.duplicateWindow(),
					"is shorter than what a publisher may need to send a message once more, which is stored twice then",
					"Set it to 1s or more, better to the default of 2m.");
		}
		if (hasNoRoom(stream)) {
			this.problems.add(declared, StreamSettings.maxBytes(),
					"is less than one message may have: with discard 'old' the server confirms such a message and"
							+ " drops it, with 'new' it refuses it",
					"Set it to a multiple of 'max-message-size', or remove the key.");
		}
		if (stream.getMaximumMessageSize() > 0 && stream.getMaximumMessageSize() < SMALLEST) {
			this.problems.add(declared, StreamSettings.maxMessageSize(),
					"has little room for a payload, as headers count, such as the message's id",
					"Set it to 1KB or more, or remove the key.");
		}
		if (limitsAbsence(stream)) {
			this.problems.add(declared, StreamSettings.consumerLimits(),
					"let the server delete consumers when no worker asks for messages for less than 30s, as during"
							+ " a restart; what is handled comes again then",
					"Set 'inactive-threshold' there to 5m or more, or remove it.");
		}
	}

	private void checkConsumer(Declared<ConsumerConfiguration, ?> declared, ConsumerConfiguration consumer) {
		if (isShorter(consumer.getAckWait(), SHORTEST_LEASE)) {
			this.problems.add(declared, ConsumerSettings.ackWait(),
					"is '%s': the way to the server and a short pause of the JVM"
						.formatted(ConsumerSettings.ackWait().text(consumer.getAckWait()))
							+ " take longer, and messages are delivered again while they are handled",
					"Set it to 1s or more; listeners extend it while they work.");
		}
		if (consumer.isHeadersOnly()) {
			this.problems.add(declared, ConsumerSettings.headersOnly(),
					"makes nats-server up to 2.15.1 end when it delivers a message whose header block is one byte, which"
							+ " everybody can publish who may publish to the stream",
					"Set it only where you trust all publishers, or remove the key.");
		}
		if (isShorter(consumer.getMaxExpires(), SHORTEST_LEASE)) {
			this.problems.add(declared, ConsumerSettings.maxExpires(),
					"makes workers ask the server for messages many times a second", "Set it to 1s or more.");
		}
		if (isShorter(consumer.getInactiveThreshold(), SHORTEST_ABSENCE)) {
			this.problems.add(declared, ConsumerSettings.inactiveThreshold(),
					"lets the server delete the consumer when no worker asks for messages for so short a time, between"
							+ " two pulls or during a restart; what is handled comes again then",
					"Set it to 5m or more, or to 0 for never.");
		}
		if (isShorter(consumer.getPriorityTimeout(), SHORTEST_WINDOW)) {
			this.problems.add(declared, ConsumerSettings.priorityTimeout(),
					"replaces a pinned instance that is alive, between two pulls",
					"Set it to one and a half times ack-wait, or more.");
		}
	}

	private void checkNumber(StreamPlan plan) {
		int number = plan.consumers().size();
		if (number > MOST_CONSUMERS) {
			this.problems.add(plan.stream().declared().key() + ".consumers",
					"are %,d, but nats-server 2.15 and newer take %,d for a stream, whatever max-consumers says"
						.formatted(number, MOST_CONSUMERS),
					"Spread them over several streams, or have the server's limit raised.");
		}
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

	// Zero is no limit, or what the server takes
	private static boolean isShorter(@Nullable Duration value, Duration shortest) {
		Duration duration = Values.orZero(value);
		return duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(shortest) < 0;
	}

}
