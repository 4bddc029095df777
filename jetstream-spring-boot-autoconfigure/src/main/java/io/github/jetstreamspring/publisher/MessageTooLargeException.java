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
 * A message is larger than the server or the stream allows. It was not stored.
 *
 * @since 0.1.0
 */
public class MessageTooLargeException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param subject the message's subject
	 * @param size the message's size in bytes, headers included
	 * @param limit what sets the limit
	 * @param cause the server's answer, or {@code null} if it wasn't asked
	 */
	public MessageTooLargeException(String subject, long size, String limit, @Nullable Throwable cause) {
		super("A message of %d bytes to subject '%s' is larger than %s. Publish a reference to the data, or raise the limit"
			.formatted(size, subject, limit), cause);
	}

}
