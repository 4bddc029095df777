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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.api.ConsumerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a consumer that are received by hand. The application has them in its
 * own hands, on threads that nobody here knows; in all else they are what those of a
 * listener are.
 */
final class HeldDeliveries implements LeaseKeeper.Overruns {

	private static final Log logger = LogFactory.getLog(HeldDeliveries.class);

	private final ListenerDefinition definition;

	private final DeliveryLimits limits;

	private final OutcomeDecider decider;

	private final WholeMessages wholeMessages;

	private final UnstoredLetters unstored;

	private final Settler settler;

	private final DeliveriesInHand inHand = new DeliveriesInHand();

	private final Redeliveries redeliveries;

	private final LeaseKeeper leases;

	private final LeaseTimers leaseTimers;

	private final DeliveryOwner owner;

	/**
	 * Creates an object that has nothing in hand.
	 * @param definition the settings of the consumer
	 * @param environment what is shared with listeners
	 * @param deliveredAgain is told when something in hand has come again
	 */
	HeldDeliveries(ListenerDefinition definition, ListenerEnvironment environment, Runnable deliveredAgain) {
		this.definition = definition;
		this.limits = new DeliveryLimits(definition.retryPolicy());
		UnstoredOutcomes unstoredOutcomes = new UnstoredOutcomes();
		this.decider = new OutcomeDecider(this.limits, definition.retryable(), unstoredOutcomes);
		this.wholeMessages = new WholeMessages(definition, environment.connection());
		this.unstored = new UnstoredLetters(definition.id(), () -> {
		});
		RetrySeals seals = new RetrySeals(definition, environment);
		this.settler = new Settler(definition, environment, this.limits, unstoredOutcomes, this.unstored,
				DeadLetterKeeper.of(definition, environment, this.wholeMessages),
				LongRetries.of(definition, environment, seals, this.wholeMessages));
		this.redeliveries = new Redeliveries(definition.id(), this.inHand, deliveredAgain);
		this.leases = new LeaseKeeper(this.inHand, Duration.ZERO, definition.maxRunTime(), definition.maxRunTime(),
				this);
		this.leaseTimers = environment.leaseTimers();
		this.owner = new Owner(seals,
				new ReplyAddresses(definition.id(), definition.replySubjects(), environment.connection()));
	}

	/**
	 * Takes over what is known of the consumer, before the first message comes and
	 * whenever it is looked at.
	 * @param current the consumer
	 * @param before the consumer as it was at the last look, {@code null} at the first
	 */
	void adapt(FoundConsumer current, @Nullable FoundConsumer before) {
		ConsumerConfiguration configuration = current.configuration();
		this.limits.adapt(configuration);
		this.wholeMessages.adapt(configuration);
		this.unstored.places(configuration.getMaxAckPending());
		this.unstored.look(current, true);
		if (before != null && !before.isSame(current)) {
			this.redeliveries.consumerReplaced();
		}
		if (current.streamReplaced()) {
			// Another message may have the same number now
			this.inHand.all().forEach(ReceivedDelivery::disown);
			this.unstored.clear();
		}
		if (this.leases.lease(ServerBackoff.lease(configuration))) {
			this.leaseTimers.remove(this.leases);
			this.leaseTimers.add(this.leases.interval(), this.leases);
		}
	}

	Arrivals arrivals(Credit credit, Intake intake, PullFlow flow) {
		return new Arrivals(this.definition, this.owner, this.inHand, this.redeliveries, credit, intake, flow);
	}

	/**
	 * Makes what the application gets of a delivery, or settles it if the application
	 * must not see it.
	 * @param delivery the delivery
	 * @param reader makes the payload
	 * @return the message, or {@code null} if the delivery is settled
	 */
	<T> @Nullable HeldMessage<T> open(ReceivedDelivery delivery, ReceiverSetup.Reader<T> reader) {
		Outcome outcome = this.decider.withoutHandler(delivery);
		if (outcome == null) {
			try {
				return new HeldMessage<>(reader.read(delivery, delivery.message()), delivery, this::closed);
			}
			catch (Throwable ex) {
				outcome = this.decider.decide(ex, delivery);
			}
		}
		if (delivery.claim()) {
			this.settler.settle(delivery, outcome);
		}
		return null;
	}

	private void closed(ReceivedDelivery delivery) {
		String whyLast = this.limits.whyLast(delivery);
		this.settler.settle(delivery,
				(whyLast != null) ? new Outcome.GiveUp(whyLast + ", the last time closed without a verb", null)
						: new Outcome.Retry(Duration.ZERO, null));
	}

	void giveBack(ReceivedDelivery delivery) {
		this.settler.giveBack(delivery);
	}

	@Override
	public void overrun(ReceivedDelivery delivery) {
		if (delivery.claim()) {
			logger.warn("Consumer '%s': message %s was received by hand and not settled within max-run-time (%s)"
				.formatted(this.definition.consumer(), delivery, Durations.text(this.definition.maxRunTime())));
			// The leases of others must not wait for it
			this.settler.settleSoon(delivery,
					this.decider.decide(new MaxRunTimeException(this.definition.maxRunTime()), delivery));
		}
	}

	@Override
	public void stuck(ReceivedDelivery delivery) {
		// No thread of listeners is kept by it
	}

	/**
	 * Waits until nothing is in hand any more, at most for {@code shutdown-timeout}, and
	 * gives back what is.
	 * @param startNanos the {@link System#nanoTime()} from which on that counts
	 * @param atOnce whether not to wait
	 * @return whether the calling thread was not interrupted
	 */
	boolean stop(long startNanos, boolean atOnce) {
		boolean waited = atOnce || awaitSettled(startNanos + this.definition.shutdownTimeout().toNanos());
		for (ReceivedDelivery delivery : this.inHand.all()) {
			logger.warn(
					"Consumer '%s': message %s was received by hand and not settled within shutdown-timeout (%s); it is given back"
						.formatted(this.definition.consumer(), delivery,
								Durations.text(this.definition.shutdownTimeout())));
			giveBack(delivery);
		}
		this.leaseTimers.remove(this.leases);
		this.unstored.leave();
		return waited;
	}

	private boolean awaitSettled(long deadlineNanos) {
		int left = this.inHand.all().size();
		if (left > 0) {
			logger.info("Consumer '%s': waiting for %d message(s) that were received by hand and are not settled"
				.formatted(this.definition.consumer(), left));
		}
		try {
			while (!this.inHand.all().isEmpty() && System.nanoTime() - deadlineNanos < 0) {
				TimeUnit.MILLISECONDS.sleep(10);
			}
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	private final class Owner extends ConsumerOwner {

		Owner(RetrySeals seals, ReplyAddresses replyAddresses) {
			super(HeldDeliveries.this.definition, HeldDeliveries.this.definition.source(), HeldDeliveries.this.settler,
					seals, replyAddresses);
		}

		@Override
		public void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak) {
			nak.accept(delay);
		}

		@Override
		public void done(ReceivedDelivery delivery) {
			HeldDeliveries.this.inHand.remove(delivery);
			HeldDeliveries.this.redeliveries.done(delivery);
		}

	}

}
