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

import java.util.Optional;
import java.util.Set;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/**
 * Looks whether a method takes part in the transaction that has begun before it, if it is
 * {@code @Transactional} itself.
 *
 * @param problems the problems found
 * @since 0.1.0
 */
public record JoinCheck(ProblemCollector problems) {

	// By their names, as neither must be there
	private static final String SPRING = "org.springframework.transaction.annotation.Transactional";

	private static final String JAKARTA = "jakarta.transaction.Transactional";

	private static final Set<String> APART = Set.of("REQUIRES_NEW", "NOT_SUPPORTED", "NEVER");

	/**
	 * Looks at a method.
	 * @param method the method
	 * @return what it calls its transaction manager, which is empty if it doesn't, or
	 * nothing if it isn't {@code @Transactional}
	 */
	public Optional<String> check(TargetMethod method) {
		MergedAnnotations own = MergedAnnotations.from(method.getMethod(), SearchStrategy.TYPE_HIERARCHY);
		MergedAnnotations all = (own.isPresent(SPRING) || own.isPresent(JAKARTA)) ? own
				: MergedAnnotations.from(method.beanType(), SearchStrategy.TYPE_HIERARCHY);
		String propagation = value(all.get(SPRING), "propagation") + value(all.get(JAKARTA), "value");
		if (APART.contains(propagation)) {
			this.problems.add(
					"it is to handle each message once, but is @Transactional with %s, and its work would not be in the transaction that says so"
						.formatted(propagation),
					"Remove the propagation, or 'once'.");
		}
		String isolation = value(all.get(SPRING), "isolation");
		if (!isolation.isEmpty() && !isolation.equals("DEFAULT")) {
			this.problems.add(
					"it is to handle each message once, but is @Transactional with the isolation %s, which the transaction that has begun before doesn't have"
						.formatted(isolation),
					"Remove the isolation, and set that of the connections, such as by spring.datasource.hikari.transaction-isolation; or remove 'once'.");
		}
		return (all.isPresent(SPRING) || all.isPresent(JAKARTA))
				? Optional.of(value(all.get(SPRING), "transactionManager")) : Optional.empty();
	}

	private static String value(MergedAnnotation<?> annotation, String attribute) {
		return annotation.isPresent() ? annotation.getValue(attribute).map(Object::toString).orElse("") : "";
	}

}
