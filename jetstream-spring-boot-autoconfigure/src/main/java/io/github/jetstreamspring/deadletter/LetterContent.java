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

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.StoredMessages;
import org.jspecify.annotations.Nullable;

/**
 * The original of a dead letter, whose parts are put together if it was too large for one
 * message.
 *
 * @param headers the headers of the original
 * @param payload its payload
 * @param parts the sequences of the parts
 * @param fault why it isn't complete, {@code null} if it is
 */
record LetterContent(Map<String, List<String>> headers, byte[] payload, List<Long> parts, @Nullable String fault) {

	// Far more than any server takes as one message
	private static final long MAX_BYTES = 256L * 1024 * 1024;

	// Far more than any server takes in one message, and the same once more in base64
	private static final int MAX_HEADERS = 256 * 1024;

	private static final int MAX_LOOKED_AT = 100_000;

	/**
	 * Returns the original of a letter.
	 * @param stream has the parts
	 * @param letter the letter
	 * @param stored the letter as it is stored
	 * @throws InterruptedException if the thread is interrupted
	 */
	static LetterContent of(LetterStream stream, LetterHeaders letter, StoredMessages.Stored stored)
			throws InterruptedException {
		Map<String, List<String>> headers = LetterHeaders.original(stored.headers(), stored.headerBlock());
		if (!letter.hasParts()) {
			return new LetterContent(headers, stored.payload(), List.of(), fault(letter));
		}
		Map<Integer, Long> parts = parts(stream, letter);
		long count = letter.number(JetStreamHeaders.DEAD_LETTER_PARTS);
		List<Long> sequences = List.copyOf(parts.values());
		if (count < 1) {
			return new LetterContent(headers, new byte[0], sequences, "it doesn't say how many parts it has");
		}
		if (parts.size() != count) {
			return new LetterContent(headers, new byte[0], sequences,
					"only %d of its %d parts are left in stream '%s'".formatted(parts.size(), count, stream.name()));
		}
		byte[] content = join(stream, sequences);
		if (content == null) {
			return new LetterContent(headers, new byte[0], sequences, "not all of its parts can be read");
		}
		int headersSize = (int) Math.min(content.length, letter.number(JetStreamHeaders.DEAD_LETTER_HEADERS_SIZE));
		if (headersSize > MAX_HEADERS) {
			return new LetterContent(headers, new byte[0], sequences, "its headers are larger than any can be");
		}
		if (headersSize > 0) {
			byte[] block = Arrays.copyOf(content, headersSize);
			headers = LetterHeaders.original(StoredMessages.headers(block), block);
		}
		return new LetterContent(headers, Arrays.copyOfRange(content, headersSize, content.length), sequences, null);
	}

	/**
	 * Returns the original of a letter that is read already, and has no parts.
	 */
	static LetterContent of(LetterHeaders letter, byte[] payload) {
		return new LetterContent(letter.original(), payload, List.of(), fault(letter));
	}

	private static @Nullable String fault(LetterHeaders letter) {
		return (letter.get(JetStreamHeaders.DEAD_LETTER_PAYLOAD) != null)
				? "its payload is missing, as it was removed before anybody kept it" : null;
	}

	private static Map<Integer, Long> parts(LetterStream stream, LetterHeaders letter) throws InterruptedException {
		Map<Integer, Long> parts = new TreeMap<>();
		String id = letter.get(JetStreamHeaders.DEAD_LETTER_ID);
		long first = letter.number(JetStreamHeaders.DEAD_LETTER_FIRST_PART);
		if (id == null || first < 1 || first >= letter.sequence()) {
			return parts;
		}
		try (LetterCursor cursor = stream.open(first, letter.sequence() - 1, letter.subject(), stream.state(), false)) {
			int looked = 0;
			for (LetterHeaders next = cursor.next(); next != null && looked < MAX_LOOKED_AT; next = cursor.next()) {
				looked++;
				String part = next.get(JetStreamHeaders.DEAD_LETTER_PART);
				if (part != null && id.equals(next.get(JetStreamHeaders.DEAD_LETTER_ID))
						&& part.matches("[1-9]\\d{0,5}/\\d+")) {
					parts.put(Integer.valueOf(part.substring(0, part.indexOf('/'))), next.sequence());
				}
			}
		}
		return parts;
	}

	private static byte @Nullable [] join(LetterStream stream, List<Long> parts) {
		byte[] content = new byte[0];
		for (long part : parts) {
			StoredMessages.Stored stored = stream.find(part);
			if (stored == null || (long) content.length + stored.payload().length > MAX_BYTES) {
				return null;
			}
			int end = content.length;
			content = Arrays.copyOf(content, end + stored.payload().length);
			System.arraycopy(stored.payload(), 0, content, end, stored.payload().length);
		}
		return content;
	}

}
