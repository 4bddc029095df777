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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The acks that were sent lately and that nobody has confirmed. What is sent while the
 * leader of a consumer changes reaches nobody, and its message would be handled again; so
 * these are sent once more to the next leader, which ignores those that it knows.
 * <p>
 * An ack names its message by its number alone. Who knows that numbers may mean other
 * messages from now on has this {@linkplain #forget() forget} them.
 */
final class RecentAcks {

	// A leader that changes loses what is sent within milliseconds, one that dies what
	// is sent until all in hand is handled
	private static final int SIZE = 1024;

	// Long enough for an election; later the server has long delivered the message again
	private static final long MAX_AGE_NANOS = Duration.ofSeconds(30).toNanos();

	private final AtomicInteger next = new AtomicInteger();

	private final AtomicInteger epoch = new AtomicInteger();

	// Null while there is nothing to remember, as for most of many listeners
	private volatile @Nullable AtomicReferenceArray<Sent> sent;

	// The time of the last look: asking for the time costs more than all the rest
	private volatile long clock = System.nanoTime();

	private volatile long lastNanos;

	/**
	 * Returns what to pass to {@link #sent}, to be asked before it is decided that an ack
	 * may be sent: what is forgotten in between is not remembered.
	 */
	int epoch() {
		return this.epoch.get();
	}

	/**
	 * Remembers an ack.
	 * @param before the {@link #epoch()} before it was sent
	 * @param replyTo where it was sent to
	 * @param body what it says
	 */
	void sent(int before, String replyTo, byte[] body) {
		long now = this.clock;
		AtomicReferenceArray<Sent> all = this.sent;
		if (all == null) {
			all = create();
		}
		if (this.lastNanos != now) {
			this.lastNanos = now;
		}
		all.setRelease(this.next.getAndIncrement() & (SIZE - 1), new Sent(replyTo, body, now, before));
	}

	private synchronized AtomicReferenceArray<Sent> create() {
		AtomicReferenceArray<Sent> all = this.sent;
		if (all == null) {
			all = new AtomicReferenceArray<>(SIZE);
			this.sent = all;
		}
		return all;
	}

	/**
	 * Forgets all acks.
	 */
	void forget() {
		this.epoch.incrementAndGet();
		this.sent = null;
	}

	/**
	 * Takes over the time, and gives back the memory if nothing was sent for long.
	 * @param now the current {@link System#nanoTime()}
	 */
	void look(long now) {
		this.clock = now;
		if (this.sent != null && now - this.lastNanos > MAX_AGE_NANOS) {
			this.sent = null;
		}
	}

	/**
	 * Sends the acks once more.
	 * @param sender sends one
	 * @return how many there were
	 */
	int repeat(BiConsumer<String, byte[]> sender) {
		AtomicReferenceArray<Sent> all = this.sent;
		int count = 0;
		long now = System.nanoTime();
		for (int i = 0; all != null && i < SIZE; i++) {
			Sent ack = all.getAcquire(i);
			if (ack != null && ack.epoch == this.epoch.get() && now - ack.nanos <= MAX_AGE_NANOS) {
				sender.accept(ack.replyTo, ack.body);
				count++;
			}
		}
		return count;
	}

	/**
	 * An ack.
	 */
	private record Sent(String replyTo, byte[] body, long nanos, int epoch) {
	}

}
