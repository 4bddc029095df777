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

package io.github.jetstreamspring.annotation.handler;

import java.lang.reflect.Modifier;

/**
 * Checks at start-up what would otherwise fail for each message.
 */
final class MethodCheck {

	private final TargetMethod method;

	private final ParameterCheck parameters;

	private final ReturnCheck returns;

	private final ProblemCollector problems;

	/**
	 * Creates a check.
	 * @param method the method
	 * @param batch whether the method takes batches
	 * @param validating whether there is a validator for payloads
	 * @param own gets the arguments that are the application's own
	 * @param problems takes what is wrong
	 */
	MethodCheck(TargetMethod method, boolean batch, boolean validating, OwnArguments own, ProblemCollector problems) {
		this.method = method;
		this.parameters = new ParameterCheck(method, batch, validating, own, problems);
		this.returns = new ReturnCheck(method, batch, problems);
		this.problems = problems;
	}

	void check() {
		if (Modifier.isStatic(this.method.getMethod().getModifiers())) {
			this.problems.add("the method is static", "Make it an instance method of the bean.");
		}
		this.returns.check();
		this.parameters.check();
	}

}
