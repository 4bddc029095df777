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

import io.github.jetstreamspring.messaging.Durations;
import org.jspecify.annotations.Nullable;

/**
 * A request had no reply in time. Its job waits in the stream, or runs, or is done: it
 * may still be handled.
 *
 * @since 0.1.0
 */
public class RequestTimeoutException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param subject the request's subject
	 * @param timeout how long the reply was waited for
	 * @param stored where the request is stored, or {@code null} if that isn't known
	 */
	public RequestTimeoutException(String subject, Duration timeout, @Nullable PublishResult stored) {
		super("A request to subject '%s' had no reply within %s; %s. Wait longer, see whether a listener with @SendTo handles the subject, or whether it is too slow"
			.formatted(subject, Durations.text(timeout), state(stored)), null);
	}

	private static String state(@Nullable PublishResult stored) {
		return (stored != null) ? "it is stored in stream '%s' with sequence %d and may still be handled"
			.formatted(stored.stream(), stored.sequence()) : "it may or may not be stored, and be handled";
	}

}
