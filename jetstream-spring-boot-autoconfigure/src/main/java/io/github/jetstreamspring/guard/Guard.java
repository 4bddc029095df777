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

package io.github.jetstreamspring.guard;

import java.util.function.Supplier;

import org.apache.commons.logging.Log;

/**
 * Keeps what foreign code throws from ending what has nothing to do with it.
 *
 * @since 0.1.0
 */
public final class Guard {

	private Guard() {
	}

	/**
	 * Runs code that may throw anything, which is logged.
	 * @param logger the log
	 * @param problem says what has failed
	 * @param code the code
	 */
	public static void run(Log logger, Supplier<String> problem, Runnable code) {
		try {
			code.run();
		}
		catch (Throwable ex) {
			log(logger, problem, ex);
		}
	}

	/**
	 * Logs a failure as an error. Throws nothing, whatever is to be logged and whatever
	 * becomes of it.
	 * @param logger the log
	 * @param problem says what has failed
	 * @param failure what was thrown
	 */
	public static void log(Log logger, Supplier<String> problem, Throwable failure) {
		try {
			logger.error(problem.get(), Failures.readable(failure));
		}
		catch (Throwable ex) {
			logPlainly(logger, failure);
		}
	}

	// The heap may be full, or the log may not take the text
	private static void logPlainly(Log logger, Throwable failure) {
		try {
			logger.error(failure.getClass().getName());
		}
		catch (Throwable ex) {
			// Nobody can be told
		}
	}

}
