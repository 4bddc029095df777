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

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps the server from giving the deliveries in hand, waiting and running, to somebody
 * else.
 */
final class LeaseKeeper {

	private static final Log logger = LogFactory.getLog(LeaseKeeper.class);

	// Extended after a third of the lease and looked at every sixth, so that a lease
	// survives the loss of one extension
	private static final int EXTEND_AT = 3;

	private static final int LOOK_AT = 6;

	// How long a handler may take to end when it is interrupted
	private static final long INTERRUPT_NANOS = Duration.ofSeconds(5).toNanos();

	private final DeliveriesInHand inHand;

	private volatile long leaseNanos;

	private final long maxRunNanos;

	private final long maxWaitNanos;

	private final Overruns overruns;

	/**
	 * Creates a keeper.
	 * @param inHand knows the deliveries
	 * @param lease the consumer's {@code ack-wait}
	 * @param maxRunTime how long a handler may run
	 * @param maxWait how long a message may wait for its handler
	 * @param overruns is told what takes longer
	 */
	LeaseKeeper(DeliveriesInHand inHand, Duration lease, Duration maxRunTime, Duration maxWait, Overruns overruns) {
		this.inHand = inHand;
		this.leaseNanos = lease.toNanos();
		this.maxRunNanos = maxRunTime.toNanos();
		this.maxWaitNanos = maxWait.toNanos();
		this.overruns = overruns;
	}

	/**
	 * Changes the lease.
	 * @param lease the consumer's {@code ack-wait}
	 * @return whether it is another one than before
	 */
	boolean lease(Duration lease) {
		boolean changed = this.leaseNanos != lease.toNanos();
		this.leaseNanos = lease.toNanos();
		return changed;
	}

	/**
	 * Returns how often to call {@link #keep(long)}.
	 * @return the interval
	 */
	Duration interval() {
		return Duration.ofNanos(
				Math.max(1_000_000, Math.min(Math.min(this.leaseNanos / LOOK_AT, this.maxRunNanos), INTERRUPT_NANOS)));
	}

	void keep(long now) {
		for (ReceivedDelivery delivery : this.inHand.all()) {
			try {
				keep(delivery, now);
			}
			catch (Throwable ex) {
				// The leases of others must not suffer
				Guard.log(logger, () -> "The lease of message %s could not be looked after".formatted(delivery), ex);
			}
		}
	}

	/**
	 * Extends all leases, whatever is left of them, and tells nobody but the server.
	 * @return how many are extended
	 */
	int extendAll() {
		int extended = 0;
		for (ReceivedDelivery delivery : this.inHand.all()) {
			if (!delivery.isSettled() && extend(delivery)) {
				extended++;
			}
		}
		return extended;
	}

	private void keep(ReceivedDelivery delivery, long now) {
		boolean running = delivery.isRunning();
		if (delivery.age(now) >= (running ? this.maxRunNanos : this.maxWaitNanos)) {
			overrun(delivery, running, now);
		}
		else if (!delivery.isSettled() && delivery.leaseAge(now) >= this.leaseNanos / EXTEND_AT && extend(delivery)) {
			delivery.owner().extended();
		}
	}

	private void overrun(ReceivedDelivery delivery, boolean running, long now) {
		if (delivery.markOverrun(now)) {
			this.overruns.overrun(delivery);
		}
		else if (running && delivery.overrunAge(now) >= INTERRUPT_NANOS) {
			this.overruns.stuck(delivery);
		}
	}

	private boolean extend(ReceivedDelivery delivery) {
		try {
			return delivery.extendUntold();
		}
		catch (RuntimeException ex) {
			logger.warn("The lease of message %s could not be extended; the server may deliver it again: %s"
				.formatted(delivery, ex));
			return false;
		}
	}

	/**
	 * Is told which deliveries take too long.
	 */
	interface Overruns {

		/**
		 * A delivery has been waiting or running for too long. Is called once for each.
		 * @param delivery the delivery
		 */
		void overrun(ReceivedDelivery delivery);

		/**
		 * A handler has been interrupted and doesn't end.
		 * @param delivery the delivery
		 */
		void stuck(ReceivedDelivery delivery);

	}

}
