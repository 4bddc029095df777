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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.RepeatedTask;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A listener's work between its start and its stop: the way of a message from the pull
 * flow over a worker to its settlement.
 */
final class ListenerSession implements HandlerObserver {

	private static final Log logger = LogFactory.getLog(ListenerSession.class);

	// For acks and dead letters that are on their way when the last handler has ended
	private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(3);

	// One less than a power of two
	private static final int TURNS_BETWEEN_CHECKS = 31;

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	// How a reply subject begins when the message was not delivered before
	private final String firstAttempt;

	private final Credit credit;

	private final LeaseKeeper leases;

	private final Redeliveries redeliveries;

	private final @Nullable OrderKeyWatch keyWatch;

	private final Intake intake;

	private final WholeMessages wholeMessages;

	private final Settler settler;

	private final OutcomeDecider decider;

	private final DeliveryLimits limits;

	private final Workers workers;

	private final RoundTrip roundTrip;

	private final PullFlow flow;

	private final Receiver receiver;

	private final Dispatch dispatch;

	// Replaced with the lease, by the container alone
	private volatile RepeatedTask leaseTask;

	private final RepeatedTask lookTask;

	private final HandlerObserver handlerObserver;

	private final UnstoredLetters unstored;

	private final Consumer<ReceivedDelivery> onDone = this::done;

	// The receiver's alone; that another thread loses some does no harm
	private int turns;

	private volatile boolean fleetPaused;

	private volatile boolean stopping;

	private volatile boolean returned;

	// What came while the listener stopped is given back after what had come before
	private final Queue<ReceivedDelivery> late = new ConcurrentLinkedQueue<>();

	ListenerSession(ListenerDefinition definition, int concurrency, ConsumerConfiguration consumer,
			ListenerEnvironment environment, PullFlow.Events events, HandlerObserver handlerObserver,
			UnstoredLetters unstored) {
		this.unstored = unstored;
		unstored.places(consumer.getMaxAckPending());
		this.handlerObserver = handlerObserver;
		this.definition = definition;
		this.environment = environment;
		this.firstAttempt = "$JS.ACK." + definition.stream() + "." + definition.consumer() + ".1.";
		int batchSize = definition.batchSize(consumer.getMaxAckPending());
		this.credit = new Credit(concurrency, batchSize, definition.maxBuffer(), consumer.getMaxAckPending(),
				environment.shares());
		GivenUp givenUp = new GivenUp();
		this.limits = new DeliveryLimits(definition.retryPolicy(), consumer);
		this.decider = new OutcomeDecider(this.limits, definition.retryable(), givenUp);
		ThreadFactory threadFactory = environment.workerThreads(definition.id());
		this.workers = new Workers(concurrency, threadFactory);
		this.keyWatch = keyWatch(definition.orderedBy());
		this.intake = intake(batchSize);
		this.wholeMessages = new WholeMessages(definition, environment.connection());
		this.wholeMessages.adapt(consumer);
		this.settler = new Settler(definition, environment, this.limits, givenUp, unstored, this.wholeMessages,
				(this.intake instanceof RetryTiming timing) ? timing : RetryTiming.ON_SERVER);
		// What waits for its turn in an order can't be handled by anybody else
		Duration maxWait = (definition.orderedBy() != null) ? Duration.ofNanos(Long.MAX_VALUE)
				: definition.maxRunTime();
		this.leases = new LeaseKeeper(ServerBackoff.lease(consumer), definition.maxRunTime(), maxWait,
				new OverrunHandler(definition, this.workers, this.settler, this.decider, environment.executor()));
		this.redeliveries = new Redeliveries(definition.id(), this.leases, events::deliveredAgain);
		this.roundTrip = new RoundTrip(environment.connection(), definition.stream(), definition.consumer());
		this.flow = new PullFlow(environment, definition, consumer, this.credit, this.roundTrip, this::accept, events);
		this.receiver = new Receiver(threadFactory, environment.scheduler(), this::receive);
		this.dispatch = new Dispatch(this.workers, this.receiver, this.credit, this.settler);
		this.leaseTask = keepLeases();
		this.lookTask = new RepeatedTask(environment.scheduler(), OpenRequests.LOOK_INTERVAL, this::look);
		try {
			this.receiver.start();
		}
		catch (Throwable ex) {
			end();
			throw ex;
		}
	}

	private void look() {
		long now = System.nanoTime();
		this.receiver.check();
		this.flow.look(now, (this.keyWatch != null) ? this.keyWatch.look(now) : null);
	}

