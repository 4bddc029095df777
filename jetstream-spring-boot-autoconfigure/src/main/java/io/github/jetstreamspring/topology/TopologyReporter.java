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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.topology.TopologyReport.Action;
import io.github.jetstreamspring.topology.TopologyReport.Row;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;

/**
 * Makes rows of what differs. Writes nothing.
 */
final class TopologyReporter {

	private static final String MISSING = "missing";

	private final ServerVersion server;

	TopologyReporter(ServerVersion server) {
		this.server = server;
	}

	/**
	 * Returns what differs.
	 * @param plans what was compared
	 * @param problems what is wrong: nothing is known of streams and consumers that have
	 * a problem as a whole
	 */
	List<Row> rows(List<StreamPlan> plans, List<TopologyProblem> problems) {
		Set<String> unknown = problems.stream().map(TopologyProblem::key).collect(Collectors.toSet());
		return plans.stream()
			.flatMap(TopologyReporter::comparisons)
			.filter((comparison) -> !unknown.contains(comparison.declared().key()))
			.flatMap(this::rows)
			.toList();
	}

	/**
	 * Returns which consumers are on the server, but not declared.
	 */
	List<String> notes(List<StreamPlan> plans, JetStreamManagement management) {
		List<String> notes = new ArrayList<>();
		for (StreamPlan plan : plans) {
			if (plan.managed() && plan.stream().current() != null) {
				notes.addAll(undeclared(plan, management));
			}
		}
		return notes;
	}

	private static Stream<Comparison<?>> comparisons(StreamPlan plan) {
		Stream<Comparison<?>> stream = plan.managed() ? Stream.of(plan.stream()) : Stream.empty();
		return Stream.concat(stream, plan.consumers().stream());
	}

	private Stream<Row> rows(Comparison<?> comparison) {
		Declared<?, ?> declared = comparison.declared();
		if (comparison.current() == null) {
			return declared.settings().texts().entrySet().stream().map((setting) -> missing(declared, setting));
		}
		return comparison.differences().stream().map((difference) -> differing(declared, difference));
	}

	private static Row missing(Declared<?, ?> declared, Map.Entry<String, String> setting) {
		return new Row(declared.stream(), declared.consumer(), setting.getKey(), MISSING, setting.getValue(),
				Action.CREATE);
	}

	private Row differing(Declared<?, ?> declared, Difference difference) {
		return new Row(declared.stream(), declared.consumer(), difference.key(), difference.from(), difference.to(),
				difference.isChangeableOn(this.server) ? Action.UPDATE : Action.IMPOSSIBLE);
	}

	private static List<String> undeclared(StreamPlan plan, JetStreamManagement management) {
		String stream = plan.stream().declared().stream();
		try {
			List<String> names = new ArrayList<>(management.getConsumerNames(stream));
			plan.consumers().forEach((consumer) -> names.remove(consumer.declared().consumer()));
			return names.isEmpty() ? List.of()
					: List.of("Stream '%s' has consumers that are not in the configuration and are left alone: %s"
						.formatted(stream, Values.list(names)));
		}
		catch (IOException | JetStreamApiException ex) {
			return List
				.of("Stream '%s' may have more consumers, they can't be listed: %s".formatted(stream, ex.getMessage()));
		}
	}

}
