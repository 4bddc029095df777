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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Start, stop, pause, and what a listener does when its consumer or its server goes away.
 */
@EmbeddedNats(shared = false)
class ListenerLifecycleTests {

	private final AtomicInteger runs = new AtomicInteger();

	private final List<ListenerState> states = new CopyOnWriteArrayList<>();

	private EmbeddedNatsServer server;

	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.queue = new TestQueue(this.server.url(), UnaryOperator.identity());
	}

	@AfterEach
	void close() throws Exception {
		this.queue.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenTheConsumerIsMissingThenStartFailsAndSaysWhich() throws Exception {
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		assertThatExceptionOfType(ListenerStartException.class)
			.isThrownBy(() -> this.queue.listener().start((delivery, message) -> {
			}))
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement()
				.asString()
				.contains("Listener 'worker'", "consumer 'worker'", "stream '" + this.queue.stream() + "'",
						"consumer not found"));
	}

	@Test
	void whenThereIsNoSuchListenerThenTheErrorNamesThoseThatAre() {
		JetStreamListeners listeners = this.queue.listener().start((delivery, message) -> {
		});
		assertThatIllegalArgumentException().isThrownBy(() -> listeners.stop("wroker"))
			.withMessageContaining("wroker")
			.withMessageContaining("[worker]");
	}

	@Test
	void whenAListenerStopsThenRunningHandlersFinish() throws Exception {
		CountDownLatch running = new CountDownLatch(2);
		CountDownLatch release = new CountDownLatch(1);
		JetStreamListeners listeners = listener(2, Duration.ofSeconds(20)).start((delivery, message) -> {
			running.countDown();
			release.await();
			this.runs.incrementAndGet();
		});
		this.queue.publish(10);
		running.await();
		Thread stopping = new Thread(() -> listeners.stop(TestQueue.CONSUMER));
		stopping.start();
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 0);
		// All but the two are back in the queue before the two have finished
		await().until(() -> this.queue.consumer().getNumAckPending() == 2);
		release.countDown();
		stopping.join();
		assertThat(this.runs).hasValue(2);
		// The server works off acks and naks in its own time
		await().until(() -> this.queue.size() == 8);
		await().until(() -> this.queue.consumer().getNumAckPending() == 0);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.STOPPED);
		listeners.start(TestQueue.CONSUMER);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(10);
	}

	@Test
	void whenAHandlerDoesNotFinishInTimeThenItIsInterruptedAndItsMessageGivenBack() throws Exception {
		AtomicBoolean interrupted = new AtomicBoolean();
		CountDownLatch running = new CountDownLatch(1);
		JetStreamListeners listeners = listener(1, Duration.ofMillis(200)).start((delivery, message) -> {
			running.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.set(true);
				throw ex;
			}
		});
		this.queue.publish(1);
		running.await();
		listeners.stop();
		assertThat(interrupted).isTrue();
		assertThat(this.queue.size()).isOne();
		Set<Long> attempts = ConcurrentHashMap.newKeySet();
		this.queue.listener().start((delivery, message) -> attempts.add(delivery.attempt()));
		// At once, not after the lease
		await().atMost(Duration.ofSeconds(4)).until(() -> this.queue.size() == 0);
		assertThat(attempts).containsExactly(2L);
	}

	@Test
	void whenAListenerIsPausedThenItTakesBackWhatItAskedForUntilItResumes() throws Exception {
		JetStreamListeners listeners = listener(2, null).start((delivery, message) -> this.runs.incrementAndGet());
		this.queue.publish(100);
		await().until(() -> this.queue.size() == 0);
		listeners.pause(TestQueue.CONSUMER);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.PAUSED);
		// Sooner than the requests would expire
		await().atMost(Duration.ofSeconds(3)).until(() -> this.queue.consumer().getNumWaiting() == 0);
		this.queue.publish(100);
		assertThat(this.runs).hasValue(100);
		listeners.resume(TestQueue.CONSUMER);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(200);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenAListenerIsPausedWhileItStartsThenItStartsPaused() throws Exception {
		AtomicReference<JetStreamListeners> starting = new AtomicReference<>();
		JetStreamListeners listeners = this.queue.listener().recovery((stream, consumer) -> {
			starting.get().pause(TestQueue.CONSUMER);
			this.queue.createConsumer(UnaryOperator.identity());
		}).start((delivery, message) -> this.runs.incrementAndGet());
		listeners.stop(TestQueue.CONSUMER);
		starting.set(listeners);
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		listeners.start(TestQueue.CONSUMER);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.PAUSED);
		this.queue.publish(5);
		assertThat(this.queue.consumer().getNumWaiting()).isZero();
		listeners.resume(TestQueue.CONSUMER);
		await().until(() -> this.queue.size() == 0);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenTheServerRestartsThenTheListenerGoesOn() throws Exception {
		JetStreamListeners listeners = listener(2, null).start((delivery, message) -> this.runs.incrementAndGet());
		this.queue.publish(5);
		await().until(() -> this.queue.size() == 0);
		this.server.kill();
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains("connection");
		this.server.restart();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		this.queue.publish(5);
		await().until(() -> this.runs.get() == 10);
		// Without changes of the reason alone
		await().untilAsserted(() -> assertThat(String.join(" ", this.states.stream().map(Enum::name).toList()))
			.matches("STARTING RUNNING (RECOVERING )+RUNNING"));
	}

	@Test
	void whenTheConsumerIsDeletedThenTheListenerSaysSoAndGoesOnWhenItIsBack() throws Exception {
		JetStreamListeners listeners = listener(2, null).start((delivery, message) -> this.runs.incrementAndGet());
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		await()
			.until(() -> String.valueOf(listeners.status(TestQueue.CONSUMER).reason()).contains("consumer not found"));
		this.queue.publish(5);
		this.queue.createConsumer(UnaryOperator.identity());
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(5);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenOneOfTwoListenersHasTheSameIdThenItIsRefused() {
		JetStreamListeners listeners = this.queue.listener().start((delivery, message) -> {
		});
		ListenerDefinition twin = ListenerDefinition.of(TestQueue.CONSUMER, "s", "c", ListenerOptions.NONE,
				new org.springframework.util.ExceptionTypeFilter(List.of(), List.of()),
				(DeliveryHandler) (delivery, message) -> null);
		org.assertj.core.api.Assertions.assertThatIllegalStateException()
			.isThrownBy(() -> listeners.register(twin))
			.withMessageContaining("'worker'");
	}

	private TestQueue.Setup listener(int concurrency, Duration shutdownTimeout) {
		return this.queue.listener()
			.options(ListenerOptions.builder().concurrency(concurrency).shutdownTimeout(shutdownTimeout).build())
			.onStateChange((event) -> this.states.add(event.getState()));
	}

}
