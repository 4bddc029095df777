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

package io.github.jetstreamspring.lab;

import java.util.List;
import java.util.stream.Stream;

/**
 * All that is disturbed.
 */
final class Scenarios {

	/**
	 * Those that run in every build.
	 */
	private static final List<String> SHORT = List.of("worker-killed", "rolling-restart", "server-killed");

	private Scenarios() {
	}

	/**
	 * Returns the scenarios of a name.
	 * @param which the names of some, {@code short} or {@code all}
	 */
	static List<Scenario> of(String which) {
		List<String> names = List.of(which.split(","));
		List<Scenario> found = all().filter((scenario) -> switch (which) {
			case "all" -> !scenario.name().equals(ClusterScenarios.MARATHON);
			case "short" -> SHORT.contains(scenario.name());
			default -> names.contains(scenario.name());
		}).toList();
		if (found.isEmpty()) {
			throw new IllegalArgumentException("There is no scenario '%s', only short, all and %s".formatted(which,
					all().map(Scenario::name).toList()));
		}
		return found;
	}

	private static Stream<Scenario> all() {
		return Stream
			.of(WorkerScenarios.all(), ServerScenarios.all(), TopologyScenarios.all(), ClusterScenarios.all(),
					ModeScenarios.all())
			.flatMap((scenarios) -> scenarios);
	}

}
