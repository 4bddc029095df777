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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.guard.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with the values of one group of properties, so that all of it is
 * reported.
 */
final class PropertyChecks {

	private final List<InvalidValue> invalid = new ArrayList<>();

	void check(String key, boolean valid, String expectation) {
		if (!valid) {
			this.invalid.add(new InvalidValue(key, expectation));
		}
	}

	void positive(String key, @Nullable Duration value) {
		check(key, value == null || value.toMillis() > 0, "it must be a positive duration such as 30s");
	}

	void throwIfAny() {
		if (!this.invalid.isEmpty()) {
			throw new InvalidValuesException(this.invalid);
		}
	}

	/**
	 * A value that is not valid.
	 *
	 * @param key the key within its group
	 * @param expectation what would be valid
	 */
	record InvalidValue(String key, String expectation) {
	}

	/**
	 * Values of one group are not valid.
	 */
	static final class InvalidValuesException extends IllegalArgumentException {

		private static final long serialVersionUID = 1L;

		private final transient List<InvalidValue> values;

		InvalidValuesException(List<InvalidValue> values) {
			super(values.toString());
			this.values = List.copyOf(values);
		}

		List<InvalidValue> values() {
			return this.values;
		}

		static @Nullable InvalidValuesException in(Throwable error) {
			for (Throwable cause : Failures.causes(error)) {
				if (cause instanceof InvalidValuesException invalid) {
					return invalid;
				}
			}
			return null;
		}

	}

}
