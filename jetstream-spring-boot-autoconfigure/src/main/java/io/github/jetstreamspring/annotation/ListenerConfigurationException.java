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

package io.github.jetstreamspring.annotation;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Listeners could not be set up. Holds all that is wrong with all of them.
 *
 * @since 0.1.0
 */
public class ListenerConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<ListenerProblem> problems;

	/**
	 * Creates an exception.
	 * @param problems what is wrong
	 */
	public ListenerConfigurationException(List<ListenerProblem> problems) {
		super(problems.stream().map(ListenerProblem::toString).collect(Collectors.joining("; ")));
		this.problems = List.copyOf(problems);
	}

	/**
	 * Returns what is wrong.
	 * @return the problems
	 */
	public List<ListenerProblem> getProblems() {
		return this.problems;
	}

}
