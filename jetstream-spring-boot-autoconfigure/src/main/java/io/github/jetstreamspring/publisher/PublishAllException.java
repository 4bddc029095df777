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

import java.util.List;

/**
 * Not all of several messages were stored, or nobody can say whether they were. It has
 * what became of each of them.
 *
 * @since 0.1.0
 */
public class PublishAllException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	private final boolean atomic;

	private final transient List<PublishOutcome> outcomes;

	/**
	 * Creates an exception.
	 * @param message what happened and what to do about it
	 * @param atomic whether the messages were all or nothing
	 * @param outcomes what became of each message, in their order
	 * @param cause the first failure
	 */
	public PublishAllException(String message, boolean atomic, List<PublishOutcome> outcomes,
			JetStreamException cause) {
		super(message, cause);
		this.atomic = atomic;
		this.outcomes = List.copyOf(outcomes);
	}

	/**
	 * Returns whether the messages were sent as one atomic batch, of which the server
	 * stores all or nothing.
	 * @return {@code false} if they were sent one by one, so that some may be stored
	 */
	public boolean isAtomic() {
		return this.atomic;
	}

	/**
	 * Returns what became of each message.
	 * @return the outcomes, in the order of the messages
	 */
	public List<PublishOutcome> getOutcomes() {
		return this.outcomes;
	}

}
