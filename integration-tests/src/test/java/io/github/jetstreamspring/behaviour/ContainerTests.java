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

package io.github.jetstreamspring.behaviour;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.ListenerConfigurationException;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.boot.observation.JetStreamObservationAutoConfiguration;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerIdleEvent;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.listener.ListenerStateChangedEvent;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How listeners run.
 */
class ContainerTests extends BehaviourTests {

	@Test
	void aListenerStartsWithTheApplicationUnlessAPlaceholderSaysOtherwise() {
		try (Worker worker = run(ByHand.class, "start-it=false")) {
			assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.STOPPED);
			worker.template().publish("jobs.a", "a");
			worker.listeners().start("worker");
			handles(worker, "a");
		}
		try (Worker worker = run(ByHand.class)) {
			assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.RUNNING);
		}
	}

	@Test
	void listenersOfAGroupStartAndStopTogether() {
		try (Worker worker = run(Grouped.class, TWO_CONSUMERS)) {
			JetStreamListeners listeners = worker.listeners();
			listeners.stopGroup("billing");
			assertThat(listeners.ids()).allMatch((id) -> listeners.state(id) == ListenerState.STOPPED);
			listeners.startGroup("billing");
			assertThat(listeners.ids()).allMatch((id) -> listeners.state(id) == ListenerState.RUNNING);
		}
	}

	@Test
	void aHandlerMayStopItsOwnListener() throws Exception {
		try (Worker worker = run(StoppingItself.class)) {
			worker.publishTogether("jobs.a", "a", "b");
			await().until(() -> worker.listeners().state("worker") == ListenerState.STOPPED);
			assertThat(notes(worker)).containsExactly("a");
			assertThat(worker.size("jobs")).isOne();
		}
	}

	@Test
	void aStopWaitsForRunningHandlers() throws Exception {
		try (Worker worker = run(Slow.class)) {
			worker.template().publish("jobs.a", "a");
			Slow slow = worker.bean(Slow.class);
			slow.running.await();
			Thread stopping = new Thread(() -> worker.listeners().stop("worker"));
			stopping.start();
			slow.go.countDown();
			stopping.join();
			assertThat(notes(worker)).containsExactly("done");
			done(worker);
		}
	}

	@Test
	void noMoreHandlersRunAtOnceThanTheConcurrency() throws Exception {
		try (Worker worker = run(Counting.class)) {
			for (int i = 0; i < 50; i++) {
				worker.template().publish("jobs.a", "a");
			}
			done(worker);
			assertThat(worker.bean(Counting.class).most.get()).isBetween(1, 2);
		}
	}

	@Test
	void threadsHaveTheNameOfTheListener() {
		try (Worker worker = run(OnItsThread.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "on-its-thread");
		}
	}

	@Test
	void changesOfStateAreEvents() {
		try (Worker worker = run(WithEvents.class)) {
			worker.listeners().pause("worker");
			worker.listeners().resume("worker");
			worker.listeners().stop("worker");
			await().untilAsserted(
					() -> assertThat(notes(worker)).containsSubsequence("RUNNING", "PAUSED", "RUNNING", "STOPPED"));
		}
	}

	@Test
	void havingNothingToDoIsAnEvent() {
		try (Worker worker = run(WithEvents.class, "jetstream.listeners.worker.idle-event-interval=100ms")) {
			await().untilAsserted(() -> assertThat(notes(worker)).contains("idle worker"));
		}
	}

	@Test
	void beansOfLowerPhasesStartBeforeTheListenersAndStopAfterThem() {
		Worker worker = run(WithPhases.class);
		worker.template().publish("jobs.a", "a");
		handles(worker, "database started", "a, database is running: true");
		Notes notes = worker.bean(Notes.class);
		WithPhases.Database database = worker.bean(WithPhases.Database.class);
		database.whenStopping(() -> notes.add("listener is " + worker.listeners().state("worker")));
		List<Object> all = notes(worker);
		worker.close();
		assertThat(all).last().isEqualTo("listener is STOPPED");
	}

	@Test
	void interceptorsAreCalledInTheirOrderAndOneMayDropAMessage() throws Exception {
		try (Worker worker = run(Intercepted.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "outer", "inner", "own", "a");
			notes(worker).clear();
			worker.template().message("b").to("jobs.a").header("drop", "yes").publish();
			done(worker);
			handles(worker, "outer");
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void aRunOfAHandlerIsAnObservation() {
		try (Worker worker = run(Observed.class)) {
			worker.template().publish("jobs.a", "a");
			await().untilAsserted(() -> assertThat(notes(worker)).contains("jetstream.publish", "jetstream.process"));
		}
	}

	@Test
	void aContextThatCantStartLeavesNothingBehind() {
		FailingLate.connection = null;
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> run(FailingLate.class).close())
			.isNotInstanceOf(ListenerConfigurationException.class)
			.withStackTraceContaining("too late");
		assertThat(FailingLate.connection).isNotNull();
		await().until(() -> FailingLate.connection.getStatus() == Connection.Status.CLOSED);
	}

	static class ByHand extends Noting {

		ByHand(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", autoStartup = "${start-it:true}")
		void handle(String job) {
			note(job);
		}

	}

	static class Grouped {

		@JetStreamListener(value = "worker", group = "billing")
		void one(String job) {
		}

		@JetStreamListener(value = "other", group = "billing")
		void two(String job) {
		}

	}

	static class StoppingItself extends Noting {

		private final ObjectProvider<JetStreamListeners> listeners;

		StoppingItself(Notes notes, ObjectProvider<JetStreamListeners> listeners) {
			super(notes);
			this.listeners = listeners;
		}

		@JetStreamListener(value = "worker", concurrency = "1")
		void handle(String job) {
			note(job);
			this.listeners.getObject().stop("worker");
		}

	}

	static class Slow extends Noting {

		private final CountDownLatch running = new CountDownLatch(1);

		private final CountDownLatch go = new CountDownLatch(1);

		Slow(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(String job) throws InterruptedException {
			this.running.countDown();
			this.go.await();
			note("done");
		}

	}

	static class Counting {

		private final AtomicInteger now = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		@JetStreamListener(value = "worker", concurrency = "2")
		void handle(String job) {
			this.most.accumulateAndGet(this.now.incrementAndGet(), Math::max);
			Thread.yield();
			this.now.decrementAndGet();
		}

	}

	static class OnItsThread extends Noting {

		OnItsThread(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", id = "on-its-thread")
		void handle(String job) {
			note(Thread.currentThread().getName().replaceFirst("-\\d+$", ""));
		}

	}

	static class WithEvents extends Noting {

		WithEvents(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(String job) {
		}

		@EventListener
		void changed(ListenerStateChangedEvent event) {
			note(event.getState().name());
		}

		@EventListener
		void idle(ListenerIdleEvent event) {
			note("idle " + event.getListener());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithPhases {

		@Bean
		static Database database(Notes notes) {
			return new Database(notes);
		}

		@Bean
		Handler handler(Notes notes, Database database) {
			return new Handler(notes, database);
		}

		static class Handler extends Noting {

			private final Database database;

			Handler(Notes notes, Database database) {
				super(notes);
				this.database = database;
			}

			@JetStreamListener("worker")
			void handle(String job) {
				note(job + ", database is running: " + this.database.isRunning());
			}

		}

		static class Database implements SmartLifecycle {

			private final Notes notes;

			private volatile boolean running;

			private Runnable whenStopping = () -> {
			};

			Database(Notes notes) {
				this.notes = notes;
			}

			void whenStopping(Runnable action) {
				this.whenStopping = action;
			}

			@Override
			public void start() {
				this.running = true;
				this.notes.add("database started");
			}

			@Override
			public void stop() {
				this.whenStopping.run();
				this.running = false;
			}

			@Override
			public boolean isRunning() {
				return this.running;
			}

			@Override
			public int getPhase() {
				return 0;
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Intercepted extends Noting {

		Intercepted(Notes notes) {
			super(notes);
		}

		@Bean
		@Order(2)
		static DeliveryInterceptor inner(Notes notes) {
			return new Noticing(notes, "inner");
		}

		@Bean
		@Order(1)
		static DeliveryInterceptor outer(Notes notes) {
			return new Noticing(notes, "outer");
		}

		@Bean(defaultCandidate = false)
		static DeliveryInterceptor own(Notes notes) {
			return new Noticing(notes, "own");
		}

		@JetStreamListener(value = "worker", interceptors = "own")
		void handle(String job) {
			note(job);
		}

		record Noticing(Notes notes, String name) implements DeliveryInterceptor {

			@Override
			public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
				this.notes.add(this.name);
				if (delivery.headers().containsKey("drop")) {
					delivery.discard("nobody wants it");
					return null;
				}
				return next.proceed();
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JetStreamObservationAutoConfiguration.class)
	static class Observed {

		@Bean
		static ObservationRegistry observations(Notes notes) {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

				@Override
				public void onStop(Observation.Context context) {
					notes.add(String.valueOf(context.getName()));
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			});
			return registry;
		}

		@JetStreamListener("worker")
		void handle(String job) {
		}

	}

	static class FailingLate implements SmartLifecycle {

		static @Nullable Connection connection;

		FailingLate(Connection connection) {
			FailingLate.connection = connection;
		}

		@JetStreamListener("worker")
		void handle(String job) {
		}

		@Override
		public void start() {
			throw new IllegalStateException("too late");
		}

		@Override
		public void stop() {
			// It has never started
		}

		@Override
		public boolean isRunning() {
			return false;
		}

		@Override
		public int getPhase() {
			return JetStreamListeners.PHASE + 1;
		}

	}

}
