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
 * A message never reached its handler and never will, because its payload can't be
 * converted or is not valid. It becomes a dead letter at once.
 *
 * @since 0.1.0
 */
public class UnprocessableMessageException extends DeadLetterException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param reason what is wrong with the message, without its content
	 * @param cause the cause, or {@code null}
	 */
	public UnprocessableMessageException(String reason, @Nullable Throwable cause) {
		super(reason, cause);
	}

}
