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

import org.jspecify.annotations.Nullable;

/**
 * How many messages a listener may ask for, and how many bytes of them: as many as it has
 * workers, plus a buffer for handlers so quick that the workers would idle while the next
 * messages travel.
 * <p>
 * A message is asked for, then in hand, then settled; the three counts together never
 * exceed the window, so that no instance hoards what another one could handle. What waits
 * in hand for another message with the same key keeps no worker busy and makes the window
 * larger, as far as the buffer may grow.
 * <p>
 * What is asked for and has not come must fit into the listener's share of the bytes that
 * its connection may be sent at once. Messages of some kilobytes always do.
 *
 * @since 0.1.0
 */
public final class Credit {

	// How long a message may wait for a worker: a few round trips to a server nearby
	private static final long BRIDGED_NANOS = 10_000_000;

	// Asking one by one costs a request per message. A quarter of the buffer, which is
	// gone in a quarter of the bridged time, makes a few hundred requests a second at the
	// most, and leaves the rest of it for the time until they are answered.
	private static final int BUFFER_PORTIONS = 4;

	// The same where there is no room for a buffer
	private static final int LIMIT_PORTIONS = 8;

	private final int unit;

	private final int maxBuffer;

	private int maxAckPending;

	private int concurrency;

	private int limit = Integer.MAX_VALUE;

	private int asked;

	private final OpenRequests requests = new OpenRequests();

	private final ByteShares shares;

	private final MessageSizes sizes = new MessageSizes();

	// Whether what is asked for is more than the share
	private boolean borrowed;

	private int inHand;

	private long arrived;

	private final Waiting waiting = new Waiting();

	private Extent extent = Extent.USUAL;

	private final RunTimes runTimes = new RunTimes();

	/**
	 * Creates a credit.
	 * @param concurrency the number of workers
	 * @param unit how many messages a worker takes at once
	 * @param maxBuffer the most messages that wait for a worker
	 * @param maxAckPending the most messages that the consumer has out, or -1
	 * @param shared the connection, which tells how many bytes may be on their way
	 */
	public Credit(int concurrency, int unit, int maxBuffer, long maxAckPending, PullConnection shared) {
		this.shares = shared.shares();
		this.concurrency = concurrency;
		this.unit = unit;
		this.maxBuffer = maxBuffer;
		this.maxAckPending = bounded(maxAckPending);
	}

	/**
	 * Changes the number of workers.
	 * @param concurrency the number of workers
	 */
	public synchronized void resize(int concurrency) {
		this.concurrency = concurrency;
	}

	/**
	 * Changes how many messages the consumer may have out.
	 * @param maxAckPending the most messages, or -1
	 */
	public synchronized void maxAckPending(long maxAckPending) {
		this.maxAckPending = bounded(maxAckPending);
	}

	/**
	 * Returns how many messages can be in hand at once.
	 * @param wanted how many are wanted
	 * @return as many, or what the consumer may have out
	 */
	public synchronized int most(int wanted) {
		return Math.min(wanted, this.maxAckPending);
	}

	/**
	 * Limits the window, whatever the workers could take.
	 * @param limit the most messages asked for and in hand, without those parked
	 */
	public synchronized void limit(int limit) {
		this.limit = limit;
	}

	/**
	 * Has the window be as large as the consumer allows, or as usual.
	 * @param all whether to take all that the consumer may have out
	 */
	public synchronized void takeAll(boolean all) {
		this.extent = all ? Extent.ALL : Extent.USUAL;
		if (!all && this.inHand > window()) {
			this.extent = Extent.OVERFULL;
		}
	}

	/**
	 * A message was given back and is to come again: it is asked for, even where there
	 * would be no room.
	 * @return how many messages may come before it, counted from the first
	 */
	public synchronized long expect() {
		// Those that were given back before come before
		return this.arrived + this.asked + this.waiting.expect();
	}

	/**
	 * A message that was {@linkplain #expect() expected} has come, or is awaited no
	 * longer.
	 */
	public synchronized void expectNoLonger() {
		this.waiting.expectNoLonger();
	}

