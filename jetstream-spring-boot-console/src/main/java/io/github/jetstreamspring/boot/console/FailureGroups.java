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

/**
 * Why the handler of a listener has failed lately, by exception. Holds the twenty kinds
 * that came last.
 */
final class FailureGroups {

	private static final int MOST = 20;

	// The kind that came last is at the end
	private final Map<String, Group> groups = new LinkedHashMap<>();

	synchronized void add(Throwable failure, Instant now) {
		String name = failure.getClass().getName();
		Group group = this.groups.remove(name);
		if (group == null && this.groups.size() >= MOST) {
			this.groups.remove(this.groups.keySet().iterator().next());
		}
		this.groups.put(name, new Group((group != null) ? group.count() + 1 : 1, now));
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
				described.put("exception", entry.getKey());
				described.put("count", entry.getValue().count());
				described.put("last", entry.getValue().last().toString());
				all.add(described);
			});
		return all;
	}

	private record Group(long count, Instant last) {
	}

}
