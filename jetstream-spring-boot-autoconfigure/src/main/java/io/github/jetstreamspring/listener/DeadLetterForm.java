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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;

/**
 * How a dead letter is stored: as one message or, where that would be too large, with
 * what doesn't fit in it in parts, which are stored before it. The parts together are the
 * header block of the original, unless its headers fit, and the payload.
 */
final class DeadLetterForm {

	private static final String ID = JetStreamHeaders.DEAD_LETTER_ID;

	private static final String PART = JetStreamHeaders.DEAD_LETTER_PART;

	private static final String PARTS = JetStreamHeaders.DEAD_LETTER_PARTS;

	private static final String FIRST_PART = JetStreamHeaders.DEAD_LETTER_FIRST_PART;

	private static final String HEADERS_SIZE = JetStreamHeaders.DEAD_LETTER_HEADERS_SIZE;

	// The server's limit for a header block
	private static final int MAX_HEADERS = 65_535;

	private static final int MAX_PARTS = 10_000;

	private static final byte[] NOTHING = new byte[0];

	private static final int ID_BYTES = 16;

	// As long as any other
	private static final String SAMPLE_ID = "0".repeat(2 * ID_BYTES);

	private final Headers headers;

	private final byte[] payload;

	private final byte[] content;

	private final String id;

	private final int partSize;

	private DeadLetterForm(Headers headers, byte[] payload, byte[] content, String id, int partSize) {
		this.headers = headers;
		this.payload = payload;
		this.content = content;
		this.id = id;
		this.partSize = partSize;
	}

	/**
	 * Finds the form that fits.
	 * @param ours the headers that say what happened, which are shortened if they alone
	 * are too large
	 * @param original the headers of the original
	 * @param payload the payload of the original
	 * @param maxSize the size of the largest message that can be stored, headers included
	 * @throws IllegalStateException if nothing fits
	 */
	static DeadLetterForm of(Headers ours, Headers original, byte[] payload, long maxSize) {
		int maxHeaders = (int) Math.min(MAX_HEADERS, maxSize);
		Headers about = aboutParts(SAMPLE_ID, MAX_PARTS, Integer.MAX_VALUE);
		Headers said = DeadLetterHeaders.shorten(ours, maxHeaders - about.serializedLength());
		Headers all = DeadLetterHeaders.join(original, said);
		if (all.serializedLength() <= maxHeaders && (long) all.serializedLength() + payload.length <= maxSize) {
			return new DeadLetterForm(all, payload, NOTHING, "", 1);
		}
		if (DeadLetterHeaders.join(all, about).serializedLength() <= maxHeaders) {
			return inParts(all, payload, 0, maxSize);
		}
		byte[] block = original.getSerialized();
		byte[] content = Arrays.copyOf(block, block.length + payload.length);
		System.arraycopy(payload, 0, content, block.length, payload.length);
		return inParts(said, content, block.length, maxSize);
	}

	private static DeadLetterForm inParts(Headers letter, byte[] content, int headersSize, long maxSize) {
		String letterId = letter.getFirst(DeadLetterHeaders.MESSAGE_ID);
		int aboutPart = partHeaders(letter, SAMPLE_ID, MAX_PARTS, MAX_PARTS).serializedLength();
		int partSize = (int) Math.min(Integer.MAX_VALUE, maxSize - aboutPart);
		if (partSize < 1 || count(content, partSize) > MAX_PARTS) {
			throw new IllegalStateException(
					"a dead letter of %d bytes doesn't fit into %d messages of at most %d bytes with their headers. Raise the stream's max-message-size"
						.formatted(content.length, MAX_PARTS, maxSize));
		}
		String id = id(String.valueOf(letterId), content, partSize);
		Headers headers = DeadLetterHeaders.join(letter, aboutParts(id, count(content, partSize), headersSize));
		return new DeadLetterForm(headers, NOTHING, content, id, partSize);
	}

	/**
	 * Returns the number of parts, 0 if the letter is whole.
	 */
	int parts() {
		return count(this.content, this.partSize);
	}

	/**
	 * Returns a part.
	 * @param number its number, from 1 on
	 * @param subject the subject of the dead letter
	 */
	NatsMessage part(int number, String subject) {
		int start = (number - 1) * this.partSize;
		int end = (int) Math.min(this.content.length, (long) start + this.partSize);
		return NatsMessage.builder()
			.subject(subject)
			.headers(partHeaders(this.headers, this.id, number, parts()))
			.data(Arrays.copyOfRange(this.content, start, end))
			.build();
	}

	/**
	 * Returns the letter itself.
	 * @param firstPart the sequence from which on its parts are found, if there are any
	 * @param subject the subject of the dead letter
	 */
	NatsMessage letter(long firstPart, String subject) {
		Headers sent = (parts() > 0)
				? new HeaderFields(this.headers).put(FIRST_PART, Long.toString(firstPart)).toHeaders() : this.headers;
		return NatsMessage.builder().subject(subject).headers(sent).data(this.payload).build();
	}

	private static int count(byte[] content, int partSize) {
		return (int) ((content.length + (long) partSize - 1) / partSize);
	}

	private static Headers aboutParts(String id, int count, int headersSize) {
		Headers headers = new Headers();
		headers.put(ID, id);
		headers.put(PARTS, Integer.toString(count));
		headers.put(FIRST_PART, Long.toString(Long.MAX_VALUE));
		if (headersSize > 0) {
			headers.put(HEADERS_SIZE, Integer.toString(headersSize));
		}
		return headers;
	}

	private static Headers partHeaders(Headers letter, String id, int number, int count) {
		Headers headers = new Headers();
		String stream = letter.getFirst(DeadLetterHeaders.EXPECTED_STREAM);
		if (stream != null) {
			headers.put(DeadLetterHeaders.EXPECTED_STREAM, stream);
		}
		// A repeated attempt to store the letter stores no part twice
		headers.put(DeadLetterHeaders.MESSAGE_ID, id + ":" + number);
		headers.put(ID, id);
		headers.put(PART, number + "/" + count);
		return headers;
	}

	/**
	 * Returns the same id for the same parts, and never that of others: not even of the
	 * same letter in parts of another size.
	 */
	private static String id(String letterId, byte[] content, int partSize) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(letterId.getBytes(StandardCharsets.UTF_8));
			digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(partSize).array());
			return HexFormat.of().formatHex(digest.digest(content), 0, ID_BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
