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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The deliveries that a listener has in hand, the oldest first.
 * <p>
 * Every message comes in here and leaves again, so this is a list through the deliveries
 * themselves: two links to set, where a hash set has a table to look up and a node to
 * make.
 */
final class DeliveriesInHand {

	// Guarded by this, as the links of all deliveries in between
	private @Nullable ReceivedDelivery first;

	private @Nullable ReceivedDelivery last;

	private int size;

	synchronized void add(ReceivedDelivery delivery) {
		ReceivedDelivery before = this.last;
		delivery.before = before;
		if (before != null) {
			before.after = delivery;
		}
		else {
			this.first = delivery;
		}
		this.last = delivery;
		this.size++;
	}

	/**
	 * Removes a delivery, which must be in here.
	 * @param delivery the delivery
	 */
	synchronized void remove(ReceivedDelivery delivery) {
		ReceivedDelivery before = delivery.before;
		ReceivedDelivery after = delivery.after;
		if (before != null) {
			before.after = after;
		}
		else {
			this.first = after;
		}
		if (after != null) {
			after.before = before;
		}
		else {
			this.last = before;
		}
		delivery.before = null;
		delivery.after = null;
		this.size--;
	}

	/**
	 * Returns the delivery in here whose message another delivery is of, unless it was
	 * given back. Only redeliveries are looked for, so a search does: an index would cost
	 * something for each message.
	 * @param other the other delivery
	 * @return the delivery, or {@code null} if there is none
	 */
	synchronized @Nullable ReceivedDelivery find(ReceivedDelivery other) {
		long sequence = other.streamSequence();
		for (ReceivedDelivery next = this.first; next != null; next = next.after) {
			if (next.streamSequence() == sequence && next.holds(other)) {
				return next;
			}
		}
		return null;
	}

	/**
	 * Returns whether something in here came before a moment.
	 * @param nanos the {@link System#nanoTime()} of the moment
	 */
	synchronized boolean isOlder(long nanos) {
		return this.first != null && this.first.cameBefore(nanos);
	}

	/**
	 * Returns what is in here at the moment.
	 * @return a copy
	 */
	synchronized List<ReceivedDelivery> all() {
		List<ReceivedDelivery> all = new ArrayList<>(this.size);
		for (ReceivedDelivery next = this.first; next != null; next = next.after) {
			all.add(next);
		}
		return all;
	}

}
