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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Message;
import io.nats.client.Options;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a listener does when its server ends, and comes back.
 */
@EmbeddedNats(shared = false)
class ListenerReconnectTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final HandledJobs handled = new HandledJobs();

	private final List<ListenerStateChangedEvent> events = new CopyOnWriteArrayList<>();

	private EmbeddedNatsServer server;

	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		// As an application has it by default
		Options options = new Options.Builder(TestQueue.options(this.server.url())).reconnectWait(Duration.ofSeconds(1))
			.build();
		this.queue = new TestQueue(options, 1, UnaryOperator.identity());
	}

	@AfterEach
	void close() throws Exception {
		this.queue.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenTheServerIsStoppedAndStartedThenWorkResumesWithinThreeSeconds() throws Exception {
		workThrough(this.server::stop);
	}

	@Test
	void whenTheServerIsKilledAndRestartedThenWorkResumesWithinThreeSeconds() throws Exception {
		workThrough(this.server::kill);
	}

	private void workThrough(Runnable end) throws Exception {
		this.queue.publish(300);
		JetStreamListeners listeners = listener(2).start(this::handleSlowly);
		this.handled.awaitJobs(50);
		end.run();
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 0);
		await().untilAsserted(() -> assertThat(listeners.status(TestQueue.CONSUMER).reason())
			.contains("connection to the server is lost"));
		int before = this.handled.runs();
		this.server.restart();
		assertThat(this.handled.awaitRunAfter(before, LONG)).isLessThan(Duration.ofSeconds(3));
		this.handled.awaitJobs(300);
		await().until(() -> this.queue.size() == 0);
		// What was in hand when the server went may run twice, and what it had not yet
		// noted as acked
		assertThat(this.handled.runs()).isBetween(300, 310);
		// A server that shuts down says so first, and answers a last time
		await().untilAsserted(() -> assertThat(states())
			.startsWith(ListenerState.STARTING, ListenerState.RUNNING, ListenerState.RECOVERING)
			.endsWith(ListenerState.RUNNING)
			.containsOnly(ListenerState.STARTING, ListenerState.RUNNING, ListenerState.RECOVERING));
	}

	@Test
	void whenTheConnectionIsMadeAnewThenAcksOfWhatCameBeforeAreSent() throws Exception {
		ackWithoutAServer(() -> {
		});
	}

	// Server 2.10 delivers their messages again all the same
	@Test
	@NeedsServer("2.11")
	void whenTheClientHasNoRoomForAcksMeanwhileThenTheyAreSentWhenTheConnectionIsMadeAnew() throws Exception {
		ackWithoutAServer(this::fillBuffer);
	}

	private void fillBuffer() {
		byte[] payload = new byte[1024 * 1024];
		while (payload.length > 0) {
			try {
				this.queue.connection().publish("elsewhere", payload);
			}
			catch (IllegalStateException ex) {
				payload = new byte[payload.length / 2];
			}
		}
	}

	private void ackWithoutAServer(Runnable meanwhile) throws Exception {
		CountDownLatch running = new CountDownLatch(4);
		CountDownLatch release = new CountDownLatch(1);
		JetStreamListeners listeners = listener(4).start((delivery, message) -> {
			this.handled.handle(delivery, message);
			running.countDown();
			release.await();
		});
		this.queue.publish(4);
		running.await();
		this.server.stop();
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		meanwhile.run();
		release.countDown();
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 0);
		this.server.restart();
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		await().atMost(LONG).until(() -> this.queue.size() == 0);
		assertThat(this.handled.runs()).isEqualTo(4);
	}

	@Test
	void whenTheServerIsGoneThenStoppingIsQuick() throws Exception {
		JetStreamListeners listeners = listener(2).start(this.handled);
		this.server.kill();
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		long start = System.nanoTime();
		listeners.stop(TestQueue.CONSUMER);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.STOPPED);
	}

	@Test
	void whenAListenerIsPausedHereAndItsServerRestartsThenItStaysPausedUntilItIsResumed() throws Exception {
		JetStreamListeners listeners = listener(2).start(this.handled);
		listeners.pause(TestQueue.CONSUMER);
		this.server.restart();
		await().atMost(LONG).ignoreExceptions().until(() -> this.queue.size() == 0);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.PAUSED);
		this.queue.publish(5);
		listeners.resume(TestQueue.CONSUMER);
		this.handled.awaitJobs(5);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
	}

	private void handleSlowly(Delivery delivery, Message message) throws Exception {
		this.handled.handle(delivery, message);
		new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
	}

	/**
	 * Returns the states, without changes of the reason alone.
	 */
	private List<ListenerState> states() {
		List<ListenerState> states = new ArrayList<>();
		for (ListenerStateChangedEvent event : this.events) {
			if (states.isEmpty() || states.get(states.size() - 1) != event.getState()) {
				states.add(event.getState());
			}
		}
		return states;
	}

	private TestQueue.Setup listener(int concurrency) {
		return this.queue.listener()
			.options(ListenerOptions.builder().concurrency(concurrency).maxBuffer(0).build())
			.onStateChange(this.events::add);
	}

}
