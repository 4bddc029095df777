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

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads a header block as clients in other languages do: names and values are UTF-8. What
 * they disagree about is a fault, which is found once; the other lines are read.
 */
final class HeaderReader {

	private static final String VERSION = "NATS/1.0";

	private final byte[] block;

	private final HeaderFields fields = new HeaderFields();

	private int line;

	private @Nullable String fault;

	private HeaderReader(byte[] block) {
		this.block = block;
	}

	/**
	 * Reads a header block.
	 * @param block the block, which is empty if there is none
	 * @return what it says
	 */
	static Result read(byte[] block) {
		HeaderReader reader = new HeaderReader(block);
		if (block.length > 0) {
			reader.readLines();
		}
		return new Result(reader.fields.toHeaders(), reader.fault);
	}

	private void readLines() {
		int start = 0;
		for (int end = lineEnd(0); end >= 0; end = lineEnd(start)) {
			this.line++;
			if (this.line == 1) {
				readFirst(end);
			}
			else if (end > start) {
				readField(start, end);
			}
			else {
				if (end + 2 < this.block.length) {
					fault(end + 2, "something follows the empty line that ends the headers");
				}
				return;
			}
			start = end + 2;
		}
		this.line++;
		fault(start, "the headers aren't ended by an empty line");
	}

	private int lineEnd(int start) {
		for (int i = start; i + 1 < this.block.length; i++) {
			if (this.block[i] == '\r' && this.block[i + 1] == '\n') {
				return i;
			}
		}
		return -1;
	}

	private void readFirst(int end) {
		String first = new String(this.block, 0, end, StandardCharsets.ISO_8859_1);
		// A status is the server's alone, and newer servers drop anybody else's
		if (!first.equals(VERSION) && !first.startsWith(VERSION + " ")) {
			fault(0, "the headers don't begin with " + VERSION);
			readField(0, end);
		}
	}

	private void readField(int start, int end) {
		int colon = find(start, end, (octet) -> octet == ':');
		int lineBreak = find(start, end, (octet) -> octet == '\r' || octet == '\n');
		if (lineBreak < end) {
			fault(lineBreak, "half a line break");
			return;
		}
		if (colon == end) {
			fault(start, "there is no colon");
			return;
		}
		int illegal = find(start, colon, (octet) -> octet >= 0 && octet <= ' ' || octet == 127);
		if (illegal < colon) {
			fault(illegal, "the name has a blank or a control character");
			return;
		}
		if (colon == start) {
			fault(start, "the name is empty");
			return;
		}
		int from = find(colon + 1, end, (octet) -> octet != ' ' && octet != '\t');
		int to = end;
		while (to > from && (this.block[to - 1] == ' ' || this.block[to - 1] == '\t')) {
			to--;
		}
		String name = text(start, colon, "the name");
		String value = text(from, to, "the value");
		if (name != null && value != null) {
			this.fields.add(name, value);
		}
	}

	private int find(int from, int to, IntPredicate condition) {
		int position = from;
		while (position < to && !condition.test(this.block[position])) {
			position++;
		}
		return position;
	}

	private @Nullable String text(int from, int to, String what) {
		CharBuffer text = CharBuffer.allocate(to - from);
		int malformed = decode(this.block, from, to, text);
		if (malformed >= 0) {
			fault(malformed, what + " isn't UTF-8");
			return null;
		}
		return text.flip().toString();
	}

	/**
	 * Decodes UTF-8.
	 * @return where it isn't, or -1 if it is
	 */
	static int decode(byte[] bytes, int from, int to, CharBuffer text) {
		ByteBuffer octets = ByteBuffer.wrap(bytes, from, to - from);
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		return decoder.decode(octets, text, true).isError() ? octets.position() : -1;
	}

	private void fault(int position, String what) {
		if (this.fault == null) {
			// Counted as people do
			this.fault = "line %d, byte %d: %s".formatted(this.line, position + 1, what);
		}
	}

	/**
	 * What a header block says.
	 *
	 * @param headers what can be read
	 * @param fault what can't be read, {@code null} if everything can
	 */
	record Result(Headers headers, @Nullable String fault) {

	}

}
