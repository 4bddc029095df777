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

/**
 * How large the messages of a consumer are, and so how many fit into a number of bytes.
 * Not safe for threads.
 */
final class MessageSizes {

	// How many messages a large one is remembered for
	private static final int MEMORY = 16;

	// Nothing is known at first
	private static final double UNKNOWN = 16 * 1024;

	// Messages of about the same size fit, and a quarter is room for larger ones
	private static final double MARGIN = 1.25;

	// Small messages have as much room as if there were so many of them, which makes room
	// for larger ones among them
	private static final int MANY = 2048;

	// No server takes larger messages
	private static final long LARGEST = 128 * 1024 * 1024;

	private double largest = UNKNOWN;

	/**
	 * A message has come.
	 * @param bytes its size
	 */
	void received(long bytes) {
		this.largest = (bytes >= this.largest) ? bytes : this.largest - (this.largest - bytes) / MEMORY;
	}

	/**
	 * The next message is larger than a request for it was. It may be as large as
	 * messages are, or larger if the server took larger ones before.
	 * @param bytes how large the request was
	 * @param maxMessage the largest message that the server takes now
	 */
	void exceeds(long bytes, long maxMessage) {
		long next = (bytes < maxMessage) ? maxMessage : Math.min(LARGEST, 2 * bytes);
		this.largest = Math.max(this.largest, next / MARGIN);
	}

	/**
	 * Perhaps nothing comes for a while. What is asked for meanwhile must not be more
	 * than the share: it would keep others from borrowing.
	 * @param share how many bytes may be asked for in all
	 */
	void rested(long share) {
		this.largest = Math.min(this.largest, Math.floor(share / MARGIN));
	}

	/**
	 * Returns how many bytes to ask for, for each message.
	 * @param share how many bytes may be asked for in all
	 * @param window how many messages may be wanted at once; as many small ones fit
	 */
	long each(long share, int window) {
		return Math.max((long) Math.ceil(this.largest * MARGIN), share / Math.max(MANY, window));
	}

}