	/**
	 * Returns how many messages have come.
	 * @return the number
	 */
	public synchronized long arrived() {
		return this.arrived;
	}

	/**
	 * Returns whether a message that the server sends before others would have come, if
	 * it were to come at all: what has come are others, or there are none and the server
	 * still has a request for one.
	 * @param arrivals how many messages may have come before it
	 * @return whether it would
	 */
	public synchronized boolean isPassed(long arrivals) {
		return this.asked > 0 || this.arrived > arrivals;
	}

	/**
	 * Claims what may be asked for now.
	 * @param most the most messages that one request may ask for
	 * @param mostBytes the most bytes that it may ask for
	 * @param expiry how long it waits for messages
	 * @return the request to be made, or {@code null} if it isn't worth one yet
	 */
	synchronized OpenRequests.@Nullable Request claim(int most, long mostBytes, Duration expiry) {
		int window = window();
		int free = free(window);
		if (free < portion(window) && !isStarving(free)) {
			return null;
		}
		long share = this.shares.each();
		long each = Math.min(this.sizes.each(share, window), mostBytes);
		long fitting = fitting(share, each);
		if (fitting <= 0) {
			return null;
		}
		int claimed = (int) Math.min(Math.min(free, most), fitting);
		this.asked += claimed;
		return this.requests.add(claimed, Math.min(claimed * each, mostBytes), expiry);
	}

	private int free(int window) {
		int free = window - this.asked - this.inHand;
		if (free >= 0 && this.extent == Extent.OVERFULL) {
			this.extent = Extent.USUAL;
		}
		if (free > 0 || this.asked > 0) {
			return free;
		}
		// What is in hand may wait for messages that were given back
		if (this.extent == Extent.OVERFULL) {
			return (int) Math.min(roomBeyond(), workers() - (this.inHand - this.waiting.parked()));
		}
		int expected = this.waiting.claim(roomBeyond());
		return (expected > 0) ? expected : free;
	}

	private long roomBeyond() {
		return Math.min((long) this.limit + this.waiting.parked(), this.maxAckPending) - this.inHand;
	}

	private long fitting(long share, long each) {
		if (this.asked > 0) {
			return (share - this.requests.bytes(this.asked, each)) / each;
		}
		if (each <= share) {
			return share / each;
		}
		// One has to come, however small the share
		this.borrowed = this.shares.borrow(this, each);
		return this.borrowed ? 1 : 0;
	}

	private void giveBack() {
		if (this.borrowed && this.asked == 0) {
			this.borrowed = false;
			this.shares.giveBack(this);
			rested();
		}
	}

	/**
	 * A message that was asked for has come.
	 * @param bytes its size
	 */
	synchronized void received(long bytes) {
		this.asked = Math.max(0, this.asked - 1);
		receivedLate(bytes);
		giveBack();
	}

	/**
	 * A message has come that was asked for before {@link #forgetAsked()}.
	 * @param bytes its size
	 */
	synchronized void receivedLate(long bytes) {
		this.inHand++;
		this.arrived++;
		this.sizes.received(bytes);
	}

	/**
	 * The server has ended a request.
	 * @param request the request's number
	 * @param unfilled the number of messages that it has not sent
	 * @return the request, or {@code null} if it has been forgotten
	 */
	synchronized OpenRequests.@Nullable Request ended(long request, int unfilled) {
		OpenRequests.Request ended = this.requests.end(request);
		if (ended != null) {
			this.asked = Math.max(0, this.asked - unfilled);
			giveBack();
		}
		return ended;
	}

	/**
	 * A request has waited in vain.
	 */
	synchronized void rested() {
		this.sizes.rested(this.shares.each());
	}

	/**
	 * The next message is larger than a request for it was.
	 * @param bytes how large the request was
	 * @param maxMessage the largest message that the server takes now
	 */
	synchronized void exceeds(long bytes, long maxMessage) {
		this.sizes.exceeds(bytes, maxMessage);
	}