	private @Nullable OrderKeyWatch keyWatch(@Nullable OrderKey orderKey) {
		return (orderKey != null) ? new OrderKeyWatch(this.definition, orderKey, (delivery, failure) -> {
			this.receiver.replace();
			this.environment.executor().execute(() -> withoutKey(delivery, failure));
		}) : null;
	}

	private void receive() throws InterruptedException {
		// Who looks after this thread is looked after here
		if ((++this.turns & TURNS_BETWEEN_CHECKS) == 0) {
			long now = System.nanoTime();
			this.lookTask.check(now);
			this.leaseTask.check(now);
		}
		this.flow.receive();
	}

	private void end() {
		this.workers.close();
		this.lookTask.cancel();
		this.leaseTask.cancel();
	}

	/**
	 * Asks for messages, for the first time or after trouble.
	 * @param consumer the consumer's configuration
	 */
	void open(ConsumerConfiguration consumer) {
		this.flow.open(consumer);
		asking();
	}

	/**
	 * Returns whether there is something that the server has to answer.
	 */
	boolean isAwaiting() {
		return this.credit.isAwaiting();
	}

	/**
	 * Stops asking. What was asked for may still come.
	 */
	void stopAsking() {
		this.flow.stopAsking();
	}

	/**
	 * Takes back what was asked for.
	 */
	void withdraw() {
		this.flow.withdraw(DRAIN_TIMEOUT, this.environment.executor());
	}

	/**
	 * Takes over what has changed about the consumer.
	 * @param consumer the consumer's configuration
	 */
	void adapt(ConsumerConfiguration consumer) {
		this.credit.maxAckPending(consumer.getMaxAckPending());
		this.limits.adapt(consumer);
		this.wholeMessages.adapt(consumer);
		this.flow.adapt(consumer);
		this.unstored.places(consumer.getMaxAckPending());
		if (this.leases.lease(ServerBackoff.lease(consumer))) {
			this.leaseTask.cancel();
			this.leaseTask = keepLeases();
		}
	}

	/**
	 * The connection is lost, and another one may follow.
	 */
	void connectionLost() {
		this.flow.lost();
	}

	/**
	 * The consumer was made anew, and may deliver what is in hand as if for the first
	 * time.
	 */
	void consumerReplaced() {
		this.redeliveries.consumerReplaced();
	}

	/**
	 * Lets nobody settle what is in hand, because its stream is gone: an ack would hit
	 * whatever message has the same number in the stream that took its place.
	 */
	void disown() {
		this.leases.inHand().forEach(ReceivedDelivery::disown);
	}

	@Nullable String pinId() {
		return this.flow.pinId();
	}

	void resize(int concurrency) {
		this.credit.resize(concurrency);
		this.workers.resize(concurrency);
		this.flow.ask();
	}

	/**
	 * Starts no handler any more. What is in hand waits.
	 */
	void hold() {
		this.credit.limit(0);
		this.workers.limit(0);
	}

	/**
	 * Handles one message at a time besides those at work: a handler that hangs must not
	 * keep others from being tried.
	 */
	void handleOneByOne() {
		int running = (int) this.leases.inHand().stream().filter(ReceivedDelivery::isRunning).count();
		this.credit.limit(running + 1);
		this.workers.limit(this.workers.busy() + 1);
		asking();
	}

	void handleAll() {
		this.credit.limit(Integer.MAX_VALUE);
		this.workers.limit(Integer.MAX_VALUE);
		asking();
	}

	/**
	 * Takes over whether the server delivers nothing, though it is asked.
	 * @param paused whether the consumer is paused
	 */
	void fleetPaused(boolean paused) {
		boolean over = this.fleetPaused && !paused;
		this.fleetPaused = paused;
		if (over) {
			asking();
		}
	}

	int busyWorkers() {
		return this.workers.busy();
	}

	int inHand() {
		return this.credit.inHand();
	}

	/**
	 * Returns whether there are handlers that a stopping thread may wait for.
	 * @param stopping the thread, which must not wait for its own handler
	 */
	boolean isAtWork(Thread stopping) {
		return this.leases.inHand().stream().anyMatch((delivery) -> !delivery.isStopping(stopping));
	}

