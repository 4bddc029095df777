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
 * Makes text fit for a NATS header, which is on a single line.
 */
final class HeaderText {

	private static final int MAX_LENGTH = 500;

	private HeaderText() {
	}

	static String of(String text) {
		String shortened = (text.length() > MAX_LENGTH) ? cut(text, MAX_LENGTH) + "..." : text;
		// Line breaks of all kinds are white space or control characters
		return shortened.strip().replaceAll("[\\s\\p{Cc}\\u2028\\u2029]+", " ");
	}

	/**
	 * Returns what names a message id behind its message, in logs and errors.
	 */
	static String ofId(@Nullable String id) {
		return (id != null) ? " with the message id '" + of(id) + "'" : "";
	}

	/**
	 * Returns the beginning of a text, but no part of a character.
	 */
	static String cut(String text, int length) {
		int end = Math.max(0, length);
		return text.substring(0, (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) ? end - 1 : end);
	}

}
