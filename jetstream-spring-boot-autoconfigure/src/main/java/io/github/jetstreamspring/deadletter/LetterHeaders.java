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
package io.github.jetstreamspring.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.jetstreamspring.messaging.HeaderBlock;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a message in the dead-letter stream say. They can be anybody's, so
 * they can be missing, or say anything.
 *
 * @param sequence its sequence in the dead-letter stream
 * @param subject its subject
 * @param stored when it was stored
 * @param headers the headers
 * @param size how many bytes of payload it has
 * @param payload its payload, {@code null} if that is not read yet
 */
record LetterHeaders(long sequence, String subject, Instant stored, HeaderBlock headers, long size,
		byte @Nullable [] payload) {

	private static final String PREFIX = JetStreamHeaders.DEAD_LETTER_PREFIX.toLowerCase(Locale.ROOT);

	/**
	 * Returns whether this is only a part of what is too large for one message.
	 */
	boolean isPart() {
		return get(JetStreamHeaders.DEAD_LETTER_PART) != null;
	}

	/**
	 * Returns whether there are parts of it before it.
	 */
	boolean hasParts() {
		return get(JetStreamHeaders.DEAD_LETTER_PARTS) != null;
	}

	@Nullable String originalStream() {
		return get(JetStreamHeaders.DEAD_LETTER_STREAM);
	}

	@Nullable String originalSubject() {
		return get(JetStreamHeaders.DEAD_LETTER_SUBJECT);
	}

	@Nullable String consumer() {
		return get(JetStreamHeaders.DEAD_LETTER_CONSUMER);
	}

	@Nullable String reason() {
		return get(JetStreamHeaders.DEAD_LETTER_REASON);
	}

	@Nullable String exception() {
		return get(JetStreamHeaders.DEAD_LETTER_EXCEPTION);
	}

	@Nullable String exceptionMessage() {
		return get(JetStreamHeaders.DEAD_LETTER_EXCEPTION_MESSAGE);
	}

	Instant time() {
		Instant time = instant(JetStreamHeaders.DEAD_LETTER_TIME);
		return (time != null) ? time : this.stored;
	}

	/**
	 * Returns whether the original has a header with a value.
	 */
	boolean has(String name, String value) {
		List<String> values = isOriginal(name) ? this.headers.all().get(name) : null;
		return values != null && values.contains(value);
	}

	/**
	 * Returns the same with further headers of the original.
	 */
	LetterHeaders with(Map<String, List<String>> original) {
		HeaderFields all = new HeaderFields(this.headers.all());
		original.forEach(all::put);
		return new LetterHeaders(this.sequence, this.subject, this.stored, HeaderBlock.of(all.toHeaders()), this.size,
				this.payload);
	}

	@Nullable String get(String name) {
		return this.headers.getFirst(name);
	}

	/**
	 * Returns a number of at least 0, which is 0 if there is none.
	 */
	long number(String name) {
		String value = get(name);
		try {
			return (value != null) ? Math.max(0, Long.parseLong(value)) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	@Nullable Instant instant(String name) {
		String value = get(name);
		return (value != null) ? LetterTime.parse(value) : null;
	}

	/**
	 * Makes a dead letter.
	 * @param original the headers of the original, without the server's own
	 * @param payload the payload of the original
	 */
	StoredDeadLetter letter(Map<String, List<String>> original, byte[] payload) {
		return new StoredDeadLetter(this.sequence, originalStream(), originalSubject(),
				number(JetStreamHeaders.DEAD_LETTER_SEQUENCE), consumer(), get(JetStreamHeaders.DEAD_LETTER_MESSAGE_ID),
				instant(JetStreamHeaders.DEAD_LETTER_PUBLISHED), number(JetStreamHeaders.DEAD_LETTER_ATTEMPTS),
				reason(), exception(), exceptionMessage(), time(),
				(int) Math.min(Integer.MAX_VALUE, number(JetStreamHeaders.DEAD_LETTER_REDRIVES)), original, payload);
	}

	/**
	 * Returns the headers of an original, in the order in which they are stored.
	 * @param headers all headers
	 * @param block the same as they are stored
	 */
	static Map<String, List<String>> original(Headers headers, byte[] block) {
		Map<String, List<String>> original = new LinkedHashMap<>();
		for (String line : new String(block, StandardCharsets.UTF_8).split("\r\n")) {
			int colon = line.indexOf(':');
			String name = (colon > 0) ? line.substring(0, colon) : "";
			List<String> values = isOriginal(name) ? headers.get(name) : null;
			if (values != null) {
				original.putIfAbsent(name, List.copyOf(values));
			}
		}
		return Collections.unmodifiableMap(original);
	}

	/**
	 * Returns the headers of an original, in whatever order.
	 */
	Map<String, List<String>> original() {
		Map<String, List<String>> original = new LinkedHashMap<>();
		this.headers.all().forEach((name, values) -> {
			if (isOriginal(name)) {
				original.put(name, values);
			}
		});
		return original;
	}

	private static boolean isOriginal(String name) {
		return !HeaderFields.isReserved(name) && !name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
	}
}
