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
package io.github.jetstreamspring.deadletter;

import io.github.jetstreamspring.publisher.JetStreamException;

/**
 * There is no dead letter with this sequence: it was redriven or discarded, has become
 * too old, or was never there.
 *
 * @since 0.1.0
 */
public class DeadLetterNotFoundException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param stream the dead-letter stream
	 * @param sequence the sequence in it
	 */
	public DeadLetterNotFoundException(String stream, long sequence) {
		super("There is no dead letter %d in stream '%s': it was redriven or discarded, has become too old, or was never there"
			.formatted(sequence, stream), null);
	}

}
