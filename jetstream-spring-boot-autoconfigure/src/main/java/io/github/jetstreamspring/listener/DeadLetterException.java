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

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler for a message that can never be handled: it becomes a dead letter
 * at once.
 *
 * @since 0.1.0
 */
public class DeadLetterException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param reason why, for the person who looks at the dead letter
	 */
	public DeadLetterException(String reason) {
		this(reason, null);
	}

	/**
	 * Creates an exception.
	 * @param reason why, for the person who looks at the dead letter
	 * @param cause the cause, or {@code null}
	 */
	public DeadLetterException(String reason, @Nullable Throwable cause) {
		super(reason, cause);
	}

}
