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

package io.github.jetstreamspring.listener.pull;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many bytes each listener of a connection may have asked for. A server closes a
 * connection that doesn't take in time what it has for it, and counts what it sends to
 * all listeners together.
 * <p>
 * All have an equal share. Where there are so many that a large message doesn't fit into
 * one, they borrow the bytes for it, one after the other.
 */
final class ByteShares {

	// With what can be borrowed, half of what a server lets wait by default
	// (max_pending). The other half is for answers of other kinds, and for what is still
	// on its way of requests that were forgotten.
	private static final long SHARED = 24 * 1024 * 1024;

	private static final long LENT = 8 * 1024 * 1024;

	// Guarded by this
	private final Set<Object> askers = new HashSet<>();

	private final Map<Object, Long> loans = new HashMap<>();

	private long lent;

	private volatile long each = SHARED;

	/**
	 * Somebody begins to ask for messages, unless it has begun already.
	 * @param asker who it is
	 */
	synchronized void join(Object asker) {
		this.askers.add(asker);
		divide();
	}

	/**
	 * Somebody asks for messages no more.
	 * @param asker who it is
	 */
	synchronized void leave(Object asker) {
		this.askers.remove(asker);
		giveBack(asker);
		divide();
	}

	private void divide() {
		this.each = SHARED / Math.max(1, this.askers.size());
	}

	/**
	 * Returns how many bytes each of those who ask may ask for.
	 */
	long each() {
		return this.each;
	}

	/**
	 * Returns how many there are that ask.
	 */
	synchronized int askers() {
		return this.askers.size();
	}

	/**
	 * Lends somebody the bytes for one message, who has borrowed none.
	 * @param asker who it is
	 * @param bytes how many, which may be more than there are if nobody else has any
	 * @return whether they may be asked for
	 */
	synchronized boolean borrow(Object asker, long bytes) {
		if (this.lent > 0 && this.lent + bytes > LENT) {
			return false;
		}
		this.loans.put(asker, bytes);
		this.lent += bytes;
		return true;
	}

	/**
	 * What somebody has borrowed is on its way no more.
	 * @param asker who it is
	 */
	synchronized void giveBack(Object asker) {
		Long loan = this.loans.remove(asker);
		if (loan != null) {
			this.lent -= loan;
		}
	}

}
