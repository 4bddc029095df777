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

	private static final int FIELD = 3;

	private final byte[] block;

	// Where each header begins, where its colon is, and where it ends. Empty if not all
	// can be read in the simple way.
	private final int[] fields;

	private @Nullable Headers headers;

	private HeaderBlock(byte[] block, int[] fields, @Nullable Headers headers) {
		this.block = block;
		this.fields = fields;
		this.headers = headers;
	}

	/**
	 * Has headers that are parsed already.
	 * @param headers the headers
	 * @return the same headers
	 */
	public static HeaderBlock of(Headers headers) {
		return new HeaderBlock(new byte[0], new int[0], headers);
	}

	/**
	 * Returns the headers of a message that has come without payload.
	 * @param message the message, with headers or
	 * {@linkplain #leaveUnparsed(Connection, Message) as its data}
	 * @return its headers
	 */
	public static HeaderBlock of(Message message) {
		Headers headers = message.getHeaders();
		byte[] data = NatsMessages.data(message);
		if (headers != null || data.length == 0) {
			return of((headers != null) ? headers : NONE);
		}
		int[] fields = fields(data);
		return new HeaderBlock(data, fields, (fields.length > 0) ? null : HeaderReader.read(data).headers());
	}

	/**
	 * Leaves the headers of a subscription's messages unparsed from now on. The
	 * subscription must be one for messages without payload, all of which have headers.
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
	 * Finds the headers of a block, if all of it is printable ASCII and as usual.
	 */
	private static int[] fields(byte[] block) {
		int[] fields = new int[24 * FIELD];
		int count = 0;
		int colon = -1;
		int start = lineEnd(block, 0) + 2;
		for (int i = start; i < block.length; i++) {
			byte character = block[i];
			if (character == ':' && colon < 0) {
				colon = i;
			}
			else if (character == '\r') {
				if (i == start && i + 2 == block.length && block[i + 1] == '\n') {
					return Arrays.copyOf(fields, count);
				}
				if (colon <= start || i + 1 == block.length || block[i + 1] != '\n') {
					return new int[0];
				}
				if (count == fields.length) {
					fields = Arrays.copyOf(fields, 2 * count);
				}
				fields[count++] = start;
				fields[count++] = colon;
				fields[count++] = i;
				start = i + 2;
				colon = -1;
				i++;
			}
			else if (character < ' ' || character == 127 || character == ' ' && colon < 0) {
				return new int[0];
			}
		}
		return new int[0];
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
