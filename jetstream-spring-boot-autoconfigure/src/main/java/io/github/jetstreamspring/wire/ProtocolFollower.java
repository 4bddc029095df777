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
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Follows the protocol through what is read from a server, and stops at messages that the
 * client can't read. Only control lines and header blocks are looked at; payloads are
 * skipped by their length.
 */
final class ProtocolFollower {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGH_BITS = 0x8080808080808080L;

	private static final long LINE_FEEDS = ONES * '\n';

	private static final int LOWER_CASE = 0x20;

	private static final int MAX_DIGITS = 9;

	// The server's own lines are shorter by far
	private static final int MAX_LINE = 16 * 1024 * 1024;

	private final int clientMaxLine;

	private final PassedMessages messages;

	// What is still to come of the last message, its line end included
	private long payload;

	private boolean ascii;

	private int numberStart;

	private boolean lost;

	private @Nullable UnreadableMessage unreadable;

	/**
	 * Creates a follower that stands at the beginning.
	 * @param clientMaxLine how long a control line the client takes, without its first
	 * word
	 * @param messages are told of each message
	 */
	ProtocolFollower(int clientMaxLine, PassedMessages messages) {
		this.clientMaxLine = clientMaxLine;
		this.messages = messages;
	}

	/**
	 * Goes on through the bytes that come next.
	 * @param bytes the bytes
	 * @param from where they begin
	 * @param to where they end
	 * @return where a message begins that the client can't read, or that is not complete
	 * enough to know; the next call is to begin there. Otherwise where the bytes end.
	 */
	int follow(byte[] bytes, int from, int to) {
		this.unreadable = null;
		int position = from;
		while (!this.lost) {
			if (this.payload > 0) {
				int skipped = (int) Math.min(this.payload, to - position);
				this.payload -= skipped;
				position += skipped;
			}
			if (position >= to) {
				return to;
			}
			int lineEnd = lineEnd(bytes, position, to);
			if (lineEnd < 0) {
				if (to - position <= MAX_LINE) {
					return position;
				}
				this.lost = true;
				continue;
			}
			int next = switch (bytes[position] | LOWER_CASE) {
				case 'm' -> plainMessage(bytes, position, lineEnd);
				case 'h' -> messageWithHeaders(bytes, position, lineEnd, to);
				default -> lineEnd + 1;
			};
			if (next == position) {
				return position;
			}
			if (this.payload > 0 && this.messages.areWatched()) {
				this.messages.add(subscription(bytes, position, lineEnd));
			}
			position = next;
		}
		// It may be anybody's by now
		this.messages.add(Incoming.ANY);
		return to;
	}

	/**
	 * Returns whether what the last message consists of is still to come in part.
	 */
	boolean isInMessage() {
		return this.payload > 0;
	}

	/**
	 * Returns the message that {@link #follow} has stopped at.
	 * @return the message, or {@code null} if it isn't complete
	 */
	@Nullable UnreadableMessage unreadable() {
		return this.unreadable;
	}

	/**
	 * Goes on after a message that was stopped at, up to the end of its headers.
	 */
	void skip(UnreadableMessage message) {
		this.payload = message.payloadLength() + 2L;
		this.unreadable = null;
	}

	/**
	 * Stops following: what comes is passed on as it is.
	 */
	void stop() {
		this.lost = true;
	}

	private int plainMessage(byte[] bytes, int line, int lineEnd) {
		boolean readable = isReadableLine(line, lineEnd);
		int length = number(bytes, line, lineEnd - 2);
		if (length < 0) {
			this.lost = true;
		}
		else if (readable) {
			this.payload = length + 2L;
		}
		else {
			this.unreadable = new UnreadableMessage(line, lineEnd + 1, 0, length, this.clientMaxLine);
			return line;
		}
		return lineEnd + 1;
	}

	private int messageWithHeaders(byte[] bytes, int line, int lineEnd, int to) {
		boolean readable = isReadableLine(line, lineEnd);
		int total = number(bytes, line, lineEnd - 2);
		int totalStart = this.numberStart;
		int headers = (total >= 0) ? number(bytes, line, this.numberStart - 2) : -1;
		if (headers < 0 || headers > total) {
			this.lost = true;
			return lineEnd + 1;
		}
		int start = lineEnd + 1;
		if (headers > to - start) {
			return line;
		}
		if (readable && this.messages.areUnparsed() && isUnparsed(bytes, line, lineEnd, start, headers)) {
			makePlain(bytes, line, totalStart, lineEnd);
			this.payload = total - headers + 2L;
			return start + headers;
		}
		UnreadableMessage message = null;
		if (!readable || !HeaderCheck.isReadable(bytes, start, start + headers)) {
			message = new UnreadableMessage(line, start, headers, total - headers, this.clientMaxLine);
		}
		if (message == null || readable && message.isStatus(bytes)) {
			this.payload = total - headers + 2L;
			return start + headers;
		}
		this.unreadable = message;
		return line;
	}

