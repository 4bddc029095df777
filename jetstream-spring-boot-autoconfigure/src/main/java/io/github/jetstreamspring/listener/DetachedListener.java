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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Internal: a listener that gets its messages from a test instead of a server. From there
 * on it is the same: interceptors, conversion, validation, handler, how long that may
 * run, what a failure means, and how it ends. Nothing is asked for, and nothing is in
 * flight.
 *
 * @since 0.1.0
 */
public final class DetachedListener {

	private final ListenerDefinition definition;

	private final int batchSize;

	private final boolean headersOnly;

	private final OutcomeDecider decider;

	private final Settler settler;

	private final RetrySeals seals;

	private final ReplyAddresses replyAddresses;

	private final Workers workers;

	private final WorkFactory work;

	private final OverrunHandler overruns;

	private final ScheduledExecutorService scheduler;

	private final AtomicLong sequence = new AtomicLong();

	private DetachedListener(ListenerDefinition definition, ListenerEnvironment environment,
			ConsumerConfiguration consumer) {
		this.definition = definition;
		this.batchSize = definition.batchSize(consumer.getMaxAckPending());
		DeliveryLimits limits = new DeliveryLimits(definition.retryPolicy(), consumer);
		UnstoredOutcomes unstoredOutcomes = new UnstoredOutcomes();
		this.decider = OutcomeDecider.of(definition, limits, unstoredOutcomes);
		this.seals = new RetrySeals(definition, environment);
		this.headersOnly = consumer.isHeadersOnly();
		WholeMessages wholeMessages = new WholeMessages(definition, environment.connection());
		wholeMessages.adapt(consumer);
		this.settler = new Settler(definition, environment, limits, unstoredOutcomes,
				new UnstoredLetters(definition.id(), () -> {
				}), DeadLetterKeeper.of(definition, environment, wholeMessages), null);
		this.replyAddresses = new ReplyAddresses(definition.id(), definition.replySubjects(), environment.connection());
		this.workers = new Workers(Integer.MAX_VALUE, environment.threads().workers(definition.id()));
		this.work = new WorkFactory(environment.interceptors(definition), this.decider, this.settler, this.workers,
				(nanos, deliveries, failure) -> {
				}, new FollowedRuns(definition.id(), environment.observer()), Once.of(definition, environment));
		this.overruns = new OverrunHandler(definition, this.workers, this.settler, this.decider,
				environment.executor());
		this.scheduler = environment.scheduler();
	}

	/**
	 * Returns a listener of an application without a server.
	 * @param listeners the listeners of the application
	 * @param id the listener's id
	 * @param consumer the consumer's configuration, whose limits hold
	 * @return the listener
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public static DetachedListener of(JetStreamListeners listeners, String id, ConsumerConfiguration consumer) {
		ListenerDefinition definition = listeners.definition(id);
		ListenerEnvironment environment = listeners.environmentOf(id).watchedBy(new DeliveryInterceptor() {

			@Override
			public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
				DetachedRun.of(delivery).settled(settlement, failure);
			}

		}, (deadLetter) -> DetachedRun.of(deadLetter.delivery()).deadLetter(deadLetter.reason()));
		RetryPolicy policy = definition.retryPolicy();
		return new DetachedListener((policy instanceof ExponentialRetryPolicy exponential)
				? definition.retryPolicy(exponential.withoutJitter()) : definition, environment, consumer);
	}

	/**
	 * Returns whether messages are handled in batches.
	 * @return whether they are
	 */
	public boolean takesBatches() {
		return this.definition.handler() instanceof BatchHandler;
	}

	/**
	 * Returns how many messages are handled together.
	 * @return the most messages of a batch, 1 if they aren't handled in batches
	 */
	public int batchSize() {
		return this.batchSize;
	}

	/**
	 * Has messages handled, together if the listener takes batches, and waits until they
	 * are settled and the handler has ended.
	 * @param contents the messages
	 * @param timeout how long to wait
	 * @return what became of each
	 * @throws IllegalStateException if that takes longer, with the place where the
	 * handler is as its cause; it is interrupted then
	 */
	public List<DetachedOutcome> handle(List<DetachedContent> contents, Duration timeout) {
		List<DetachedRun> runs = contents.stream().map(this::run).toList();
		Future<?> overrun = this.scheduler.schedule(() -> overrun(runs), this.definition.maxRunTime().toNanos(),
				TimeUnit.NANOSECONDS);
		try {
			start(runs.stream().map(DetachedRun::delivery).toList());
			long end = System.nanoTime() + timeout.toNanos();
			return runs.stream().map((run) -> await(run, end, timeout)).toList();
		}
		finally {
			overrun.cancel(false);
		}
	}

	private void overrun(List<DetachedRun> runs) {
		runs.stream()
			.filter((run) -> !run.outcome().isDone())
			.map(DetachedRun::delivery)
			.forEach(this.overruns::overrun);
	}

	private DetachedRun run(DetachedContent content) {
		return new DetachedRun(this, DetachedMessage.of(this.definition,
				this.headersOnly ? content.withoutPayload() : content, this.sequence.incrementAndGet()));
	}

	private void start(List<ReceivedDelivery> deliveries) {
		if (this.definition.handler() instanceof BatchHandler handler) {
			this.workers.execute(this.work.batch(handler).apply(deliveries));
			return;
		}
		DeliveryHandler handler = (DeliveryHandler) this.definition.handler();
		deliveries.stream()
			.filter(this::hasKey)
			.forEach((delivery) -> this.workers.execute(this.work.single(handler).apply(delivery)));
	}

	// Before anything else, as where messages wait for each other
	private boolean hasKey(ReceivedDelivery delivery) {
		OrderKey orderedBy = this.definition.orderedBy();
		try {
			if (orderedBy != null) {
				orderedBy.keyOf(delivery, delivery.message());
			}
			return true;
		}
		catch (Throwable ex) {
			KeyFailures.settle(this.decider, this.settler, delivery, ex);
			return false;
		}
	}

	private DetachedOutcome await(DetachedRun run, long end, Duration timeout) {
		CompletableFuture<DetachedOutcome> outcome = run.outcome();
		try {
			return outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while listener '%s' handled a message".formatted(id()), ex);
		}
		catch (TimeoutException ex) {
			Throwable place = new IllegalStateException("The handler was here");
			place.setStackTrace(run.delivery().run().interrupt());
			throw new IllegalStateException("Listener '%s' has not ended with message %s within %s".formatted(id(),
					run.delivery(), Durations.text(timeout)), place);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
	}

	private String id() {
		return this.definition.id();
	}

	ListenerDefinition definition() {
		return this.definition;
	}

	Settler settler() {
		return this.settler;
	}

	RetrySeals seals() {
		return this.seals;
	}

	ReplyAddresses replyAddresses() {
		return this.replyAddresses;
	}

}
