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
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Knows the deliveries in hand, waiting and running, and keeps the server from giving
 * them to somebody else.
 */
final class LeaseKeeper {

	private static final Log logger = LogFactory.getLog(LeaseKeeper.class);

	// Extended after a third of the lease and looked at every sixth, so that a lease
	// survives the loss of one extension
	private static final int EXTEND_AT = 3;

	private static final int LOOK_AT = 6;

	private final Set<ReceivedDelivery> inHand = ConcurrentHashMap.newKeySet();

	private final long leaseNanos;

	private final long maxRunNanos;

	private final Consumer<ReceivedDelivery> onOverrun;

	/**
	 * Creates a keeper.
	 * @param lease the consumer's {@code ack-wait}
	 * @param maxRunTime how long a message may wait, and then how long it may run
	 * @param onOverrun is given each delivery that takes longer, once
	 */
	LeaseKeeper(Duration lease, Duration maxRunTime, Consumer<ReceivedDelivery> onOverrun) {
		this.leaseNanos = lease.toNanos();
		this.maxRunNanos = maxRunTime.toNanos();
		this.onOverrun = onOverrun;
	}

	/**
	 * Returns how often to call {@link #keep(long)}.
	 * @return the interval
	 */
	Duration interval() {
		return Duration.ofNanos(Math.max(1_000_000, Math.min(this.leaseNanos / LOOK_AT, this.maxRunNanos)));
	}

	void add(ReceivedDelivery delivery) {
		this.inHand.add(delivery);
	}

	void remove(ReceivedDelivery delivery) {
		this.inHand.remove(delivery);
	}

	Collection<ReceivedDelivery> inHand() {
		return this.inHand;
	}

	void keep(long now) {
		for (ReceivedDelivery delivery : this.inHand) {
			if (delivery.age(now) >= this.maxRunNanos) {
				if (delivery.markOverrun()) {
					this.onOverrun.accept(delivery);
				}
			}
			else if (!delivery.isSettled() && delivery.leaseAge(now) >= this.leaseNanos / EXTEND_AT) {
				extend(delivery);
			}
		}
	}

	private void extend(ReceivedDelivery delivery) {
		try {
			delivery.extendLease();
		}
		catch (RuntimeException ex) {
			logger.warn("The lease of message %s could not be extended; the server may deliver it again: %s"
				.formatted(delivery, ex));
		}
	}

}
