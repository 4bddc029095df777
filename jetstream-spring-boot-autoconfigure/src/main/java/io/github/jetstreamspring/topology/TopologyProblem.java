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

/**
 * Something that keeps a stream or consumer from being what its definition says.
 *
 * @param key the configuration key it is about, such as
 * {@code jetstream.streams.orders.storage}; definitions in code are named like those in
 * the configuration
 * @param description what is wrong, without the key
 * @param action what to do about it
 * @since 0.1.0
 */
public record TopologyProblem(String key, String description, String action) {

	/**
	 * Returns the same for a named connection, which has the same keys below its own.
	 */
	TopologyProblem of(String connection) {
		return new TopologyProblem(Keys.of(connection, this.key), this.description, Keys.of(connection, this.action));
	}

	@Override
	public String toString() {
		return this.key + " " + this.description + ". " + this.action;
	}

}
