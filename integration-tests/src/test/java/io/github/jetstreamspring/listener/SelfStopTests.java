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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers, and what else runs on a listener's threads, that stop, start, pause and
 * resize listeners.
 */
@EmbeddedNats
class SelfStopTests {

	// Much less than the shutdown-timeout, for which a handler would wait for itself
	private static final Duration SOON = Duration.ofSeconds(20);

	private static final Duration SHUTDOWN = Duration.ofMinutes(2);

	private final AtomicInteger runs = new AtomicInteger();

	private final AtomicInteger interrupted = new AtomicInteger();

	private final AtomicReference<JetStreamListeners> listeners = new AtomicReference<>();

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.ackWait(Duration.ofSeconds(30)));
	}

	@Test
	void whenAHandlerStopsItsListenerThenItStopsAndItsMessageIsAcked() throws Exception {
		start(listener(1), (delivery, message) -> stop());
		this.queue.publish(1);
		awaitStopped(0);
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void whenTheThreadThatReceivesRunsTheHandlerThenItIsTheSame() throws Exception {
		start(listener(1), (delivery, message) -> {
			// Quick until then
			if (this.runs.get() == 500) {
				stop();
			}
		});
		this.queue.publish(500);
		awaitStopped(0);
		assertThat(this.runs).hasValue(500);
	}

	@Test
	void whenTwoHandlersStopTheirListenerAtOnceThenBothMessagesAreAcked() throws Exception {
		CyclicBarrier both = new CyclicBarrier(2);
		start(listener(2), (delivery, message) -> {
			both.await(10, TimeUnit.SECONDS);
			stop();
		});
		this.queue.publish(2);
		awaitStopped(0);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void whenAHandlerStopsAllListenersThenOthersFinish() throws Exception {
		CyclicBarrier both = new CyclicBarrier(2);
		start(listener(2), (delivery, message) -> {
			boolean first = both.await(10, TimeUnit.SECONDS) == 0;
			if (first) {
				this.listeners.get().stop();
			}
			else {
				await().until(() -> state() != ListenerState.RUNNING || this.queue.size() == 1);
			}
		});
		this.queue.publish(2);
		awaitStopped(0);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void whenAHandlerOfABatchStopsItsListenerThenItsMessagesAreAcked() throws Exception {
		JetStreamListeners started = listener(1).startAny(new BatchHandler() {

			@Override
			public Object read(Delivery delivery, Message message) {
				return message;
			}

			@Override
			public @Nullable CompletionStage<?> handle(List<?> batch) {
				await().until(() -> SelfStopTests.this.listeners.get() != null);
				SelfStopTests.this.runs.addAndGet(batch.size());
				stop();
				return null;
			}

		});
		this.listeners.set(started);
		this.queue.publish(3);
		await().atMost(SOON).until(() -> state() == ListenerState.STOPPED);
		await().untilAsserted(() -> assertThat(this.queue.size()).isEqualTo(3 - this.runs.get()));
		assertThat(this.runs).hasPositiveValue();
	}

	@Test
	void whenAnInterceptorStopsTheListenerAfterItsMessageThenItStops() throws Exception {
		start(listener(1).interceptor(new DeliveryInterceptor() {

			@Override
			public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
				stop();
			}

		}), (delivery, message) -> {
		});
		this.queue.publish(1);
		awaitStopped(0);
	}

	@Test
	void whenADeadLetterHandlerStopsTheListenerThenItStopsAndTheMessageIsGone() throws Exception {
		start(listener(1).deadLetters((deadLetter) -> {
			stop();
			return CompletableFuture.completedFuture(null);
		}), (delivery, message) -> {
			throw new DeadLetterException("never");
		});
		this.queue.publish(1);
		awaitStopped(0);
	}

	@Test
	void whenAListenerOfEventsStopsTheListenerThenItStops() throws Exception {
		start(listener(1).onStateChange((event) -> {
			if (event.getState() == ListenerState.PAUSED) {
				stop();
			}
		}), (delivery, message) -> this.listeners.get().pause(TestQueue.CONSUMER));
		this.queue.publish(1);
		awaitStopped(0);
	}

	@Test
	void whenAHandlerRestartsItsListenerThenItGoesOn() throws Exception {
		start(listener(1), (delivery, message) -> {
			if (this.runs.get() == 1) {
				stop();
				this.listeners.get().start(TestQueue.CONSUMER);
			}
		});
		this.queue.publish(5);
		await().atMost(SOON).until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(5);
		await().until(() -> state() == ListenerState.RUNNING);
	}

	@Test
	void whenAHandlerPausesResumesAndResizesItsListenerThenItGoesOn() throws Exception {
		start(listener(1), (delivery, message) -> {
			JetStreamListeners all = this.listeners.get();
			all.pause(TestQueue.CONSUMER);
			all.concurrency(TestQueue.CONSUMER, 1 + this.runs.get() % 3);
			all.resume(TestQueue.CONSUMER);
			all.start(TestQueue.CONSUMER);
		});
		this.queue.publish(10);
		// Sooner than what a pause loses would come again
		await().atMost(SOON).until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(10);
		await().until(() -> state() == ListenerState.RUNNING);
	}

	@Test
	void whenAHandlerDestroysTheListenersThenItsMessageIsAcked() throws Exception {
		start(listener(1), (delivery, message) -> this.listeners.get().destroy());
		this.queue.publish(1);
		awaitStopped(0);
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void whenSomebodyElseStopsTheListenerThenHeWaitsForItsHandlers() throws Exception {
		CompletableFuture<Void> release = new CompletableFuture<>();
		start(listener(1), (delivery, message) -> release.join());
		this.queue.publish(1);
		await().until(() -> this.runs.get() == 1);
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(this::stop);
		await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(10)).until(() -> !stopped.isDone());
		release.complete(null);
		stopped.get(20, TimeUnit.SECONDS);
		assertThat(state()).isEqualTo(ListenerState.STOPPED);
		assertThat(this.queue.size()).isZero();
	}

	private TestQueue.Setup listener(int concurrency) {
		return this.queue.listener()
			.options(ListenerOptions.builder().concurrency(concurrency).shutdownTimeout(SHUTDOWN).build());
	}

	private void start(TestQueue.Setup setup, TestQueue.Handler handler) {
		JetStreamListeners started = setup.start((delivery, message) -> {
			if (this.listeners.get() == null) {
				await().until(() -> this.listeners.get() != null);
			}
			this.runs.incrementAndGet();
			try {
				handler.handle(delivery, message);
			}
			catch (InterruptedException ex) {
				this.interrupted.incrementAndGet();
			}
			if (Thread.currentThread().isInterrupted()) {
				this.interrupted.incrementAndGet();
			}
		});
		this.listeners.set(started);
	}

	private void stop() {
		this.listeners.get().stop(TestQueue.CONSUMER);
	}

	private ListenerState state() {
		return this.listeners.get().state(TestQueue.CONSUMER);
	}

	private void awaitStopped(int left) throws Exception {
		await().atMost(SOON).until(() -> state() == ListenerState.STOPPED);
		await().untilAsserted(() -> assertThat(this.queue.size()).isEqualTo(left));
		assertThat(this.interrupted).hasValue(0);
	}

}
