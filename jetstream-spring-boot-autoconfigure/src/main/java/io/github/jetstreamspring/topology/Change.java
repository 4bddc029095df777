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

import java.util.function.BiPredicate;

import org.jspecify.annotations.Nullable;

/**
 * Which changes of a setting the server makes on a stream or consumer that exists.
 *
 * @param label the answer to "can it be changed?", as the documentation has it
 * @param since the oldest server version that makes the changes
 * @param allowed whether one value can become the other
 * @param <T> the type of the setting's values
 */
record Change<T>(String label, String since, BiPredicate<@Nullable T, T> allowed) {

	static <T> Change<T> always() {
		return new Change<>("yes", ServerVersion.OLDEST, (from, to) -> true);
	}

	static <T> Change<T> never() {
		return new Change<>("no", ServerVersion.OLDEST, (from, to) -> false);
	}

	static <T> Change<T> since(String version) {
		return new Change<>("from " + version, version, (from, to) -> true);
	}

	static Change<Boolean> onlyToTrue() {
		return new Change<>("only to `true`", ServerVersion.OLDEST, (from, to) -> to);
	}

}
