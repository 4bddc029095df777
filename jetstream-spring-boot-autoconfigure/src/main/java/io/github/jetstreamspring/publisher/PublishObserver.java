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

package io.github.jetstreamspring.publisher;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of published messages, for metrics.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishObserver {

	/**
	 * Does nothing.
	 */
	PublishObserver NONE = (subject, time, result, failure) -> {
	};

	/**
	 * Is called once for each message, when it is confirmed or has failed. Must not
	 * block.
	 * @param subject the message's subject
	 * @param time the time from the first attempt, retries included
	 * @param result where the message was stored, or {@code null} if it failed
	 * @param failure why it failed, or {@code null} if it was stored
	 */
	void published(String subject, Duration time, @Nullable PublishResult result, @Nullable JetStreamException failure);

}
