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
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.concurrent.ScheduledExecutorService;

import io.github.jetstreamspring.guard.GuardedExecutor;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.OwnThreads;
import io.github.jetstreamspring.listener.pull.PullConnection;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * What all listeners share.
 *
 * @param connection the connection
 * @param deadLetterHandler keeps what is given up on, or {@code null} to discard it
 * @param template publishes messages that wait long for their next attempt, or
 * {@code null} to leave them to their consumer
 * @param observer is told what becomes of deliveries
 * @param interceptors take part in the handling of deliveries
 * @param recovery brings deleted consumers back
 * @param pullConnection what the listeners of the connection share on it
 * @param repair reconnects when the connection only looks sound
 * @param threads the threads on which they receive, and on which handlers run
 * @param stateChanges is told each change of state
 * @param scheduler runs what is due, and never blocks, as leases depend on it
 * @param looks look after all listeners
 * @param leaseTimers keep the leases of all listeners
 * @param executor runs what waits for the server
 * @param signingKey signs what messages carry about themselves, or {@code null} if the
 * application has no key of its own
 * @param handledMessages remember what is handled once, or {@code null} if nobody does
 * @param lookInterval how often to look at a consumer while all is well
 * @param streams find the streams of consumers
 * @param redriven looks for what is redriven, {@code null} if nothing can be
 */
record ListenerEnvironment(Connection connection, @Nullable DeadLetterHandler deadLetterHandler,
		@Nullable JetStreamTemplate template, DeliveryObserver observer, Interceptors interceptors,
		ConsumerRecovery recovery, PullConnection pullConnection, ConnectionRepair repair, ListenerThreads threads,
		StateChanges stateChanges, GuardedScheduler scheduler, Looks looks, LeaseTimers leaseTimers,
		ExecutorService executor, @Nullable SigningKey signingKey, @Nullable HandledMessages handledMessages,
		Duration lookInterval, FoundStreams streams, @Nullable RedriveWatch redriven) {

	static GuardedScheduler newScheduler() {
		return new GuardedScheduler("jetstream-scheduler-");
	}

	static ExecutorService newExecutor(ScheduledExecutorService scheduler) {
		CustomizableThreadFactory threadFactory = new CustomizableThreadFactory("jetstream-listeners-");
		threadFactory.setDaemon(true);
		return new GuardedExecutor(OwnThreads.of(threadFactory), scheduler);
	}

	/**
	 * Returns the same on another connection.
	 */
	ListenerEnvironment on(ListenerConnection other) {
		PullConnection otherPulls = new PullConnection(other.connection(), this.executor);
		return new ListenerEnvironment(other.connection(), other.deadLetterHandler(), other.template(), this.observer,
				this.interceptors, other.recovery(), otherPulls,
				new ConnectionRepair(other.connection(), otherPulls, this.executor), this.threads, this.stateChanges,
				this.scheduler, this.looks, this.leaseTimers, this.executor, this.signingKey, this.handledMessages,
				this.lookInterval, new FoundStreams(other.connection()),
				RedriveWatch.of(other.connection(), other.lane(), this.signingKey, this.scheduler, this.executor));
	}

	/**
	 * Returns the same with somebody who learns of everything, and leaves all retries to
	 * the consumer.
	 * @param watch is told last of each settlement
	 * @param deadLetters is told of each dead letter before it is kept
	 */
	ListenerEnvironment watchedBy(DeliveryInterceptor watch, Consumer<DeadLetter> deadLetters) {
		DeadLetterHandler handler = this.deadLetterHandler;
		List<DeliveryInterceptor> all = new ArrayList<>(this.interceptors.all());
		all.add(watch);
		return new ListenerEnvironment(this.connection, (handler != null) ? (deadLetter) -> {
			deadLetters.accept(deadLetter);
			return handler.handle(deadLetter);
		} : null, null, this.observer, new Interceptors(all), this.recovery, this.pullConnection, this.repair,
				this.threads, this.stateChanges, this.scheduler, this.looks, this.leaseTimers, this.executor,
				this.signingKey, this.handledMessages, this.lookInterval, this.streams, null);
	}

	/**
	 * Returns the interceptors of a listener, its own inside those of all.
	 */
	Interceptors interceptors(ListenerDefinition definition) {
		return this.interceptors.and(definition.interceptors());
	}

	void stateChanged(String listener, ListenerState state, @Nullable String reason) {
		this.stateChanges.changed(listener, state, reason);
	}

	void close() {
		this.threads.close();
		this.scheduler.shutdownNow();
		this.executor.shutdownNow();
	}

	void idle(String listener, Duration time) {
		this.stateChanges.idle(listener, time);
	}

	/**
	 * Is told each change of a listener's state, and when it has nothing to do.
	 */
	@FunctionalInterface
	interface StateChanges {

		void changed(String listener, ListenerState state, @Nullable String reason);

		default void idle(String listener, Duration time) {
			// Of interest only to those who have set an interval
		}

	}

}
