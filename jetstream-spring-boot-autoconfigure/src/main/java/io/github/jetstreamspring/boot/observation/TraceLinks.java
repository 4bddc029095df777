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

package io.github.jetstreamspring.boot.observation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Links to the traces of messages, by the header of W3C's trace context.
 */
final class TraceLinks {

	static final String HEADER = "traceparent";

	// Later versions may have further fields
	private static final Pattern TRACE_PARENT = Pattern
		.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?");

	private static final int MAX_LENGTH = 512;

	private TraceLinks() {
	}

	/**
	 * Adds a link, unless there is nothing to link to.
	 * @param header the value of the message's header, which may be anything
	 */
	static Span.Builder add(Span.Builder builder, @Nullable String header, Tracer tracer) {
		if (header == null || header.length() > MAX_LENGTH) {
			return builder;
		}
		Matcher matcher = TRACE_PARENT.matcher(header);
		if (!matcher.matches()) {
			return builder;
		}
		boolean sampled = (Integer.parseInt(matcher.group(3), 16) & 1) == 1;
		return builder.addLink(new Link(tracer.traceContextBuilder()
			.traceId(matcher.group(1))
			.spanId(matcher.group(2))
			.sampled(sampled)
			.build()));
	}

}
