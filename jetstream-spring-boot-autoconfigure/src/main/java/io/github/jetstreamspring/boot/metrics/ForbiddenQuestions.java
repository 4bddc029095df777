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

package io.github.jetstreamspring.boot.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Questions that the server forbids. Each that is asked nevertheless is a line in its log
 * and in the application's, so they are asked seldom.
 */
final class ForbiddenQuestions {

	private static final long PAUSE_NANOS = Duration.ofMinutes(5).toNanos();

	private final Map<String, Long> since = new ConcurrentHashMap<>();

	void add(String question) {
		this.since.put(question, System.nanoTime());
	}

	boolean contains(String question) {
		Long nanos = this.since.get(question);
		return nanos != null && System.nanoTime() - nanos < PAUSE_NANOS;
	}

}
