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

package io.github.jetstreamspring.observation;

import java.util.List;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads headers that carry a trace. Clients in other languages spell them in their own
 * ways, such as {@code Traceparent}.
 */
final class TraceHeaders {

	private static final List<String> IDENTIFYING = List.of("traceparent", "b3", "X-B3-TraceId");

	private TraceHeaders() {
	}

	/**
	 * Returns whether headers say which trace a message belongs to.
	 */
	static boolean areIn(@Nullable Headers headers) {
		return headers != null && IDENTIFYING.stream().anyMatch(headers::containsKeyIgnoreCase);
	}

	static @Nullable String first(@Nullable Headers headers, String name) {
		List<String> values = all(headers, name);
		return values.isEmpty() ? null : values.get(0);
	}

	static List<String> all(@Nullable Headers headers, String name) {
		List<String> values = (headers != null) ? headers.getIgnoreCase(name) : null;
		return (values != null) ? values : List.of();
	}

}
