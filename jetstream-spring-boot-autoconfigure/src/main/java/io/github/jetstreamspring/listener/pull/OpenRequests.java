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

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The requests for messages that have not ended, not safe for threads.
 * <p>
 * The server says of each one that it has ended, filled or not. It says nothing of one
 * that it drops, as it does when more requests wait than the consumer's
 * {@code max-pull-waiting} (since 2.11.5), and when one comes while the consumer's leader
 * changes. What is expected beyond what open requests can bring is lost.
 */
final class OpenRequests {

	/**
	 * How often to look what is lost. Intervals are counted, not the time, because a JVM
	 * that was paused has not yet read what was said meanwhile.
	 */
	static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

	// A replicated consumer says that a request is filled before its servers agree on the
	// messages and send them
	private static final int PATIENCE = intervals(Duration.ofMillis(1500));

	private final Map<Long, Request> requests = new HashMap<>();

	private long last;

	// Of all that are open
	private long bytes;

	private int messages;

	// What was expected beyond the open requests at the last looks
	private final int[] missing = new int[PATIENCE];

	private int look;

	/**
	 * Adds a request.
	 * @param count the number of messages
	 * @param bytes the most bytes that they may have
	 * @param expiry how long it waits for messages
	 * @return the request
	 */
	Request add(int count, long bytes, Duration expiry) {
		Request request = new Request(++this.last, count, bytes, intervals(expiry) + PATIENCE);
		this.requests.put(request.number, request);
		this.bytes += bytes;
		this.messages += count;
		return request;
	}

	/**
	 * A request has ended.
	 * @param number the request's number
	 * @return the request, or {@code null} if it was not open
	 */
	@Nullable Request end(long number) {
		Request ended = this.requests.remove(number);
		if (ended != null) {
			closed(ended);
		}
		return ended;
	}

	private void closed(Request request) {
		this.bytes -= request.bytes;
		this.messages -= request.count;
	}

	/**
	 * Forgets the requests that nothing comes of as long as this client is the one that
	 * gets messages: those that were made before it was, besides the first, which is the
	 * one that it was chosen by.
	 * @param pinId the id by which the server knows this client now
	 * @return how many messages they were for
	 */
	int forgetUnpinned(String pinId) {
		long first = this.requests.values()
			.stream()
			.filter((request) -> request.pinId == null)
			.mapToLong(Request::number)
			.min()
			.orElse(0);
		int forgotten = 0;
		for (Iterator<Request> all = this.requests.values().iterator(); all.hasNext();) {
			Request request = all.next();
			if (request.number == first) {
				request.madeBy(pinId);
			}
			else if (request.pinId == null) {
				all.remove();
				closed(request);
				forgotten += request.count;
			}
		}
		return forgotten;
	}

	/**
	 * Returns how many bytes may be on their way, or may be sent at any time.
	 * @param expected the number of messages that were asked for and have not come
	 * @param each the size of a message of which it isn't known which request it is for
	 */
	long bytes(int expected, long each) {
		return this.bytes + Math.max(0, expected - this.messages) * each;
	}

	/**
	 * Forgets all requests.
	 */
	void clear() {
		this.requests.clear();
		this.bytes = 0;
		this.messages = 0;
		Arrays.fill(this.missing, 0);
	}

	/**
	 * Looks how many messages won't come, though they are expected.
	 * @param expected the number of messages that were asked for and have not come
	 * @param intervals how many {@linkplain #LOOK_INTERVAL intervals} have passed since
	 * the last look
	 * @return how many of them won't: as many as were missing at all the last looks
	 */
	int lost(int expected, int intervals) {
		for (Iterator<Request> all = this.requests.values().iterator(); all.hasNext();) {
			Request request = all.next();
			request.intervals -= intervals;
			if (request.intervals < 0) {
				all.remove();
				closed(request);
			}
		}
		this.missing[this.look++ % PATIENCE] = Math.max(0, expected - this.messages);
		int lost = Arrays.stream(this.missing).min().getAsInt();
		for (int i = 0; i < this.missing.length; i++) {
			this.missing[i] -= lost;
		}
		return lost;
	}

	/**
	 * Returns how many intervals there are in a time.
	 */
	static int intervals(Duration time) {
		// A duration divides itself by big decimals, whose class takes long to load
		return (int) (time.toNanos() / LOOK_INTERVAL.toNanos());
	}

	/**
	 * A request for messages.
	 */
	static final class Request {

		private final long number;

		private final int count;

		private final long bytes;

		// By then the server has ended the request, if it knows of it
		private int intervals;

		private volatile @Nullable String pinId;

		private Request(long number, int count, long bytes, int intervals) {
			this.number = number;
			this.count = count;
			this.bytes = bytes;
			this.intervals = intervals;
		}

		long number() {
			return this.number;
		}

		/**
		 * Takes over by which id the server knows who has made it, before it is sent.
		 */
		void madeBy(@Nullable String pinId) {
			this.pinId = pinId;
		}

		@Nullable String pinId() {
			return this.pinId;
		}

		int count() {
			return this.count;
		}

		/**
		 * Returns how many bytes the messages may have together.
		 */
		long bytes() {
			return this.bytes;
		}

	}

}
