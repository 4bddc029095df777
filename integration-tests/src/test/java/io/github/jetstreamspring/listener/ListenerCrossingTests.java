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

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Listeners that are started while somebody else stops, adds or removes them.
 */
@EmbeddedNats
class ListenerCrossingTests {

	private static final String FIRST = "crossing-first";

	private static final String SECOND = "crossing-second";

	private static final String THIRD = "crossing-third";

	private static final String LATE = "crossing-late";

	private static EmbeddedNatsServer server;

	private final AtomicBoolean once = new AtomicBoolean();

	private final AtomicReference<Runnable> whenFirstRuns = new AtomicReference<>(() -> {
	});

	private final AtomicReference<Runnable> whileStarting = new AtomicReference<>(() -> {
	});

	private TestQueue queue;

	// Its consumer has to be declared first
	private TestQueue missing;

	private JetStreamListeners listeners;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@BeforeEach
	void createListeners() throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
		this.missing = new TestQueue(server.url(), UnaryOperator.identity());
		this.missing.management().deleteConsumer(this.missing.stream(), TestQueue.CONSUMER);
		this.listeners = JetStreamListeners.builder(this.queue.connection()).recovery((stream, consumer) -> {
			this.whileStarting.get().run();
			this.missing.createConsumer(UnaryOperator.identity());
		}).build();
		this.listeners.setApplicationEventPublisher((event) -> {
			if (((ListenerStateChangedEvent) event).getState() == ListenerState.RUNNING
					&& this.once.compareAndSet(false, true)) {
				this.whenFirstRuns.get().run();
			}
		});
		this.listeners.register(definition(FIRST, this.queue));
		this.listeners.register(definition(SECOND, this.queue));
		this.listeners.register(definition(THIRD, this.queue));
	}

	@AfterEach
	void close() throws Exception {
		this.listeners.destroy();
		this.queue.close();
		this.missing.close();
	}

	@Test
	void whenAllStopWhileTheyStartThenNoneIsLeftRunning() throws Exception {
		this.whenFirstRuns.set(() -> byAnotherThread(this.listeners::stop));
		this.listeners.start();
		assertNoneIsRunning();
		this.listeners.start();
		this.queue.publish(20);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.listeners.isRunning()).isTrue();
	}

	@Test
	void whenTheStartingThreadStopsAllThenNoneIsLeftRunning() throws Exception {
		this.whenFirstRuns.set(this.listeners::stop);
		this.listeners.start();
		assertNoneIsRunning();
	}

	@Test
	void whenTheirContextStopsThemWhileTheyStartThenNoneIsLeftRunning() throws Exception {
		this.whenFirstRuns.set(() -> {
			// A lifecycle processor stops nothing else
			assertThat(this.listeners.isRunning()).isTrue();
			CompletableFuture<Void> stopped = new CompletableFuture<>();
			this.listeners.stop(() -> stopped.complete(null));
			stopped.orTimeout(20, TimeUnit.SECONDS).join();
		});
		this.listeners.start();
		assertNoneIsRunning();
	}

	@Test
	void whenAllAreStoppedAndStartedWhileTheyStartThenAllRun() {
		this.whenFirstRuns.set(() -> byAnotherThread(() -> {
			this.listeners.stop();
			this.listeners.start();
		}));
		this.listeners.start();
		assertThat(this.listeners.statuses()).extracting(ListenerStatus::state).containsOnly(ListenerState.RUNNING);
	}

	@Test
	void whenAListenerIsRemovedWhileAllStartThenItDoesNotRun() {
		this.whenFirstRuns.set(() -> byAnotherThread(() -> this.listeners.unregister(SECOND)));
		this.listeners.start();
		assertThat(this.listeners.ids()).containsExactlyInAnyOrder(FIRST, THIRD);
		assertThat(this.listeners.statuses()).extracting(ListenerStatus::state).containsOnly(ListenerState.RUNNING);
		assertDoesNotRun(SECOND);
	}

	@Test
	void whenAListenerIsAddedWhileAllStartThenItRuns() {
		this.whenFirstRuns.set(() -> byAnotherThread(() -> this.listeners.register(definition(LATE, this.queue))));
		this.listeners.start();
		assertThat(this.listeners.state(LATE)).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenAllStopWhileOneIsAddedThenItDoesNotRun() throws Exception {
		this.listeners.start();
		Thread stopping = whileStarting(this.listeners::stop, () -> !this.listeners.isRunning());
		this.listeners.register(definition(LATE, this.missing));
		stopping.join();
		assertNoneIsRunning();
	}

	@Test
	void whenAllStopWhileOneStartsThenItDoesNotRun() throws Exception {
		this.listeners.register(definition(LATE, this.missing));
		Thread stopping = whileStarting(this.listeners::stop, () -> !this.listeners.isRunning());
		this.listeners.start(LATE);
		stopping.join();
		assertNoneIsRunning();
	}

	@Test
	void whenAListenerIsRemovedWhileItStartsThenItDoesNotRunAndCanBeAddedAgain() throws Exception {
		this.listeners.register(definition(LATE, this.missing));
		Thread removing = whileStarting(() -> this.listeners.unregister(LATE),
				() -> !this.listeners.ids().contains(LATE));
		this.listeners.start(LATE);
		removing.join();
		assertDoesNotRun(LATE);
		this.listeners.register(definition(LATE, this.missing));
		this.listeners.start(LATE);
		assertThat(this.listeners.state(LATE)).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenTheListenersAreDestroyedWhileTheyStartThenNoneIsLeftRunningAndNoneCanBeStarted() {
		this.whenFirstRuns.set(() -> byAnotherThread(this.listeners::destroy));
		this.listeners.start();
		assertThat(this.listeners.statuses()).extracting(ListenerStatus::state).containsOnly(ListenerState.STOPPED);
		assertThatIllegalStateException().isThrownBy(this.listeners::start).withMessageContaining("closed");
		assertThatIllegalStateException().isThrownBy(() -> this.listeners.start(FIRST)).withMessageContaining("closed");
		assertThatIllegalStateException().isThrownBy(() -> this.listeners.register(definition(LATE, this.queue)))
			.withMessageContaining("closed");
	}

	private void assertNoneIsRunning() {
		assertThat(this.listeners.isRunning()).isFalse();
		assertThat(this.listeners.statuses()).extracting(ListenerStatus::state).containsOnly(ListenerState.STOPPED);
		this.listeners.ids().forEach(this::assertDoesNotRun);
	}

	private void assertDoesNotRun(String id) {
		// The thread that receives
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith(id + "-")));
	}

	/**
	 * Lets another thread do something while a listener is being started, which it can't
	 * end before that.
	 */
	private Thread whileStarting(Runnable action, Callable<Boolean> begun) {
		Thread thread = new Thread(action);
		this.whileStarting.set(() -> {
			thread.start();
			await().until(begun);
		});
		return thread;
	}

	private static void byAnotherThread(Runnable action) {
		CompletableFuture.runAsync(action).orTimeout(20, TimeUnit.SECONDS).join();
	}

	private ListenerDefinition definition(String id, TestQueue queue) {
		return ListenerDefinition.of(id, queue.stream(), TestQueue.CONSUMER, ListenerOptions.NONE,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
	}

}
