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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages with one key are handled in order, those with other keys side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ListenerOrderTests {

	private static final OrderKey KEY = (delivery, message) -> delivery.headers().getFirst("Key");

	@AutoClose
	private TestQueue queue;

	// The messages of each key, in the order in which they were handled
	private final Map<String, List<Integer>> handled = new ConcurrentHashMap<>();

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
	}

	@Test
	void messagesOfAKeyAreHandledInOrder() throws Exception {
		publish(2_000, 50);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		listener(8).start((delivery, message) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			work(Duration.ofMillis(ThreadLocalRandom.current().nextInt(3)));
			record(delivery, message);
			running.decrementAndGet();
		});
		await().atMost(Duration.ofMinutes(1)).until(() -> this.queue.size() == 0);
		assertThat(this.handled).hasSize(50).allSatisfy((key, numbers) -> assertThat(numbers).hasSize(40).isSorted());
		assertThat(most.get()).isGreaterThan(1);
	}

	@Test
	void whenAMessageFailsThenThoseBehindItWaitAndOtherKeysGoOn() throws Exception {
		publish(300, 3);
		AtomicInteger failures = new AtomicInteger();
		AtomicInteger othersMeanwhile = new AtomicInteger();
		listener(4).start((delivery, message) -> {
			int number = number(message);
			if (number == 0 && delivery.attempt() < 4) {
				failures.incrementAndGet();
				throw new IllegalStateException("not yet");
			}
			if (!this.handled.containsKey(key(0)) && number % 3 != 0) {
				othersMeanwhile.incrementAndGet();
			}
			record(delivery, message);
		});
		await().atMost(Duration.ofMinutes(1)).until(() -> this.queue.size() == 0);
		assertThat(failures).hasValue(3);
		assertThat(othersMeanwhile.get()).isPositive();
		assertThat(this.handled).hasSize(3).allSatisfy((key, numbers) -> assertThat(numbers).hasSize(100).isSorted());
	}

	@Test
	void whenManyFailAtRandomThenEachKeyKeepsItsOrder() throws Exception {
		publish(1_000, 100);
		listener(8).start((delivery, message) -> {
			if (ThreadLocalRandom.current().nextInt(5) == 0) {
				throw new IllegalStateException("bad luck");
			}
			record(delivery, message);
		});
		await().atMost(Duration.ofMinutes(2)).until(() -> this.queue.size() == 0);
		assertThat(this.handled).hasSize(100).allSatisfy((key, numbers) -> assertThat(numbers).hasSize(10).isSorted());
	}

	// Longer than a key waits for a message that was given back, too
	@ParameterizedTest
	@ValueSource(strings = { "PT0.5S", "PT7S" })
	void whenTheCircuitBreakerOpensThenEachKeyKeepsItsOrder(Duration pause) throws Exception {
		publish(200, 10);
		AtomicBoolean down = new AtomicBoolean(true);
		AtomicInteger failures = new AtomicInteger();
		List<ListenerState> states = new CopyOnWriteArrayList<>();
		this.queue.listener()
			.options(options(4).circuitBreaker(new CircuitBreakerOptions(true, 0.5, 10, pause, 3)).build())
			.orderedBy(KEY)
			.onStateChange((event) -> states.add(event.getState()))
			.start((delivery, message) -> {
				if (down.get()) {
					failures.incrementAndGet();
					throw new IllegalStateException("the database is down");
				}
				record(delivery, message);
			});
		// The first trial has failed
		await().atMost(Duration.ofSeconds(30)).until(() -> Collections.frequency(states, ListenerState.PAUSED) >= 2);
		int failed = failures.get();
		assertThat(failed).isLessThanOrEqualTo(10 + 2 * 4 + Collections.frequency(states, ListenerState.PAUSED));
		down.set(false);
		await().atMost(Duration.ofMinutes(1)).until(() -> this.queue.size() == 0);
		assertThat(this.handled).hasSize(10).allSatisfy((key, numbers) -> assertThat(numbers).hasSize(20).isSorted());
	}

	@Test
	@NeedsServer("2.11")
	void whenTheFleetIsPausedDuringARetryThenTheKeyKeepsItsOrder() throws Exception {
		publish(10, 1);
		AtomicBoolean failed = new AtomicBoolean();
		JetStreamListeners listeners = listener(4).start((delivery, message) -> {
			if (!failed.getAndSet(true)) {
				throw new RetryException("later", Duration.ofSeconds(1));
			}
			record(delivery, message);
		});
		await().untilTrue(failed);
		// Longer than a key waits for a message that was given back
		listeners.pause(TestQueue.CONSUMER, Duration.ofSeconds(8));
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(this.handled.get(key(0))).hasSize(10).isSorted();
	}

	@Test
	void whenOneKeyHasMostOfTheMessagesThenTheOthersAreNotHeldUp() throws Exception {
		IntStream.range(0, 50).forEach((i) -> publish("hot", i));
		publish("cold", 50);
		CountDownLatch release = new CountDownLatch(1);
		listener(2).start((delivery, message) -> {
			if (delivery.headers().getFirst("Key").equals("hot")) {
				release.await();
			}
			record(delivery, message);
		});
		await().until(() -> this.handled.containsKey("cold"));
		assertThat(this.handled).doesNotContainKey("hot");
		release.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.get("hot")).hasSize(50).isSorted();
	}

	@Test
	void whenTheListenerStopsDuringARetryThenEverythingIsGivenBackAtOnce() throws Exception {
		publish(20, 1);
		CountDownLatch failed = new CountDownLatch(1);
		JetStreamListeners listeners = listener(4).start((delivery, message) -> {
			failed.countDown();
			throw new RetryException("later", Duration.ofMinutes(5));
		});
		failed.await();
		listeners.stop();
		listener(4).start(this::record);
		// Not after the delay of the retry
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(this.handled.get(key(0))).hasSize(20).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenAKeyIsNeverToldThenItsMessageIsGivenUpOnAndOthersGoOn(boolean interruptible) throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
		Set<String> others = ConcurrentHashMap.newKeySet();
		try {
			this.queue.listener()
				.options(ListenerOptions.builder()
					.concurrency(2)
					.maxRunTime(Duration.ofSeconds(1))
					.retry(new RetryOptions(2L, Duration.ofMillis(100), 1.0, Duration.ofMillis(100), 0.0))
					.build())
				.orderedBy((delivery, message) -> {
					String data = new String(message.getData());
					if (data.equals("3")) {
						hang(end, interruptible);
					}
					return data;
				})
				.deadLetters((deadLetter) -> {
					deadLetters.add(deadLetter);
					return CompletableFuture.completedFuture(null);
				})
				.start((delivery, message) -> others.add(new String(message.getData())));
			this.queue.publish(10);
			await().atMost(Duration.ofSeconds(60)).until(() -> this.queue.size() == 0);
			assertThat(others).hasSize(9).doesNotContain("3");
			assertThat(deadLetters).singleElement()
				.satisfies(
						(letter) -> assertThat(letter.reason()).contains("What orders the message (orderedBy)", "1s"));
		}
		finally {
			end.countDown();
		}
	}

	@Test
	void whenAKeyTakesLongThenTheStateSaysSoAndTheOrderIsKept() throws Exception {
		CountDownLatch known = new CountDownLatch(1);
		publish(40, 2);
		List<String> reasons = new CopyOnWriteArrayList<>();
		JetStreamListeners listeners = this.queue.listener()
			.options(options(4).build())
			.onStateChange((event) -> reasons.add(String.valueOf(event.getReason())))
			.orderedBy((delivery, message) -> {
				if (number(message) == 7) {
					hang(known, false);
				}
				return KEY.keyOf(delivery, message);
			})
			.start(this::record);
		await().untilAsserted(() -> {
			assertThat(listeners.status("worker").state()).isEqualTo(ListenerState.RECOVERING);
			assertThat(listeners.status("worker").reason()).contains("orderedBy", "#8");
		});
		known.countDown();
		await().until(() -> this.queue.size() == 0);
		await().until(() -> listeners.status("worker").state() == ListenerState.RUNNING);
		assertThat(this.handled).hasSize(2).allSatisfy((key, numbers) -> assertThat(numbers).hasSize(20).isSorted());
		assertThat(reasons).noneMatch((reason) -> reason.contains("doesn't answer"));
	}

	@Test
	void whenTheListenerStopsWhileAKeyIsToldThenItsMessageIsGivenBack() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		try {
			publish(10, 1);
			JetStreamListeners listeners = this.queue.listener()
				.options(options(4).build())
				.orderedBy((delivery, message) -> {
					if (number(message) == 5) {
						begun.countDown();
						hang(end, true);
					}
					return KEY.keyOf(delivery, message);
				})
				.start(this::record);
			begun.await();
			listeners.stop();
			listener(4).start(this::record);
			await().atMost(Duration.ofSeconds(15)).until(() -> this.queue.size() == 0);
			assertThat(this.handled.get(key(0))).hasSize(10).doesNotHaveDuplicates();
		}
		finally {
			end.countDown();
		}
	}

	private static void hang(CountDownLatch end, boolean interruptible) {
		boolean over = false;
		while (!over) {
			try {
				end.await();
				over = true;
			}
			catch (InterruptedException ex) {
				over = interruptible;
			}
		}
		if (interruptible) {
			throw new IllegalStateException("interrupted");
		}
	}

	private TestQueue.Setup listener(int concurrency) {
		return this.queue.listener().options(options(concurrency).build()).orderedBy(KEY);
	}

	private static ListenerOptions.Builder options(int concurrency) {
		return ListenerOptions.builder()
			.concurrency(concurrency)
			.retry(new RetryOptions(100L, Duration.ofMillis(300), 1.0, Duration.ofMillis(300), 0.0));
	}

	private void publish(int count, int keys) {
		IntStream.range(0, count).forEach((i) -> publish(key(i % keys), i));
	}

	private void publish(String key, int number) {
		try {
			this.queue.publish(this.queue.message(Integer.toString(number))
				.headers(new io.nats.client.impl.Headers().put("Key", key))
				.build());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void record(Delivery delivery, io.nats.client.Message message) {
		this.handled.computeIfAbsent(delivery.headers().getFirst("Key"), (key) -> new CopyOnWriteArrayList<>())
			.add(number(message));
	}

	private static String key(int number) {
		return "key-" + number;
	}

	private static int number(io.nats.client.Message message) {
		return Integer.parseInt(new String(message.getData()));
	}

	// Stands for work that takes a while; nothing is asserted about how long
	private static void work(Duration time) throws InterruptedException {
		new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
	}

}
