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

package io.github.jetstreamspring.messaging;

/**
 * Stands for a failure whose text may quote a message.
 */
final class TextlessException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	// Enough to find the place, and an end for causes that go in circles
	private static final int MAX_CAUSES = 10;

	TextlessException(Throwable failure) {
		this(failure, MAX_CAUSES);
	}

	private TextlessException(Throwable failure, int causesLeft) {
		super("%s; its text is left out, as it may quote the message".formatted(failure.getClass().getName()),
				(failure.getCause() != null && causesLeft > 0)
						? new TextlessException(failure.getCause(), causesLeft - 1) : null);
		setStackTrace(failure.getStackTrace());
	}

	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

	@Override
	public String toString() {
		return String.valueOf(getMessage());
	}

}
