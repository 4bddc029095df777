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

import org.jspecify.annotations.Nullable;

/**
 * Goes through the messages of the dead-letter stream, from the oldest on.
 */
interface LetterCursor extends AutoCloseable {

	/**
	 * Returns the next message.
	 * @return its headers, or {@code null} if there are no more
	 * @throws io.github.jetstreamspring.publisher.JetStreamException if it can't be read
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable LetterHeaders next() throws InterruptedException;

	/**
	 * Returns how many messages there were when this was opened, those behind the last
	 * one to be read included.
	 * @return the number, or -1 if it isn't known
	 */
	long count();

	@Override
	void close();

}
