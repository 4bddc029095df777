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

import org.springframework.util.Assert;

/**
 * Subjects that a message can be published to.
 */
final class PublishSubjects {

	private PublishSubjects() {
	}

	/**
	 * Checks a subject.
	 * @param subject the subject
	 * @return the subject
	 * @throws IllegalArgumentException if nothing can be published to it
	 */
	static String check(String subject) {
		Assert.hasText(subject, "The subject must not be empty");
		// By hand, as this is done for each message
		int tokenStart = 0;
		for (int i = 0; i < subject.length(); i++) {
			char character = subject.charAt(i);
			if (character == '.') {
				checkToken(subject, tokenStart, i);
				tokenStart = i + 1;
			}
			else if (Character.isWhitespace(character) || Character.isSpaceChar(character)
					|| Character.isISOControl(character)) {
				throw new IllegalArgumentException("Subject '%s' has white space".formatted(subject));
			}
			else if (Character.isSurrogate(character) && !isPair(subject, i)) {
				throw new IllegalArgumentException("Subject '%s' has half a character".formatted(subject));
			}
		}
		checkToken(subject, tokenStart, subject.length());
		if (subject.charAt(0) == '$') {
			throw new IllegalArgumentException("Subject '%s' is the server's own".formatted(subject));
		}
		return subject;
	}

	private static boolean isPair(String subject, int index) {
		int first = Character.isLowSurrogate(subject.charAt(index)) ? index - 1 : index;
		return first >= 0 && first + 1 < subject.length()
				&& Character.isSurrogatePair(subject.charAt(first), subject.charAt(first + 1));
	}

	private static void checkToken(String subject, int start, int end) {
		if (start == end) {
			throw new IllegalArgumentException("Subject '%s' has an empty token".formatted(subject));
		}
		char first = subject.charAt(start);
		if (end - start == 1 && (first == '*' || first == '>')) {
			throw new IllegalArgumentException(
					"Subject '%s' has a wildcard: those are for consumers' filters".formatted(subject));
		}
	}

	/**
	 * Checks subjects that may have wildcards.
	 * @param filter the subjects
	 * @return the subjects
	 * @throws IllegalArgumentException if there are no such subjects
	 */
	static String checkFilter(String filter) {
		String plain = filter.equals(">") ? "all"
				: filter.endsWith(".>") ? filter.substring(0, filter.length() - 2) : filter;
		check(plain.replaceAll("(?<=^|\\.)\\*(?=\\.|$)", "any"));
		return filter;
	}

	/**
	 * Returns whether subjects with wildcards include a subject without.
	 */
	static boolean matches(String filter, String subject) {
		String[] filterTokens = filter.split("\\.");
		String[] tokens = subject.split("\\.");
		for (int i = 0; i < filterTokens.length; i++) {
			if (filterTokens[i].equals(">")) {
				return tokens.length > i;
			}
			if (i >= tokens.length || !filterTokens[i].equals("*") && !filterTokens[i].equals(tokens[i])) {
				return false;
			}
		}
		return tokens.length == filterTokens.length;
	}

}
