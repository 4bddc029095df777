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
 * A subject to which the answer to a message comes, and after that perhaps the answer to
 * another message to the same stream.
 */
final class ReplySubject {

	private final String subject;

	private final String token;

	private final @Nullable AnsweringStream stream;

	// Handed from thread to thread by the queue in which this waits to be used again
	private long lastSequence;

	/**
	 * Creates a reply subject.
	 * @param prefix what the subject begins with
	 * @param token the last part of the subject, which no other one has
	 * @param stream the stream whose messages it is used for again, or {@code null} if it
	 * is for one message only
	 */
	ReplySubject(String prefix, String token, @Nullable AnsweringStream stream) {
		this.subject = prefix + token;
		this.token = token;
		this.stream = stream;
	}

	String subject() {
		return this.subject;
	}

	String token() {
		return this.token;
	}

	@Nullable AnsweringStream stream() {
		return this.stream;
	}

	/**
	 * Returns whether an answer to another message has come here before.
	 */
	boolean isUsed() {
		return this.lastSequence > 0;
	}

	/**
	 * Returns whether a confirmation is no second one of another message. That would be
	 * from another stream, or name a sequence again, while a new message has a higher
	 * one.
	 */
	boolean isNew(PublishResult confirmation) {
		return this.stream == null || !isUsed()
				|| (this.stream.is(confirmation) && confirmation.sequence() > this.lastSequence);
	}

	void used(long sequence) {
		this.lastSequence = sequence;
	}

}
