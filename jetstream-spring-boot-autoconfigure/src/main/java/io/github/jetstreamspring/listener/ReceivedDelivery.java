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

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link Delivery} of a message that was received from the server. Whoever calls
 * {@link #claim()} first settles it; everybody else comes too late.
 */
final class ReceivedDelivery implements Delivery {

	private static final Headers NO_HEADERS = new Headers(null, true);

	private final Message message;

	private final Settler settler;

	private final Consumer<ReceivedDelivery> onDone;

	private final AtomicBoolean claimed = new AtomicBoolean();

	private final long receivedNanos = System.nanoTime();

	private volatile long leasedNanos = this.receivedNanos;

	private volatile long startedNanos;

	private volatile long runNanos;

	// Guarded by this, so that an interrupt never hits a thread that has moved on
	private @Nullable Thread worker;

	private volatile boolean settled;

	private volatile boolean overrun;

	/**
	 * Creates a delivery.
	 * @param message the message
	 * @param settler carries out the verbs
	 * @param onDone is called once, when the delivery is settled and its handler, if it
	 * has started, has ended
	 */
	ReceivedDelivery(Message message, Settler settler, Consumer<ReceivedDelivery> onDone) {
		this.message = message;
		this.settler = settler;
		this.onDone = onDone;
	}

	Message message() {
		return this.message;
	}

	/**
	 * Claims the right to settle this delivery.
	 * @return whether the caller is the first
	 */
	boolean claim() {
		return this.claimed.compareAndSet(false, true);
	}

	/**
	 * Binds this delivery to the current thread, which is to run the handler.
	 * @return whether there is still something to handle
	 */
	synchronized boolean begin() {
		if (this.claimed.get()) {
			return false;
		}
		this.worker = Thread.currentThread();
		this.startedNanos = System.nanoTime();
		return true;
	}

	void end() {
		boolean done;
		synchronized (this) {
			this.worker = null;
			this.runNanos = System.nanoTime() - this.startedNanos;
			// What an interrupt from here was meant for is over
			Thread.interrupted();
			done = this.settled;
		}
		if (done) {
			this.onDone.accept(this);
		}
	}

	/**
	 * The server has been told what became of the message.
	 */
	void settled() {
		boolean done;
		synchronized (this) {
			this.settled = true;
			done = (this.worker == null);
		}
		if (done) {
			this.onDone.accept(this);
		}
	}

	boolean isSettled() {
		return this.settled;
	}

	/**
	 * Interrupts the handler if it is running.
	 * @return the interrupted thread, or {@code null}
	 */
	synchronized @Nullable Thread interrupt() {
		if (this.worker != null) {
			this.worker.interrupt();
		}
		return this.worker;
	}

	/**
	 * Marks this delivery as one that takes too long. Called by one thread alone.
	 * @return whether it was not marked before
	 */
	boolean markOverrun() {
		boolean first = !this.overrun;
		this.overrun = true;
		return first;
	}

	/**
	 * Returns how long the message has kept the listener waiting or working.
	 * @param now the current {@link System#nanoTime()}
	 * @return nanoseconds since the handler started, or else since the message came
	 */
	long age(long now) {
		return now - ((this.startedNanos != 0) ? this.startedNanos : this.receivedNanos);
	}

	long leaseAge(long now) {
		return now - this.leasedNanos;
	}

	long runNanos() {
		return this.runNanos;
	}

	@Override
	public String subject() {
		return this.message.getSubject();
	}

	@Override
	public String stream() {
		return this.message.metaData().getStream();
	}

	@Override
	public String consumer() {
		return this.message.metaData().getConsumer();
	}

	@Override
	public long streamSequence() {
		return this.message.metaData().streamSequence();
	}

	@Override
	public long attempt() {
		return this.message.metaData().deliveredCount();
	}

	@Override
	public Instant timestamp() {
		return this.message.metaData().timestamp().toInstant();
	}

	@Override
	public long pending() {
		return this.message.metaData().pendingCount();
	}

	@Override
	public Headers headers() {
		Headers headers = this.message.getHeaders();
		return (headers != null) ? headers : NO_HEADERS;
	}

	@Override
	public void ack() {
		claimOrThrow();
		this.settler.ack(this);
	}

	@Override
	public void retry() {
		claimOrThrow();
		this.settler.retry(this, null, null);
	}

	@Override
	public void retry(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "'delay' must not be negative, but is " + delay);
		claimOrThrow();
		this.settler.retry(this, delay, null);
	}

	@Override
	public void deadLetter(String reason) {
		claimOrThrow();
		this.settler.deadLetter(this, reason, null);
	}

	@Override
	public void discard(String reason) {
		claimOrThrow();
		this.settler.discard(this, reason, null);
	}

	@Override
	public void extendLease() {
		this.leasedNanos = System.nanoTime();
		this.message.inProgress();
	}

	private void claimOrThrow() {
		if (!claim()) {
			throw new IllegalStateException("Message " + this + " is settled already");
		}
	}

	/**
	 * Names the message for logs and errors, without its content.
	 */
	@Override
	public String toString() {
		return stream() + "#" + streamSequence() + " (" + subject() + ")";
	}

}
