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

package io.github.jetstreamspring.messaging;

import java.util.List;
import java.util.Map;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * What a message says about its content. On the wire the header has the name that all
 * clients know, in a message of Spring the one that Spring's converters look for.
 */
final class ContentTypes {

	private static final String ON_THE_WIRE = "Content-Type";

	private ContentTypes() {
	}

	/**
	 * Returns the content type of a received message.
	 * @param headers the headers
	 * @return the content type, or {@code null} if there is none that can be read
	 */
	static @Nullable MimeType of(Headers headers) {
		List<String> values = headers.getIgnoreCase(ON_THE_WIRE);
		if (values == null) {
			values = headers.get(MessageHeaders.CONTENT_TYPE);
		}
		try {
			return (values != null) ? MimeTypeUtils.parseMimeType(values.get(0)) : null;
		}
		catch (InvalidMimeTypeException ex) {
			return null;
		}
	}

	/**
	 * Gives the content type its name on the wire.
	 * @param headers the headers to publish
	 */
	static void rename(Map<String, List<String>> headers) {
		List<String> values = headers.remove(MessageHeaders.CONTENT_TYPE);
		if (values != null && headers.keySet().stream().noneMatch(ON_THE_WIRE::equalsIgnoreCase)) {
			headers.put(ON_THE_WIRE, values);
		}
	}

}
