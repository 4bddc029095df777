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

package io.github.jetstreamspring.boot.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint says of something, in a form that every JSON library writes in the
 * same way: instants and durations as ISO-8601, and nothing of what isn't known.
 */
final class Description {

	/**
	 * What the connection without a name is called.
	 */
	static final String DEFAULT_CONNECTION = "default";

	private final Map<String, Object> entries = new LinkedHashMap<>();

	/**
	 * Adds what is known.
	 * @param name the name
	 * @param value a text, number, boolean, instant or duration, a description, or a
	 * collection of such; {@code null} if it isn't known
	 * @return this description
	 */
	Description add(String name, @Nullable Object value) {
		if (value instanceof Description description) {
			this.entries.put(name, description.entries);
		}
		else if (value instanceof Instant || value instanceof Duration) {
			this.entries.put(name, value.toString());
		}
		else if (value != null) {
			this.entries.put(name, value);
		}
		return this;
	}

	Map<String, Object> toMap() {
		return Collections.unmodifiableMap(this.entries);
	}

}
