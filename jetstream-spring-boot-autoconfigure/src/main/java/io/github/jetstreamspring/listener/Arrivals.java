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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages in hand as they come, and lets them go when they are done.
 */
final class Arrivals implements DeliveryOwner {

	private static final Log logger = LogFactory.getLog(Arrivals.class);

	private final ListenerDefinition definition;

	private final String firstAttempt;

	private final Settler settler;

	private final RetrySeals seals;

	private final ReplyAddresses replyAddresses;

	private final LeaseKeeper leases;

	private final Redeliveries redeliveries;

	private final Credit credit;

	private final PullFlow flow;

	private final Intake intake;

	private volatile boolean stopping;

	private volatile boolean returned;

	// What came while the listener stopped is given back after what had come before
	private final Queue<ReceivedDelivery> late = new ConcurrentLinkedQueue<>();

	/**
	 * Creates arrivals.
	 * @param definition the listener
	 * @param settler carries out the verbs of the deliveries
	 * @param seals tell what is known of messages from before
	 * @param leases keep what is in hand
	 * @param redeliveries know what comes once more
	 * @param credit counts what is in hand
	 * @param flow asks for more when something is done
	 * @param intake takes what is to be handled
	 * @param replyAddresses tell where replies may be sent
	 */
	Arrivals(ListenerDefinition definition, Settler settler, RetrySeals seals, LeaseKeeper leases,
			Redeliveries redeliveries, Credit credit, PullFlow flow, Intake intake, ReplyAddresses replyAddresses) {
		this.definition = definition;
		this.firstAttempt = "$JS.ACK." + definition.stream() + "." + definition.consumer() + ".1.";
		this.settler = settler;
		this.seals = seals;
		this.leases = leases;
		this.redeliveries = redeliveries;
		this.credit = credit;
		this.flow = flow;
		this.intake = intake;
		this.replyAddresses = replyAddresses;
	}

	/**
	 * Takes a message in hand, unless it is there already.
	 * @param message the message, which the credit has counted
	 */
	void accept(Message message) {
		ReceivedDelivery delivery;
		try {
			delivery = new ReceivedDelivery(RestoredMessage.of(message), this);
		}
		catch (Throwable ex) {
			// The heap is full; the server delivers it again after ack-wait
			this.credit.settled();
			throw ex;
		}
		if (isInHand(delivery)) {
			// Asked for anew at the next look, not at once, as that too might come again
			this.credit.settled();
			return;
		}
		this.leases.add(delivery);
		try {
			accept(delivery);
		}
		catch (Throwable ex) {
			if (delivery.claim()) {
				this.settler.rescue(delivery, ex);
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
			if (this.definition.orderedBy() != null) {
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
			this.settler.giveBack(next);
		}
	}

	@Override
	public Settler settler() {
		return this.settler;
	}

	@Override
	public String firstAttempt() {
		return this.firstAttempt;
	}

	@Override
	public RetryHistory history(Message message) {
		return this.seals.read(message);
	}

	@Override
	public boolean hasDeleteMarkers() {
		return this.seals.hasDeleteMarkers();
	}

	@Override
	public @Nullable String replyTo(ReceivedDelivery delivery) {
		return this.replyAddresses.of(delivery);
	}

	@Override
	public void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak) {
		this.intake.retry(delivery, delay, nak);
	}

	@Override
	public void done(ReceivedDelivery delivery) {
		this.leases.remove(delivery);
		this.credit.settled();
		try {
			this.redeliveries.done(delivery);
			this.intake.done(delivery);
			this.flow.ask();
		}
		catch (Throwable ex) {
			Guard.log(logger,
					() -> "Listener '%s': internal error after message %s".formatted(this.definition.id(), delivery),
					ex);
		}
	}

}
