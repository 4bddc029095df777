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
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A rule of the server about settings that have to go together.
 *
 * @param setting the setting to blame
 * @param wrong returns what is wrong, or {@code null} if nothing is
 * @param action what to do about it
 * @param <C> the jnats configuration
 */
record Rule<C>(Setting<C, ?, ?> setting, Function<C, @Nullable String> wrong, String action) {

	static <C> Rule<C> of(Setting<C, ?, ?> setting, Predicate<C> broken, String description, String action) {
		return new Rule<>(setting, (configuration) -> broken.test(configuration) ? description : null, action);
	}

	/**
	 * Returns the rules that something to be written would break. What stays as it is has
	 * the server's consent.
	 */
	static <C> Stream<TopologyProblem> broken(List<Rule<C>> rules, Comparison<C> comparison, TopologyMode mode) {
		C outcome = comparison.outcome(mode);
		return rules.stream()
			.map((rule) -> rule.problem(comparison.declared().key(), outcome))
			.filter(Objects::nonNull);
	}

	private @Nullable TopologyProblem problem(String key, C configuration) {
		String description = this.wrong.apply(configuration);
		return (description != null) ? new TopologyProblem(key + "." + this.setting.key(), description, this.action)
				: null;
	}

}
