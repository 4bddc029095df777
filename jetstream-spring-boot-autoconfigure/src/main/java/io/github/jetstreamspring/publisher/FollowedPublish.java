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

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to its stream, as somebody follows it.
 *
 * @since 0.1.0
 */
public interface FollowedPublish {

	/**
	 * Returns the message to send, which may have further headers.
	 * @return the message
	 */
	Message message();

	/**
	 * The message is confirmed or has failed. Is called before whoever waits for it is
	 * told. Must not block.
	 * @param time the time from the first attempt, retries included
	 * @param result where the message was stored, or {@code null} if it failed
	 * @param failure why it failed, or {@code null} if it was stored
	 */
	void ended(Duration time, @Nullable PublishResult result, @Nullable JetStreamException failure);

}