	// A status stays one
	private boolean isUnparsed(byte[] bytes, int line, int lineEnd, int start, int headers) {
		return headers > HeaderCheck.VERSION.length && bytes[start + HeaderCheck.VERSION.length] == '\r'
				&& this.messages.isUnparsed(subscription(bytes, line, lineEnd));
	}

	/**
	 * Makes the control line that of a message without headers, whose payload begins with
	 * what were its headers. It keeps its length.
	 * @param totalStart where the size of the whole message begins
	 */
	private void makePlain(byte[] bytes, int line, int totalStart, int lineEnd) {
		int to = this.numberStart - 1;
		System.arraycopy(bytes, line + 1, bytes, line, to - line);
		int digits = lineEnd - 1 - totalStart;
		System.arraycopy(bytes, totalStart, bytes, to, digits);
		Arrays.fill(bytes, to + digits, lineEnd - 1, (byte) ' ');
	}

	/**
	 * Returns the number of the subscription, which follows the subject.
	 */
	private static int subscription(byte[] bytes, int line, int lineEnd) {
		// Within the subject, as the first word has three letters or four
		int position = line + 5;
		while (position < lineEnd && bytes[position] != ' ') {
			position++;
		}
		int first = position + 1;
		int number = 0;
		for (position = first; position < lineEnd && bytes[position] >= '0' && bytes[position] <= '9'; position++) {
			number = 10 * number + bytes[position] - '0';
		}
		int digits = position - first;
		return (digits > 0 && digits <= MAX_DIGITS && bytes[position] == ' ') ? number : Incoming.ANY;
	}

	// Seen by lineEnd() before
	private boolean isReadableLine(int line, int lineEnd) {
		return this.ascii && lineEnd - line <= this.clientMaxLine;
	}

	/**
	 * Looks for the line feed that ends a line, eight bytes at a time, and for bytes that
	 * aren't ASCII on the way.
	 */
	private int lineEnd(byte[] bytes, int from, int to) {
		long seen = 0;
		int position = from;
		// As lines go, most of their parts end none of them
		while (position <= to - 2 * Long.BYTES) {
			long first = (long) LONGS.get(bytes, position);
			long second = (long) LONGS.get(bytes, position + Long.BYTES);
			long firstDifference = first ^ LINE_FEEDS;
			long secondDifference = second ^ LINE_FEEDS;
			if ((((firstDifference - ONES) & ~firstDifference | (secondDifference - ONES) & ~secondDifference)
					& HIGH_BITS) != 0) {
				break;
			}
			seen |= first | second;
			position += 2 * Long.BYTES;
		}
		while (position <= to - Long.BYTES) {
			long word = (long) LONGS.get(bytes, position);
			long difference = word ^ LINE_FEEDS;
			long found = (difference - ONES) & ~difference & HIGH_BITS;
			if (found == 0) {
				seen |= word;
				position += Long.BYTES;
				continue;
			}
			int bits = Long.numberOfTrailingZeros(found) & ~7;
			seen |= word & ((1L << bits) - 1);
			position += bits >> 3;
			if (position > from && bytes[position - 1] == '\r') {
				this.ascii = (seen & HIGH_BITS) == 0;
				return position;
			}
			position++;
		}
		for (; position < to; position++) {
			seen |= bytes[position];
			if (bytes[position] == '\n' && position > from && bytes[position - 1] == '\r') {
				this.ascii = (seen & HIGH_BITS) == 0;
				return position;
			}
		}
		return -1;
	}

	/**
	 * Reads the number that ends a part of a line.
	 * @param last where its last digit is
	 * @return the number, or -1 if there is none
	 */
	private int number(byte[] bytes, int from, int last) {
		int number = 0;
		int factor = 1;
		int position = last;
		while (position > from && bytes[position] >= '0' && bytes[position] <= '9') {
			number += (bytes[position--] - '0') * factor;
			factor *= 10;
		}
		this.numberStart = position + 1;
		int digits = last - position;
		return (digits > 0 && digits <= MAX_DIGITS && bytes[position] == ' ') ? number : -1;
	}

}
