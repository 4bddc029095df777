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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.List;

import io.nats.client.api.ConsumerConfiguration;

/**
 * The {@code backoff} of a consumer that somebody else has configured: how long the
 * server waits for the ack of the first, the second, the third delivery of a message. It
 * takes the place of {@code ack-wait}, and the server adds it to the delay of a nak.
 *
 * @param delays the delays, the last of which holds for all further deliveries
 */
record ServerBackoff(List<Duration> delays) {

	static final ServerBackoff NONE = new ServerBackoff(List.of());

	// Without a delay, a nak is obeyed at once
	private static final Duration SHORTEST = Duration.ofMillis(1);

	static ServerBackoff of(ConsumerConfiguration consumer) {
		List<Duration> delays = consumer.getBackoff();
		return (delays == null || delays.isEmpty()) ? NONE : new ServerBackoff(List.copyOf(delays));
	}

	/**
	 * Returns the shortest time for which the server waits for an ack.
	 * @param consumer the consumer's configuration
	 * @return the lease that holds for every delivery
	 */
	static Duration lease(ConsumerConfiguration consumer) {
		Duration lease = consumer.getAckWait();
		for (Duration delay : of(consumer).delays) {
			lease = (delay.compareTo(lease) < 0) ? delay : lease;
		}
		return lease;
	}

	/**
	 * Returns the longest time for which the server waits for an ack.
	 * @param consumer the consumer's configuration
	 * @return the lease after which every message comes again
	 */
	static Duration longestLease(ConsumerConfiguration consumer) {
		Duration lease = consumer.getAckWait();
		for (Duration delay : of(consumer).delays) {
			lease = (delay.compareTo(lease) > 0) ? delay : lease;
		}
		return lease;
	}

	boolean isNone() {
		return this.delays.isEmpty();
	}

	/**
	 * Returns the delay to tell the server, so that a message comes again when it is to,
	 * or as soon afterwards as the server lets it.
	 * @param delivered how often the server has delivered the message
	 * @param delay after which it is to come again
	 */
	Duration nakDelay(long delivered, Duration delay) {
		if (delay.isZero()) {
			return delay;
		}
		Duration told = delay.minus(added(delivered));
		return (told.compareTo(SHORTEST) > 0) ? told : SHORTEST;
	}

	/**
	 * Returns the longest time that a nak's delay can't fall below.
	 */
	Duration longestAdded() {
		Duration longest = Duration.ZERO;
		for (Duration delay : this.delays) {
			Duration added = delay.minus(this.delays.get(0));
			longest = (added.compareTo(longest) > 0) ? added : longest;
		}
		return longest;
	}

	private Duration added(long delivered) {
		int index = (int) Math.max(0, Math.min(delivered, this.delays.size()) - 1);
		return this.delays.get(index).minus(this.delays.get(0));
	}

}
