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

package io.github.jetstreamspring.listener;

/**
 * How many messages a listener may ask for: as many as it has workers, plus a buffer for
 * handlers so quick that the workers would idle while the next messages travel.
 * <p>
 * A message is asked for, then in hand, then settled; the three counts together never
 * exceed the window, so that no instance hoards what another one could handle.
 */
final class Credit {

	// What the buffer is to bridge: a few round trips to a server nearby
	private static final long BRIDGED_NANOS = 10_000_000;

	// Handlers that take this long need no buffer: it would only keep work from others
	private static final long UNBUFFERED_NANOS = 50_000_000;

	private static final int MAX_BUFFER = 500;

	// Asking one by one costs a request per message; a fraction of the window is enough
	// to keep the workers busy
	private static final int PORTIONS = 8;

	private final int concurrency;

	private final int limit;

	private int asked;

	private int inHand;

	private double averageNanos = UNBUFFERED_NANOS;

	/**
	 * Creates a credit.
	 * @param concurrency the number of workers
	 * @param maxAckPending the most messages that the consumer has out, or -1
	 */
	Credit(int concurrency, long maxAckPending) {
		this.concurrency = concurrency;
		this.limit = (int) ((maxAckPending > 0) ? Math.min(maxAckPending, Integer.MAX_VALUE) : Integer.MAX_VALUE);
	}

	/**
	 * Claims what may be asked for now.
	 * @param most the most messages that one request may ask for
	 * @return the number of messages to ask for, 0 if it isn't worth a request yet
	 */
	synchronized int claim(int most) {
		int window = window();
		int free = window - this.asked - this.inHand;
		if (free < Math.max(1, window / PORTIONS)) {
			return 0;
		}
		int claimed = Math.min(free, most);
		this.asked += claimed;
		return claimed;
	}

	/**
	 * A message that was asked for has come.
	 */
	synchronized void received() {
		this.asked = Math.max(0, this.asked - 1);
		this.inHand++;
	}

	/**
	 * A message has come that was asked for before {@link #forgetAsked()}.
	 */
	synchronized void receivedLate() {
		this.inHand++;
	}

	/**
	 * The server has ended a request without having sent this many messages.
	 * @param count the number of messages
	 */
	synchronized void returned(int count) {
		this.asked = Math.max(0, this.asked - count);
	}

	/**
	 * What was asked for won't come any more.
	 */
	synchronized void forgetAsked() {
		this.asked = 0;
	}

	/**
	 * A message in hand is settled.
	 */
	synchronized void settled() {
		this.inHand--;
	}

	/**
	 * A handler has ended.
	 * @param nanos how long it ran
	 */
	synchronized void ran(long nanos) {
		this.averageNanos += (nanos - this.averageNanos) / 16;
	}

	synchronized boolean isAwaiting() {
		return this.asked > 0;
	}

	synchronized int inHand() {
		return this.inHand;
	}

	private int window() {
		double perWorker = BRIDGED_NANOS / Math.max(1, this.averageNanos) - (double) BRIDGED_NANOS / UNBUFFERED_NANOS;
		int buffer = (int) Math.min(MAX_BUFFER, Math.max(0, this.concurrency * perWorker / 2));
		return Math.min(this.limit, this.concurrency + buffer);
	}

}
