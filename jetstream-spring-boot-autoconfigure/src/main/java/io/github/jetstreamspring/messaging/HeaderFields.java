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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Collects the headers of a message. As long as they are ASCII they are those of the
 * client; as its {@link Headers} take nothing else, others become {@link TextHeaders}.
 *
 * @since 0.1.0
 */
public final class HeaderFields {

	private static final String RESERVED = "Nats-";

	private final Headers ascii;

	private @Nullable Map<String, List<String>> text;

	/**
	 * Starts without headers.
	 */
	public HeaderFields() {
		this(null);
	}

	/**
	 * Starts with a copy of headers.
	 * @param headers the headers, or {@code null} if there are none
	 */
	public HeaderFields(@Nullable Headers headers) {
		if (headers instanceof TextHeaders) {
			this.ascii = new Headers();
			headers.forEach(this::put);
		}
		else {
			this.ascii = new Headers(headers);
		}
	}

	/**
	 * Returns whether a text can be the name of a header, for clients in all languages.
	 * @param name the text
	 * @return whether it can
	 */
	public static boolean isName(String name) {
		for (int i = 0; i < name.length(); i++) {
			char character = name.charAt(i);
			if (character <= ' ' || character > 126 || character == ':') {
				return false;
			}
		}
		return !name.isEmpty();
	}

	/**
	 * Returns whether a header is one of those that steer the server, which looks at
	 * their names in whatever case.
	 * @param name the name of the header
	 * @return whether it is reserved for the server
	 */
	public static boolean isReserved(String name) {
		return name.regionMatches(true, 0, RESERVED, 0, RESERVED.length());
	}

	/**
	 * Returns whether a text can be the value of a header: it is on one line, and is the
	 * same when it is read again, which half a pair of surrogates isn't.
	 * @param value the text
	 * @return whether it can
	 */
	public static boolean isValue(String value) {
		boolean ascii = true;
		for (int i = 0; i < value.length(); i++) {
			char character = value.charAt(i);
			if (character == '\r' || character == '\n') {
				return false;
			}
			ascii &= character < 128;
		}
		return ascii || StandardCharsets.UTF_8.newEncoder().canEncode(value);
	}

	/**
	 * Sets a header, in place of one with the same name.
	 * @param name the name
	 * @param value the value
	 * @return these fields
	 * @throws IllegalArgumentException if it wouldn't be the same header when it is read
	 */
	public HeaderFields put(String name, String value) {
		if (isText(name, value)) {
			text().put(name, new ArrayList<>(List.of(check(name, value))));
		}
		else {
			this.ascii.put(name, List.of(value));
		}
		return this;
	}

	/**
	 * Sets a header, in place of one with the same name.
	 * @param name the name
	 * @param values the values
	 * @return these fields
	 * @throws IllegalArgumentException if it wouldn't be the same header when it is read
	 */
	public HeaderFields put(String name, List<String> values) {
		remove(name);
		values.forEach((value) -> add(name, value));
		return this;
	}

	/**
	 * Adds a value to a header.
	 * @param name the name
	 * @param value the value
	 * @return these fields
	 * @throws IllegalArgumentException if it wouldn't be the same header when it is read
	 */
	public HeaderFields add(String name, String value) {
		if (isText(name, value)) {
			text().computeIfAbsent(name, (absent) -> new ArrayList<>()).add(check(name, value));
		}
		else {
			this.ascii.add(name, value);
		}
		return this;
	}

	/**
	 * Removes a header.
	 * @param name the name
	 * @return these fields
	 */
	public HeaderFields remove(String name) {
		if (this.text != null) {
			this.text.remove(name);
		}
		else {
			this.ascii.remove(name);
		}
		return this;
	}

	/**
	 * Returns the first value of a header.
	 * @param name the name
	 * @return the value, or {@code null} if there is no such header
	 */
	public @Nullable String getFirst(String name) {
		if (this.text == null) {
			return this.ascii.getFirst(name);
		}
		List<String> values = this.text.get(name);
		return (values != null) ? values.get(0) : null;
	}

	/**
	 * Returns the headers as they are now.
	 * @return headers that can't be changed, which the client sends as they are
	 */
	public Headers toHeaders() {
		return (this.text != null) ? new TextHeaders(this.text) : new Headers(this.ascii, true);
	}

	// Once one of them needs more than ASCII, all are kept in the other way
	private boolean isText(String name, String value) {
		return this.text != null || !isName(name) || !isAscii(value);
	}

	static boolean isAscii(String value) {
		for (int i = 0; i < value.length(); i++) {
			if (value.charAt(i) > 127) {
				return false;
			}
		}
		return true;
	}

	// What is on two lines would be two headers, the second one of somebody's choice
	private static String check(String name, String value) {
		Assert.isTrue(isReadableName(name), () -> "'%s' can't be the name of a header".formatted(name));
		Assert.isTrue(value.indexOf('\r') < 0 && value.indexOf('\n') < 0,
				() -> "The value of header '%s' is on more than one line".formatted(name));
		return value;
	}

	/**
	 * Returns whether a name can be told from what is around it on the wire.
	 */
	static boolean isReadableName(String name) {
		return !name.isEmpty()
				&& name.chars().noneMatch((character) -> character <= ' ' || character == 127 || character == ':');
	}

	private Map<String, List<String>> text() {
		Map<String, List<String>> fields = this.text;
		if (fields == null) {
			fields = new LinkedHashMap<>();
			for (Map.Entry<String, List<String>> entry : this.ascii.entrySet()) {
				fields.put(entry.getKey(), new ArrayList<>(entry.getValue()));
			}
			this.text = fields;
		}
		return fields;
	}

}
