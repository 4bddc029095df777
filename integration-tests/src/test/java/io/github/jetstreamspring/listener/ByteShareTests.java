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

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * So many listeners on a connection that a large message doesn't fit into the bytes that
 * each of them may ask for.
 */
@Timeout(180)
@EmbeddedNats(shared = false)
class ByteShareTests {

	private static final int LISTENERS = 60;

	private static final int MESSAGES = 4;

	private static final byte[] LARGE = new byte[900_000];

	private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

	@Test
	void whenAllListenersGetLargeMessagesAtTheSameTimeThenTheConnectionStays(EmbeddedNatsServer server)
			throws Exception {
		Connection connection = TestConnections.connect(TestQueue.options(server.url()));
		JetStreamListeners listeners = JetStreamListeners.builder(connection).build();
		try {
			createConsumers(TestConnections.management(connection));
			for (int i = 0; i < LISTENERS; i++) {
				listeners.register(definition("worker-" + i));
			}
			listeners.start();
			handleAll(server, TestConnections.management(connection), listeners);
			assertThat(connection.getStatistics().getReconnects()).isZero();
		}
		finally {
			listeners.destroy();
			connection.close();
		}
		assertThat(Files.readString(server.logFile(), StandardCharsets.ISO_8859_1)).doesNotContain("Slow Consumer");
		assertThat(this.runs).hasSize(LISTENERS * (20 + MESSAGES));
		assertThat(this.runs.values()).allSatisfy((times) -> assertThat(times).hasValue(1));
	}

	private static void handleAll(EmbeddedNatsServer server, JetStreamManagement management,
			JetStreamListeners listeners) throws Exception {
		// Then the sizes that are expected are those of small messages
		store(server, 20, new byte[10]);
		await().atMost(Duration.ofMinutes(1)).until(() -> left(management) == 0);
		for (int i = 0; i < LISTENERS; i++) {
			listeners.pause("worker-" + i);
		}
		store(server, MESSAGES, LARGE);
		for (int i = 0; i < LISTENERS; i++) {
			listeners.resume("worker-" + i);
		}
		await().atMost(Duration.ofMinutes(1)).until(() -> left(management) == 0);
	}

	private ListenerDefinition definition(String consumer) {
		return ListenerDefinition.of(consumer, "jobs", consumer, ListenerOptions.builder().concurrency(10).build(),
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> {
					this.runs.computeIfAbsent(Long.toString(delivery.streamSequence()), (key) -> new AtomicInteger())
						.incrementAndGet();
					return null;
				});
	}

	private static void createConsumers(JetStreamManagement management) throws Exception {
		management.addStream(StreamConfiguration.builder()
			.name("jobs")
			.subjects("jobs.>")
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.build());
		for (int i = 0; i < LISTENERS; i++) {
			management.createConsumer("jobs",
					ConsumerConfiguration.builder()
						.durable("worker-" + i)
						.filterSubject("jobs." + i)
						.ackPolicy(AckPolicy.Explicit)
						.ackWait(Duration.ofSeconds(30))
						.build());
		}
	}

	private static void store(EmbeddedNatsServer server, int count, byte[] payload) throws Exception {
		try (RawNatsClient client = new RawNatsClient(server.url())) {
			for (int message = 0; message < count; message++) {
				for (int i = 0; i < LISTENERS; i++) {
					client.store(("jobs." + i).getBytes(StandardCharsets.US_ASCII), null, payload);
				}
			}
		}
	}

	private static long left(JetStreamManagement management) throws Exception {
		return management.getStreamInfo("jobs").getStreamState().getMsgCount();
	}

}
