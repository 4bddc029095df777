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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Message;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A listener whose handler keeps failing pauses itself and tries again after a while.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ListenerCircuitTests {

	private final AtomicBoolean down = new AtomicBoolean(true);

	private final AtomicInteger failures = new AtomicInteger();

	private final AtomicInteger handled = new AtomicInteger();

	private final List<String> states = new CopyOnWriteArrayList<>();

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
	}

	@Test
	void whenTheHandlerKeepsFailingThenTheListenerPausesAndSaysWhy() throws Exception {
		JetStreamListeners listeners = start(Duration.ofMinutes(5));
		this.queue.publish(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains("keeps failing",
				IllegalStateException.class.getName(), "5m");
		// What was at work when it paused fails too, and nothing after it
		await().during(Duration.ofMillis(500)).until(() -> this.failures.get() <= 10 + 2 * 4);
		assertThat(this.failures.get()).isGreaterThanOrEqualTo(10);
		assertThat(listeners.status(TestQueue.CONSUMER).busy()).isZero();
		assertThat(this.queue.size()).isEqualTo(100);
	}

	@Test
	void whenQuickHandlersBeginToFailThenWhatTheyHaveInHandWaits() throws Exception {
		this.down.set(false);
		JetStreamListeners listeners = start(Duration.ofMinutes(5));
		this.queue.publish(200);
		await().until(() -> this.queue.size() == 0);
		this.down.set(true);
		this.queue.publish(500);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		await().during(Duration.ofMillis(500)).until(() -> this.failures.get() <= 10 + 2 * 4);
		this.down.set(false);
		listeners.resume(TestQueue.CONSUMER);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled).hasValue(200 + 500);
	}

	@Test
	void whenItsPauseIsOverThenItTriesOneMessageAtATimeUntilAllIsWell() throws Exception {
		JetStreamListeners listeners = start(Duration.ofMillis(500));
		this.queue.publish(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 0);
		int before = this.failures.get();
		// Each trial fails and leads to another pause
		await().until(() -> this.failures.get() >= before + 2);
		assertThat(this.handled).hasValue(0);
		this.down.set(false);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(this.handled).hasValue(100);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RUNNING);
		assertThat(this.states).containsSubsequence("STARTING", "RUNNING", "PAUSED", "RUNNING", "PAUSED", "RUNNING");
	}

	@Test
	void whenItIsResumedByHandThenItTriesAtOnce() throws Exception {
		JetStreamListeners listeners = start(Duration.ofMinutes(5));
		this.queue.publish(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 0);
		int before = this.failures.get();
		listeners.resume(TestQueue.CONSUMER);
		// The one that it tries fails, and it pauses again
		await().until(() -> this.failures.get() == before + 1);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		this.down.set(false);
		listeners.resume(TestQueue.CONSUMER);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(this.handled).hasValue(100);
	}

	@Test
	void whenItIsPausedByHandThenItDoesNotGoOnByItself() throws Exception {
		// Not all in hand when it is paused
		JetStreamListeners listeners = start(this::handle, breaker(Duration.ofMillis(300)), 20);
		this.queue.publish(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		listeners.pause(TestQueue.CONSUMER);
		await().until(() -> listeners.status(TestQueue.CONSUMER).reason() == null);
		this.down.set(false);
		// It finishes what it has in hand, with its trials, and asks for nothing
		await().untilAsserted(
				() -> assertThat(listeners.status(TestQueue.CONSUMER)).matches((status) -> status.inHand() == 0));
		int done = this.handled.get();
		assertThat(done).isLessThanOrEqualTo(90);
		// The last acks may still be on their way
		await().during(Duration.ofSeconds(1)).until(() -> this.queue.size() == 100 - done);
		assertThat(this.handled).hasValue(done);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.PAUSED);
		listeners.resume(TestQueue.CONSUMER);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
	}

	@Test
	void whenItIsPausedByHandBeforeItFailsThenItDoesNotGoOnByItself() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger begun = new AtomicInteger();
		JetStreamListeners listeners = start((delivery, message) -> {
			begun.incrementAndGet();
			release.await();
			handle(delivery, message);
		}, new CircuitBreakerOptions(true, 0.5, 4, Duration.ofMillis(300), 3));
		this.queue.publish(100);
		await().until(() -> begun.get() == 4);
		listeners.pause(TestQueue.CONSUMER);
		release.countDown();
		await().until(() -> this.failures.get() == 4);
		await().during(Duration.ofSeconds(1)).until(() -> begun.get() == 4);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.PAUSED);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).isNull();
		this.down.set(false);
		listeners.resume(TestQueue.CONSUMER);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
	}

	@Test
	void whenAHandlerHangsThenOthersAreTriedNevertheless() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicBoolean first = new AtomicBoolean(true);
		JetStreamListeners listeners = start((delivery, message) -> {
			if (first.getAndSet(false)) {
				release.await();
			}
			handle(delivery, message);
		}, new CircuitBreakerOptions(true, 0.5, 10, Duration.ofMillis(300), 3));
		this.queue.publish(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		this.down.set(false);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 1);
		release.countDown();
		await().until(() -> this.queue.size() == 0);
	}

	@Test
	void whenItIsStartedAnewThenItsOldPauseMeansNothing() throws Exception {
		JetStreamListeners listeners = start(Duration.ofSeconds(2));
		this.queue.publish(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		listeners.stop(TestQueue.CONSUMER);
		this.down.set(false);
		listeners.start(TestQueue.CONSUMER);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		await().during(Duration.ofSeconds(3)).until(() -> this.states.size() == 6);
		assertThat(this.states).containsExactly("STARTING", "RUNNING", "PAUSED", "STOPPED", "STARTING", "RUNNING");
	}

	private JetStreamListeners start(Duration pause) {
		return start(this::handle, breaker(pause));
	}

	private static CircuitBreakerOptions breaker(Duration pause) {
		return new CircuitBreakerOptions(true, 0.5, 10, pause, 3);
	}

	private JetStreamListeners start(TestQueue.Handler handler, CircuitBreakerOptions circuitBreaker) {
		return start(handler, circuitBreaker, 500);
	}

	private JetStreamListeners start(TestQueue.Handler handler, CircuitBreakerOptions circuitBreaker, int maxBuffer) {
		return this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(4)
				.maxBuffer(maxBuffer)
				.retry(new RetryOptions(1000L, Duration.ofMillis(100), 1.0, Duration.ofMillis(100), 0.0))
				.circuitBreaker(circuitBreaker)
				.build())
			.onStateChange((event) -> this.states.add(event.getState().name()))
			.start(handler);
	}

	private void handle(Delivery delivery, Message message) {
		if (this.down.get()) {
			this.failures.incrementAndGet();
			throw new IllegalStateException("the database is down");
		}
		this.handled.incrementAndGet();
	}

}
