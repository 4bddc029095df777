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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.wire.GuardedConnections;
import io.nats.client.Connection;
import io.nats.client.Options;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What a listener does when its server has gone without a word, so that its connection
 * looks sound.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats(shared = false)
class DeadPeerTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(3);

	// For answers that are awaited, but never come
	private static final Duration A_LITTLE = Duration.ofSeconds(5);

	private static final int JOBS = 100;

	private final HandledJobs handled = new HandledJobs();

	private final AtomicBoolean holding = new AtomicBoolean();

	private final CountDownLatch release = new CountDownLatch(1);

	private final CountDownLatch held = new CountDownLatch(1);

	private EmbeddedNatsServer server;

	private TcpProxy proxy;

	private TestQueue queue;

	private Connection publisher;

	@BeforeEach
	void createQueue(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.proxy = TcpProxy.to(this.server.port());
		Options options = Options.builder()
			.server(this.proxy.url())
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(500))
			.connectionTimeout(Duration.ofSeconds(1))
			.build();
		this.queue = new TestQueue(GuardedConnections.guarded(options), 1,
				(consumer) -> consumer.ackWait(Duration.ofSeconds(5)));
		this.publisher = TestConnections.connect(this.server.url());
	}

	@AfterEach
	void close() throws Exception {
		this.release.countDown();
		this.proxy.restore();
		this.publisher.close();
		this.queue.close();
		this.proxy.close();
	}

	@ParameterizedTest
	@EnumSource
	void whenItGoesWhileHandlersAreAtWorkThenNothingIsLost(AckMode ack) throws Exception {
		JetStreamListeners listeners = start(ack);
		publish(0, JOBS);
		await().until(() -> this.handled.runs() > 10);
		this.proxy.cut();
		awaitRecovering(listeners);
		this.proxy.restore();
		awaitAllHandled(listeners);
	}

	@Test
	void whenItGoesAndTheListenerStopsThenThatEndsInTime() throws Exception {
		JetStreamListeners listeners = start(AckMode.PLAIN);
		publish(0, 10);
		this.handled.awaitJobs(10);
		this.proxy.cut();
		assertThat(stopping(listeners)).isLessThan(SHUTDOWN_TIMEOUT.plus(A_LITTLE));
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.STOPPED);
		this.proxy.restore();
		publish(10, JOBS);
		awaitStarted(listeners);
		awaitAllHandled(listeners);
	}

	@ParameterizedTest
	@EnumSource
	void whenItGoesAndAHandlerDoesNotEndThenAStopEndsInTime(AckMode ack) throws Exception {
		JetStreamListeners listeners = start(ack);
		this.holding.set(true);
		publish(0, JOBS);
		this.held.await();
		this.proxy.cut();
		assertThat(stopping(listeners)).isLessThan(SHUTDOWN_TIMEOUT.plus(A_LITTLE));
		this.holding.set(false);
		this.release.countDown();
		this.proxy.restore();
		awaitStarted(listeners);
		awaitAllHandled(listeners);
	}

	@ParameterizedTest
	@EnumSource
	void whenItGoesWhileTheListenerStopsThenThatEndsInTimeAndNothingIsLost(AckMode ack) throws Exception {
		JetStreamListeners listeners = start(ack);
		this.holding.set(true);
		publish(0, JOBS);
		this.held.await();
		CompletableFuture<Duration> stopping = CompletableFuture.supplyAsync(() -> stopping(listeners));
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 0);
		this.proxy.cut();
		this.holding.set(false);
		this.release.countDown();
		assertThat(stopping.get(60, TimeUnit.SECONDS)).isLessThan(SHUTDOWN_TIMEOUT.plus(A_LITTLE));
		this.proxy.restore();
		awaitStarted(listeners);
		awaitAllHandled(listeners);
	}

	@Test
	void whenItGoesAndTheListenerPausesThenItGoesOnWhenItIsResumed() throws Exception {
		JetStreamListeners listeners = start(AckMode.PLAIN);
		publish(0, JOBS);
		await().until(() -> this.handled.runs() > 10);
		this.proxy.cut();
		long start = System.nanoTime();
		listeners.pause(TestQueue.CONSUMER);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(A_LITTLE);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.PAUSED);
		this.proxy.restore();
		listeners.resume(TestQueue.CONSUMER);
		awaitAllHandled(listeners);
	}

	@Test
	void whenItGoesWhileTheListenerIsPausedThenItGoesOnWhenItIsResumed() throws Exception {
		JetStreamListeners listeners = start(AckMode.PLAIN);
		listeners.pause(TestQueue.CONSUMER);
		this.proxy.cut();
		publish(0, JOBS);
		listeners.resume(TestQueue.CONSUMER);
		awaitRecovering(listeners);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).isNotNull();
		this.proxy.restore();
		awaitAllHandled(listeners);
	}

	@Test
	void whenItHasGoneThenAStartFailsInTimeAndSaysWhy() throws Exception {
		JetStreamListeners listeners = start(AckMode.PLAIN);
		listeners.stop();
		this.proxy.cut();
		long start = System.nanoTime();
		assertThatIllegalStateException().isThrownBy(() -> listeners.start(TestQueue.CONSUMER))
			.withMessageContaining("the server doesn't answer");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(A_LITTLE.multipliedBy(2));
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.STOPPED);
		this.proxy.restore();
		publish(0, JOBS);
		awaitStarted(listeners);
		awaitAllHandled(listeners);
	}

	private JetStreamListeners start(AckMode ack) {
		return this.queue.listener()
			.options(ListenerOptions.builder().concurrency(2).ack(ack).shutdownTimeout(SHUTDOWN_TIMEOUT).build())
			.start((delivery, message) -> {
				if (this.holding.get()) {
					this.held.countDown();
					this.release.await();
				}
				// So that there is always one at work
				new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
				this.handled.handle(delivery, message);
			});
	}

	private void publish(int from, int to) throws Exception {
		for (int job = from; job < to; job++) {
			this.publisher.jetStream().publish(this.queue.stream() + ".job", Integer.toString(job).getBytes());
		}
	}

	private static Duration stopping(JetStreamListeners listeners) {
		long start = System.nanoTime();
		listeners.stop();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static void awaitRecovering(JetStreamListeners listeners) {
		await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
	}

	// The client doesn't know yet that its server has gone
	private static void awaitStarted(JetStreamListeners listeners) {
		await().atMost(LONG).ignoreExceptionsInstanceOf(IllegalStateException.class).until(() -> {
			listeners.start(TestQueue.CONSUMER);
			return true;
		});
	}

	private void awaitAllHandled(JetStreamListeners listeners) {
		await().atMost(Duration.ofSeconds(60))
			.until(() -> this.publisher.jetStreamManagement()
				.getStreamInfo(this.queue.stream())
				.getStreamState()
				.getMsgCount() == 0);
		assertThat(this.handled.jobs()).hasSize(JOBS);
		await().untilAsserted(() -> {
			assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RUNNING);
			assertThat(listeners.status(TestQueue.CONSUMER).inHand()).isZero();
		});
	}

}
