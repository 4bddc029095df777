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

import io.github.jetstreamspring.messaging.HeaderBlock;
import io.github.jetstreamspring.messaging.StoredMessages;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one message after the other, which changes nothing for anybody, whatever the
 * retention of the stream.
 */
final class StepCursor implements LetterCursor {

	private final LetterStream stream;

	private final String subjects;

	private final long to;

	private long next;

	StepCursor(LetterStream stream, long from, long to, @Nullable String subjects) {
		this.stream = stream;
		this.next = from;
		this.to = to;
		this.subjects = (subjects != null) ? subjects : ">";
	}

	@Override
	public @Nullable LetterHeaders next() {
		StoredMessages.Stored found = (this.next <= this.to) ? this.stream.findNext(this.next, this.subjects) : null;
		if (found == null || found.sequence() > this.to) {
			return null;
		}
		this.next = found.sequence() + 1;
		return new LetterHeaders(found.sequence(), found.subject(), found.time(), HeaderBlock.of(found.headers()),
				found.payload().length, found.payload());
	}

	@Override
	public long count() {
		return -1;
	}

	@Override
	public void close() {
	}

}
