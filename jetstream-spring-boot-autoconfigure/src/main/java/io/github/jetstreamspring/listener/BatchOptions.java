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

package io.github.jetstreamspring.listener;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Options for messages that are handled in batches, each of which may be left to the next
 * source.
 *
 * @param size the most messages of a batch, or {@code null}
 * @param timeout how long the first message of a batch waits for the others, or
 * {@code null}
 * @since 0.1.0
 */
public record BatchOptions(@Nullable Integer size, @Nullable Duration timeout) {

	/**
	 * Options that leave everything to the next source.
	 */
	public static final BatchOptions NONE = new BatchOptions(null, null);

	/**
	 * What holds where nobody says otherwise.
	 */
	public static final BatchOptions DEFAULTS = new BatchOptions(100, Duration.ofSeconds(1));

	/**
	 * Fills what these options leave open.
	 * @param next the options that take over where these say nothing
	 * @return both together
	 */
	public BatchOptions orElse(BatchOptions next) {
		return new BatchOptions(ListenerOptions.or(this.size, next.size),
				ListenerOptions.or(this.timeout, next.timeout));
	}

}
