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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What became of a stream or consumer when the topology was declared.
 *
 * @param stream the name of the stream
 * @param consumer the name of the consumer, or {@code null} if it is about the stream
 * @param outcome what was done
 * @param differences the settings that were updated or differ, with their old and new
 * value
 * @since 0.1.0
 */
public record TopologyResult(String stream, @Nullable String consumer, Outcome outcome, List<String> differences) {

	/**
	 * Creates a result.
	 */
	public TopologyResult {
		differences = List.copyOf(differences);
	}

	/**
	 * What was done.
	 *
	 * @since 0.1.0
	 */
	public enum Outcome {

		/**
		 * It was missing.
		 */
		CREATED,

		/**
		 * It differed.
		 */
		UPDATED,

		/**
		 * It was as it shall be, and nothing was written.
		 */
		UNCHANGED,

		/**
		 * It differs, and the mode forbids updating it.
		 */
		DIFFERS

	}

}
