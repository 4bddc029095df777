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

package io.github.jetstreamspring.listener;

import java.time.Duration;

import io.github.jetstreamspring.messaging.Durations;

/**
 * An option that is out of its range.
 *
 * @param key the key within the options, such as {@code retry.max-delay}
 * @param value the value
 * @param expectation what would be valid, as in <em>it must be at least 1</em>
 * @since 0.1.0
 */
public record InvalidOption(String key, Object value, String expectation) {

	@Override
	public String toString() {
		String it = this.expectation.startsWith("it ") ? this.expectation.substring(2) : ": " + this.expectation;
		Object is = (this.value instanceof Duration duration) ? Durations.text(duration) : this.value;
		return "'%s'%s, but is %s".formatted(this.key, it, is);
	}

}
