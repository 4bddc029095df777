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

import io.github.jetstreamspring.guard.Interrupts;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.RedrivenMessage;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link Delivery} of a message that was received from the server. Whoever calls
 * {@link #claim()} first settles it; everybody else comes too late.
 */
final class ReceivedDelivery implements Delivery {

	private final MessageOrigin origin;

	private final DeliveryOwner owner;

	private final AtomicBoolean claimed = new AtomicBoolean();

	private final long receivedNanos = System.nanoTime();

	private volatile long leasedNanos = this.receivedNanos;

	private final HandlerRun run = new HandlerRun();

	private volatile boolean disowned;

	private volatile boolean returned;

	private volatile boolean declined;

	// Null unless the handler runs in a transaction, or has
	private volatile @Nullable HeldVerbs heldVerbs;

	// Touched by the lease keeper's thread alone
	private long overrunNanos;

	// Neighbours in hand, guarded by the list of those
	@Nullable ReceivedDelivery before;

	@Nullable ReceivedDelivery after;

	/**
	 * Creates a delivery.
	 * @param message the message
	 * @param owner has it in hand
	 */
	ReceivedDelivery(Message message, DeliveryOwner owner) {
		this.origin = new MessageOrigin(message, owner);
		this.owner = owner;
	}

	DeliveryOwner owner() {
		return this.owner;
	}

	HandlerRun run() {
		return this.run;
	}

	MessageOrigin origin() {
		return this.origin;
	}

	Message message() {
		return this.origin.message();
	}

	/**
	 * Claims the right to settle this delivery.
	 * @return whether the caller is the first
	 */
	boolean claim() {
		return this.claimed.compareAndSet(false, true);
	}

	/**
	 * Returns whether somebody settles this delivery, or has settled it.
	 */
	boolean isClaimed() {
		return this.claimed.get();
	}

	/**
	 * Binds this delivery to the current thread, which is to run the handler.
	 * @param handling what runs the handler
	 * @return whether there is still something to handle
	 */
	boolean begin(Work handling) {
		return !this.claimed.get() && this.run.begin(handling);
	}

	/**
	 * The handler has ended, or it never will and nobody waits for it any more.
	 */
	void end() {
		if (this.run.end()) {
			this.owner.done(this);
		}
	}

	/**
	 * The server has been told what became of the message.
	 * @return whether that is new
	 */
	boolean settled() {
		HandlerRun.Settled settled = this.run.settled();
		if (settled == HandlerRun.Settled.DONE) {
			this.owner.done(this);
		}
		return settled != HandlerRun.Settled.BEFORE;
	}

	boolean isSettled() {
		return this.run.isSettled();
	}

	/**
	 * Lets the server be told nothing any more about this delivery: its stream is gone.
	 */
	void disown() {
		// What is redriven is in another one
		this.disowned = this.origin.redriven() == null;
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
		return !this.returned && !this.disowned && this.origin.identity().equals(other.origin.identity());
	}

	boolean cameBefore(long nanos) {
		return this.receivedNanos - nanos < 0;
	}

	boolean isRunning() {
		return this.run.work() != null;
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
		long started = this.run.startedNanos();
		return now - ((started != 0) ? started : this.receivedNanos);
	}

	long leaseAge(long now) {
		return now - this.leasedNanos;
	}

	/**
	 * Describes this delivery as a job.
	 * @param now the current {@link System#nanoTime()}
	 */
	JetStreamJobs.CurrentJob describe(long now) {
		Instant started = isRunning() ? Instant.now().minusNanos(now - this.run.startedNanos()) : null;
		return new JetStreamJobs.CurrentJob(origin().publishedId(), subject(), streamSequence(), attempt(), started,
				isCancelled());
	}

	/**
	 * Returns how long the handler has run.
	 * @return nanoseconds, 0 if it has not ended
	 */
	long runNanos() {
		return this.run.nanos();
	}

	@Override
	public String subject() {
		return message().getSubject();
	}

	@Override
	public String stream() {
		return this.owner.stream();
	}

	@Override
	public String consumer() {
		return this.owner.consumer();
	}

	@Override
	public long streamSequence() {
		return this.origin.streamSequence();
	}

	@Override
	public int redrives() {
		RedrivenMessage redriven = this.origin.redriven();
		return (redriven != null) ? redriven.redrives() : 0;
	}

	@Override
	public long attempt() {
		return this.origin.attempt();
	}

	@Override
	public Instant timestamp() {
		return this.origin.timestamp();
	}

	@Override
	public long pending() {
		return message().metaData().pendingCount();
	}

	@Override
	public Headers headers() {
		return this.origin.headers();
	}

	/**
	 * Returns when the message failed for the first time, {@code null} if that isn't
	 * known here.
	 */
	@Nullable Instant firstFailure() {
		Instant known = this.origin.firstFailure();
		return (known != null) ? known : this.owner.settler().firstFailures().of(this);
	}

	@Override
	public @Nullable String replyTo() {
		return this.owner.replyTo(this);
	}

	@Override
	public void ack() {
		decide(Outcome.ACK);
	}

	@Override
	public void retry() {
		decline(new Outcome.Retry(null, null));
	}

	@Override
	public void retry(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "'delay' must not be negative, but is " + Durations.text(delay));
		decline(new Outcome.Retry(delay, null));
	}

	@Override
	public void deadLetter(String reason) {
		Assert.notNull(reason, "'reason' must not be null");
		decline(new Outcome.GiveUp(reason, null));
	}

	@Override
	public void discard(String reason) {
		Assert.notNull(reason, "'reason' must not be null");
		decline(new Outcome.Discard(new Outcome.GiveUp(reason, null)));
	}

	@Override
	public void extendLease() {
		if (extendUntold()) {
			this.owner.extended();
		}
	}

	/**
	 * Extends the lease without telling anybody but the server.
	 * @return whether the server was told
	 */
	boolean extendUntold() {
		this.leasedNanos = System.nanoTime();
		if (this.disowned) {
			return false;
		}
		Interrupts.hold(message()::inProgress);
		return true;
	}

	@Override
	public boolean isCancelled() {
		return this.run.isCancelled();
	}

	@Override
	public boolean isDeclined() {
		return this.declined;
	}

	/**
	 * Lets the verbs wait for the end of the transaction in which the handler runs.
	 */
	HeldVerbs holdVerbs() {
		HeldVerbs verbs = new HeldVerbs();
		this.heldVerbs = verbs;
		return verbs;
	}

	/**
	 * Forgets what verbs have said in an earlier transaction.
	 */
	void releaseVerbs() {
		this.heldVerbs = null;
	}

	/**
	 * Returns what the verbs have said, {@code null} if they don't wait for anything.
	 */
	@Nullable HeldVerbs heldVerbs() {
		return this.heldVerbs;
	}

	private void decline(Outcome outcome) {
		decide(outcome);
		this.declined = true;
	}

	private void decide(Outcome outcome) {
		HeldVerbs verbs = this.heldVerbs;
		if (verbs != null && !this.claimed.get() && verbs.take(outcome)) {
			return;
		}
		if (!claim()) {
			throw new IllegalStateException("Message " + this + " is settled already");
		}
		this.owner.settler().settle(this, outcome);
	}

	/**
	 * Names the message for logs and errors, without its content. The subject is any
	 * publisher's, and may have control characters.
	 */
	@Override
	public String toString() {
		return stream() + "#" + streamSequence() + " (" + HeaderText.of(subject()) + ")";
	}

}
