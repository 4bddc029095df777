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

import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.listener.ReceivedMessage;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A context that is stopped and started again, as the cache of test contexts does, and
 * what takes snapshots of a JVM.
 */
@EmbeddedNats(shared = false)
class ContextRestartTests {

	@Test
	void whenTheServerWasGoneWhileTheContextWasStoppedThenAllGoesOnWhenItIsStarted(EmbeddedNatsServer server) {
		try (Worker worker = Worker.run(server.url(), List.of(Handled.class, Jobs.class),
				"jetstream.connection.reconnect-wait=100ms", "jetstream.streams.results.consumers.by-hand.ack-wait=5s",
				"jetstream.streams.results.retention=work-queue")) {
			exercise(worker, "a");
			for (int i = 0; i < 2; i++) {
				worker.context().stop();
				assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.STOPPED);
				server.kill();
				assertThat(worker.bean(Connection.class).getStatus()).isNotEqualTo(Connection.Status.CONNECTED);
				server.restart();
				worker.context().start();
				assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.RUNNING);
				exercise(worker, "again" + i);
			}
		}
	}

	private static void exercise(Worker worker, String job) {
		worker.template().publish("jobs.a", job);
		await().until(() -> worker.bean(Handled.class).payloads().contains(job));
		worker.template().publish("results.a", job);
		try (ReceivedMessage<String> message = worker.bean(JetStreamReceiver.class)
			.receive("results", "by-hand", String.class, Duration.ofSeconds(20))
			.orElseThrow()) {
			assertThat(message.payload()).isEqualTo(job);
			message.delivery().ack();
		}
	}

	static class Jobs {

		private final Handled handled;

		Jobs(Handled handled) {
			this.handled = handled;
		}

		@JetStreamListener("worker")
		void handle(String job) {
			this.handled.add(this, job);
		}

	}

}
