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

package io.github.jetstreamspring.publisher;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Reads confirmations as servers write them, which is all that a busy publisher gets. A
 * JSON parser makes a tree of objects of each of them first.
 * <p>
 * Used by the one thread that receives confirmations.
 */
final class AckReader {

	private static final byte[] STREAM = bytes("{\"stream\":\"");

	private static final byte[] NEXT = bytes(",");

	private static final byte[] SPACE = bytes(" ");

	private static final byte[] DOMAIN = bytes("\"domain\":\"");

	private static final byte[] SEQUENCE = bytes("\"seq\":");

	private static final byte[] DUPLICATE = bytes("\"duplicate\": true");

	// More could be too many for a long
	private static final int MAX_DIGITS = 18;

	private byte[] data = new byte[0];

	private int index;

	// Most confirmations name the same stream as the one before
	private String lastStream = "";

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Reads a confirmation.
	 * @param data the answer of the server
	 * @return where the message is stored, or {@code null} if the answer is anything but
	 * a confirmation in the usual form
	 */
	@Nullable PublishResult read(byte[] data) {
		this.data = data;
		this.index = 0;
		if (!skip(STREAM)) {
			return null;
		}
		String stream = text(this.lastStream);
		if (stream == null) {
			return null;
		}
		this.lastStream = stream;
		String domain = skipNext(DOMAIN) ? text("") : null;
		if (!skipNext(SEQUENCE)) {
			return null;
		}
		long sequence = number();
		boolean duplicate = skipNext(DUPLICATE);
		boolean complete = sequence > 0 && this.index == data.length - 1 && data[this.index] == '}';
		return complete ? new PublishResult(stream, sequence, duplicate, domain) : null;
	}

	/**
	 * Skips what comes after a comma, if that comes next.
	 */
	private boolean skipNext(byte[] expected) {
		int start = this.index;
		if (skip(NEXT)) {
			// As nats-server 2.10 writes it
			skip(SPACE);
			if (skip(expected)) {
				return true;
			}
		}
		this.index = start;
		return false;
	}

	private boolean skip(byte[] expected) {
		if (!isNext(expected)) {
			return false;
		}
		this.index += expected.length;
		return true;
	}

	private boolean isNext(byte[] expected) {
		if (this.data.length - this.index < expected.length) {
			return false;
		}
		for (int i = 0; i < expected.length; i++) {
			if (this.data[this.index + i] != expected[i]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Reads up to the next quote.
	 * @return the text, or {@code null} if it has characters that are written in another
	 * way than they read
	 */
	private @Nullable String text(String likely) {
		int start = this.index;
		while (this.index < this.data.length && this.data[this.index] != '"') {
			if (this.data[this.index] < ' ' || this.data[this.index] == '\\') {
				return null;
			}
			this.index++;
		}
		int length = this.index - start;
		this.index++;
		return isSame(likely, start, length) ? likely : new String(this.data, start, length, StandardCharsets.US_ASCII);
	}

	private boolean isSame(String text, int start, int length) {
		if (text.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (text.charAt(i) != this.data[start + i]) {
				return false;
			}
		}
		return true;
	}

	private long number() {
		int start = this.index;
		long number = 0;
		while (this.index < this.data.length && this.index - start < MAX_DIGITS && this.data[this.index] >= '0'
				&& this.data[this.index] <= '9') {
			number = number * 10 + this.data[this.index] - '0';
			this.index++;
		}
		return number;
	}

}