	/**
	 * Forgets what was asked for and won't come, because the server has dropped the
	 * request for it. To be called every {@link OpenRequests#LOOK_INTERVAL} or few of
	 * them.
	 * @param intervals how many of them have passed since the last call
	 * @return the number of messages
	 */
	synchronized int forgetLost(int intervals) {
		this.waiting.look();
		int lost = this.requests.lost(this.asked, intervals);
		this.asked -= lost;
		giveBack();
		return lost;
	}

	/**
	 * This has become the one client that gets messages: nothing comes of what was asked
	 * for before, except of the first request.
	 * @param pinId the id by which the server knows this client now
	 */
	synchronized void forgetUnpinned(String pinId) {
		this.asked = Math.max(0, this.asked - this.requests.forgetUnpinned(pinId));
		giveBack();
	}

	/**
	 * What was asked for won't come any more.
	 */
	synchronized void forgetAsked() {
		this.requests.clear();
		this.asked = 0;
		giveBack();
	}

	/**
	 * A message in hand waits for another one with the same key, or for its next attempt.
	 */
	public synchronized void park() {
		this.waiting.park();
	}

	/**
	 * A message waits no longer for another one.
	 */
	public synchronized void unpark() {
		this.waiting.unpark();
	}

	/**
	 * A message in hand is settled.
	 */
	public synchronized void settled() {
		this.inHand--;
	}

	/**
	 * A handler has ended.
	 * @param nanos how long it ran
	 */
	public synchronized void ran(long nanos) {
		this.runTimes.ran(nanos);
	}

	/**
	 * Returns how long handlers run.
	 * @return a moving average in nanoseconds
	 */
	public double averageNanos() {
		return this.runTimes.averageNanos();
	}

	/**
	 * Returns whether there is something that the server has to answer.
	 * @return whether messages are asked for and have not come
	 */
	public synchronized boolean isAwaiting() {
		return this.asked > 0;
	}

	/**
	 * Returns how many messages have come and are not settled.
	 * @return the number
	 */
	public synchronized int inHand() {
		return this.inHand;
	}

	/**
	 * Returns how many messages may be here, waiting and running, or on their way here.
	 * @return the number, which follows the time that handlers take
	 */
	public synchronized int size() {
		return window();
	}

	private static int bounded(long maxAckPending) {
		return (int) ((maxAckPending > 0) ? Math.min(maxAckPending, Integer.MAX_VALUE) : Integer.MAX_VALUE);
	}

	/**
	 * Returns whether a worker has nothing to do and nothing is on its way to it. What is
	 * parked may wait for just the message that nobody has asked for.
	 */
	private boolean isStarving(int free) {
		return free > 0 && this.asked == 0 && this.inHand - this.waiting.parked() < workers();
	}

	private int portion(int window) {
		long bridging = Math.min(this.maxBuffer, bridging());
		boolean limited = window < workers() + bridging;
		return (int) Math.max(1, limited ? window / LIMIT_PORTIONS : bridging / BUFFER_PORTIONS);
	}

	private int window() {
		boolean unbounded = this.extent == Extent.ALL && this.maxAckPending < Integer.MAX_VALUE;
		long buffer = unbounded ? this.maxAckPending : Math.min(this.maxBuffer, bridging() + this.waiting.parked());
		return (int) Math.min(Math.min((long) this.limit + this.waiting.parked(), this.maxAckPending),
				workers() + buffer);
	}

	private long bridging() {
		return (long) (workers() * BRIDGED_NANOS / Math.max(1, this.runTimes.averageNanos()));
	}

	private long workers() {
		return (long) this.concurrency * this.unit;
	}

	/**
	 * How large the window is.
	 */
	private enum Extent {

		/**
		 * As large as the workers need it.
		 */
		USUAL,

		/**
		 * As large as the consumer allows.
		 */
		ALL,

		/**
		 * As usual, but more is in hand since it was larger.
		 */
		OVERFULL

	}

}
