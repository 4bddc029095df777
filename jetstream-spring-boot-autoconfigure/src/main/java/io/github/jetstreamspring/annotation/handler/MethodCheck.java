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

import org.springframework.context.annotation.Bean;

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
	 * @param arguments gets what the method wants of messages
	 * @param problems takes what is wrong
	 */
	MethodCheck(TargetMethod method, boolean batch, ArgumentFactory arguments, ProblemCollector problems) {
		this.method = method;
		this.parameters = new ParameterCheck(method, batch, arguments, problems);
		this.returns = new ReturnCheck(method, batch, problems);
		this.problems = problems;
	}

	void check() {
		if (Modifier.isStatic(this.method.getMethod().getModifiers())) {
			this.problems.add("the method is static", "Make it an instance method of the bean.");
		}
		if (this.method.hasMethodAnnotation(Bean.class)) {
			this.problems.add("the method makes a bean",
					"Annotate the method that handles the messages: that of the bean's class.");
			return;
		}
		this.returns.check();
		this.parameters.check();
	}

}
