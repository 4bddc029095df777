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

package io.github.jetstreamspring.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What an application that runs in a process of its own has measured. It prints it on one
 * line for the benchmark that started it.
 */
final class Figures {

	/**
	 * What names begin with that are those of threads.
	 */
	static final String THREADS = "cpu:";

	private static final String START = "figures";

	private final Map<String, Double> values = new LinkedHashMap<>();

	Figures with(String name, double value) {
		this.values.put(name, value);
		return this;
	}

	double get(String name) {
		Double value = this.values.get(name);
		if (value == null) {
			throw new IllegalArgumentException("There is no '%s' in %s".formatted(name, this));
		}
		return value;
	}

	/**
	 * Returns the names of those figures that are about threads, the largest first.
	 * @return the names
	 */
	List<String> threads() {
		return this.values.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().startsWith(THREADS))
			.sorted(Map.Entry.<String, Double>comparingByValue().reversed())
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Reads a line.
	 * @param line the line
	 * @return the figures, or {@code null} if it has none
	 */
	static @Nullable Figures parse(String line) {
		String[] words = line.split(" ");
		if (!words[0].equals(START)) {
			return null;
		}
		Figures figures = new Figures();
		for (int index = 1; index < words.length; index++) {
			String[] pair = words[index].split("=");
			figures.with(pair[0], Double.parseDouble(pair[1]));
		}
		return figures;
	}

	@Override
	public String toString() {
		StringBuilder line = new StringBuilder(START);
		this.values.forEach((name, value) -> line.append(String.format(Locale.ROOT, " %s=%.6f", name, value)));
		return line.toString();
	}

}
