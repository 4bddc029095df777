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

package io.github.jetstreamspring.boot.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.jetstreamspring.guard.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Why the handler of a listener has failed lately, by exception and message, in which
 * numbers don't count. Holds the twenty kinds that came last.
 */
final class FailureGroups {

	private static final int MOST = 20;

	// The kind that came last is at the end
	private final Map<Kind, Group> groups = new LinkedHashMap<>();

	synchronized void add(Throwable failure, Instant now) {
		Kind kind = Kind.of(failure);
		Group group = this.groups.remove(kind);
		if (group == null && this.groups.size() >= MOST) {
			this.groups.remove(this.groups.keySet().iterator().next());
		}
		this.groups.put(kind, new Group((group != null) ? group.count() + 1 : 1, now));
	}

	/**
	 * Describes the groups, the largest first.
	 */
	synchronized List<Map<String, Object>> describe() {
		List<Map<String, Object>> all = new ArrayList<>();
		this.groups.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Group::count).reversed()))
			.forEach((entry) -> {
				Map<String, Object> described = new LinkedHashMap<>();
				described.put("exception", entry.getKey().exception());
				if (entry.getKey().message() != null) {
					described.put("message", entry.getKey().message());
				}
				described.put("count", entry.getValue().count());
				described.put("last", entry.getValue().last().toString());
				all.add(described);
			});
		return all;
	}

	/**
	 * What failures have in common.
	 *
	 * @param exception the name of the class
	 * @param message the message, without what differs from one time to the next
	 */
	private record Kind(String exception, @Nullable String message) {

		private static final int MAX_LENGTH = 200;

		private static final Pattern NUMBERS = Pattern
			.compile("[0-9]+|\\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b");

		private static Kind of(Throwable failure) {
			String message = Failures.message(failure);
			if (message != null) {
				// Cut before, as it may be of any length
				message = NUMBERS.matcher(cut(message)).replaceAll("#").strip();
			}
			return new Kind(failure.getClass().getName(), message);
		}

		private static String cut(String message) {
			return (message.length() > MAX_LENGTH) ? message.substring(0, MAX_LENGTH) + "…" : message;
		}

	}

	private record Group(long count, Instant last) {
	}

}
