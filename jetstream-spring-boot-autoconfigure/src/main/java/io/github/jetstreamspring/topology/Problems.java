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
import java.util.Collection;
import java.util.List;

/**
 * What is wrong with a topology, and what was written before that was known. All of it is
 * collected, to be told at once.
 */
final class Problems {

	private final List<TopologyProblem> found = new ArrayList<>();

	private final List<String> written = new ArrayList<>();

	void add(TopologyProblem problem) {
		this.found.add(problem);
	}

	void add(String key, String description, String action) {
		add(new TopologyProblem(key, description, action));
	}

	void add(Declared<?, ?> declared, Setting<?, ?, ?> setting, String description, String action) {
		add(declared.key() + "." + setting.key(), description, action);
	}

	void addAll(Collection<TopologyProblem> problems) {
		this.found.addAll(problems);
	}

	/**
	 * Something was written.
	 * @param line what it was, for people
	 */
	void wrote(String line) {
		this.written.add(line);
	}

	boolean isEmpty() {
		return this.found.isEmpty();
	}

	int size() {
		return this.found.size();
	}

	List<TopologyProblem> all() {
		return List.copyOf(this.found);
	}

	/**
	 * Throws what has been found until now, if there is anything.
	 */
	void throwIfAny() {
		if (!isEmpty()) {
			throw TopologyException.after(all(), List.copyOf(this.written));
		}
	}

}
