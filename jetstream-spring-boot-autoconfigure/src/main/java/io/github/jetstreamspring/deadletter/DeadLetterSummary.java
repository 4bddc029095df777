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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How many dead letters there are of what kind.
 *
 * @param total how many there are
 * @param groups the kinds, by stream and consumer and the largest first
 * @since 0.1.0
 */
public record DeadLetterSummary(long total, List<Group> groups) {

	/**
	 * Copies the list.
	 */
	public DeadLetterSummary {
		groups = List.copyOf(groups);
	}

	/**
	 * Dead letters of one kind. A consumer has at most 100 groups, and what is in none of
	 * them is in one more, whose reason is {@code others}.
	 *
	 * @param stream the stream that the originals were in, {@code null} if it isn't known
	 * @param consumer the consumer that has given up on them, {@code null} if it isn't
	 * known
	 * @param exception the class of what the handler threw, {@code null} if it threw
	 * nothing
	 * @param reason why they were given up on, with {@code #} in place of numbers;
	 * {@code null} if it isn't known
	 * @param count how many there are
	 * @param first when the first of them was given up on
	 * @param last when the last of them was given up on
	 * @since 0.1.0
	 */
	public record Group(@Nullable String stream, @Nullable String consumer, @Nullable String exception,
			@Nullable String reason, long count, Instant first, Instant last) {

		/**
		 * The reason of the group for all that have none of their own.
		 */
		public static final String OTHERS = "others";

	}

}
