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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

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
final class ListenerSession implements LeaseKeeper.Overruns, HandlerObserver {

	private static final Log logger = LogFactory.getLog(ListenerSession.class);

	private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

	// For acks and dead letters that are on their way when the last handler has ended
	private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(3);

	// What it costs to hand a message to another thread, which works on it in parallel
	private static final double WAKE_UP_NANOS = 10_000;

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	// How a reply subject begins when the message was not delivered before
	private final String firstAttempt;

	private final Credit credit;

	private final LeaseKeeper leases;

	private final Intake intake;

	private final Settler settler;

	private final OutcomeDecider decider;

	private final Workers workers;

	private final PullFlow flow;

	private final Receiver receiver;

	// Replaced with the lease, by the container alone
	private ScheduledFuture<?> leaseTask;

	private final ScheduledFuture<?> lookTask;

	private final HandlerObserver handlerObserver;

	private volatile boolean stopping;

	private volatile boolean returned;

	// What came while the listener stopped is given back after what had come before
	private final Queue<ReceivedDelivery> late = new ConcurrentLinkedQueue<>();

	ListenerSession(ListenerDefinition definition, int concurrency, ConsumerConfiguration consumer,
			ListenerEnvironment environment, PullFlow.Events events, HandlerObserver handlerObserver) {
		this.handlerObserver = handlerObserver;
		this.definition = definition;
		this.environment = environment;
		this.firstAttempt = "$JS.ACK." + definition.stream() + "." + definition.consumer() + ".1.";
		int batchSize = batchSize(consumer.getMaxAckPending());
		this.credit = new Credit(concurrency, batchSize, definition.maxBuffer(), consumer.getMaxAckPending());
		GivenUp givenUp = new GivenUp();
		this.decider = new OutcomeDecider(definition.retryPolicy().maxAttempts(), definition.retryable(), givenUp);
		ThreadFactory threadFactory = environment.workerThreads(definition.id());
		this.workers = new Workers(concurrency, threadFactory);
		this.intake = intake(batchSize);
		this.settler = new Settler(definition, environment, givenUp,
				(this.intake instanceof RetryTiming timing) ? timing : RetryTiming.ON_SERVER);
		// What waits for its turn in an order can't be handled by anybody else
		Duration maxWait = (definition.orderedBy() != null) ? Duration.ofNanos(Long.MAX_VALUE)
				: definition.maxRunTime();
		this.leases = new LeaseKeeper(consumer.getAckWait(), definition.maxRunTime(), maxWait, this);
		this.flow = new PullFlow(environment.connection(), definition.stream(), definition.consumer(), consumer,
				this.credit, this::accept, events);
		this.receiver = new Receiver(threadFactory, environment.scheduler(), this.flow);
		this.leaseTask = keepLeases();
		this.lookTask = repeat(LOOK_INTERVAL, () -> this.flow.look(System.nanoTime()));
		this.receiver.start();
	}

	/**
	 * Asks for messages, for the first time or after trouble.
	 * @param consumer the consumer's configuration
	 */
	void open(ConsumerConfiguration consumer) {
		this.flow.open(consumer);
	}

	/**
	 * Returns whether there is something that the server has to answer.
	 */
	boolean isAwaiting() {
		return this.credit.isAwaiting();
	}

	void pause() {
		this.flow.pause();
	}

