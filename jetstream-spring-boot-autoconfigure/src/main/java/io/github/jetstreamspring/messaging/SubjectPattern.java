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

import org.springframework.util.StringUtils;

/**
 * Subjects that may have wildcards: {@code *} for one token, {@code >} for the rest.
 *
 * @since 0.1.0
 */
public final class SubjectPattern {

	private static final String ANY_TOKEN = "*";

	private static final String ANY_REST = ">";

	private final String text;

	private final String[] tokens;

	private SubjectPattern(String text) {
		this.text = text;
		this.tokens = text.split("\\.", -1);
	}

	/**
	 * Reads a pattern.
	 * @param text the subject, which may have wildcards
	 * @return the pattern
	 * @throws IllegalArgumentException if no subject can match it; the message says why
	 */
	public static SubjectPattern of(String text) {
		SubjectPattern pattern = new SubjectPattern(text);
		for (int i = 0; i < pattern.tokens.length; i++) {
			pattern.check(i);
		}
		return pattern;
	}

	/**
	 * Returns whether a text is a pattern.
	 * @param text the text
	 * @return whether some subject can match it
	 */
	public static boolean isValid(String text) {
		try {
			of(text);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private void check(int index) {
		String token = this.tokens[index];
		if (token.isEmpty()) {
			throw new IllegalArgumentException("it has an empty token");
		}
		if (StringUtils.containsWhitespace(token)) {
			throw new IllegalArgumentException("it has a blank");
		}
		if (token.length() > 1 && (token.contains(ANY_TOKEN) || token.contains(ANY_REST))) {
			// The server takes it for a plain token, which nobody means
			throw new IllegalArgumentException("'%s' is no wildcard, as there is more in the token".formatted(token));
		}
		if (token.equals(ANY_REST) && index < this.tokens.length - 1) {
			throw new IllegalArgumentException("'>' is not its last token");
		}
	}

	/**
	 * Returns whether a subject matches.
	 * @param subject the subject, without wildcards
	 * @return whether it does
	 */
	public boolean matches(String subject) {
		int start = 0;
		for (String token : this.tokens) {
			if (start > subject.length()) {
				return false;
			}
			if (token.equals(ANY_REST)) {
				return true;
			}
			int dot = subject.indexOf('.', start);
			int end = (dot >= 0) ? dot : subject.length();
			if (!token.equals(ANY_TOKEN) && !(token.length() == end - start && subject.startsWith(token, start))) {
				return false;
			}
			start = end + 1;
		}
		return start > subject.length();
	}

	/**
	 * Returns whether some subject matches both.
	 * @param other the other pattern
	 * @return whether there is one
	 */
	public boolean overlaps(SubjectPattern other) {
		String[] others = other.tokens;
		for (int i = 0; i < Math.min(this.tokens.length, others.length); i++) {
			if (this.tokens[i].equals(ANY_REST) || others[i].equals(ANY_REST)) {
				return true;
			}
			if (!this.tokens[i].equals(others[i]) && !this.tokens[i].equals(ANY_TOKEN)
					&& !others[i].equals(ANY_TOKEN)) {
				return false;
			}
		}
		return this.tokens.length == others.length;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof SubjectPattern pattern && pattern.text.equals(this.text);
	}

	@Override
	public int hashCode() {
		return this.text.hashCode();
	}

	@Override
	public String toString() {
		return this.text;
	}

}
