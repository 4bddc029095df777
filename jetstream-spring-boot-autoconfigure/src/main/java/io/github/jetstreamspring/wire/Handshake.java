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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads what a server says up to its first message. The client gives up for good when a
 * server refuses it twice with the same words, so each refusal is marked with a number:
 * credentials can be put right on both sides while the application runs. Later ones need
 * no mark, as an attempt to connect is over by then.
 */
final class Handshake implements MessageGuard.Source {

	private static final AtomicLong refusals = new AtomicLong();

	// The server's own errors are shorter by far
	private static final int MAX_ERROR = 4096;

	private static final byte[] NOTHING = {};

	private final MessageGuard.Source source;

	private boolean over;

	private boolean lineStart = true;

	// Was read, and is to be looked at
	private byte[] unread = NOTHING;

	// Was looked at, and is to be passed on before what is unread
	private byte[] held = NOTHING;

	Handshake(MessageGuard.Source source) {
		this.source = source;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		if (this.held.length > 0) {
			int count = copy(this.held, target, offset, length);
			this.held = Arrays.copyOfRange(this.held, count, this.held.length);
			return count;
		}
		int count = readUnread(target, offset, length);
		int error = (count > 0 && !this.over) ? error(target, offset, offset + count) : -1;
		if (error < 0) {
			return count;
		}
		takeError(Arrays.copyOfRange(target, error, offset + count));
		return (error > offset) ? error - offset : read(target, offset, length);
	}

	private int readUnread(byte[] target, int offset, int length) throws IOException {
		if (this.unread.length == 0) {
			return this.source.read(target, offset, length);
		}
		int count = copy(this.unread, target, offset, length);
		this.unread = Arrays.copyOfRange(this.unread, count, this.unread.length);
		return count;
	}

	private static int copy(byte[] from, byte[] target, int offset, int length) {
		int count = Math.min(length, from.length);
		System.arraycopy(from, 0, target, offset, count);
		return count;
	}

	/**
	 * Goes through the bytes, up to the first message.
	 * @return where an error begins, or -1
	 */
	private int error(byte[] bytes, int from, int to) {
		for (int i = from; i < to; i++) {
			if (this.lineStart) {
				if (bytes[i] == '-') {
					return i;
				}
				if (bytes[i] == 'M' || bytes[i] == 'H') {
					this.over = true;
					return -1;
				}
			}
			this.lineStart = bytes[i] == '\n';
		}
		return -1;
	}

	private void takeError(byte[] begun) throws IOException {
		byte[] bytes = join(begun, this.unread);
		while (lineEnd(bytes) < 0 && bytes.length < MAX_ERROR) {
			byte[] more = new byte[512];
			int count = this.source.read(more, 0, more.length);
			if (count <= 0) {
				break;
			}
			bytes = join(bytes, Arrays.copyOf(more, count));
		}
		int end = lineEnd(bytes) + 1;
		if (end == 0) {
			// No error of a server's
			this.over = true;
			end = bytes.length;
		}
		this.held = marked(new String(bytes, 0, end, StandardCharsets.ISO_8859_1));
		this.unread = Arrays.copyOfRange(bytes, end, bytes.length);
	}

	private static byte[] join(byte[] first, byte[] second) {
		byte[] joined = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, joined, first.length, second.length);
		return joined;
	}

	private static byte[] marked(String line) {
		int quote = line.endsWith("\n") ? line.lastIndexOf('\'') : -1;
		String marked = (quote >= 0 && isRefusal(line))
				? line.substring(0, quote) + Refusal.MARK.formatted(refusals.incrementAndGet()) + line.substring(quote)
				: line;
		return marked.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static boolean isRefusal(String line) {
		String text = line.toLowerCase(Locale.ROOT);
		return text.contains("authorization") || text.contains("authentication");
	}

	private static int lineEnd(byte[] bytes) {
		for (int i = 0; i < bytes.length; i++) {
			if (bytes[i] == '\n') {
				return i;
			}
		}
		return -1;
	}

}
