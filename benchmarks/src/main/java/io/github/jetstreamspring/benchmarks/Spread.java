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

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How values are spread.
 *
 * @param min the smallest
 * @param median the middle one
 * @param max the largest
 */
record Spread(double min, double median, double max) {

	static <T> Spread of(List<T> rounds, ToDoubleFunction<T> value) {
		return of(rounds.stream().mapToDouble(value).toArray());
	}

	/**
	 * Compares pair by pair: two rounds next to each other met the same conditions.
	 */
	static <T> Spread ofPairs(List<T> first, List<T> second, ToDoubleBiFunction<T, T> value) {
		return of(IntStream.range(0, Math.min(first.size(), second.size()))
			.mapToDouble((index) -> value.applyAsDouble(first.get(index), second.get(index)))
			.toArray());
	}

	private static Spread of(double... values) {
		Arrays.sort(values);
		int middle = values.length / 2;
		double median = (values.length % 2 == 1) ? values[middle] : (values[middle - 1] + values[middle]) / 2;
		return new Spread(values[0], median, values[values.length - 1]);
	}

	String format(String format) {
		return (format + " " + format + " " + format).formatted(this.min, this.median, this.max);
	}

}
