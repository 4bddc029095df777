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
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * The verbs of {@link JetStreamListeners}.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ListenerControlTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final HandledJobs handled = new HandledJobs();

	private final List<ListenerStateChangedEvent> events = new CopyOnWriteArrayList<>();

	private EmbeddedNatsServer server;

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.queue = new TestQueue(this.server.url(), UnaryOperator.identity());
	}

	@Test
	@NeedsServer("2.11")
	void whenTheFleetIsPausedThenNoInstanceWorksUntilItIsResumed() throws Exception {
		JetStreamListeners one = listener().lookEvery(Duration.ofSeconds(1)).start(this.handled);
		JetStreamListeners other = listener().lookEvery(Duration.ofSeconds(1)).start(this.handled);
		one.pause(TestQueue.CONSUMER, Duration.ofHours(1));
		for (JetStreamListeners instance : List.of(one, other)) {
			await().atMost(LONG).until(() -> instance.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
			assertThat(instance.status(TestQueue.CONSUMER).reason()).contains("paused on the server, for all instances",
					"until 20");
		}
		this.queue.publish(20);
		// Both go on asking, and the server goes on waiting
		await().until(() -> this.queue.consumer().getNumWaiting() == 2);
		assertThat(this.handled.runs()).isZero();
		other.resume(TestQueue.CONSUMER);
		await().until(() -> this.handled.runs() == 20);
		for (JetStreamListeners instance : List.of(one, other)) {
			await().until(() -> instance.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
			assertThat(instance.status(TestQueue.CONSUMER).reason()).isNull();
		}
		assertThat(this.queue.consumer().getPaused()).isFalse();
	}

	@Test
	@NeedsServer("2.11")
	void whenTheDeadlineOfAPauseHasComeThenTheListenerGoesOnByItself() throws Exception {
		JetStreamListeners listeners = listener().start(this.handled);
		listeners.pause(TestQueue.CONSUMER, Duration.ofSeconds(4));
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
		this.queue.publish(5);
		await().atMost(LONG).until(() -> this.handled.runs() == 5);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		await().untilAsserted(() -> assertThat(this.events).extracting(ListenerStateChangedEvent::getState)
			.containsExactly(ListenerState.STARTING, ListenerState.RUNNING, ListenerState.PAUSED,
					ListenerState.RUNNING));
	}

	@Test
	@NeedsServer("2.11")
	void whenTheConsumerIsPausedAtTheStartThenTheListenerStartsPaused() throws Exception {
		JetStreamListeners first = listener().start(this.handled);
		first.pause(TestQueue.CONSUMER, Duration.ofHours(1));
		this.events.clear();
		JetStreamListeners second = listener().start(this.handled);
		assertThat(second.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.PAUSED);
		second.resume(TestQueue.CONSUMER);
		await().until(() -> second.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
	}

	@Test
	void whenTheServerIsTooOldToPauseThenTheErrorSaysSoAndNothingIsSent() throws Exception {
		assumeServerPausesNothing();
		JetStreamListeners listeners = listener().start(this.handled);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> listeners.pause(TestQueue.CONSUMER, Duration.ofSeconds(30)))
			.withMessageContaining("2.11")
			.withMessageContaining(this.server.version());
		this.queue.publish(5);
		this.handled.awaitJobs(5);
	}

	@Test
	void whenAPauseWouldNotLastThenItIsRefused() {
		JetStreamListeners listeners = listener().start(this.handled);
		assertThatIllegalArgumentException().isThrownBy(() -> listeners.pause(TestQueue.CONSUMER, Duration.ZERO));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> listeners.pause(TestQueue.CONSUMER, Duration.ofSeconds(Long.MAX_VALUE)))
			.withMessageContaining("100 years");
	}

	@Test
	void whenConcurrencyIsChangedThenThatManyHandlersRun() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		JetStreamListeners listeners = listener().start((delivery, message) -> {
			this.handled.handle(delivery, message);
			release.await();
		});
		this.queue.publish(20);
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 2);
		listeners.concurrency(TestQueue.CONSUMER, 7);
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 7);
		assertThat(listeners.status(TestQueue.CONSUMER).concurrency()).isEqualTo(7);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> listeners.concurrency(TestQueue.CONSUMER, Integer.MAX_VALUE))
			.withMessageContaining("100000");
		assertThatIllegalArgumentException().isThrownBy(() -> listeners.concurrency(TestQueue.CONSUMER, 0))
			.withMessageContaining("at least 1");
		release.countDown();
		await().until(() -> this.queue.size() == 0);
		listeners.stop(TestQueue.CONSUMER);
		listeners.start(TestQueue.CONSUMER);
		assertThat(listeners.status(TestQueue.CONSUMER).concurrency()).isEqualTo(7);
	}

	@Test
	@NeedsServer("2.11")
	void whenAnEventListenerNeverReturnsThenTheConsumerIsStillLookedAfter() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		try {
			JetStreamListeners listeners = listener().onStateChange((event) -> {
				if (event.getState() == ListenerState.PAUSED) {
					awaitEnd(end);
				}
			}).start(this.handled);
			listeners.pause(TestQueue.CONSUMER, Duration.ofSeconds(4));
			await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.PAUSED);
			await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		}
		finally {
			end.countDown();
		}
	}

	private static void awaitEnd(CountDownLatch end) {
		try {
			end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void assumeServerPausesNothing() {
		assumeThat(this.queue.connection().getServerInfo().isSameOrNewerThanVersion("2.11.0"))
			.as("nats-server %s pauses consumers", this.server.version())
			.isFalse();
	}

	private TestQueue.Setup listener() {
		return this.queue.listener()
			.options(ListenerOptions.builder().concurrency(2).maxBuffer(0).build())
			.onStateChange(this.events::add);
	}

}
