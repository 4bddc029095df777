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

import java.lang.Thread.UncaughtExceptionHandler;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lets the application end after its report as if nothing had failed: without a stack
 * trace, and with the exit code of the report.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TopologyReportEnd implements SpringBootExceptionReporter {

	@Override
	public boolean reportException(Throwable failure) {
		TopologyReportedException reported = TopologyReportedException.in(failure);
		if (reported == null || reported.getExitCode() != 0) {
			return reported != null;
		}
		// Spring Boot ends with the exit code of a failure, but not if that is 0. And had
		// this been reported, Spring Boot's handler would come before this one. Its log
		// is switched off by now.
		Thread thread = Thread.currentThread();
		thread.setUncaughtExceptionHandler(new SuccessHandler(thread.getUncaughtExceptionHandler()));
		return false;
	}

	/**
	 * Ends the JVM with success when the exception leaves the main method, and not when
	 * somebody catches it, as tests do.
	 */
	private record SuccessHandler(@Nullable UncaughtExceptionHandler others) implements UncaughtExceptionHandler {

		@Override
		public void uncaughtException(Thread thread, Throwable failure) {
			if (TopologyReportedException.in(failure) != null) {
				System.exit(0);
			}
			else if (this.others != null) {
				this.others.uncaughtException(thread, failure);
			}
		}

	}

}
