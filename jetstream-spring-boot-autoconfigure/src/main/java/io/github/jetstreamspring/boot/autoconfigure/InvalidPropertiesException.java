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
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * Properties are not valid. Holds all of them.
 */
final class InvalidPropertiesException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<Problem> problems;

	InvalidPropertiesException(Collection<Problem> problems) {
		super("Invalid properties: " + problems);
		this.problems = List.copyOf(problems);
	}

	List<Problem> problems() {
		return this.problems;
	}

	/**
	 * A property that is not valid.
	 *
	 * @param key the key
	 * @param description what is wrong with its value, without secrets
	 * @param origin where it is set, or {@code null} if that isn't known
	 */
	record Problem(String key, String description, @Nullable Origin origin) {

		@Override
		public String toString() {
			return this.key + ": " + this.description + ((this.origin != null) ? " (" + this.origin + ")" : "");
		}

	}

}