	/**
	 * Takes over what has changed about the consumer.
	 * @param consumer the consumer's configuration
	 */
	void adapt(ConsumerConfiguration consumer) {
		this.credit.maxAckPending(consumer.getMaxAckPending());
		if (this.leases.lease(consumer.getAckWait())) {
			this.leaseTask.cancel(false);
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
	 * Limits how many messages are asked for and in hand, whatever the workers could
	 * take.
	 * @param inHand the most messages
	 */
	void limit(int inHand) {
		this.credit.limit(inHand);
		this.flow.ask();
	}

	int busyWorkers() {
		return this.workers.busy();
	}

	int inHand() {
		return this.credit.inHand();
	}

	/**
	 * Stops asking, gives back what has not started, lets running handlers finish, and
	 * interrupts those that don't in time.
	 */
	void stop() {
		this.stopping = true;
		long deadline = System.nanoTime() + this.definition.shutdownTimeout().toNanos();
		this.flow.close(DRAIN_TIMEOUT);
		this.receiver.stop();
		forgetRequests();
		// What waits in the intake comes after what waits for a worker
		List<ReceivedDelivery> last = new ArrayList<>();
		this.intake.stop(last::add);
		this.workers.stop().forEach(this::giveBack);
		last.forEach(this::giveBack);
		this.returned = true;
		giveBackLate();
		try {
			if (!this.workers.await(Duration.ofNanos(deadline - System.nanoTime()))) {
				giveUpWaiting();
			}
			awaitSettled();
			flush();
			this.flow.release();
		}
		catch (InterruptedException ex) {
			giveUpWaiting();
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.warn("Listener '%s': the last acks may not have reached the server, which then delivers again: %s"
				.formatted(this.definition.id(), ex));
		}
		finally {
			this.workers.close();
			this.lookTask.cancel(false);
			this.leaseTask.cancel(false);
		}
	}

	@Override
	public void ran(long nanos, int deliveries, @Nullable Throwable failure) {
		this.credit.ran(nanos);
		this.handlerObserver.ran(nanos, deliveries, failure);
	}

	@Override
	public void overrun(ReceivedDelivery delivery) {
		if (!delivery.isRunning()) {
			// Somebody else may have a worker for it
			giveBack(delivery);
			return;
		}
		boolean undecided = delivery.claim();
		MaxRunTimeException overrun = new MaxRunTimeException(this.definition.maxRunTime());
		// Where the handler hangs is what its author needs to know
		overrun.setStackTrace(delivery.interrupt());
		logger.warn("Listener '%s': the handler of message %s runs for longer than max-run-time and is interrupted"
			.formatted(this.definition.id(), delivery), overrun);
		if (undecided) {
			// A dead letter may have to wait, and the leases of others must not
			this.environment.executor()
				.execute(() -> this.settler.settle(delivery, this.decider.decide(overrun, delivery.attempt())));
		}
	}

	@Override
	public void stuck(ReceivedDelivery delivery) {
		Work work = delivery.work();
		if (work != null) {
			MaxRunTimeException stuck = new MaxRunTimeException(this.definition.maxRunTime());
			stuck.setStackTrace(delivery.stack());
			logger.warn(
					"Listener '%s': the handler of message %s doesn't end, though it was interrupted; its thread is given up on, and another one takes its place"
						.formatted(this.definition.id(), delivery),
					stuck);
			this.workers.abandon(work);
			work.deliveries().forEach(ReceivedDelivery::end);
		}
	}

	private void accept(Message message) {
		ReceivedDelivery delivery = new ReceivedDelivery(message, this.firstAttempt, this.settler, this::done);
		this.leases.add(delivery);
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
					(batch) -> execute(new BatchWork(batch, handler, this.environment.interceptors(),
							this.workers::goOn, this.decider, this.settler, this)));
		}
		DeliveryHandler handler = this.environment.interceptors().around((DeliveryHandler) this.definition.handler());
		Function<ReceivedDelivery, Work> work = (delivery) -> new DeliveryWork(delivery, handler, this.decider,
				this.settler, this);
		OrderKey orderKey = this.definition.orderedBy();
		return (orderKey != null)
				? new KeyedIntake(orderKey, this.credit, this.environment.scheduler(),
						(delivery) -> execute(work.apply(delivery)), this::withoutKey)
				: (delivery) -> executeAtOnce(work.apply(delivery));
	}

