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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers that go on without their threads, that never end, and what is called around
 * them.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ListenerHandlerTests {

	private final List<CompletableFuture<Void>> pending = new CopyOnWriteArrayList<>();

	private final AtomicInteger runs = new AtomicInteger();

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.ackWait(Duration.ofSeconds(2)));
	}

	@Test
	void anAsynchronousHandlerCountsUntilItHasEnded() throws Exception {
		this.queue.publish(10);
		JetStreamListeners listeners = listener(3).startAsync((delivery, message) -> pending());
		await().until(() -> this.pending.size() == 3);
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 3);
		assertThat(this.queue.size()).isEqualTo(10);
		this.pending.get(0).complete(null);
		await().until(() -> this.pending.size() == 4);
		await().until(() -> this.queue.size() == 9);
		await().until(() -> {
			this.pending.forEach((handler) -> handler.complete(null));
			return this.queue.size() == 0;
		});
		assertThat(this.pending).hasSize(10);
	}

	@Test
	void whenAnAsynchronousHandlerFailsThenItsMessageIsRetried() throws Exception {
		this.queue.publish(1);
		List<Long> attempts = new CopyOnWriteArrayList<>();
		listener(1).startAsync((delivery, message) -> {
			attempts.add(delivery.attempt());
			return (delivery.attempt() < 3) ? CompletableFuture.failedFuture(new IllegalStateException("not yet"))
					: null;
		});
		await().until(() -> this.queue.size() == 0);
		assertThat(attempts).containsExactly(1L, 2L, 3L);
	}

	@Test
	void whenAnAsynchronousHandlerTakesThreeLeasesThenItRunsOnce() throws Exception {
		this.queue.publish(1);
		listener(1).startAsync((delivery, message) -> {
			this.runs.incrementAndGet();
			return new CompletableFuture<>().completeOnTimeout(null, 6, TimeUnit.SECONDS);
		});
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void whenTheListenerStopsThenAsynchronousHandlersFinish() throws Exception {
		this.queue.publish(2);
		JetStreamListeners listeners = listener(2).startAsync((delivery, message) -> pending());
		await().until(() -> this.pending.size() == 2);
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(listeners::stop);
		this.pending.get(0).complete(null);
		await().until(() -> this.queue.size() == 1);
		assertThat(stopped).isNotDone();
		this.pending.get(1).complete(null);
		await().until(stopped::isDone);
		await().until(() -> this.queue.size() == 0);
	}

	@Test
	void whenAnAsynchronousHandlerRunsTooLongThenItIsCancelledAndItsMessageRetried() throws Exception {
		this.queue.publish(1);
		List<Long> attempts = new CopyOnWriteArrayList<>();
		this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(1)
				.maxRunTime(Duration.ofSeconds(2))
				.retry(new RetryOptions(5L, Duration.ofMillis(100), 1.0, Duration.ofMillis(100), 0.0))
				.build())
			.startAsync((delivery, message) -> {
				attempts.add(delivery.attempt());
				return (delivery.attempt() == 1) ? pending() : null;
			});
		await().until(() -> this.queue.size() == 0);
		assertThat(this.pending.get(0)).isCancelled();
		assertThat(attempts).containsExactly(1L, 2L);
	}

	@Test
	void whenAnInterruptedHandlerDoesNotEndThenAnotherWorkerTakesItsPlace() throws Exception {
		this.queue.publish(3);
		CountDownLatch release = new CountDownLatch(1);
		JetStreamListeners listeners = this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(1)
				.maxRunTime(Duration.ofSeconds(2))
				.retry(new RetryOptions(5L, Duration.ofMillis(100), 1.0, Duration.ofMillis(100), 0.0))
				.build())
			.start((delivery, message) -> {
				this.runs.incrementAndGet();
				if (delivery.streamSequence() == 1 && delivery.attempt() == 1) {
					awaitUninterruptibly(release);
				}
			});
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(4);
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 0);
		release.countDown();
	}

	@Test
	void interceptorsAreCalledAroundTheHandlerInTheirOrderAndToldTheOutcome() throws Exception {
		this.queue.publish(1);
		List<String> calls = new CopyOnWriteArrayList<>();
		listener(1).interceptor(recording("outer", calls))
			.interceptor(recording("inner", calls))
			.start((delivery, message) -> {
				calls.add("handler");
				if (delivery.attempt() == 1) {
					throw new IllegalStateException("not yet");
				}
			});
		await().until(() -> this.queue.size() == 0);
		await().untilAsserted(() -> assertThat(calls).containsExactly("outer before", "inner before", "handler",
				"outer RETRIED", "inner RETRIED", "outer before", "inner before", "handler", "inner after",
				"outer after", "outer HANDLED", "inner HANDLED"));
	}

	@Test
	void whenAnInterceptorDecidesThenTheHandlerIsNotCalled() throws Exception {
		this.queue.publish(1);
		listener(1).interceptor(new DeliveryInterceptor() {

			@Override
			public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) {
				delivery.discard("seen before");
				return null;
			}

		}).start((delivery, message) -> this.runs.incrementAndGet());
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(0);
	}

	private CompletionStage<?> pending() {
		CompletableFuture<Void> handler = new CompletableFuture<>();
		this.pending.add(handler);
		return handler;
	}

	private TestQueue.Setup listener(int concurrency) {
		return this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(concurrency)
				.retry(new RetryOptions(5L, Duration.ofMillis(100), 1.0, Duration.ofMillis(100), 0.0))
				.build());
	}

	private static DeliveryInterceptor recording(String name, List<String> calls) {
		return new DeliveryInterceptor() {

			@Override
			public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
				calls.add(name + " before");
				CompletionStage<?> pending = next.proceed();
				calls.add(name + " after");
				return pending;
			}

			@Override
			public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
				calls.add(name + " " + settlement);
			}

		};
	}

	// As a handler does that swallows interrupts
	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean released = false;
		while (!released) {
			try {
				latch.await();
				released = true;
			}
			catch (InterruptedException ex) {
				// Goes on
			}
		}
	}

}
