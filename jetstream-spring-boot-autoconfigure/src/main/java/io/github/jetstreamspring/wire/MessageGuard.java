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
import java.util.Arrays;

/**
 * Reads from a server on the client's behalf, and passes everything on as it is, except
 * for messages that the client can't read, which it replaces. What comes in parts is held
 * back until it is known which of the two it is.
 */
final class MessageGuard {

	private final Source source;

	private final ProtocolFollower follower;

	private final PassedMessages messages;

	// From start to passed: to be passed on. From there to end: held back.
	private byte[] held = new byte[512];

	private int start;

	private int passed;

	private int end;

	// Whether what is held back is to be looked at before more is read
	private boolean fresh;

	MessageGuard(Source source, int clientMaxLine, Incoming incoming) {
		this.source = source;
		this.messages = new PassedMessages(incoming);
		this.follower = new ProtocolFollower(clientMaxLine, this.messages);
	}

	/**
	 * Reads at least one byte.
	 * @return the number of bytes, or -1 when there are no more
	 */
	int read(byte[] target, int offset, int length) throws IOException {
		takenOver();
		while (true) {
			if (this.fresh && this.passed == this.start) {
				look();
			}
			if (this.passed > this.start) {
				return pass(target, offset, length);
			}
			if (this.end - this.start >= length) {
				// A header block that is larger than all that the client reads at once
				readMore();
				continue;
			}
			int waiting = this.end - this.start;
			System.arraycopy(this.held, this.start, target, offset, waiting);
			int count = this.source.read(target, offset + waiting, length - waiting);
			if (count <= 0 && (waiting == 0 || count == 0)) {
				return count;
			}
			clear();
			int until = offset + waiting + Math.max(count, 0);
			int passable = (count > 0) ? this.follower.follow(target, offset, until) : until;
			if (passable < until) {
				hold(target, passable, until);
			}
			if (passable > offset) {
				return passable - offset;
			}
		}
	}

	private void takenOver() {
		if (this.end != this.start) {
			this.messages.tell(0);
			return;
		}
		boolean inPart = this.follower.isInMessage();
		this.messages.tell(inPart ? this.messages.count() - 1 : this.messages.count());
		this.messages.takenOver(inPart);
	}

	private int pass(byte[] target, int offset, int length) {
		int count = Math.min(length, this.passed - this.start);
		System.arraycopy(this.held, this.start, target, offset, count);
		this.start += count;
		if (this.start == this.end) {
			clear();
		}
		return count;
	}

	private void clear() {
		this.start = 0;
		this.passed = 0;
		this.end = 0;
		this.fresh = false;
	}

	private void hold(byte[] bytes, int from, int to) {
		reserve(to - from);
		System.arraycopy(bytes, from, this.held, 0, to - from);
		this.end = to - from;
		this.fresh = (this.follower.unreadable() != null);
	}

	private void readMore() throws IOException {
		reserve(this.end + this.held.length / 2);
		int count = this.source.read(this.held, this.end, this.held.length - this.end);
		if (count < 0) {
			this.follower.stop();
			this.passed = this.end;
			return;
		}
		this.end += count;
		this.fresh = true;
	}

	private void reserve(int size) {
		if (size > this.held.length) {
			this.held = Arrays.copyOf(this.held, Math.max(size, 2 * this.held.length));
		}
	}

	private void look() {
		this.passed = this.follower.follow(this.held, this.start, this.end);
		UnreadableMessage message = this.follower.unreadable();
		this.fresh = (message != null);
		if (message == null || this.passed > this.start) {
			return;
		}
		if (message.isWellFormed(this.held)) {
			replace(message);
		}
		else {
			this.follower.stop();
			this.passed = this.end;
		}
	}

	private void replace(UnreadableMessage message) {
		byte[] replacement = message.replacement(this.held);
		byte[] rest = Arrays.copyOfRange(this.held, message.end(), this.end);
		this.messages.add(Incoming.ANY);
		this.follower.skip(message);
		clear();
		reserve(replacement.length + rest.length);
		System.arraycopy(replacement, 0, this.held, 0, replacement.length);
		System.arraycopy(rest, 0, this.held, replacement.length, rest.length);
		this.passed = replacement.length;
		this.end = replacement.length + rest.length;
		this.fresh = rest.length > 0;
	}

	/**
	 * Where bytes come from.
	 */
	@FunctionalInterface
	interface Source {

		/**
		 * Reads at least one byte, as {@link java.io.InputStream#read} does.
		 */
		int read(byte[] target, int offset, int length) throws IOException;

	}

}
