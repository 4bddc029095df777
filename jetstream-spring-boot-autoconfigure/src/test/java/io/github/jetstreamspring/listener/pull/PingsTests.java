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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.nats.client.Connection;
import io.nats.client.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.stubbing.Answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Pings}.
 */
class PingsTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(50);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Connection connection = mock(Connection.class);

	private final AtomicInteger sent = new AtomicInteger();

	@AfterEach
	void shutDown() {
		this.threads.shutdownNow();
	}

	@Test
	void whenTheServerAnswersThenItIsAlive() throws Exception {
		onPing((invocation) -> null);
		Pings pings = new Pings(this.connection, this.threads);
		assertThat(pings.ping(LONG)).isTrue();
		assertThat(pings.ping(LONG)).isTrue();
		assertThat(this.sent).hasValue(2);
	}

	@Test
	void whenTheServerDoesNotAnswerThenNobodyWaitsLongAndNoSecondPingIsSent() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		onPing((invocation) -> {
			answer.await();
			return null;
		});
		Pings pings = new Pings(this.connection, this.threads);
		assertThat(pings.ping(SHORT)).isFalse();
		assertThat(pings.ping(SHORT)).isFalse();
		assertThat(this.sent).hasValue(1);
		answer.countDown();
		assertThat(pings.ping(LONG)).isTrue();
	}

	@Test
	void whenAPingFailsThenTheNextOneIsSent() throws Exception {
		onPing((invocation) -> {
			switch (this.sent.get()) {
				case 1 -> throw new IllegalStateException("closed");
				case 2 -> throw new TimeoutException("late");
				case 3 -> throw new OutOfMemoryError("full");
				default -> {
				}
			}
			return null;
		});
		Pings pings = new Pings(this.connection, this.threads);
		for (int i = 0; i < 3; i++) {
			long start = System.nanoTime();
			assertThat(pings.ping(LONG)).isFalse();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
		}
		assertThat(pings.ping(LONG)).isTrue();
	}

	@Test
	void whenThereIsNoThreadForAPingThenTheNextOneIsSent() throws Exception {
		onPing((invocation) -> null);
		AtomicInteger asked = new AtomicInteger();
		Executor executor = (task) -> {
			switch (asked.incrementAndGet()) {
				case 1 -> throw new RejectedExecutionException("shut down");
				case 2 -> throw new OutOfMemoryError("no thread");
				default -> this.threads.execute(task);
			}
		};
		Pings pings = new Pings(this.connection, executor);
		assertThat(pings.ping(LONG)).isFalse();
		assertThat(pings.ping(LONG)).isFalse();
		assertThat(pings.ping(LONG)).isTrue();
	}

	@Test
	void whenSeveralPingThenOneIsOutAtATime() throws Exception {
		AtomicInteger out = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		onPing((invocation) -> {
			most.accumulateAndGet(out.incrementAndGet(), Math::max);
			Thread.yield();
			out.decrementAndGet();
			return null;
		});
		Pings pings = new Pings(this.connection, this.threads);
		AtomicInteger answered = new AtomicInteger();
		for (int i = 0; i < 20; i++) {
			this.threads.execute(() -> ping(pings, answered));
		}
		await().atMost(LONG).until(() -> answered.get() == 20);
		assertThat(most).hasValue(1);
	}

	@Test
	void whenManyWaitForTheirTurnThenTheyShareAPing() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		onPing((invocation) -> {
			answer.await();
			return null;
		});
		Pings pings = new Pings(this.connection, this.threads);
		AtomicInteger answered = new AtomicInteger();
		for (int i = 0; i < 20; i++) {
			this.threads.execute(() -> ping(pings, answered));
		}
		await().atMost(LONG).until(() -> this.sent.get() == 1);
		answer.countDown();
		await().atMost(LONG).until(() -> answered.get() == 20);
		// Those who came before the first one was sent, and those who came afterwards
		assertThat(this.sent).hasValueBetween(1, 3);
	}

	@Test
	void whenTheOneThatWasToSendIsInterruptedThenTheOthersAreAnswered() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		onPing((invocation) -> {
			answer.await();
			return null;
		});
		Pings pings = new Pings(this.connection, this.threads);
		AtomicInteger answered = new AtomicInteger();
		this.threads.execute(() -> ping(pings, answered));
		await().atMost(LONG).until(() -> this.sent.get() == 1);
		Thread second = new Thread(() -> ping(pings, answered));
		second.start();
		await().atMost(LONG).until(() -> second.getState() == Thread.State.TIMED_WAITING);
		Thread third = new Thread(() -> ping(pings, answered));
		third.start();
		await().atMost(LONG).until(() -> third.getState() == Thread.State.WAITING);
		second.interrupt();
		second.join(LONG.toMillis());
		answer.countDown();
		await().atMost(LONG).until(() -> answered.get() == 2);
	}

	private static void ping(Pings pings, AtomicInteger answered) {
		try {
			if (pings.ping(LONG)) {
				answered.incrementAndGet();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void whenASubscriptionIsDrainedThenItsResultIsAwaited() throws Exception {
		Subscription subscription = mock(Subscription.class);
		given(subscription.drain(any())).willReturn(CompletableFuture.completedFuture(true))
			.willReturn(CompletableFuture.completedFuture(false))
			.willReturn(new CompletableFuture<>());
		Pings pings = new Pings(this.connection, this.threads);
		assertThat(pings.drain(subscription, LONG)).isTrue();
		assertThat(pings.drain(subscription, LONG)).isFalse();
		assertThat(pings.drain(subscription, SHORT)).isFalse();
	}

	private void onPing(Answer<?> answer) throws Exception {
		willAnswer((invocation) -> {
			this.sent.incrementAndGet();
			return answer.answer(invocation);
		}).given(this.connection).flush(any());
	}

}
