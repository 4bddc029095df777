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

package io.github.jetstreamspring.annotation;

import java.util.Map;

import org.springframework.core.annotation.AnnotationUtils;

/**
 * Makes of a {@link DeadLetterListener @DeadLetterListener} the
 * {@link JetStreamListener @JetStreamListener} on the dead-letter stream that it stands
 * for.
 */
final class DeadLetterListeners {

	private static final String STREAM = "dead-letter.stream:dead-letters}";

	private static final String PREFIX = "dead-letter.subject-prefix:dead-letters}";

	private DeadLetterListeners() {
	}

	static JetStreamListener of(DeadLetterListener annotation) {
		String properties = annotation.connection().isEmpty() ? "${jetstream."
				: "${jetstream.connections.%s.".formatted(annotation.connection());
		String subject = "%s.%s.%s".formatted(properties + PREFIX, orAny(annotation.stream()),
				orAny(annotation.consumer()));
		Map<String, Object> attributes = Map.of("consumer", name(annotation), "value", name(annotation), "stream",
				properties + STREAM, "connection", annotation.connection(), "subjects", new String[] { subject });
		return AnnotationUtils.synthesizeAnnotation(attributes, JetStreamListener.class, null);
	}

	private static String orAny(String name) {
		return name.isEmpty() ? "*" : name;
	}

	private static String name(DeadLetterListener annotation) {
		if (!annotation.id().isEmpty()) {
			return annotation.id();
		}
		String stream = annotation.stream().isEmpty() ? "" : "-" + annotation.stream();
		String consumer = annotation.consumer().isEmpty() ? "" : "-" + annotation.consumer();
		return (stream + consumer).isEmpty() ? "letters" : "letters-of" + stream + consumer;
	}

	/**
	 * Returns whether an annotation is one that was made here.
	 */
	static boolean isOne(JetStreamListener annotation) {
		return annotation.stream().startsWith("${jetstream.") && annotation.stream().endsWith(STREAM);
	}

}
