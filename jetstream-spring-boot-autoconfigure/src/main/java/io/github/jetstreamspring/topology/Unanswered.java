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
import java.util.Optional;

import io.github.jetstreamspring.messaging.PermissionViolation;
import io.github.jetstreamspring.messaging.ReportedViolations;
import io.github.jetstreamspring.messaging.ViolationMemory;

/**
 * Explains why the server gave no answer. A missing permission it reports to the
 * connection only.
 */
final class Unanswered {

	static final Unanswered UNEXPLAINED = new Unanswered(new ViolationMemory());

	private final ViolationMemory memory;

	private final ReportedViolations violations;

	/**
	 * Begins to look at reports, before questions are asked.
	 * @param memory knows what the server reports
	 */
	Unanswered(ViolationMemory memory) {
		this.memory = memory;
		this.violations = new ReportedViolations(memory);
	}

	/**
	 * Returns the same for questions that are asked from now on.
	 */
	Unanswered again() {
		return new Unanswered(this.memory);
	}

	/**
	 * Returns whether a question is known to be forbidden.
	 * @param subject how its subject ends
	 */
	boolean isForbidden(String subject) {
		return this.memory.last(0, (violation) -> violation.publish() && violation.subject().endsWith(subject))
			.isPresent();
	}

	/**
	 * Returns the problem that a question without an answer is.
	 * @param key the key of what the question was about
	 * @param what what can't be done for want of an answer
	 * @param failure what the client says
	 * @param advice what to check if the server doesn't tell
	 * @return the problem
	 */
	TopologyProblem problem(String key, String what, Exception failure, String advice) {
		Optional<PermissionViolation> violation = (failure instanceof IOException)
				? this.violations.last(Unanswered::isAboutQuestions) : Optional.empty();
		return violation
			.map((missing) -> new TopologyProblem(key, what + ": " + missing.describe(),
					"Allow it in the permissions of that user."))
			.orElseGet(() -> new TopologyProblem(key, what + ": " + failure.getMessage(), advice));
	}

	// An older report may be about anything
	private static boolean isAboutQuestions(PermissionViolation violation) {
		return !violation.publish()
				|| (violation.subject().startsWith("$JS.") && violation.subject().contains(".API."));
	}

}
