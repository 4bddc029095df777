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
import java.util.List;
import java.util.function.Function;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.listener.pull.Receiver;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a session, which {@link #wire} puts together. A message comes from the
 * first of them, and then goes through the others from below: it is taken in hand, kept
 * until its time has come, handed to a worker, handled and settled.
 *
 * @param credit counts what is asked for and in hand
 * @param limits tell which delivery of a message is its last
 * @param wholeMessages get the payloads that the server keeps to itself
 * @param settler tells the server what became of a message
 * @param workers run the handler
 * @param inHand are the messages that are not settled yet
 * @param leases keep the server from giving those to somebody else
 * @param flow asks for messages
 * @param keyWatch tells the order, {@code null} if messages have none
 * @param intake keeps messages until their time has come
 * @param succession keeps the order of keys from one instance to the next, {@code null}
 * if several may have messages, or these have no order
 * @param redeliveries know what comes once more
 * @param arrivals take messages in hand
 * @param receiver takes what comes
 * @param redriven takes what is redriven, {@code null} if nothing can be
 * @param upkeep does what is to be done again and again
 */
record SessionStages(Credit credit, DeliveryLimits limits, WholeMessages wholeMessages, Settler settler,
		Workers workers, DeliveriesInHand inHand, LeaseKeeper leases, PullFlow flow, @Nullable OrderKeyWatch keyWatch,
		Intake intake, @Nullable Succession succession, Redeliveries redeliveries, Arrivals arrivals, Receiver receiver,
		@Nullable RedrivenMessages redriven, Upkeep upkeep) {

	// What is given back to the server comes again at once, with some time to spare
	private static final Duration RETURN_TIME = Duration.ofSeconds(5);

	/**
	 * Puts the stages of a listener together. Nothing runs before {@link #start()}.
	 * @param definition the listener
	 * @param concurrency the number of workers
	 * @param consumer the consumer's configuration
	 * @param environment what all listeners share
	 * @param circuit is told how handlers end
	 * @param unstored are dead letters that can't be stored
	 * @param events is told what happens
	 */
	static SessionStages wire(ListenerDefinition definition, int concurrency, ConsumerConfiguration consumer,
			ListenerEnvironment environment, HandlerObserver circuit, UnstoredLetters unstored,
			ListenerSession.Events events) {
		GuardedScheduler scheduler = environment.scheduler();
		int batchSize = definition.batchSize(consumer.getMaxAckPending());

		// Ask and receive: where messages come from, which go to the arrivals in start()
		Credit credit = new Credit(concurrency, batchSize, definition.maxBuffer(), consumer.getMaxAckPending(),
				environment.pullConnection());
		Receiver receiver = new Receiver(environment.threads().receivers(), definition.orderedBy() != null);
		PullFlow flow = new PullFlow(environment.pullConnection(), definition.source(), consumer, credit, receiver,
				events);

		// Settle: what becomes of a message, and who has to know
		DeliveryLimits limits = new DeliveryLimits(definition.retryPolicy(), consumer);
		UnstoredOutcomes unstoredOutcomes = new UnstoredOutcomes();
		OutcomeDecider decider = OutcomeDecider.of(definition, limits, unstoredOutcomes);
		WholeMessages wholeMessages = new WholeMessages(definition, environment.connection());
		wholeMessages.adapt(consumer);
		RetrySeals seals = new RetrySeals(definition, environment);
		Settler settler = new Settler(definition, environment, limits, unstoredOutcomes, unstored,
				DeadLetterKeeper.of(definition, environment, wholeMessages),
				LongRetries.of(definition, environment, seals, wholeMessages));

		// Work: who runs the handler, and for how long
		Workers workers = new Workers(concurrency, environment.threads().workers(definition.id()));
		WorkFactory work = new WorkFactory(environment.interceptors(definition), decider, settler, workers,
				(nanos, deliveries, failure) -> {
					credit.ran(nanos);
					circuit.ran(nanos, deliveries, failure);
				}, new FollowedRuns(definition.id(), environment.observer()), Once.of(definition, environment));
		DeliveriesInHand inHand = new DeliveriesInHand();
		LeaseKeeper leases = new LeaseKeeper(inHand, ServerBackoff.lease(consumer), definition.maxRunTime(),
				maxWait(definition), new OverrunHandler(definition, workers, settler, decider, environment.executor()));

		// Dispatch: on a worker's thread, or on the one that receives
		Dispatch dispatch = new Dispatch(definition.id(), workers, receiver, credit, settler);

		// Intake: until its time has come
		KeyFailures keyFailures = new KeyFailures(decider, settler, receiver, environment.executor());
		OrderKeyWatch keyWatch = OrderKeyWatch.of(definition, keyFailures);
		Intake intake;
		if (definition.handler() instanceof BatchHandler handler) {
			Function<List<ReceivedDelivery>, Work> batches = work.batch(handler);
			intake = new BatchIntake(batchSize, definition.batchTimeout(), scheduler,
					(batch) -> dispatch.execute(batches.apply(batch)));
		}
		else {
			Function<ReceivedDelivery, Work> single = work.single((DeliveryHandler) definition.handler());
			intake = (keyWatch != null)
					? new KeyedIntake(keyWatch, credit, scheduler, flow::isDelivering,
							(delivery) -> dispatch.execute(single.apply(delivery)), keyFailures,
							maxAbsence(definition, consumer))
					: new PlainIntake((delivery) -> dispatch.executeReceived(single.apply(delivery)));
		}

		Succession succession = null;
		if (definition.exclusive() && intake instanceof KeyedIntake lanes) {
			succession = new Succession(definition, environment, lanes, inHand, flow, settler);
			flow.onPinChange(succession::begin);
		}

		// Arrive: taken in hand once, however often it comes
		Redeliveries redeliveries = new Redeliveries(definition.id(), inHand, events::deliveredAgain);
		ReplyAddresses replyAddresses = new ReplyAddresses(definition.id(), definition.replySubjects(),
				environment.connection());
		SessionOwner owner = new SessionOwner(definition, definition.source(), settler, seals, replyAddresses, inHand,
				redeliveries, credit, intake, flow, null);
		Arrivals arrivals = new Arrivals(definition, owner, inHand, redeliveries, credit, intake, flow);

		// Redriven: what comes from elsewhere, and goes the same way from then on
		RedrivenMessages redriven = null;
		if (environment.redriven() != null) {
			redriven = new RedrivenMessages(definition, environment, environment.redriven(),
					new Credit(concurrency, batchSize, definition.maxBuffer(), consumer.getMaxAckPending(),
							environment.pullConnection()),
					new Receiver(environment.threads().receivers(), definition.orderedBy() != null),
					() -> !definition.exclusive() || flow.pinId() != null);
			SessionOwner redrivenOwner = new SessionOwner(definition, redriven.source(), settler, seals, replyAddresses,
					inHand, redeliveries, redriven.credit(), intake, redriven.flow(), redriven);
			redriven.into(new Arrivals(definition, redrivenOwner, inHand, redeliveries, redriven.credit(), intake,
					redriven.flow()));
		}

		Upkeep upkeep = new Upkeep(environment.looks(), environment.leaseTimers(), leases, flow, receiver, keyWatch,
				idleWatch(definition, environment, flow, credit, (redriven != null) ? redriven.credit() : null),
				events::checkAcks, settler.acks().recent());
		return new SessionStages(credit, limits, wholeMessages, settler, workers, inHand, leases, flow, keyWatch,
				intake, succession, redeliveries, arrivals, receiver, redriven, upkeep);
	}

	private static @Nullable IdleWatch idleWatch(ListenerDefinition definition, ListenerEnvironment environment,
			PullFlow flow, Credit credit, @Nullable Credit redriven) {
		Duration interval = definition.idleEventInterval();
		if (interval == null) {
			return null;
		}
		return new IdleWatch(definition.id(), interval,
				() -> flow.isDelivering() && credit.inHand() + ((redriven != null) ? redriven.inHand() : 0) == 0,
				() -> credit.arrived() + ((redriven != null) ? redriven.arrived() : 0), environment.executor(),
				(time) -> environment.idle(definition.id(), time));
	}

	// What waits for its turn in an order can't be handled by anybody else
	private static Duration maxWait(ListenerDefinition definition) {
		return (definition.orderedBy() != null) ? Duration.ofNanos(Long.MAX_VALUE) : definition.maxRunTime();
	}

	// What a server has taken back that was cut off from the others comes with its lease
	// only. Where another instance may have it, nobody waits so long in vain.
	private static Duration maxAbsence(ListenerDefinition definition, ConsumerConfiguration consumer) {
		return definition.exclusive() ? RETURN_TIME.plus(ServerBackoff.longestLease(consumer)) : RETURN_TIME;
	}

	/**
	 * Starts what is done again and again, and receives.
	 */
	void start() {
		try {
			this.upkeep.start();
			this.receiver.start(this.flow.into(this.arrivals::accept));
			if (this.redriven != null) {
				this.redriven.start();
			}
		}
		catch (Throwable ex) {
			end();
			throw ex;
		}
	}

	/**
	 * Ends what is done again and again.
	 */
	void end() {
		if (this.redriven != null) {
			this.redriven.end();
		}
		this.receiver.stop();
		this.upkeep.stop();
	}

}
