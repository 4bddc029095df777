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
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.jetstreamspring.messaging.MessageIdentity;
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

	// The newest one, if it came several times while it was in hand: the content is the
	// same, and the server takes any answer to the last reply subject
	private volatile Message message;

	private final String firstAttempt;

	private final Settler settler;

	private final Consumer<ReceivedDelivery> onDone;

	private final AtomicBoolean claimed = new AtomicBoolean();

	private final long receivedNanos = System.nanoTime();

	private volatile long leasedNanos = this.receivedNanos;

	private volatile long startedNanos;

	private volatile long runNanos;

	// Guarded by this: what handles the message at the moment, on which thread, and what
	// it waits for when it goes on without one. An interrupt must never hit a thread that
	// has moved on.
	private @Nullable Work work;

	private @Nullable Thread worker;

	private @Nullable CompletableFuture<?> pending;

	private boolean interrupted;

	private volatile boolean settled;

	private volatile boolean disowned;

	private volatile boolean returned;

	// 0 if the server's count is right
	private volatile long knownAttempt;

	private volatile boolean declined;

	// Null until it is asked for; whoever asks at the same time finds the same
	private @Nullable RetryHistory history;

	// Touched by the lease keeper's thread alone
	private long overrunNanos;

	// Neighbours in hand, guarded by the list of those
	@Nullable ReceivedDelivery before;

	@Nullable ReceivedDelivery after;

	/**
	 * Creates a delivery.
	 * @param message the message
	 * @param firstAttempt how reply subjects of messages begin that were not delivered
	 * before
	 * @param settler carries out the verbs
	 * @param onDone is called once, when the delivery is settled and its handler, if it
	 * has started, has ended
	 */
	ReceivedDelivery(Message message, String firstAttempt, Settler settler, Consumer<ReceivedDelivery> onDone) {
		this.message = message;
		this.firstAttempt = firstAttempt;
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
	 * @param handling what runs the handler
	 * @return whether there is still something to handle
	 */
	synchronized boolean begin(Work handling) {
		if (this.claimed.get()) {
			return false;
		}
		this.work = handling;
		this.worker = Thread.currentThread();
		this.startedNanos = System.nanoTime();
		return true;
	}

	/**
	 * Lets the current thread go; the handler goes on without it.
	 * @param handler completes when the handler has ended
	 */
	void goOn(CompletableFuture<?> handler) {
		boolean cancel;
		synchronized (this) {
			release();
			this.pending = handler;
			cancel = this.interrupted;
		}
		if (cancel) {
			// It was meant for the handler, not for the thread that has started it
			handler.cancel(true);
		}
	}

	/**
	 * Binds this delivery to the current thread, which is to run the handler once more.
	 */
	synchronized void comeBack() {
		this.pending = null;
		this.worker = Thread.currentThread();
	}

	/**
	 * The handler has ended, or it never will and nobody waits for it any more.
	 */
	void end() {
		boolean done;
		synchronized (this) {
			if (this.work == null) {
				return;
			}
			release();
			this.work = null;
			this.pending = null;
			this.runNanos = System.nanoTime() - this.startedNanos;
			done = this.settled;
		}
		if (done) {
			this.onDone.accept(this);
		}
	}

	/**
	 * The server has been told what became of the message.
	 * @return whether that is new
	 */
	boolean settled() {
		boolean done;
		synchronized (this) {
			if (this.settled) {
				return false;
			}
			this.settled = true;
			done = (this.work == null);
		}
		if (done) {
			this.onDone.accept(this);
		}
		return true;
	}

	boolean isSettled() {
		return this.settled;
	}

	/**
	 * Lets the server be told nothing any more about this delivery: its stream is gone.
	 */
	void disown() {
		this.disowned = true;
	}

	boolean isDisowned() {
		return this.disowned;
	}

	/**
	 * The server is about to be told to deliver the message again.
	 */
	void returning() {
		this.returned = true;
	}

	boolean isReturned() {
		return this.returned;
	}

	/**
	 * Returns whether this delivery answers for another one as well: it is of the same
	 * message, which was not given back.
	 * @param other the other delivery
	 */
	boolean holds(ReceivedDelivery other) {
		return !this.returned && !this.disowned && identity().equals(other.identity());
	}

	/**
	 * The message has come once more, which is no other attempt at it.
	 * @param again the message as it came
	 */
	void deliveredAgain(Message again) {
		this.knownAttempt = attempt();
		this.message = again;
	}

	/**
	 * Some of the deliveries that the server has counted were no attempts, or it has
	 * forgotten some that were.
	 * @param uncounted how many to leave out
	 */
	void discount(long uncounted) {
		this.knownAttempt = Math.max(1, attempt() - uncounted);
	}

	boolean cameBefore(long nanos) {
		return this.receivedNanos - nanos < 0;
	}

	boolean isRunning() {
		return work() != null;
	}

	/**
	 * Returns what handles this delivery.
	 * @return the work, or {@code null} if the handler hasn't started or has ended
	 */
	synchronized @Nullable Work work() {
		return this.work;
	}

	/**
	 * Interrupts the handler if it is running, or cancels what it waits for.
	 * @return where the handler was, empty if it has no thread
	 */
	StackTraceElement[] interrupt() {
		CompletableFuture<?> cancelled;
		synchronized (this) {
			if (this.worker != null) {
				this.interrupted = true;
				StackTraceElement[] stack = this.worker.getStackTrace();
				this.worker.interrupt();
				return stack;
			}
			cancelled = this.pending;
		}
		if (cancelled != null) {
			// Not under the lock, as it runs whatever depends on it
			cancelled.cancel(true);
		}
		return new StackTraceElement[0];
	}

	/**
	 * Returns where the handler is.
	 * @return the stack of its thread, empty if it has none
	 */
	synchronized StackTraceElement[] stack() {
		return (this.worker != null) ? this.worker.getStackTrace() : new StackTraceElement[0];
	}

	/**
	 * Returns whether the handler waits for listeners to stop, and so for itself.
	 * @param stopping a thread that does
	 * @return whether it is that thread, or one that closes the context just as well
	 */
	boolean isStopping(Thread stopping) {
		synchronized (this) {
			if (this.worker == stopping) {
				return true;
			}
		}
		return Arrays.stream(stack()).anyMatch(ReceivedDelivery::closes);
	}

	private static boolean closes(StackTraceElement frame) {
		return frame.getClassName().equals("org.springframework.context.support.AbstractApplicationContext")
				&& (frame.getMethodName().equals("close") || frame.getMethodName().equals("stop"));
	}

	/**
	 * Marks this delivery as one that takes too long. Called by one thread alone.
	 * @param now the current {@link System#nanoTime()}
	 * @return whether it was not marked before
	 */
	boolean markOverrun(long now) {
		boolean first = (this.overrunNanos == 0);
		if (first) {
			this.overrunNanos = now;
		}
		return first;
	}

	long overrunAge(long now) {
		return now - this.overrunNanos;
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

	private void release() {
		if (this.worker == Thread.currentThread()) {
			// What an interrupt from here was meant for is over
			Thread.interrupted();
		}
		this.worker = null;
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

	MessageIdentity identity() {
		return new MessageIdentity(stream(), streamSequence(), timestamp());
	}

	/**
	 * Returns what identifies the message, also after it has waited as a schedule, which
	 * makes another one of it.
	 */
	MessageIdentity firstIdentity() {
		Instant published = history().published();
		return new MessageIdentity(stream(), firstSequence(), (published != null) ? published : timestamp());
	}

	@Override
	public long attempt() {
		Message current = this.message;
		// Read after the message, and set before it
		long known = this.knownAttempt;
		return (known != 0) ? known : history().attempts() + delivered(current);
	}

	/**
	 * Returns how often the server has handed out the message as it is stored now.
	 */
	long delivered() {
		return delivered(this.message);
	}

	private long delivered(Message current) {
		// Parsing costs as much as all the rest of a delivery, so it is left to the
		// messages that need it. Where reply subjects look different, all of them do.
		return current.getReplyTo().startsWith(this.firstAttempt) ? 1 : current.metaData().deliveredCount();
	}

	/**
	 * Returns what is known of the message from before it waited as a schedule.
	 */
	RetryHistory history() {
		RetryHistory known = this.history;
		if (known == null) {
			known = this.settler.history(this.message);
			this.history = known;
		}
		return known;
	}

	/**
	 * Returns the sequence of the message when it was new, which is another one after it
	 * has waited as a schedule.
	 */
	long firstSequence() {
		RetryHistory known = history();
		return (known.sequence() != 0) ? known.sequence() : streamSequence();
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
	public @Nullable String replyTo() {
		return this.settler.replyTo(this);
	}

	@Override
	public void ack() {
		claimOrThrow();
		this.settler.ack(this);
	}

	@Override
	public void retry() {
		claimOrThrow();
		this.declined = true;
		this.settler.retry(this, null, null);
	}

	@Override
	public void retry(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "'delay' must not be negative, but is " + delay);
		claimOrThrow();
		this.declined = true;
		this.settler.retry(this, delay, null);
	}

	@Override
	public void deadLetter(String reason) {
		Assert.notNull(reason, "'reason' must not be null");
		claimOrThrow();
		this.declined = true;
		this.settler.deadLetter(this, reason, null);
	}

	@Override
	public void discard(String reason) {
		Assert.notNull(reason, "'reason' must not be null");
		claimOrThrow();
		this.declined = true;
		this.settler.discard(this, reason, null);
	}

	@Override
	public void extendLease() {
		this.leasedNanos = System.nanoTime();
		if (!this.disowned) {
			this.message.inProgress();
		}
	}

	@Override
	public boolean isDeclined() {
		return this.declined;
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
