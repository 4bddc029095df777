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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;

import io.github.jetstreamspring.listener.pull.PullFlow;
import org.jspecify.annotations.Nullable;

/**
 * Where messages that are received by hand arrive, and where it is heard why none do. One
 * thread waits here.
 */
final class PolledArrivals implements Intake, PullFlow.Events {

	private final Consumer<ReceivedDelivery> late;

	private final LongFunction<String> blockage;

	// Not a monitor, as whoever waits may be a virtual thread
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition news = this.lock.newCondition();

	// Guarded by the lock, as the next two
	private final Queue<ReceivedDelivery> come = new ArrayDeque<>();

	private boolean closed;

	private boolean told;

	private volatile boolean answered;

	private volatile @Nullable String trouble;

	/**
	 * Creates an object where nothing has arrived.
	 * @param late gives back what arrives when nobody waits for it any more
	 * @param blockage says what is wrong when the next message is larger than the number
	 * of bytes that the consumer allows
	 */
	PolledArrivals(Consumer<ReceivedDelivery> late, LongFunction<String> blockage) {
		this.late = late;
		this.blockage = blockage;
	}

	/**
	 * Messages are about to be asked for, for the first time or after trouble.
	 */
	void begin() {
		this.trouble = null;
		this.answered = false;
	}

	/**
	 * Returns what has come next, or waits until something has come or happened.
	 * @param nanos how long to wait
	 * @return the delivery, {@code null} if there is none
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	@Nullable ReceivedDelivery next(long nanos) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long left = nanos;
			while (this.come.isEmpty() && !this.told && left > 0) {
				left = this.news.awaitNanos(left);
			}
			this.told = false;
			return this.come.poll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Nobody waits any more.
	 * @return what has come and was not taken
	 */
	List<ReceivedDelivery> close() {
		this.lock.lock();
		try {
			this.closed = true;
			List<ReceivedDelivery> left = new ArrayList<>(this.come);
			this.come.clear();
			return left;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Has the one who waits look around.
	 */
	void tell() {
		this.lock.lock();
		try {
			this.told = true;
			this.news.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns why nothing comes.
	 * @return the reason, {@code null} if nothing is known to be wrong
	 */
	@Nullable String trouble() {
		return this.trouble;
	}

	/**
	 * Returns whether the server has answered since the last {@link #begin()}.
	 */
	boolean isAnswered() {
		return this.answered;
	}

	@Override
	public void accept(ReceivedDelivery delivery) {
		boolean tooLate;
		this.lock.lock();
		try {
			tooLate = this.closed;
			if (!tooLate) {
				this.come.add(delivery);
				this.news.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (tooLate) {
			this.late.accept(delivery);
		}
	}

	@Override
	public void answered() {
		this.answered = true;
		tell();
	}

	@Override
	public void received() {
		this.answered = true;
	}

	@Override
	public void keptWaiting(String reason) {
		// Nothing does: there is no order to find out
	}

	@Override
	public void blocked(long maxBytes) {
		trouble(this.blockage.apply(maxBytes));
	}

	@Override
	public void trouble(String reason) {
		this.trouble = reason;
		tell();
	}

}
