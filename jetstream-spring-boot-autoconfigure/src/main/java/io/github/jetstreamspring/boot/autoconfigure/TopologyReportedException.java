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

import java.util.Collection;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.topology.TopologyReport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ExitCodeGenerator;

/**
 * The report is printed, and the application ends.
 */
final class TopologyReportedException extends RuntimeException implements ExitCodeGenerator {

	private static final long serialVersionUID = 1L;

	private static final int PROBLEMS = 1;

	private static final int DIFFERENT = 2;

	private final int exitCode;

	/**
	 * Creates an exception.
	 * @param reports what was compared, if anything
	 */
	TopologyReportedException(Collection<TopologyReport> reports) {
		super("The application has ended after its report about streams and consumers (jetstream.topology.report)",
				null, false, false);
		this.exitCode = exitCode(reports);
	}

	private static int exitCode(Collection<TopologyReport> reports) {
		if (reports.stream().allMatch(TopologyReport::isClean)) {
			return 0;
		}
		return reports.stream().allMatch(TopologyReport::isDeclarable) ? DIFFERENT : PROBLEMS;
	}

	@Override
	public int getExitCode() {
		return this.exitCode;
	}

	/**
	 * Returns the exception that a failure comes from, or {@code null} if that is
	 * another.
	 */
	static @Nullable TopologyReportedException in(Throwable failure) {
		for (Throwable cause : Failures.causes(failure)) {
			if (cause instanceof TopologyReportedException reported) {
				return reported;
			}
		}
		return null;
	}

}
