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
 * What is known of a message from before it waited as a schedule.
 *
 * @param attempts how many attempts there were
 * @param sequence its sequence when it was new, 0 if it still is
 * @param published when it was stored for the first time, {@code null} if it is new
 * @param messageId the id it was published with, {@code null} if it had none
 * @param firstFailure when it failed for the first time, {@code null} if that isn't known
 * @param givenUp why it was given up on, {@code null} if it is to be handled
 */
record RetryHistory(long attempts, long sequence, @Nullable Instant published, @Nullable String messageId,
		@Nullable Instant firstFailure, @Nullable String givenUp) {

	/**
	 * The message has not waited as a schedule.
	 */
	static final RetryHistory NONE = new RetryHistory(0, 0, null, null, null, null);

}
