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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.stream.Collectors;

import io.github.jetstreamspring.annotation.ListenerConfigurationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which listeners can't be set up, why, and what to do.
 */
class ListenerConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<ListenerConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ListenerConfigurationException cause) {
		String description = cause.getProblems()
			.stream()
			.map((problem) -> "    - Listener '%s', method %s: %s.".formatted(problem.listener(), problem.method(),
					problem.description()))
			.collect(Collectors.joining("\n", "Listeners can't be set up:\n\n", ""));
		String action = cause.getProblems()
			.stream()
			.map((problem) -> "    - Listener '%s': %s".formatted(problem.listener(),
					problem.fix().strip().replace("\n", "\n      ")))
			.distinct()
			.collect(Collectors.joining("\n"));
		return new FailureAnalysis(description, action, cause);
	}

}
