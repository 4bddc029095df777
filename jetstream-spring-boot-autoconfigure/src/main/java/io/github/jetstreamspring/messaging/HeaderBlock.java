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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.github.jetstreamspring.wire.Incoming;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Headers of which few are looked at. Where the connection allows it, the others aren't
 * parsed, which is most of what the client does with a message.
 *
 * @since 0.1.0
 */
public final class HeaderBlock {

	private static final Headers NONE = new Headers(null, true);

	private static final byte[] VERSION = "NATS/1.0".getBytes(StandardCharsets.US_ASCII);

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGH_BITS = 0x8080808080808080L;

	private static final int FIELD = 3;

	// More than this isn't kept for what nobody has asked for
	private static final int MAX_KEPT = 4096;

	// What follows the headers is not looked at
	private final byte[] block;

	// Where each header begins, where its colon is, and where it ends. Empty if not all
	// can be read in the simple way.
	private final int[] fields;

	private final int payloadSize;

	private @Nullable Headers headers;

	private HeaderBlock(byte[] block, int[] fields, int payloadSize, @Nullable Headers headers) {
		this.block = block;
		this.fields = fields;
		this.payloadSize = payloadSize;
		this.headers = headers;
	}

	/**
	 * Has headers that are parsed already.
	 * @param headers the headers
	 * @return the same headers
	 */
	public static HeaderBlock of(Headers headers) {
		return new HeaderBlock(new byte[0], new int[0], 0, headers);
	}

	/**
	 * Returns the headers of a message.
	 * @param message the message, with headers that are parsed, or
	 * {@linkplain #leaveUnparsed(Connection, Message) in front of its payload}
	 * @return its headers
	 */
	public static HeaderBlock of(Message message) {
		Headers headers = message.getHeaders();
		byte[] data = NatsMessages.data(message);
		if (headers != null || !isBlock(data)) {
			return new HeaderBlock(new byte[0], new int[0], data.length, (headers != null) ? headers : NONE);
		}
		int[] fields = fields(data);
		int end = end(data, fields);
		byte[] block = (data.length - end > MAX_KEPT) ? Arrays.copyOf(data, end) : data;
		return new HeaderBlock(block, fields, data.length - end,
				(fields.length > 0) ? null : HeaderReader.read(block).headers());
	}

	// Else it is the payload of a message that has none. If somebody lets it look like
	// this, it has the headers that the same could have published.
	private static boolean isBlock(byte[] data) {
		return data.length > VERSION.length && Arrays.equals(data, 0, VERSION.length, VERSION, 0, VERSION.length);
	}

	/**
	 * Returns where headers end, and what follows begins.
	 */
	private static int end(byte[] data, int[] fields) {
		int lineEnd = (fields.length > 0) ? fields[fields.length - 1] : lineEnd(data, 0);
		while (lineEnd + 4 <= data.length) {
			if (data[lineEnd + 1] == '\n' && data[lineEnd + 2] == '\r' && data[lineEnd + 3] == '\n') {
				return lineEnd + 4;
			}
			lineEnd = lineEnd(data, lineEnd + 1);
		}
		return data.length;
	}

	/**
	 * Leaves the headers of a subscription's messages unparsed from now on.
	 * @param connection the connection
	 * @param message a message that has come to the subscription
	 */
	public static void leaveUnparsed(Connection connection, Message message) {
		Incoming incoming = Incoming.of(connection);
		if (incoming != null) {
			incoming.leaveUnparsed(message);
		}
	}

	/**
	 * Ends what {@link #leaveUnparsed(Connection, Message)} has begun.
	 * @param connection the connection
	 * @param message a message that has come to the subscription
	 */
	public static void parse(Connection connection, Message message) {
		Incoming incoming = Incoming.of(connection);
		if (incoming != null) {
			incoming.parse(message);
		}
	}

