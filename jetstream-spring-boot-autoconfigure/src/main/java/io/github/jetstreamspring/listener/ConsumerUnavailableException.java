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
 * A listener can't have its consumer. The message says why, and what to do about it.
 */
final class ConsumerUnavailableException extends Exception {

	private static final long serialVersionUID = 1L;

	private final Kind kind;

	ConsumerUnavailableException(Kind kind, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.kind = kind;
	}

	Kind kind() {
		return this.kind;
	}

	String reason() {
		return String.valueOf(getMessage());
	}

	/**
	 * What it takes to get over it.
	 */
	enum Kind {

		/**
		 * The server can't be asked now.
		 */
		UNREACHABLE,

		/**
		 * The consumer isn't there, until somebody declares it.
		 */
		MISSING,

		/**
		 * The consumer is there, but no listener can use it as it is.
		 */
		UNUSABLE

	}

}
