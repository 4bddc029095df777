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

import java.util.List;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.PriorityPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Which settings of a consumer go together.
 */
final class ConsumerRules {

	static final List<Rule<ConsumerConfiguration>> ALL = List.of(
			Rule.of(ConsumerSettings.startSequence(),
					(consumer) -> consumer.getDeliverPolicy() == DeliverPolicy.ByStartSequence
							&& consumer.getStartSequence() <= 0,
					"is missing, although deliver-policy is 'by-start-sequence'", "Set it, or another deliver-policy."),
			Rule.of(ConsumerSettings.startSequence(),
					(consumer) -> consumer.getDeliverPolicy() != DeliverPolicy.ByStartSequence
							&& consumer.getStartSequence() > 0,
					"can't be set unless deliver-policy is 'by-start-sequence'",
					"Remove the key, or set deliver-policy to 'by-start-sequence'."),
			Rule.of(ConsumerSettings.startTime(),
					(consumer) -> consumer.getDeliverPolicy() == DeliverPolicy.ByStartTime
							&& consumer.getStartTime() == null,
					"is missing, although deliver-policy is 'by-start-time'", "Set it, or another deliver-policy."),
			Rule.of(ConsumerSettings.startTime(),
					(consumer) -> consumer.getDeliverPolicy() != DeliverPolicy.ByStartTime
							&& consumer.getStartTime() != null,
					"can't be set unless deliver-policy is 'by-start-time'",
					"Remove the key, or set deliver-policy to 'by-start-time'."),
			Rule.of(ConsumerSettings.deliverPolicy(),
					(consumer) -> consumer.getDeliverPolicy() == DeliverPolicy.LastPerSubject
							&& Values.orEmpty(consumer.getFilterSubjects()).isEmpty(),
					"can't be 'last-per-subject' without 'filter-subjects'",
					"Set 'filter-subjects', to > for all of the stream's messages."),
			Rule.of(ConsumerSettings.priorityGroups(),
					(consumer) -> hasPriorities(consumer) && Values.orEmpty(consumer.getPriorityGroups()).isEmpty(),
					"are missing, although there is a priority-policy",
					"Name a group, such as workers, or remove priority-policy."),
			Rule.of(ConsumerSettings.priorityGroups(),
					(consumer) -> !hasPriorities(consumer) && !Values.orEmpty(consumer.getPriorityGroups()).isEmpty(),
					"can't be set without a priority-policy",
					"Set priority-policy, such as overflow, or remove the key."),
			Rule.of(ConsumerSettings.priorityTimeout(),
					(consumer) -> !hasPriorities(consumer) && !Values.orZero(consumer.getPriorityTimeout()).isZero(),
					"can't be set without a priority-policy",
					"Set priority-policy to pinned-client, or remove the key."),
			new Rule<>(ConsumerSettings.maxDeliver(), ConsumerRules::shorterThanBackoff,
					"Remove the key, or take the backoff away (nats consumer edit --backoff none): listeners compute"
							+ " delays themselves."));

	private ConsumerRules() {
	}

	private static @Nullable String shorterThanBackoff(ConsumerConfiguration consumer) {
		int entries = (consumer.getBackoff() != null) ? consumer.getBackoff().size() : 0;
		long max = consumer.getMaxDeliver();
		return (max > 0 && entries > max)
				? "can't be '%d', as the consumer's 'backoff' on the server has %d entries".formatted(max, entries)
				: null;
	}

	private static boolean hasPriorities(ConsumerConfiguration consumer) {
		return consumer.getPriorityPolicy() != null && consumer.getPriorityPolicy() != PriorityPolicy.None;
	}

}
