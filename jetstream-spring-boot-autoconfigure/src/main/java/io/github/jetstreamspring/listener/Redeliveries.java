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
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.messaging.MessageIdentity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Finds out which messages come though the listener has them in hand. The server sends
 * them again when it takes their worker for dead: their lease was shortened, or it was
 * not told in time that they are being worked at, or the consumer was created again. They
 * must not get to a second handler, and count for nothing, as nothing has failed.
 */
final class Redeliveries {

	private static final Log logger = LogFactory.getLog(Redeliveries.class);

	// What is forgotten counts like any other delivery
	private static final int MAX_SIZE = 1000;

	// With many messages in hand, many of them come again at about the same time
	private static final long ALARM_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

	private static final long WARNING_INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();

	private final String listener;

	private final DeliveriesInHand inHand;

	private final Runnable alarm;

	// Guarded by this: how many deliveries of a message don't count, fewer than none if
	// its
	// consumer was created again and has forgotten some
	private final Map<MessageIdentity, Long> uncounted = new LinkedHashMap<>();

	private volatile boolean empty = true;

	private volatile boolean consumerReplaced;

	private volatile long replacedNanos;

	// The receiver's alone, as all below
	private long nextAlarmNanos = System.nanoTime();

	private long nextWarningNanos = System.nanoTime();

	/**
	 * Creates an object that knows nothing.
	 * @param listener the listener's id
	 * @param inHand knows what is in hand
	 * @param alarm is told when something in hand has come again, at most once a second
	 */
	Redeliveries(String listener, DeliveriesInHand inHand, Runnable alarm) {
		this.listener = listener;
		this.inHand = inHand;
		this.alarm = alarm;
	}

	/**
	 * The consumer was created again, and counts deliveries from 1 again.
	 */
	void consumerReplaced() {
		this.replacedNanos = System.nanoTime();
		this.consumerReplaced = true;
	}

	/**
	 * Takes a delivery that is not in hand yet, if its message already is. It needs no
	 * answer then: the one to the delivery in hand is for both.
	 * @param delivery the delivery
	 * @return whether its message is in hand
	 */
	boolean take(ReceivedDelivery delivery) {
		boolean first = delivery.origin().delivered() == 1;
		if (first && !this.consumerReplaced) {
			return false;
		}
		ReceivedDelivery known = this.inHand.find(delivery);
		if (known == null) {
			discount(delivery);
			if (first && !this.inHand.isOlder(this.replacedNanos)) {
				this.consumerReplaced = false;
			}
			return false;
		}
		remember(delivery, delivery.attempt() - known.attempt());
		known.origin().deliveredAgain(delivery.message());
		tell(delivery);
		return true;
	}

	/**
	 * A delivery is settled, and its handler has ended.
	 * @param delivery the delivery
	 */
	void done(ReceivedDelivery delivery) {
		if (this.empty || delivery.isReturned()) {
			return;
		}
		synchronized (this) {
			this.uncounted.remove(delivery.origin().identity());
			this.empty = this.uncounted.isEmpty();
		}
	}

	private void discount(ReceivedDelivery delivery) {
		if (this.empty) {
			return;
		}
		Long count;
		synchronized (this) {
			count = this.uncounted.get(delivery.origin().identity());
		}
		if (count != null) {
			delivery.origin().discount(count);
		}
	}

	private synchronized void remember(ReceivedDelivery delivery, long count) {
		this.uncounted.put(delivery.origin().identity(), count);
		if (this.uncounted.size() > MAX_SIZE) {
			this.uncounted.remove(this.uncounted.keySet().iterator().next());
		}
		this.empty = false;
	}

	private void tell(ReceivedDelivery delivery) {
		long now = System.nanoTime();
		String what = "Listener '%s': message %s came again while it is in hand, which starts no second handler. Its lease has run out on the server, as when ack-wait is made shorter, or when the connection is slow; the consumer is looked at"
			.formatted(this.listener, delivery);
		if (now - this.nextWarningNanos >= 0) {
			this.nextWarningNanos = now + WARNING_INTERVAL_NANOS;
			logger.warn(what);
		}
		else {
			logger.debug(what);
		}
		if (now - this.nextAlarmNanos >= 0) {
			this.nextAlarmNanos = now + ALARM_INTERVAL_NANOS;
			this.alarm.run();
		}
	}

}
