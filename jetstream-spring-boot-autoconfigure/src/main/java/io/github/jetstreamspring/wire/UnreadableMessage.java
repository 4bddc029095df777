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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A message that the client can't read, without its payload, and what it is replaced by:
 * a header block that holds what the client can read of it, and the whole of it in
 * {@linkplain RawMessage a form that is ASCII}.
 *
 * @param line where its control line begins
 * @param headers where its header block begins
 * @param headersLength how long its header block is
 * @param payloadLength how long its payload is
 * @param clientMaxLine how long a control line the client takes
 */
record UnreadableMessage(int line, int headers, int headersLength, int payloadLength, int clientMaxLine) {

	private static final String STORED = "$JS.ACK.";

	private static final byte[] LINE_END = { '\r', '\n' };

	// Enough to recognize it by
	private static final int SHORTENED_SUBJECT = 64;

	// For the sizes, which grow
	private static final int RESERVE = 32;

	/**
	 * Returns whether this is the server's word about a request, which the client reads.
	 * A stored message that only looks like it doesn't count: the client would take it
	 * for the answer to a request for messages.
	 */
	boolean isStatus(byte[] bytes) {
		return HeaderCheck.isReadableWithStatus(bytes, this.headers, end()) && !isStored(words(bytes));
	}

	/**
	 * Returns whether its control line has what it needs, which only that of a faulty
	 * server lacks.
	 */
	boolean isWellFormed(byte[] bytes) {
		int words = words(bytes).size();
		int most = isWithHeaders(bytes[this.line]) ? 6 : 5;
		return words == most || words == most - 1;
	}

	/**
	 * Returns where its payload begins.
	 */
	int end() {
		return this.headers + this.headersLength;
	}

	/**
	 * Makes what the client is given instead, up to the payload.
	 */
	byte[] replacement(byte[] bytes) {
		List<byte[]> words = words(bytes);
		byte[] subject = words.get(1);
		boolean tooLong = this.headers - this.line + RESERVE > this.clientMaxLine;
		byte[] block = block(bytes, words, tooLong || !isAscii(subject));
		ByteArrayOutputStream message = new ByteArrayOutputStream(block.length + RESERVE);
		message.writeBytes(text("HMSG "));
		message.write(subject, 0, tooLong ? Math.min(SHORTENED_SUBJECT, subject.length) : subject.length);
		message.write(' ');
		message.writeBytes(words.get(2));
		// Too long only outside JetStream, where it is better not to be answered than not
		// to be read
		if (hasReply(words) && words.get(3).length + 4 * RESERVE <= this.clientMaxLine) {
			message.write(' ');
			message.writeBytes(words.get(3));
		}
		message.writeBytes(text(" " + block.length + " " + (block.length + this.payloadLength)));
		message.writeBytes(LINE_END);
		message.writeBytes(block);
		return message.toByteArray();
	}

	private byte[] block(byte[] bytes, List<byte[]> words, boolean subjectToo) {
		ByteArrayOutputStream block = new ByteArrayOutputStream(2 * this.headersLength + RESERVE);
		int statusEnd = isStored(words) ? -1 : HeaderCheck.statusLineEnd(bytes, this.headers, end());
		block.writeBytes(HeaderCheck.VERSION);
		if (statusEnd > 0) {
			int version = this.headers + HeaderCheck.VERSION.length;
			block.write(bytes, version, statusEnd - version);
		}
		block.writeBytes(LINE_END);
		writeReadable(bytes, block);
		block.writeBytes(text(RawMessage.headers(slice(bytes, this.headers, end()))));
		block.writeBytes(LINE_END);
		if (subjectToo) {
			block.writeBytes(text(RawMessage.subject(words.get(1))));
			block.writeBytes(LINE_END);
		}
		block.writeBytes(LINE_END);
		return block.toByteArray();
	}

	private void writeReadable(byte[] bytes, ByteArrayOutputStream block) {
		int start = this.headers;
		for (int end = nextLineEnd(bytes, start); end > start; end = nextLineEnd(bytes, start)) {
			if (HeaderCheck.readableLineEnd(bytes, start, end()) == end) {
				block.write(bytes, start, end + 2 - start);
			}
			start = end + 2;
		}
	}

	private int nextLineEnd(byte[] bytes, int from) {
		for (int position = from; position + 1 < end(); position++) {
			if (bytes[position] == '\r' && bytes[position + 1] == '\n') {
				return position;
			}
		}
		return -1;
	}

	/**
	 * Returns the words of the control line: its name, subject, subscription, perhaps a
	 * reply subject, and one or two sizes.
	 */
	private List<byte[]> words(byte[] bytes) {
		List<byte[]> words = new ArrayList<>(6);
		int start = this.line;
		for (int position = start; position < this.headers - 1; position++) {
			byte character = bytes[position];
			if (character == ' ' || character == '\t' || character == '\r') {
				if (position > start) {
					words.add(slice(bytes, start, position));
				}
				start = position + 1;
			}
		}
		return words;
	}

	private boolean hasReply(List<byte[]> words) {
		return words.size() == (isWithHeaders(words.get(0)[0]) ? 6 : 5);
	}

	private static boolean isWithHeaders(byte operation) {
		return operation == 'H' || operation == 'h';
	}

	private boolean isStored(List<byte[]> words) {
		return hasReply(words) && new String(words.get(3), StandardCharsets.ISO_8859_1).startsWith(STORED);
	}

	private static boolean isAscii(byte[] bytes) {
		for (byte each : bytes) {
			if (each < 0) {
				return false;
			}
		}
		return true;
	}

	private static byte[] slice(byte[] bytes, int from, int to) {
		return Arrays.copyOfRange(bytes, from, to);
	}

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
