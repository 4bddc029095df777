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
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Finds settings of a listener that don't go with those of its consumer and stream.
 */
final class ListenerAdvice {

	private ListenerAdvice() {
	}

	/**
	 * Returns what to warn of.
	 * @param definition the listener
	 * @param consumer its consumer
	 * @param maxAge how long failing messages stay in its stream, zero for ever, or
	 * {@code null} if nobody knows
	 * @return a sentence for each
	 */
	static List<String> of(ListenerDefinition definition, ConsumerConfiguration consumer, @Nullable Duration maxAge) {
		List<String> advice = new ArrayList<>();
		long pending = consumer.getMaxAckPending();
		if (pending > 0 && definition.concurrency() > pending) {
			advice.add(("concurrency is %d, but the consumer gives out %d messages at once, to all workers together:"
					+ " the others stay idle. Lower it, or raise max-ack-pending")
				.formatted(definition.concurrency(), pending));
		}
		Duration longest = retries(definition);
		if (maxAge != null && !maxAge.isZero() && maxAge.compareTo(longest) < 0) {
			advice.add(("the delays of its %d attempts take %s, but the stream's max-age is %s: a failing message is"
					+ " removed before it can become a dead letter. Lower retry.max-attempts or retry.max-delay, or keep"
					+ " messages for longer")
				.formatted(definition.retryPolicy().maxAttempts(), Durations.rounded(longest), Durations.text(maxAge)));
		}
		return advice;
	}

	/**
	 * Returns how long failing messages stay in a stream.
	 * @param stream the stream
	 * @return the time, zero for ever
	 */
	static Duration maxAge(StreamConfiguration stream) {
		// A message that waits as a schedule is a new one when it comes back
		boolean schedules = stream.getAllowMsgSchedules() && stream.getRetentionPolicy() == RetentionPolicy.WorkQueue;
		return schedules ? Duration.ZERO : stream.getMaxAge();
	}

	/**
	 * Returns how long the retries of a message take, jitter and handling left out.
	 */
	private static Duration retries(ListenerDefinition definition) {
		if (!(definition.retryPolicy() instanceof ExponentialRetryPolicy policy)) {
			return Duration.ZERO;
		}
		return policy.total();
	}

}
