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
 * Options for messages that are handled in batches, as programs write them for
 * {@link ListenerOptions.Builder}. Each may be {@code null}, which leaves it to the next
 * source. What they mean, and which are valid, is said at {@link ListenerOptions.Batch}.
 *
 * @since 0.1.0
 */
public final class BatchOptions {

	private final ListenerOptions.Batch options;

	/**
	 * Creates options.
	 * @param size the most messages of a batch
	 * @param timeout how long the first message of a batch waits for the others
	 */
	public BatchOptions(@Nullable Integer size, @Nullable Duration timeout) {
		this.options = new ListenerOptions.Batch(size, timeout);
	}

	ListenerOptions.Batch options() {
		return this.options;
	}

}
