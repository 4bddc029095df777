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

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.jspecify.annotations.Nullable;

/**
 * A stream that has confirmed messages, with the reply subjects that wait for the next
 * ones.
 */
final class AnsweringStream {

	private final String name;

	private final @Nullable String domain;

	// The last one in is the first one out, so that few of them are in use
	private final Deque<ReplySubject> free = new ConcurrentLinkedDeque<>();

	AnsweringStream(String name, @Nullable String domain) {
		this.name = name;
		this.domain = domain;
	}

	/**
	 * Returns whether it was this stream that has confirmed a message.
	 */
	boolean is(PublishResult confirmation) {
		return this.name.equals(confirmation.stream())
				&& ((this.domain != null) ? this.domain.equals(confirmation.domain()) : confirmation.domain() == null);
	}

	/**
	 * Returns a reply subject for another message.
	 * @return the subject, or {@code null} if all are in use
	 */
	@Nullable ReplySubject take() {
		return this.free.pollLast();
	}

	/**
	 * Takes back a reply subject, which must be this stream's.
	 * @param reply the subject
	 * @param sequence the sequence that the stream has answered
	 */
	void giveBack(ReplySubject reply, long sequence) {
		reply.used(sequence);
		this.free.addLast(reply);
	}

}
