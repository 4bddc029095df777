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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * An ordinary stop or pause disturbs nobody: not the connection, and not the other
 * listeners on it.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats(shared = false)
class ListenerStopTests {

	private static final int LISTENERS = 20;

	// Less than one of them after the other would take, a few seconds for each
	private static final Duration PATIENCE = Duration.ofSeconds(25);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private EmbeddedNatsServer server;

	private ListenerFleet fleet;

	@BeforeEach
	void startServer(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	@AfterEach
	void close() throws Exception {
		this.threads.shutdownNow();
		if (this.server.isRunning()) {
			this.server.resume();
		}
		if (this.fleet != null) {
			this.fleet.close();
		}
		TestStreams.deleteAll(this.server);
	}

	@ParameterizedTest
	@EnumSource
	void whenAllListenersStopPauseAndResumeInParallelThenTheConnectionStaysAndNothingIsHandledTwice(AckMode ack,
			CapturedOutput output) throws Exception {
		start(ListenerOptions.builder().ack(ack).build(), (delivery) -> {
		});
		this.fleet.publishOn();
		for (int round = 0; round < 5; round++) {
			inParallel(this.fleet.listeners()::stop);
			inParallel(this.fleet.listeners()::start);
			inParallel(this.fleet.listeners()::pause);
			inParallel(this.fleet.listeners()::resume);
		}
		assertUndisturbed(output);
	}

	@Test
	void whenListenersStopPauseAndResumeOneAfterTheOtherThenTheConnectionStays(CapturedOutput output) throws Exception {
		start(ListenerOptions.NONE, (delivery) -> {
		});
		this.fleet.publishOn();
		for (String id : this.fleet.ids()) {
			this.fleet.listeners().pause(id);
			this.fleet.listeners().resume(id);
			this.fleet.listeners().stop(id);
			this.fleet.listeners().start(id);
			this.fleet.listeners().pause(id);
			this.fleet.listeners().stop(id);
			this.fleet.listeners().start(id);
		}
		assertUndisturbed(output);
	}

	@Test
	void whenSeveralThreadsStartStopPauseAndResumeTheSameListenerThenItGoesOn(CapturedOutput output) throws Exception {
		start(ListenerOptions.NONE, (delivery) -> {
		});
		this.fleet.publishOn();
		JetStreamListeners listeners = this.fleet.listeners();
		List<Consumer<String>> actions = List.of(listeners::start, listeners::stop, listeners::pause, listeners::resume,
				(id) -> listeners.concurrency(id, 1 + ThreadLocalRandom.current().nextInt(5)));
		inParallel((id) -> {
			for (int i = 0; i < 20; i++) {
				actions.get(ThreadLocalRandom.current().nextInt(actions.size())).accept("w0");
			}
		});
		listeners.start("w0");
		listeners.resume("w0");
		assertUndisturbed(output);
		assertThat(listeners.state("w0")).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenAllListenersStopThenTheyWaitForTheirHandlersSideBySide(CapturedOutput output) throws Exception {
		CountDownLatch running = new CountDownLatch(LISTENERS);
		CountDownLatch release = new CountDownLatch(1);
		start(ListenerOptions.builder().concurrency(1).build(), (delivery) -> {
			running.countDown();
			join(release);
		});
		this.fleet.ids().forEach(this.fleet::publish);
		running.await();
		CompletableFuture<Void> stopping = CompletableFuture.runAsync(this.fleet.listeners()::stop, this.threads);
		// None waits for another one before it stops asking
		await().atMost(Duration.ofSeconds(20)).until(() -> this.fleet.requests() == 0);
		assertThat(stopping).isNotDone();
		release.countDown();
		stopping.join();
		assertUndisturbed(output);
	}

	@Test
	void whenAConsumerIsGoneThenItsListenerStopsWithoutComplaint(CapturedOutput output) throws Exception {
		start(ListenerOptions.NONE, (delivery) -> {
		});
		this.fleet.deleteConsumer("w0");
		this.fleet.listeners().stop("w0");
		assertThat(this.fleet.events()).isEmpty();
		assertThat(output).doesNotContain("last acks", "ERROR");
	}

	@Test
	void whenTheServerIsGoneThenAllListenersStopAtOnce(CapturedOutput output) throws Exception {
		start(ListenerOptions.NONE, (delivery) -> {
		});
		this.server.kill();
		await().until(() -> this.fleet.listeners().state("w0") == ListenerState.RECOVERING);
		assertThat(stopping()).isLessThan(PATIENCE);
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void whenTheServerIsFrozenThenAllListenersGiveUpTogetherAndSaySoAndNoneBreaksTheConnection(CapturedOutput output)
			throws Exception {
		start(ListenerOptions.NONE, (delivery) -> {
		});
		this.server.pause();
		assertThat(stopping()).isLessThan(PATIENCE);
		assertThat(output).contains("Listener 'w0': the server doesn't answer, so the last acks may not");
		this.server.resume();
		assertThat(this.fleet.events()).isEmpty();
		this.fleet.listeners().start();
		this.fleet.publishOn();
		await().until(() -> this.fleet.handled() > 100);
		assertThat(this.fleet.events()).isEmpty();
	}

	@Test
	void whenNothingMoreCanBeSentThenAllListenersStopNevertheless() throws Exception {
		start(ListenerOptions.NONE, (delivery) -> {
		});
		this.server.pause();
		// More than sockets hold; what is behind it fills the client's queue
		for (int i = 0; i < 40; i++) {
			this.fleet.connection().publish("anything", new byte[500_000]);
		}
		assertThatIllegalStateException().isThrownBy(() -> {
			while (true) {
				this.fleet.connection().publish("anything", new byte[0]);
			}
		});
		assertThat(stopping()).isLessThan(PATIENCE);
		this.server.resume();
	}

	private void start(ListenerOptions options, Consumer<Delivery> handler) throws Exception {
		this.fleet = new ListenerFleet(this.server.url(), LISTENERS, options, handler);
	}

	private Duration stopping() {
		long start = System.nanoTime();
		this.fleet.listeners().stop();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static void join(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void inParallel(Consumer<String> action) {
		List<CompletableFuture<Void>> running = new ArrayList<>();
		for (String id : this.fleet.ids()) {
			running.add(CompletableFuture.runAsync(() -> action.accept(id), this.threads));
		}
		CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
	}

	private void assertUndisturbed(CapturedOutput output) throws Exception {
		this.fleet.stopPublishing();
		await().atMost(Duration.ofSeconds(20)).until(() -> this.fleet.stored() == 0);
		assertThat(this.fleet.handled()).isEqualTo(this.fleet.published());
		assertThat(this.fleet.handledAgain()).isEmpty();
		assertThat(this.fleet.events()).isEmpty();
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

}