	/**
	 * Finds the headers of a block, if all of them are printable ASCII and as usual.
	 */
	private static int[] fields(byte[] block) {
		int[] fields = new int[24 * FIELD];
		int count = 0;
		int start = lineEnd(block, 0) + 2;
		while (start + 1 < block.length) {
			if (block[start] == '\r' && block[start + 1] == '\n') {
				return Arrays.copyOf(fields, count);
			}
			int colon = colon(block, start);
			int end = (colon > start) ? valueEnd(block, colon + 1) : block.length;
			if (end + 1 >= block.length || block[end] != '\r' || block[end + 1] != '\n') {
				return new int[0];
			}
			if (count == fields.length) {
				fields = Arrays.copyOf(fields, 2 * count);
			}
			fields[count++] = start;
			fields[count++] = colon;
			fields[count++] = end;
			start = end + 2;
		}
		return new int[0];
	}

	/**
	 * Returns where a name ends, or -1 if it has what no name has.
	 */
	private static int colon(byte[] block, int from) {
		for (int i = from; i < block.length; i++) {
			byte character = block[i];
			if (character == ':') {
				return i;
			}
			if (character <= ' ' || character == 127) {
				return -1;
			}
		}
		return -1;
	}

	/**
	 * Returns where the first character is that isn't printable ASCII, going eight at a
	 * time.
	 */
	private static int valueEnd(byte[] block, int from) {
		int position = from;
		while (position <= block.length - Long.BYTES) {
			long word = (long) LONGS.get(block, position);
			if ((((word - ONES * ' ') & ~word | word | (word + ONES)) & HIGH_BITS) != 0) {
				break;
			}
			position += Long.BYTES;
		}
		while (position < block.length && block[position] >= ' ' && block[position] != 127) {
			position++;
		}
		return position;
	}

	private static int lineEnd(byte[] block, int from) {
		int end = from;
		while (end < block.length && block[end] != '\r') {
			end++;
		}
		return end;
	}

	/**
	 * Returns the first value of a header.
	 * @param name its name, in ASCII
	 * @return the value, or {@code null} if there is no such header
	 */
	public @Nullable String getFirst(String name) {
		if (this.headers != null) {
			return this.headers.getFirst(name);
		}
		for (int i = 0; i < this.fields.length; i += FIELD) {
			if (isName(this.fields[i], this.fields[i + 1], name)) {
				return value(this.fields[i + 1] + 1, this.fields[i + 2]);
			}
		}
		return null;
	}

	/**
	 * Returns the last value of a header, such as one that the server adds.
	 * @param name its name, in ASCII
	 * @return the value, or {@code null} if there is no such header
	 */
	public @Nullable String getLast(String name) {
		if (this.headers != null) {
			return this.headers.getLast(name);
		}
		for (int i = this.fields.length - FIELD; i >= 0; i -= FIELD) {
			if (isName(this.fields[i], this.fields[i + 1], name)) {
				return value(this.fields[i + 1] + 1, this.fields[i + 2]);
			}
		}
		return null;
	}

	// Many begin alike, few end alike
	private boolean isName(int from, int to, String name) {
		if (to - from != name.length()) {
			return false;
		}
		for (int i = name.length() - 1; i >= 0; i--) {
			if (this.block[from + i] != name.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	private String value(int start, int end) {
		int from = start;
		int to = end;
		while (from < to && this.block[from] == ' ') {
			from++;
		}
		while (to > from && this.block[to - 1] == ' ') {
			to--;
		}
		return new String(this.block, from, to - from, StandardCharsets.ISO_8859_1);
	}

	/**
	 * Returns how many bytes of payload the message has come with.
	 * @return how many
	 */
	public int payloadSize() {
		return this.payloadSize;
	}

	/**
	 * Returns how many bytes are kept.
	 * @return how many
	 */
	public int size() {
		return this.block.length + ((this.headers != null) ? this.headers.serializedLength() : 0);
	}

	/**
	 * Returns all headers.
	 * @return the headers, parsed
	 */
	public Headers all() {
		Headers all = this.headers;
		if (all == null) {
			all = HeaderReader.read(this.block).headers();
			this.headers = all;
		}
		return all;
	}

}
