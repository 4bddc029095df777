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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What threads say that are interrupted reaches the server: the client sends nothing for
 * them, and doesn't say so. The server would deliver again only after an hour.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class InterruptedThreadTests {

	private static final int JOBS = 5;

	private static final Executor SOON = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

	private final Queue<Long> attempts = new ConcurrentLinkedQueue<>();

	private final Queue<Boolean> interruptedAfterwards = new ConcurrentLinkedQueue<>();

	private final AtomicInteger letters = new AtomicInteger();

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.ackWait(Duration.ofHours(1)));
	}

	@ParameterizedTest
	@EnumSource
	void whenAnInterruptedThreadCompletesHandlersThenTheirMessagesAreAcked(AckMode mode) throws Exception {
		this.queue.publish(JOBS);
		listener(mode).startAsync((delivery, message) -> {
			this.attempts.add(delivery.attempt());
			return completedElsewhere(null);
		});
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).hasSize(JOBS).containsOnly(1L);
		await().untilAsserted(() -> assertThat(this.interruptedAfterwards).hasSize(JOBS).containsOnly(true));
	}

	@Test
	void whenAnInterruptedThreadFailsHandlersThenTheirMessagesComeAgainAndEndAsDeadLetters() throws Exception {
		this.queue.publish(JOBS);
		listener(AckMode.PLAIN).startAsync((delivery, message) -> {
			this.attempts.add(delivery.attempt());
			return completedElsewhere(new IllegalStateException("down"));
		});
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).hasSize(2 * JOBS);
		assertThat(this.letters).hasValue(JOBS);
	}

	@ParameterizedTest
	@EnumSource
	void whenAnInterruptedHandlerCallsAVerbThenThatIsDone(Verb verb) throws Exception {
		this.queue.publish(JOBS);
		listener(AckMode.PLAIN).start((delivery, message) -> {
			this.attempts.add(delivery.attempt());
			Thread.currentThread().interrupt();
			verb.call(delivery);
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		});
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).hasSize((verb == Verb.RETRY) ? 2 * JOBS : JOBS);
	}

	@Test
	void whenAnObserverLeavesAnInterruptBehindThenMessagesAreAckedAllTheSame() throws Exception {
		this.queue.publish(JOBS);
		listener(AckMode.PLAIN).observer(new InterruptingObserver()).start((delivery, message) -> {
			this.attempts.add(delivery.attempt());
		});
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).hasSize(JOBS);
	}

	private TestQueue.Setup listener(AckMode mode) {
		return this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(2)
				.ack(mode)
				.retry(new RetryOptions(2L, Duration.ofMillis(20), 1.0, Duration.ofMillis(20), 0.0))
				.build())
			.deadLetters((deadLetter) -> {
				this.letters.incrementAndGet();
				return CompletableFuture.completedFuture(null);
			});
	}

	private CompletionStage<?> completedElsewhere(@Nullable Throwable failure) {
		CompletableFuture<Object> future = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			Thread.currentThread().interrupt();
			if (failure != null) {
				future.completeExceptionally(failure);
			}
			else {
				future.complete(null);
			}
			this.interruptedAfterwards.add(Thread.currentThread().isInterrupted());
		});
		// When somebody waits for it, who ends on that thread then
		SOON.execute(thread::start);
		return future;
	}

	enum Verb {

		ACK {

			@Override
			void call(Delivery delivery) {
				delivery.ack();
			}

		},

		RETRY {

			@Override
			void call(Delivery delivery) {
				delivery.retry(Duration.ofMillis(20));
			}

		},

		DEAD_LETTER {

			@Override
			void call(Delivery delivery) {
				delivery.deadLetter("declined");
			}

		},

		DISCARD {

			@Override
			void call(Delivery delivery) {
				delivery.discard("declined");
			}

		};

		abstract void call(Delivery delivery);

	}

	private static final class InterruptingObserver implements DeliveryObserver {

		@Override
		public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		}

		@Override
		public FollowedRun follow(String listener, Delivery delivery) {
			return new FollowedRun() {

				@Override
				public Scope enter() {
					return () -> {
					};
				}

				@Override
				public void ended(@Nullable Settlement outcome, Duration runTime, @Nullable Throwable failure) {
					Thread.currentThread().interrupt();
				}

			};
		}

	}

}