	/**
	 * Has the receiver itself handle a message when handlers are quicker than the wake-up
	 * of a worker.
	 */
	private void executeAtOnce(Work work) {
		boolean quick = this.credit.averageNanos() < WAKE_UP_NANOS && this.receiver.isReceiving();
		if (!quick || !runHere(work)) {
			execute(work);
		}
	}

	private boolean runHere(Work work) {
		this.receiver.leave();
		try {
			return this.workers.runHere(work);
		}
		finally {
			this.receiver.comeBack();
		}
	}

	private int batchSize(long maxAckPending) {
		if (!(this.definition.handler() instanceof BatchHandler)) {
			return 1;
		}
		// More than that can't come, however long a batch waits
		return (maxAckPending > 0) ? (int) Math.min(this.definition.batchSize(), maxAckPending)
				: this.definition.batchSize();
	}

	private void execute(Work work) {
		try {
			this.workers.execute(work);
		}
		catch (RejectedExecutionException ex) {
			giveBack(work);
		}
	}

	private void withoutKey(ReceivedDelivery delivery, RuntimeException failure) {
		if (delivery.claim()) {
			// A dead letter may have to wait, and other messages must not
			this.environment.executor()
				.execute(() -> this.settler.settle(delivery, this.decider.decide(failure, delivery.attempt())));
		}
	}

	private void done(ReceivedDelivery delivery) {
		this.leases.remove(delivery);
		this.credit.settled();
		this.intake.done(delivery);
		this.flow.ask();
	}

	private void giveBackLate() {
		for (ReceivedDelivery next = this.late.poll(); next != null; next = this.late.poll()) {
			giveBack(next);
		}
	}

	/**
	 * Has the server forget the requests that are still open. It looks for those that
	 * nobody listens to when it is asked about the consumer. Otherwise it would try to
	 * fill them with the first messages that are given back, and put these behind the
	 * others when it can't.
	 */
	private void forgetRequests() {
		Connection connection = this.environment.connection();
		if (connection.getStatus() != Connection.Status.CONNECTED) {
			return;
		}
		try {
			connection.jetStreamManagement().getConsumerInfo(this.definition.stream(), this.definition.consumer());
		}
		catch (Exception ex) {
			logger.debug("Listener '%s': the consumer can't be asked for".formatted(this.definition.id()), ex);
		}
	}

	private void giveBack(Work work) {
		work.deliveries().forEach(this::giveBack);
	}

	private void giveBack(ReceivedDelivery delivery) {
		if (delivery.claim()) {
			this.settler.giveBack(delivery);
		}
	}

	private void giveUpWaiting() {
		// Given back first, so that what the interrupted handlers do counts no more
		for (ReceivedDelivery delivery : this.leases.inHand()) {
			logger.warn(
					"Listener '%s': the handler of message %s did not end within shutdown-timeout (%s) and is interrupted"
						.formatted(this.definition.id(), delivery, this.definition.shutdownTimeout()));
			giveBack(delivery);
			delivery.interrupt();
		}
	}

	private void awaitSettled() throws InterruptedException {
		long deadline = System.nanoTime() + SETTLE_TIMEOUT.toNanos();
		while (!this.leases.inHand().isEmpty() && System.nanoTime() < deadline) {
			TimeUnit.MILLISECONDS.sleep(10);
		}
	}

	private void flush() throws InterruptedException, TimeoutException {
		// Without a connection there is nothing to wait for
		if (this.environment.connection().getStatus() == Connection.Status.CONNECTED) {
			this.environment.connection().flush(DRAIN_TIMEOUT);
		}
	}

	private ScheduledFuture<?> keepLeases() {
		return repeat(this.leases.interval(), () -> this.leases.keep(System.nanoTime()));
	}

	private ScheduledFuture<?> repeat(Duration interval, Runnable task) {
		Runnable safe = () -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				// One failure must not end the repetition
				logger.error("Listener '%s': internal error".formatted(this.definition.id()), ex);
			}
		};
		return this.environment.scheduler()
			.scheduleWithFixedDelay(safe, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
	}

}
