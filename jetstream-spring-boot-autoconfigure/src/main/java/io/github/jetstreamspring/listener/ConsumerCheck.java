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
import java.util.Optional;

import io.github.jetstreamspring.listener.pull.PinnedClient;
import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.ServerInfo;

import org.springframework.util.StringUtils;

/**
 * Checks whether a listener can use a consumer as it is on the server.
 */
final class ConsumerCheck {

	private static final String EXCLUSIVE_SINCE = "2.11.0";

	private final ListenerDefinition definition;

	ConsumerCheck(ListenerDefinition definition) {
		this.definition = definition;
	}

	/**
	 * Returns what the listener can't do on a server, whatever the consumer is like.
	 * @param server the server
	 * @return what it is, or nothing
	 */
	Optional<String> problem(ServerInfo server) {
		if (this.definition.exclusive() && !server.isSameOrNewerThanVersion(EXCLUSIVE_SINCE)) {
			return Optional.of("it is exclusive, which needs nats-server 2.11 or newer, but this is %s"
				.formatted(server.getVersion()));
		}
		return Optional.empty();
	}

	/**
	 * Returns what keeps the listener from using a consumer.
	 * @param consumer the consumer's configuration
	 * @return what it is and what to do, or nothing
	 */
	Optional<String> problem(ConsumerConfiguration consumer) {
		if (StringUtils.hasText(consumer.getDeliverSubject())) {
			return Optional.of(("it is a push consumer, but listeners need pull consumers: delete it (nats consumer rm"
					+ " %s %s) and declare it without a deliver subject")
				.formatted(this.definition.stream(), this.definition.consumer()));
		}
		if (consumer.getAckPolicy() != AckPolicy.Explicit) {
			return Optional.of(("its ack policy is '%s', but listeners need 'explicit': delete it (nats consumer rm"
					+ " %s %s) and declare it with that policy")
				.formatted(consumer.getAckPolicy(), this.definition.stream(), this.definition.consumer()));
		}
		if (this.definition.exclusive() && consumer.getPriorityPolicy() != PriorityPolicy.PinnedClient) {
			return Optional.of("""
					the listener is exclusive, but the consumer has no group for pinned clients. Declare one:

					jetstream:
					  streams:
					    %s:
					      consumers:
					        %s:
					          priority-policy: pinned-client
					          priority-groups: workers
					          priority-timeout: 45s       # one and a half times ack-wait, or more
					""".formatted(this.definition.stream(), this.definition.consumer()));
		}
		return priorityProblem(consumer);
	}

	private Optional<String> priorityProblem(ConsumerConfiguration consumer) {
		PriorityPolicy needed = this.definition.precedence().neededPolicy();
		List<String> groups = consumer.getPriorityGroups();
		if (needed == PriorityPolicy.None
				|| (consumer.getPriorityPolicy() == needed && groups != null && !groups.isEmpty())) {
			return Optional.empty();
		}
		String key = (needed == PriorityPolicy.Prioritized) ? "priority" : "min-pending or min-ack-pending";
		return Optional
			.of("""
					the listener has %s, which only a group with the priority policy '%s' heeds. Declare one, or remove the key:

					jetstream:
					  streams:
					    %s:
					      consumers:
					        %s:
					          priority-policy: %s
					          priority-groups: workers
					"""
				.formatted(key, needed, this.definition.stream(), this.definition.consumer(), needed));
	}

	/**
	 * Returns what may surprise the users of a consumer that the listener can use.
	 * @param consumer the consumer's configuration
	 * @return what it is and what to do, each
	 */
	List<String> warnings(ConsumerConfiguration consumer) {
		List<String> warnings = new ArrayList<>();
		for (Optional<String> warning : List.of(maxDeliver(consumer), backoff(consumer))) {
			if (warning.isPresent()) {
				warnings.add(warning.get());
			}
		}
		return warnings;
	}

	private Optional<String> maxDeliver(ConsumerConfiguration consumer) {
		long limit = consumer.getMaxDeliver();
		RetryPolicy policy = this.definition.retryPolicy();
		if (limit <= 0 || limit > policy.maxDeliveries()) {
			// Then nothing is delivered that often, as it is a dead letter before
			return Optional.empty();
		}
		String last = (limit < policy.maxAttempts())
				? "the last attempt is the one of delivery %d, though max-attempts is %d".formatted(limit,
						policy.maxAttempts())
				: "messages can't come up to max-deliveries (%d)".formatted(policy.maxDeliveries());
		return Optional.of(("max_deliver of the consumer is %d: %s. A message whose worker dies in delivery %d, or that"
				+ " has been delivered that often already, stays in the stream for ever, and nobody gets it. Set"
				+ " max_deliver to -1: jetstream.streams.%s.consumers.%s.max-deliver where this application declares"
				+ " the consumer, or nats consumer edit %s %s --max-deliver=-1")
			.formatted(limit, last, limit, this.definition.stream(), this.definition.consumer(),
					this.definition.stream(), this.definition.consumer()));
	}

	private Optional<String> backoff(ConsumerConfiguration consumer) {
		Duration added = ServerBackoff.of(consumer).longestAdded();
		if (added.isZero()) {
			return Optional.empty();
		}
		return Optional.of(("the consumer has a backoff, by which the server holds back what is to be retried: up to %s"
				+ " even if the delay is shorter. Remove it: how long retries wait is said by"
				+ " jetstream.listener.retry")
			.formatted(Durations.text(added)));
	}

	/**
	 * Returns what could be better about a consumer that does what it is told.
	 * @param consumer the consumer's configuration
	 * @return what it is and what to do, or nothing
	 */
	Optional<String> advice(ConsumerConfiguration consumer) {
		Duration pinTimeout = PinnedClient.timeout(consumer);
		// With keys the next one waits for what others had
		if (this.definition.exclusive() && this.definition.orderedBy() == null && pinTimeout != null
				&& pinTimeout.compareTo(enough(consumer)) < 0 && consumer.getMaxAckPending() != 1) {
			return Optional.of(("when an instance dies, the next one may go on before it is given what the other one"
					+ " had in hand, out of order. Set priority-timeout (now %s) to one and a half times ack-wait (%s)"
					+ " at least, or max-ack-pending to 1")
				.formatted(Durations.text(pinTimeout), Durations.text(consumer.getAckWait())));
		}
		return Optional.empty();
	}

	// Both are renewed after a third of their time, hence the difference
	private static Duration enough(ConsumerConfiguration consumer) {
		return consumer.getAckWait().multipliedBy(3).dividedBy(2);
	}

}
