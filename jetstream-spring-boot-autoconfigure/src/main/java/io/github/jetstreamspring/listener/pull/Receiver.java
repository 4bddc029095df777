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

import java.util.concurrent.atomic.AtomicReference;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes a listener's messages from the client, one after the other, in turns on the
 * threads that all listeners share.
 * <p>
 * Heartbeats and leases depend on somebody receiving. So when a message keeps its thread
 * for long, another thread goes on receiving, and the first one only ends what it does;
 * unless messages have to keep their order.
 *
 * @since 0.1.0
 */
public final class Receiver {

	private static final Log logger = LogFactory.getLog(Receiver.class);

	// After so many messages others have their turn
	private static final int PORTION = 256;

	private final Receivers threads;

	private final boolean inOrder;

	// The one that receives, null while there is nothing to receive
	private final AtomicReference<@Nullable Turn> turn = new AtomicReference<>();

	// null before the start and after the end
	private volatile @Nullable Source source;

	// When the last turn has ended
	private volatile long endNanos = System.nanoTime() - Receivers.LINGER_NANOS;

	// The turn at the last check, if it had not begun
	private @Nullable Turn waiting;

	/**
	 * Creates a receiver that doesn't receive yet.
	 * @param threads run its turns
	 * @param inOrder whether to wait for a message that takes long, as its place among
	 * the others has to be found
	 */
	public Receiver(Receivers threads, boolean inOrder) {
		this.threads = threads;
		this.inOrder = inOrder;
	}

	/**
	 * Begins to receive.
	 * @param source has what is received
	 */
	public synchronized void start(Source source) {
		this.threads.join();
		this.source = source;
		ready();
	}

	/**
	 * There is something to receive.
	 */
	void ready() {
		while (this.source != null) {
			Turn current = this.turn.get();
			if (current != null) {
				// It looks once more before it ends, or has ended by now
				current.again = true;
				if (this.turn.get() == current) {
					return;
				}
			}
			else if (begin(null)) {
				return;
			}
		}
	}

	private boolean begin(@Nullable Turn before) {
		Turn next = new Turn();
		if (!this.turn.compareAndSet(before, next)) {
			return false;
		}
		enqueue(next);
		return true;
	}

	private void enqueue(Turn next) {
		try {
			this.threads.execute(next);
		}
		catch (Throwable ex) {
			// There is no memory, and the next check tries again; or all is over
			this.turn.compareAndSet(next, null);
		}
	}

	/**
	 * A message is about to be handed on, which may take long. What the server says
	 * besides, such as a heartbeat, doesn't, and is no reason to look after its thread.
	 */
	void handing() {
		this.threads.check();
	}

	/**
	 * Sees to it that what has come is received. To be called now and then, by one thread
	 * at a time.
	 */
	public void check() {
		Source from = this.source;
		if (from == null) {
			return;
		}
		this.threads.check();
		Turn current = this.turn.get();
		Thread thread = (current != null) ? current.thread : null;
		if (current == null) {
			if (from.hasMore()) {
				ready();
			}
		}
		else if (thread != null && !thread.isAlive()) {
			logger.warn("The thread %s, which receives messages, has ended; another one takes its place"
				.formatted(thread.getName()));
			begin(current);
		}
		else if (thread == null && current == this.waiting) {
			begin(current);
		}
		this.waiting = (thread == null) ? current : null;
	}

	/**
	 * Receives no more. What is being handled goes on.
	 */
	public synchronized void stop() {
		if (this.source != null) {
			this.source = null;
			this.threads.leave();
		}
	}

	/**
	 * Whether the calling thread is the one that receives.
	 * @return whether it is
	 */
	public boolean isReceiving() {
		Turn current = this.turn.get();
		return current != null && current.thread == Thread.currentThread() && this.source != null;
	}

	/**
	 * Has another thread receive, as the one that does it is kept by something else.
	 */
	public void replace() {
		Turn current = this.turn.get();
		if (current != null) {
			current.replace();
		}
	}

