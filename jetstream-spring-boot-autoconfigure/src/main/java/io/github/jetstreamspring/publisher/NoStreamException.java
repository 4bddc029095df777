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

import org.jspecify.annotations.Nullable;

/**
 * No stream listens on the subject. The message was not stored.
 *
 * @since 0.1.0
 */
public class NoStreamException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param subject the message's subject
	 */
	public NoStreamException(String subject) {
		super("No stream listens on subject '%s'. Add the subject to a stream, under jetstream.streams.<stream>.subjects, or correct it"
			.formatted(subject), null);
	}

	private NoStreamException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/**
	 * Creates the exception of a message that is published before the application has
	 * declared its streams.
	 */
	static NoStreamException tooEarly(String subject) {
		return new NoStreamException(
				"No stream listens on subject '%s' yet. The application's own streams are declared later during start-up, when all of its beans are there. Publish from an ApplicationRunner or a listener of ApplicationReadyEvent, not from a constructor, @PostConstruct, InitializingBean or SmartInitializingSingleton. If none of its streams has the subject, add it under jetstream.streams.<stream>.subjects, or correct it"
					.formatted(subject),
				null);
	}

}
