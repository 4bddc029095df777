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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.nats.client.Message;

/**
 * Takes messages in hand as they come, or gives them back if they come too late.
 */
final class Arrivals {

	private final boolean ordered;

	private final DeliveryOwner owner;

	private final DeliveriesInHand inHand;

	private final Redeliveries redeliveries;

	private final Credit credit;

	private final Intake intake;

	private final PullFlow flow;

	private volatile boolean stopping;

	private volatile boolean returned;

	// What came while the listener stopped is given back after what had come before
	private final Queue<ReceivedDelivery> late = new ConcurrentLinkedQueue<>();

	/**
	 * Creates arrivals.
	 * @param definition the listener
	 * @param owner has in hand what has come
	 * @param inHand are the deliveries that have come before
	 * @param redeliveries know what comes once more
	 * @param credit counts what is in hand
	 * @param intake takes what is to be handled
	 * @param flow asks for more where messages wait for others
	 */
	Arrivals(ListenerDefinition definition, DeliveryOwner owner, DeliveriesInHand inHand, Redeliveries redeliveries,
			Credit credit, Intake intake, PullFlow flow) {
		this.ordered = definition.orderedBy() != null;
		this.owner = owner;
		this.inHand = inHand;
		this.redeliveries = redeliveries;
		this.credit = credit;
		this.intake = intake;
		this.flow = flow;
	}

	/**
	 * Takes a message in hand, unless it is there already.
	 * @param message the message, which the credit has counted
	 */
	void accept(Message message) {
		ReceivedDelivery delivery;
		try {
			delivery = new ReceivedDelivery(RestoredMessage.of(message), this.owner);
		}
		catch (Throwable ex) {
			// The heap is full; the server delivers it again after ack-wait
			this.credit.settled();
			throw ex;
		}
		if (isInHand(delivery)) {
			// Asked for again at the next look, not at once, as that too might come again
			this.credit.settled();
			return;
		}
		this.inHand.add(delivery);
		try {
			accept(delivery);
		}
		catch (Throwable ex) {
			if (delivery.claim()) {
				this.owner.settler().rescue(delivery, ex);
			}
		}
	}

	private boolean isInHand(ReceivedDelivery delivery) {
		try {
			return this.redeliveries.take(delivery);
		}
		catch (Throwable ex) {
			// The heap is full, or nobody can read where the message comes from
			this.credit.settled();
			throw ex;
		}
	}

	private void accept(ReceivedDelivery delivery) {
		if (this.stopping) {
			this.late.add(delivery);
			if (this.returned) {
				giveBackLate();
			}
		}
		else {
			this.intake.accept(delivery);
			if (this.ordered) {
				// It may have to wait, and leaves its worker to another key
				this.flow.ask();
			}
		}
	}

	/**
	 * Lets what comes from now on wait.
	 */
	void stopping() {
		this.stopping = true;
	}

	/**
	 * All that had come before is given back. What has come since and what still comes is
	 * given back, too.
	 */
	void returned() {
		this.returned = true;
		giveBackLate();
	}

	private void giveBackLate() {
		for (ReceivedDelivery next = this.late.poll(); next != null; next = this.late.poll()) {
			this.owner.settler().giveBack(next);
		}
	}

}