	/**
	 * Stops asking, gives back what has not started, lets running handlers finish, and
	 * interrupts those that don't in time.
	 */
	void stop() {
		this.stopping = true;
		long deadline = System.nanoTime() + this.definition.shutdownTimeout().toNanos();
		boolean interrupted = Thread.interrupted();
		try {
			this.flow.close(DRAIN_TIMEOUT);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			// Not to be seen before all is given back: the client sends nothing then
			deadline = System.nanoTime();
		}
		this.receiver.stop();
		// What waits in the intake comes after what waits for a worker
		List<ReceivedDelivery> last = new ArrayList<>();
		this.intake.stop(last::add);
		this.workers.stop().stream().map(Work::deliveries).flatMap(List::stream).forEach(this.settler::giveBack);
		last.forEach(this.settler::giveBack);
		if (this.keyWatch != null) {
			this.keyWatch.stop(this.settler::giveBack);
		}
		this.returned = true;
		giveBackLate();
		try {
			if (!this.workers.await(Duration.ofNanos(deadline - System.nanoTime()))) {
				giveUpWaiting();
			}
			awaitSettled();
			awaitServer();
			this.flow.release();
		}
		catch (InterruptedException ex) {
			giveUpWaiting();
			interrupted = true;
		}
		finally {
			end();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public void ran(long nanos, int deliveries, @Nullable Throwable failure) {
		this.credit.ran(nanos);
		this.handlerObserver.ran(nanos, deliveries, failure);
	}

	private void accept(Message message) {
		ReceivedDelivery delivery;
		try {
			delivery = new ReceivedDelivery(RestoredMessage.of(message), this.firstAttempt, this.settler, this.onDone);
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

	private Intake intake(int batchSize) {
		if (this.definition.handler() instanceof BatchHandler handler) {
			return new BatchIntake(batchSize, this.definition.batchTimeout(), this.environment.scheduler(),
					(batch) -> this.dispatch.execute(new BatchWork(batch, handler, this.environment.interceptors(),
							this.workers::goOn, this.decider, this.settler, this)));
		}
		DeliveryHandler handler = this.environment.interceptors().around((DeliveryHandler) this.definition.handler());
		Function<ReceivedDelivery, Work> work = (delivery) -> new DeliveryWork(delivery, handler, this.decider,
				this.settler, this);
		OrderKey orderKey = this.keyWatch;
		return (orderKey != null)
				? new KeyedIntake(orderKey, this.credit, this.environment.scheduler(), this::isAsking,
						(delivery) -> this.dispatch.execute(work.apply(delivery)), this::withoutKey)
				: (delivery) -> this.dispatch.executeReceived(work.apply(delivery));
	}

	private void asking() {
		this.flow.ask();
		// It settles messages, which observers are told, whom nothing here must wait for
		this.environment.executor().execute(this.intake::asking);
	}

	private boolean isAsking() {
		return this.flow.isAsking() && !this.fleetPaused;
	}

	private void withoutKey(ReceivedDelivery delivery, Throwable failure) {
		Outcome outcome = this.decider.decide(failure, delivery);
		if (delivery.claim()) {
			// A dead letter may have to wait, and other messages must not
			this.settler.settleSoon(delivery, outcome);
		}
	}

	private void done(ReceivedDelivery delivery) {
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

	private void giveBackLate() {
		for (ReceivedDelivery next = this.late.poll(); next != null; next = this.late.poll()) {
			this.settler.giveBack(next);
		}
	}

	private void giveUpWaiting() {
		// Given back first, so that what the interrupted handlers do counts no more
		for (ReceivedDelivery delivery : this.leases.inHand()) {
			logger.warn(
					"Listener '%s': the handler of message %s did not end within shutdown-timeout (%s) and is interrupted"
						.formatted(this.definition.id(), delivery, this.definition.shutdownTimeout()));
			this.settler.giveBack(delivery);
			delivery.interrupt();
		}
	}

	private void awaitSettled() throws InterruptedException {
		long deadline = System.nanoTime() + SETTLE_TIMEOUT.toNanos();
		while (!this.leases.inHand().isEmpty() && System.nanoTime() < deadline) {
			TimeUnit.MILLISECONDS.sleep(10);
		}
	}

	private void awaitServer() throws InterruptedException {
		// Without a connection there is nothing to wait for
		if (this.environment.connection().getStatus() == Connection.Status.CONNECTED
				&& !this.roundTrip.make(DRAIN_TIMEOUT)) {
			logger.warn(
					"Listener '%s': the server doesn't answer, so the last acks may not have reached it, and it delivers again what they were for"
						.formatted(this.definition.id()));
		}
	}

	private RepeatedTask keepLeases() {
		return new RepeatedTask(this.environment.scheduler(), this.leases.interval(),
				() -> this.leases.keep(System.nanoTime()));
	}

}
