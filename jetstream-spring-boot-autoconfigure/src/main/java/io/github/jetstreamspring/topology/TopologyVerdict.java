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

import java.util.ArrayList;
import java.util.List;

import io.nats.client.api.ConsumerConfiguration;

/**
 * Says which differences between server and definitions are problems.
 */
final class TopologyVerdict {

	private TopologyVerdict() {
	}

	static List<TopologyProblem> of(List<StreamPlan> plans, TopologyMode mode, ServerVersion server) {
		List<TopologyProblem> problems = new ArrayList<>();
		for (StreamPlan plan : plans) {
			if (plan.managed()) {
				problems.addAll(of(plan.stream(), mode, server));
			}
			for (Comparison<ConsumerConfiguration> consumer : plan.consumers()) {
				problems.addAll(of(consumer, mode, server));
			}
		}
		return problems;
	}

	private static List<TopologyProblem> of(Comparison<?> comparison, TopologyMode mode, ServerVersion server) {
		return switch (mode) {
			case VALIDATE -> differing(comparison, server);
			case UPDATE -> unchangeable(comparison, server);
			// Whatever exists stays as it is
			case CREATE, NONE -> List.of();
		};
	}

	/**
	 * Returns the consumers that can't be what they shall be, as they push.
	 */
	static List<TopologyProblem> pushing(List<StreamPlan> plans) {
		List<TopologyProblem> problems = new ArrayList<>();
		for (StreamPlan plan : plans) {
			for (Comparison<ConsumerConfiguration> consumer : plan.consumers()) {
				problems.addAll(pushing(consumer));
			}
		}
		return problems;
	}

	/**
	 * Returns the differences that the server can't be made to end.
	 */
	static List<TopologyProblem> unchangeable(Comparison<?> comparison, ServerVersion server) {
		if (comparison.differences().isEmpty()) {
			return List.of();
		}
		return comparison.differences()
			.stream()
			.filter((difference) -> !difference.isChangeableOn(server))
			.map((difference) -> new TopologyProblem(comparison.declared().key() + "." + difference.key(),
					"is '%s' on the server and can't be changed to '%s'".formatted(difference.from(), difference.to()),
					comparison.declared().advice()))
			.toList();
	}

	private static List<TopologyProblem> differing(Comparison<?> comparison, ServerVersion server) {
		Declared<?, ?> declared = comparison.declared();
		if (comparison.current() == null) {
			return List.of(new TopologyProblem(declared.key(), "is not on the server",
					"Create it there, or let it be created: jetstream.topology.mode=create."));
		}
		return comparison.differences()
			.stream()
			.map((difference) -> new TopologyProblem(declared.key() + "." + difference.key(),
					"is '%s' on the server instead of '%s'".formatted(difference.from(), difference.to()),
					difference.isChangeableOn(server)
							? "Change one of them, or let it be updated: jetstream.topology.mode=update."
							: declared.advice()))
			.toList();
	}

	private static List<TopologyProblem> pushing(Comparison<ConsumerConfiguration> comparison) {
		ConsumerConfiguration current = comparison.current();
		if (current == null || current.getDeliverSubject() == null) {
			return List.of();
		}
		return List.of(new TopologyProblem(comparison.declared().key(), "is a push consumer on the server",
				"Only pull consumers can be declared. " + comparison.declared().advice()));
	}

}
