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
 * Messages can't be stored all or nothing: the server is too old, the stream doesn't
 * allow it, there are too many of them, or they are for several streams. None was stored.
 *
 * @since 0.1.0
 */
public class AtomicPublishUnsupportedException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what stands in the way and what to do about it
	 * @param cause the server's answer, or {@code null} if it wasn't asked
	 */
	public AtomicPublishUnsupportedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
