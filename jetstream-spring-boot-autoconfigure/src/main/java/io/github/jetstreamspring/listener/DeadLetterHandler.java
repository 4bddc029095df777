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

import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.publisher.JetStreamTemplate;

/**
 * Keeps the messages that are given up on.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DeadLetterHandler {

	/**
	 * Keeps a dead letter. Is called on a thread that may block.
	 * @param deadLetter the message and why it is given up on
	 * @return completes when the dead letter is safe, whereupon the original is removed
	 * from its queue; completes exceptionally if it isn't, whereupon the original is
	 * retried later
	 */
	CompletionStage<?> handle(DeadLetter deadLetter);

	/**
	 * Returns a handler that publishes dead letters to a stream, with payload and headers
	 * as they were and {@code Dead-Letter-*} headers that say what happened. What is too
	 * large for one message of that stream is stored in parts.
	 * @param template publishes them
	 * @param stream the stream for dead letters, and the only one in which they may be
	 * stored; what a listener on this very stream gives up on stays there as it is, and
	 * does not come to that listener again
	 * @param subjectPrefix the subject is {@code <prefix>.<stream>.<consumer>}
	 * @return the handler
	 */
	static DeadLetterHandler publishing(JetStreamTemplate template, String stream, String subjectPrefix) {
		return new DeadLetterPublisher(template, stream, subjectPrefix);
	}

}
