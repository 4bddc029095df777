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

package io.github.jetstreamspring.test;

import java.time.Instant;

import io.github.jetstreamspring.messaging.HeaderFields;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a test says about messages that it delivers.
 */
final class MessageSettings {

	private final HeaderFields headers = new HeaderFields();

	private @Nullable String subject;

	private @Nullable String id;

	private long attempt = 1;

	private Instant timestamp = Instant.now();

	void header(String name, String value) {
		this.headers.add(name, value);
	}

	HeaderFields headers() {
		return this.headers;
	}

	void subject(String value) {
		Assert.isTrue(!value.isEmpty() && !SubjectFilters.isPattern(value),
				() -> "A message has a subject without wildcards, not '%s'".formatted(value));
		this.subject = value;
	}

	@Nullable String subject() {
		return this.subject;
	}

	void id(String value) {
		this.id = value;
	}

	@Nullable String id() {
		return this.id;
	}

	void attempt(long value) {
		Assert.isTrue(value >= 1, () -> "Attempts count from 1, but this is " + value);
		this.attempt = value;
	}

	long attempt() {
		return this.attempt;
	}

	void timestamp(Instant value) {
		this.timestamp = value;
	}

	Instant timestamp() {
		return this.timestamp;
	}

}
