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
import java.util.function.Consumer;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.listener.pull.PullSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Has the deliveries of a session in hand, and lets them go when they are done.
 */
final class SessionOwner extends ConsumerOwner {

	private static final Log logger = LogFactory.getLog(SessionOwner.class);

	private final String listener;

	private final DeliveriesInHand inHand;

	private final Redeliveries redeliveries;

	private final Credit credit;

	private final Intake intake;

	private final PullFlow flow;

	private final @Nullable RedrivenMessages redriven;

	/**
	 * Creates an owner.
	 * @param definition the listener
	 * @param source where the messages come from
	 * @param settler carries out the verbs of the deliveries
	 * @param seals tell what is known of messages from before
	 * @param replyAddresses tell where replies may be sent
	 * @param inHand are the deliveries
	 * @param redeliveries forget what is done
	 * @param credit counts what is in hand
	 * @param intake is told what is done, and to be tried again
	 * @param flow asks for more when something is done
	 * @param redriven has brought the deliveries, {@code null} if it has not
	 */
	SessionOwner(ListenerDefinition definition, PullSource source, Settler settler, RetrySeals seals,
			ReplyAddresses replyAddresses, DeliveriesInHand inHand, Redeliveries redeliveries, Credit credit,
			Intake intake, PullFlow flow, @Nullable RedrivenMessages redriven) {
		super(definition, source, settler, seals, replyAddresses);
		this.listener = definition.id();
		this.inHand = inHand;
		this.redeliveries = redeliveries;
		this.credit = credit;
		this.intake = intake;
		this.flow = flow;
		this.redriven = redriven;
	}

	@Override
	public void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak) {
		this.intake.retry(delivery, delay, nak);
	}

	@Override
	public void done(ReceivedDelivery delivery) {
		this.inHand.remove(delivery);
		this.credit.settled();
		try {
			this.redeliveries.done(delivery);
			this.intake.done(delivery);
			if (this.redriven != null) {
				this.redriven.done(delivery);
			}
			this.flow.ask();
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "Listener '%s': internal error after message %s".formatted(this.listener, delivery),
					ex);
		}
	}

}
