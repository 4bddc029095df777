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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ReceivedMessage;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of those who receive by hand when their server ends, and comes back.
 */
@EmbeddedNats(shared = false)
class ReceiverReconnectTests {

	private EmbeddedNatsServer server;

	@AutoClose
	private Worker worker;

	private JetStreamReceiver receiver;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
		this.worker = Worker.run(embedded.url(), List.of(), "jetstream.connection.reconnect-wait=100ms");
		this.receiver = this.worker.bean(JetStreamReceiver.class);
	}

	@Test
	void whenTheServerIsKilledAndRestartedWhileSomebodyWaitsThenTheMessageComes() {
		CompletableFuture<Optional<ReceivedMessage<String>>> waiting = CompletableFuture
			.supplyAsync(() -> receive(Duration.ofSeconds(30)));
		await().until(() -> this.worker.bean(Connection.class)
			.jetStreamManagement()
			.getConsumerInfo("jobs", "worker")
			.getNumWaiting() == 1);
		this.server.kill();
		await().until(() -> this.worker.bean(Connection.class).getStatus() != Connection.Status.CONNECTED);
		this.server.restart();
		await().until(() -> this.worker.bean(Connection.class).getStatus() == Connection.Status.CONNECTED);
		this.worker.template().publish("jobs.a", "a");
		ReceivedMessage<String> message = waiting.join().orElseThrow();
		assertThat(message.payload()).isEqualTo("a");
		message.delivery().ack();
		await().until(() -> this.worker.size("jobs") == 0);
	}

	@Test
	void whenTheServerIsAwayThenTheWaitEndsWithAnErrorThatSaysSo() {
		this.server.kill();
		await().until(() -> this.worker.bean(Connection.class).getStatus() != Connection.Status.CONNECTED);
		long start = System.nanoTime();
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> receive(Duration.ofSeconds(1)))
			.withMessageContaining("the connection to the server is lost");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		this.server.restart();
	}

	@Test
	void whenTheServerHangsThenTheWaitEndsWithAnErrorThatSaysSo() {
		assertThat(receive(Duration.ofMillis(100))).isEmpty();
		this.server.pause();
		long start = System.nanoTime();
		try {
			assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> receive(Duration.ofSeconds(1)))
				.withMessageContaining("The server has not answered requests for messages of consumer 'worker'");
		}
		finally {
			this.server.resume();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(7));
	}

	private Optional<ReceivedMessage<String>> receive(Duration timeout) {
		return this.receiver.receive("jobs", "worker", String.class, timeout);
	}

}
