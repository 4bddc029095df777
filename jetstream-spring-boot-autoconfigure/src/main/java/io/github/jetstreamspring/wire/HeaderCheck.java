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

package io.github.jetstreamspring.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Knows which header blocks the client's parser reads as they are meant. It is stricter
 * than the parser, which overlooks some faults and takes others for something else.
 */
final class HeaderCheck {

	/**
	 * How each header block begins.
	 */
	static final byte[] VERSION = "NATS/1.0".getBytes(StandardCharsets.US_ASCII);

	// Eight bytes at a time are looked at as one number, the first byte being its lowest
	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGH_BITS = 0x8080808080808080L;

	private static final long COLONS = ONES * ':';

	private static final long VERSION_WORD = (long) LONGS.get(VERSION, 0);

	// Whose fifth character the parser doesn't look at when it compares names
	private static final byte[] KNOWN_PREFIX = "Nats".getBytes(StandardCharsets.US_ASCII);

	private static final int STATUS_DIGITS = 3;

	private static final boolean[] IN_NAME = new boolean[256];

	// The client strips other control characters from the ends of values
	private static final boolean[] IN_VALUE = new boolean[256];

	static {
		for (int character = ' '; character < 128; character++) {
			IN_VALUE[character] = true;
			IN_NAME[character] = character != ' ' && character != ':' && character != 127;
		}
		IN_VALUE['\t'] = true;
	}

	private HeaderCheck() {
	}

	/**
	 * Returns whether the client reads a header block without a status.
	 * @param bytes has the block
	 * @param from where the block begins
	 * @param to where it ends
	 */
	static boolean isReadable(byte[] bytes, int from, int to) {
		return beginsWithVersion(bytes, from, to) && isLineEnd(bytes, from + VERSION.length, to)
				&& areReadableLines(bytes, from + VERSION.length + 2, to);
	}

	/**
	 * Returns whether the client reads a header block that begins with a status.
	 * @param bytes has the block
	 * @param from where the block begins
	 * @param to where it ends
	 */
	static boolean isReadableWithStatus(byte[] bytes, int from, int to) {
		int end = statusLineEnd(bytes, from, to);
		return end > 0 && (areReadableLines(bytes, end + 2, to) || end + 2 == to);
	}

	/**
	 * Returns where a readable first line with a status ends.
	 * @return where the line's end begins, or -1 if it is no such line
	 */
	static int statusLineEnd(byte[] bytes, int from, int to) {
		int position = from + VERSION.length;
		if (!beginsWithVersion(bytes, from, to) || position >= to || bytes[position] != ' ') {
			return -1;
		}
		int digits = ++position;
		while (position < to && bytes[position] >= '0' && bytes[position] <= '9') {
			position++;
		}
		if (position - digits != STATUS_DIGITS) {
			return -1;
		}
		if (position + 1 < to && bytes[position] == ' ' && bytes[position + 1] != '\r') {
			// The text may be anything on one line
			while (position < to && bytes[position] != '\r' && bytes[position] != '\n') {
				position++;
			}
		}
		return isLineEnd(bytes, position, to) ? position : -1;
	}

	private static boolean areReadableLines(byte[] bytes, int from, int to) {
		int position = from;
		while (position < to && bytes[position] != '\r') {
			position = readableLineEnd(bytes, position, to);
			if (position < 0) {
				return false;
			}
			position += 2;
		}
		return isLineEnd(bytes, position, to) && position + 2 == to;
	}

	/**
	 * Looks for the end of a line with a name and a value.
	 * @return where the line's end begins, or -1 if the client doesn't read the line
	 */
	static int readableLineEnd(byte[] bytes, int from, int to) {
		int position = nameEnd(bytes, from, to);
		if (position == from || position >= to || bytes[position] != ':' || isMistaken(bytes, from, position)) {
			return -1;
		}
		position = valueEnd(bytes, position + 1, to);
		return isLineEnd(bytes, position, to) ? position : -1;
	}

	private static int nameEnd(byte[] bytes, int from, int to) {
		int position = from;
		while (position <= to - Long.BYTES) {
			long word = (long) LONGS.get(bytes, position);
			long colon = word ^ COLONS;
			// Not '!' to '~', or a colon
			long found = ((word - ONES * '!') & ~word | word | (word + ONES) | (colon - ONES) & ~colon) & HIGH_BITS;
			if (found != 0) {
				return position + (Long.numberOfTrailingZeros(found) >> 3);
			}
			position += Long.BYTES;
		}
		while (position < to && IN_NAME[bytes[position] & 0xff]) {
			position++;
		}
		return position;
	}

	private static int valueEnd(byte[] bytes, int from, int to) {
		int position = from;
		while (position <= to - Long.BYTES) {
			long word = (long) LONGS.get(bytes, position);
			// Not ASCII, or a control character
			long found = ((word - ONES * ' ') & ~word | word) & HIGH_BITS;
			if (found == 0) {
				position += Long.BYTES;
				continue;
			}
			position += Long.numberOfTrailingZeros(found) >> 3;
			if (bytes[position] != '\t') {
				return position;
			}
			position++;
		}
		while (position < to && IN_VALUE[bytes[position] & 0xff]) {
			position++;
		}
		return position;
	}

	// "Nats_Stream" is read as "Nats-Stream"
	private static boolean isMistaken(byte[] bytes, int from, int to) {
		if (bytes[from] != KNOWN_PREFIX[0] || to - from <= KNOWN_PREFIX.length) {
			return false;
		}
		for (int i = 1; i < KNOWN_PREFIX.length; i++) {
			if (bytes[from + i] != KNOWN_PREFIX[i]) {
				return false;
			}
		}
		return bytes[from + KNOWN_PREFIX.length] != '-';
	}

	private static boolean beginsWithVersion(byte[] bytes, int from, int to) {
		return to - from >= VERSION.length && (long) LONGS.get(bytes, from) == VERSION_WORD;
	}

	private static boolean isLineEnd(byte[] bytes, int position, int to) {
		return position + 1 < to && bytes[position] == '\r' && bytes[position + 1] == '\n';
	}

}
