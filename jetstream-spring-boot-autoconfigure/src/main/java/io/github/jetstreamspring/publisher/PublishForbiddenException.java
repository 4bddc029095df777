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

/**
 * The credentials of the connection may not publish to the subject. The message was not
 * stored.
 *
 * @since 0.1.0
 */
public class PublishForbiddenException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param subject the message's subject
	 */
	public PublishForbiddenException(String subject) {
		super("The NATS server forbids publishing to subject '%s'; the message was not stored. Allow it in the publish permissions of the user whose credentials the connection has, or correct the subject"
			.formatted(subject), null);
	}

}
