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

package io.github.jetstreamspring.test;

import java.util.List;

/**
 * Which subjects a listener gets messages from.
 *
 * @param filters the filters of its consumer, or else the subjects of its stream; empty
 * if nobody here knows them
 */
record SubjectFilters(List<String> filters) {

	/**
	 * Returns the subject that a message has if nobody says otherwise.
	 * @param listener the listener's id
	 * @throws IllegalStateException if there are several
	 */
	String only(String listener) {
		if (this.filters.size() == 1 && !isPattern(this.filters.get(0))) {
			return this.filters.get(0);
		}
		throw new IllegalStateException(this.filters.isEmpty()
				? "Nothing here says which subjects listener '%s' gets messages from. Say which one this message has: .subject(\"…\")"
					.formatted(listener)
				: "Listener '%s' gets messages from %s. Say which subject this one has: .subject(\"…\")"
					.formatted(listener, this.filters));
	}

	/**
	 * Refuses a subject that no message of the listener can have.
	 * @param subject the subject
	 * @param listener the listener's id
	 */
	String check(String subject, String listener) {
		if (!this.filters.isEmpty() && this.filters.stream().noneMatch((filter) -> matches(filter, subject))) {
			throw new IllegalArgumentException(
					"Listener '%s' gets no messages with subject '%s', as its consumer has none but %s"
						.formatted(listener, subject, this.filters));
		}
		return subject;
	}

	static boolean isPattern(String filter) {
		return List.of(filter.split("\\.")).stream().anyMatch((token) -> token.equals("*") || token.equals(">"));
	}

	static boolean matches(String filter, String subject) {
		String[] filterTokens = filter.split("\\.", -1);
		String[] tokens = subject.split("\\.", -1);
		for (int i = 0; i < filterTokens.length; i++) {
			if (filterTokens[i].equals(">")) {
				return tokens.length > i;
			}
			if (i >= tokens.length || !filterTokens[i].equals("*") && !filterTokens[i].equals(tokens[i])) {
				return false;
			}
		}
		return tokens.length == filterTokens.length;
	}

}
