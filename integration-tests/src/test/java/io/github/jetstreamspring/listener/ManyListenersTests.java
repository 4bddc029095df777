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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many listeners on one connection: what one of them does, the others don't notice.
 */
class ManyListenersTests {

	private static final int LISTENERS = 300;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final EmbeddedNatsServer server = EmbeddedNatsServer.start();

	private final CountDownLatch release = new CountDownLatch(1);

	private ListenerFleet fleet;

	@AfterEach
	void close() throws Exception {
		this.release.countDown();
		if (this.fleet != null) {
			this.fleet.close();
		}
		this.server.close();
	}

	@Test
	void theyShareAFewThreadsAndHaveNoneForWorkThatIsDone() throws Exception {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		start((delivery) -> {
		});
		publishToAll();
		await().atMost(PATIENCE).until(() -> this.fleet.handled() == LISTENERS);
		assertThat(this.fleet.handledAgain()).isEmpty();
		// With those of two connections
		await().atMost(PATIENCE).until(() -> {
			Set<Thread> now = ConcurrentHashMap.newKeySet();
			now.addAll(Thread.getAllStackTraces().keySet());
			now.removeAll(before);
			return now.stream().filter((thread) -> !thread.getName().startsWith("jetstream-listeners-")).count() < 40;
		});
	}

	@Test
	void whenSomeHandlersHangThenTheOthersGoOn() throws Exception {
		Set<String> hanging = ConcurrentHashMap.newKeySet();
		start((delivery) -> {
			// Quick at first, so that it is run by the thread that receives
			if (delivery.consumer().endsWith("7") && delivery.streamSequence() > 10 * LISTENERS) {
				hanging.add(delivery.consumer());
				waitForRelease();
			}
		});
		for (int i = 0; i < 10; i++) {
			publishToAll();
		}
		await().atMost(PATIENCE).until(() -> this.fleet.handled() == 10 * LISTENERS);
		publishToAll();
		await().atMost(PATIENCE).until(() -> hanging.size() == LISTENERS / 10);
		await().atMost(PATIENCE).until(() -> this.fleet.stored() == LISTENERS / 10);
		publishToAll();
		await().atMost(PATIENCE).until(() -> this.fleet.stored() == 2 * LISTENERS / 10);
		this.release.countDown();
		await().atMost(PATIENCE).until(() -> this.fleet.stored() == 0);
	}

	@Test
	void whenTheServerIsKilledThenAllGoOnAndNothingIsLost() throws Exception {
		start((delivery) -> {
		});
		publishToAll();
		await().atMost(PATIENCE).until(() -> this.fleet.handled() == LISTENERS);
		this.server.kill();
		this.server.restart();
		await().atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> this.fleet.listeners()
				.statuses()
				.stream()
				.allMatch((status) -> status.state() == ListenerState.RUNNING) && this.fleet.stored() >= 0);
		int before = this.fleet.handled();
		publishToAll();
		await().atMost(PATIENCE).until(() -> this.fleet.handled() >= before + LISTENERS);
	}

	@Test
	void whenAllStopAtOnceThenNothingIsLost() throws Exception {
		start((delivery) -> {
		});
		this.fleet.publishOn();
		await().atMost(PATIENCE).until(() -> this.fleet.handled() > LISTENERS);
		this.fleet.listeners().stop();
		this.fleet.stopPublishing();
		assertThat(this.fleet.handled() + this.fleet.stored()).isEqualTo(this.fleet.published());
		assertThat(this.fleet.handledAgain()).isEmpty();
	}

	private void start(Consumer<Delivery> handler) throws Exception {
		this.fleet = new ListenerFleet(this.server.url(), LISTENERS,
				ListenerOptions.builder().shutdownTimeout(Duration.ofSeconds(5)).build(), handler);
	}

	private void publishToAll() {
		this.fleet.ids().forEach(this.fleet::publish);
	}

	private void waitForRelease() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
