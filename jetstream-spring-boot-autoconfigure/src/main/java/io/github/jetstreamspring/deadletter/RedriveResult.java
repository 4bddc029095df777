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

package io.github.jetstreamspring.deadletter;

import java.util.List;

/**
 * What became of dead letters that were to be redriven.
 *
 * @param matched how many there are that the query is for, as far as they were looked at
 * @param redriven how many are redriven
 * @param failed how many could not be redriven, and stay
 * @param failures the first 20 of those
 * @param remaining how many are left for which there was no time
 * @since 0.1.0
 */
public record RedriveResult(long matched, long redriven, long failed, List<RedriveFailure> failures, long remaining) {

	/**
	 * Copies the list.
	 */
	public RedriveResult {
		failures = List.copyOf(failures);
	}

}
