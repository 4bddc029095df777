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
 * A request is given up on: it is a dead letter now, or discarded where dead letters are
 * off.
 *
 * @since 0.1.0
 */
public class RequestFailedException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param subject the request's subject
	 * @param reason why, as the dead letter has it
	 */
	public RequestFailedException(String subject, @Nullable String reason) {
		super("A request to subject '%s' is given up on: %s".formatted(subject, reason), null);
	}

}
