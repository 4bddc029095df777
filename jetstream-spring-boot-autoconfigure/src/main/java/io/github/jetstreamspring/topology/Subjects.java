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

package io.github.jetstreamspring.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

import io.github.jetstreamspring.messaging.SubjectPattern;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Subjects and their wildcards.
 */
final class Subjects {

	private static final String ANY_TOKEN = "*";

	private static final String ANY_REST = ">";

	private static final int MAX_NAME_LENGTH = 255;

	private Subjects() {
	}

	static boolean isValid(String subject) {
		return SubjectPattern.isValid(subject);
	}

	/**
	 * Returns whether a stream or consumer can have a name.
	 */
	static boolean isValidName(String name) {
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (".*>/\\".indexOf(c) >= 0 || Character.isWhitespace(c) || c < ' ') {
				return false;
			}
		}
		return !name.isEmpty() && name.length() <= MAX_NAME_LENGTH;
	}

	/**
	 * Returns whether some message can match both.
	 */
	static boolean overlap(List<String> first, List<String> second) {
		for (String one : first) {
			for (String other : second) {
				if (overlap(one, other)) {
					return true;
				}
			}
		}
		return false;
	}

	static boolean overlap(String first, String second) {
		// Where they begin, as those of many streams are compared with each other
		int a = 0;
		int b = 0;
		while (true) {
			int endOfA = endOfToken(first, a);
			int endOfB = endOfToken(second, b);
			if (isToken(ANY_REST, first, a, endOfA) || isToken(ANY_REST, second, b, endOfB)) {
				return true;
			}
			boolean same = endOfA - a == endOfB - b && first.regionMatches(a, second, b, endOfA - a);
			if (!same && !isToken(ANY_TOKEN, first, a, endOfA) && !isToken(ANY_TOKEN, second, b, endOfB)) {
				return false;
			}
			if (endOfA == first.length() || endOfB == second.length()) {
				return endOfA == first.length() && endOfB == second.length();
			}
			a = endOfA + 1;
			b = endOfB + 1;
		}
	}

	private static int endOfToken(String subject, int start) {
		int end = subject.indexOf('.', start);
		return (end >= 0) ? end : subject.length();
	}

	private static boolean isToken(String token, String subject, int start, int end) {
		return end - start == token.length() && subject.startsWith(token, start);
	}

	static boolean isCovered(List<String> patterns, String subject) {
		for (String pattern : patterns) {
			if (covers(pattern, subject)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns whether whatever matches the other subject matches this pattern, too.
	 */
	static boolean covers(String pattern, String subject) {
		List<String> a = tokens(pattern);
		List<String> b = tokens(subject);
		for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
			if (a.get(i).equals(ANY_REST)) {
				return true;
			}
			boolean covered = a.get(i).equals(b.get(i)) || (a.get(i).equals(ANY_TOKEN) && !b.get(i).equals(ANY_REST));
			if (!covered) {
				return false;
			}
		}
		return a.size() == b.size();
	}

	/**
	 * Returns which subjects of a list overlap, or {@code null} if none do.
	 */
	static @Nullable String overlapAmong(List<String> subjects) {
		List<String> rest = new ArrayList<>(new LinkedHashSet<>(subjects));
		while (!rest.isEmpty()) {
			String subject = rest.remove(0);
			if (overlap(List.of(subject), rest)) {
				return "overlap: '%s' with %s".formatted(subject, rest);
			}
		}
		return null;
	}

	/**
	 * Returns the subjects whose messages a stream stores when they are published.
	 */
	static List<String> storedBy(StreamConfiguration stream) {
		boolean copies = stream.getMirror() != null || (stream.getSources() != null && !stream.getSources().isEmpty());
		String name = stream.getName();
		return (stream.getSubjects().isEmpty() && !copies && name != null) ? List.of(name) : stream.getSubjects();
	}

	/**
	 * Returns the subjects whose messages a consumer gets, among those of its stream.
	 */
	static List<String> filteredBy(ConsumerConfiguration consumer) {
		List<String> filters = Values.orEmpty(consumer.getFilterSubjects());
		return filters.isEmpty() ? List.of(ANY_REST) : filters;
	}

	private static List<String> tokens(String subject) {
		return Arrays.asList(subject.split("\\.", -1));
	}

}