	private boolean receiveNext(Source from, boolean wait) {
		try {
			return from.receive(wait);
		}
		catch (InterruptedException ex) {
			// Meant for a handler that has ended: nothing else interrupts
		}
		catch (Throwable ex) {
			logFailure(ex);
		}
		return true;
	}

	private static void logFailure(Throwable failure) {
		try {
			Guard.log(logger, () -> "Internal error while a message was received", failure);
		}
		catch (Throwable ex) {
			// Doing anything about it would need memory, as logging it did. It must not
			// end this thread, which looks after others.
		}
	}

	/**
	 * Has what is received.
	 */
	public interface Source {

		/**
		 * Receives the next message.
		 * @param wait whether to wait for one, for {@link Receivers#LINGER_NANOS}
		 * @return whether there was one
		 * @throws InterruptedException if the calling thread is interrupted
		 */
		boolean receive(boolean wait) throws InterruptedException;

		/**
		 * Returns whether there is a message to receive.
		 * @return whether there is
		 */
		boolean hasMore();

	}

	/**
	 * One go at what there is to receive.
	 */
	final class Turn implements Runnable {

		// Whether more has come since it last found nothing
		private volatile boolean again;

		// null while it waits for one
		private volatile @Nullable Thread thread;

		private volatile int received;

		// At the last look, negative before the first one
		private int seen = -1;

		// Whether its thread is missed by others. Guarded by this.
		private boolean kept;

		@Override
		public void run() {
			this.thread = Thread.currentThread();
			this.received = 0;
			this.seen = -1;
			boolean goesOn = false;
			long beginNanos = System.nanoTime();
			Receiver.this.threads.begun(this);
			try {
				goesOn = receiveAll(beginNanos - Receiver.this.endNanos < Receivers.LINGER_NANOS);
			}
			finally {
				Receiver.this.threads.ended(this);
				Receiver.this.endNanos = System.nanoTime();
				end(goesOn);
			}
		}

		/**
		 * Receives what there is.
		 * @param busy whether messages come so quickly one after the other that to wait
		 * for the next costs less than another turn
		 * @return whether there is more, which is to wait as others do
		 */
		private boolean receiveAll(boolean busy) {
			int count = 0;
			Source from = Receiver.this.source;
			while (from != null && isCurrent()) {
				if (receiveNext(from, false) || busy && linger(from)) {
					// For the look, as reading a clock would cost more than all of this
					this.received = ++count;
					if (count % PORTION == 0 && Receiver.this.threads.areWanted()) {
						return true;
					}
				}
				else if (this.again) {
					this.again = false;
				}
				else {
					return false;
				}
			}
			return false;
		}

		private boolean linger(Source from) {
			if (!Receiver.this.threads.beginLingering()) {
				return false;
			}
			try {
				return receiveNext(from, true);
			}
			finally {
				Receiver.this.threads.endLingering();
			}
		}

		private boolean isCurrent() {
			return Receiver.this.turn.get() == this && Receiver.this.source != null;
		}

		private synchronized void end(boolean goesOn) {
			this.thread = null;
			if (this.kept) {
				this.kept = false;
				Receiver.this.threads.returned();
			}
			if (goesOn) {
				enqueue(this);
			}
			else if (Receiver.this.turn.compareAndSet(this, null) && this.again) {
				ready();
			}
		}

		/**
		 * Looks whether a message keeps its thread. To be called by one thread at a time.
		 */
		void look() {
			int now = this.received;
			if (now == this.seen) {
				kept();
			}
			this.seen = now;
		}

		private synchronized void kept() {
			if (this.thread != null) {
				keep();
				if (!Receiver.this.inOrder) {
					begin(this);
				}
			}
		}

		private synchronized void replace() {
			if (this.thread != null && Receiver.this.source != null && begin(this)) {
				keep();
			}
		}

		private void keep() {
			if (!this.kept) {
				this.kept = true;
				Receiver.this.threads.kept();
			}
		}

	}

}
