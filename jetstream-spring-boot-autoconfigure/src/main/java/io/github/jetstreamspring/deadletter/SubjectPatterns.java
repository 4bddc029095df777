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

import io.github.jetstreamspring.messaging.ServerNames;

import org.springframework.util.Assert;

/**
 * Tells which subjects a subject with wildcards is for.
 */
final class SubjectPatterns {

	private SubjectPatterns() {
	}

	/**
	 * Checks a subject that may have wildcards.
	 * @throws IllegalArgumentException if it can't be one
	 */
	static String check(String pattern) {
		Assert.hasText(pattern, "The subject must not be empty");
		String[] tokens = pattern.split("\\.", -1);
		for (int i = 0; i < tokens.length; i++) {
			String token = tokens[i];
			boolean wildcard = token.equals("*") || token.equals(">") && i == tokens.length - 1;
			boolean fits = !token.isEmpty() && token.chars().noneMatch((c) -> c <= ' ' || c == '*' || c == '>');
			Assert.isTrue(wildcard || fits,
					() -> "'%s' is no subject: it has tokens between dots, each of them a text without white space, or '*', or '>' as the last one"
						.formatted(pattern));
		}
		return pattern;
	}

	/**
	 * Checks the name of a stream or consumer.
	 * @throws IllegalArgumentException if it can't be one
	 */
	static String checkName(String name, String what) {
		Assert.isTrue(name != null && ServerNames.isName(name),
				() -> "'%s' is no name of a %s, which has no spaces, dots, wildcards and slashes, and 255 characters at most"
					.formatted(name, what));
		return name;
	}

	/**
	 * Returns whether a subject is among those that a pattern is for.
	 */
	static boolean matches(String pattern, String subject) {
		int at = 0;
		int in = 0;
		while (true) {
			int patternEnd = end(pattern, at);
			int subjectEnd = end(subject, in);
			if (patternEnd - at == 1 && pattern.charAt(at) == '>' && patternEnd == pattern.length()) {
				return true;
			}
			boolean any = patternEnd - at == 1 && pattern.charAt(at) == '*';
			if (!any && !(patternEnd - at == subjectEnd - in
					&& pattern.regionMatches(at, subject, in, patternEnd - at))) {
				return false;
			}
			boolean patternOver = patternEnd == pattern.length();
			if (patternOver || subjectEnd == subject.length()) {
				return patternOver && subjectEnd == subject.length();
			}
			at = patternEnd + 1;
			in = subjectEnd + 1;
		}
	}

	private static int end(String subject, int from) {
		int dot = subject.indexOf('.', from);
		return (dot < 0) ? subject.length() : dot;
	}

}
