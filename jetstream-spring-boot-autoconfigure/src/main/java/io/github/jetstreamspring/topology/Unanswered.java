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
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.PermissionViolation;
import io.github.jetstreamspring.messaging.ReportedViolations;
import org.jspecify.annotations.Nullable;

/**
 * Explains why the server gave no answer. A missing permission it reports to the
 * connection only.
 */
final class Unanswered {

	static final Unanswered UNEXPLAINED = new Unanswered(() -> null);

	private final Supplier<@Nullable String> lastError;

	private final ReportedViolations violations;

	/**
	 * Begins to look at reports, before questions are asked.
	 * @param lastError returns what the server reported last
	 */
	Unanswered(Supplier<@Nullable String> lastError) {
		this.lastError = lastError;
		this.violations = new ReportedViolations(lastError);
	}

	/**
	 * Returns the same for questions that are asked from now on.
	 */
	Unanswered anew() {
		return new Unanswered(this.lastError);
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
				? this.violations.last().filter(Unanswered::isAboutQuestions) : Optional.empty();
		return violation
			.map((missing) -> new TopologyProblem(key, what + ": " + missing.describe(),
					"Allow it in the permissions of that user. Streams and consumers need $JS.API.> to publish to, and"
							+ " the inbox to subscribe to."))
			.orElseGet(() -> new TopologyProblem(key, what + ": " + failure.getMessage(), advice));
	}

	// An older report may be about anything
	private static boolean isAboutQuestions(PermissionViolation violation) {
		return !violation.publish()
				|| (violation.subject().startsWith("$JS.") && violation.subject().contains(".API."));
	}

}
