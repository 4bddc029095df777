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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a listener is doing at the moment.
 *
 * @param id the listener's id
 * @param stream the stream's name
 * @param consumer the consumer's name
 * @param state the state
 * @param reason why the listener is in this state and what to do about it, or
 * {@code null} if the state speaks for itself
 * @param concurrency how many handlers may run at once
 * @param busy how many handlers are running
 * @param inHand how many messages it has, waiting and running
 * @param credit how many messages it may have, waiting, running and on their way to it
 * @param unstored how many messages it has given up on without being able to store them
 * as dead letters
 * @param lastHandled when its handler last returned without an exception, in this
 * instance; {@code null} if it never did
 * @param lastError how its handler last failed, in this instance; {@code null} if it
 * never did
 * @since 0.1.0
 */
public record ListenerStatus(String id, String stream, String consumer, ListenerState state, @Nullable String reason,
		int concurrency, int busy, int inHand, int credit, int unstored, @Nullable Instant lastHandled,
		@Nullable LastError lastError) {

	/**
	 * How a handler failed.
	 *
	 * @param time when it did
	 * @param failure the exception's class and message, at most 500 characters of them
	 * @since 0.1.0
	 */
	public record LastError(Instant time, String failure) {
	}

}
