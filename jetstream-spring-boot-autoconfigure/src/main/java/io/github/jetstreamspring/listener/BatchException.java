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

import io.github.jetstreamspring.guard.Failures;

/**
 * Thrown by a handler of batches that failed on one of the messages. Those before it are
 * done and acked; it is retried or becomes a dead letter; those after it are handed to
 * the handler again, without it and at once.
 *
 * @since 0.1.0
 */
public class BatchException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int index;

	/**
	 * Creates an exception.
	 * @param index the index in the batch of the message that failed, from 0
	 * @param cause why it failed
	 */
	protected BatchException(int index, Throwable cause) {
		super("Message " + index + " of the batch failed: " + Failures.describe(cause), cause);
		this.index = index;
	}

	/**
	 * Creates an exception.
	 * @param index the index in the batch of the message that failed, from 0
	 * @param cause why it failed; it decides whether the message is tried again
	 * @return the exception
	 * @throws IllegalArgumentException if the index is negative
	 */
	public static BatchException failedAt(int index, Throwable cause) {
		if (index < 0) {
			throw new IllegalArgumentException("'index' must not be negative, but is " + index);
		}
		return new BatchException(index, cause);
	}

	/**
	 * Returns which message failed.
	 * @return the index in the batch, from 0
	 */
	public int getIndex() {
		return this.index;
	}

}
