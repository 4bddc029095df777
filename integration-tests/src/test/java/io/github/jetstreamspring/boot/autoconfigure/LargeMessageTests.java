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

package io.github.jetstreamspring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages nearly as large as a server takes: it must not have so much for one connection
 * that it closes it.
 */
@Timeout(300)
@EmbeddedNats(shared = false)
class LargeMessageTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final byte[] LARGE = new byte[900_000];

	@AfterEach
	void deleteStreams(EmbeddedNatsServer server) {
		TestStreams.deleteAll(server);
	}

	@Test
	void whenManyMessagesWaitForTheFirstRequestsThenTheConnectionStays(EmbeddedNatsServer server) throws Exception {
		run(server, Nobody.class, 8, 10).close();
		store(server, 8, 20, LARGE);
		try (ConfigurableApplicationContext context = run(server, EightListeners.class, 8, 10)) {
			assertAllHandled(server, context, 8, 20);
		}
	}

	@Test
	void whenManyMessagesWaitForManyWorkersThenTheConnectionStays(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, EightListeners.class, 8, 64)) {
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			ids(8).forEach(listeners::pause);
			store(server, 8, 30, LARGE);
			ids(8).forEach(listeners::resume);
			assertAllHandled(server, context, 8, 30);
		}
	}

	@Test
	void whenOneListenerHasManyWorkersThenTheConnectionStays(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, OneListener.class, 1, 128)) {
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			listeners.pause("w0");
			store(server, 1, 150, LARGE);
			listeners.resume("w0");
			assertAllHandled(server, context, 1, 150);
		}
	}

	@Test
	void whenLargeMessagesFollowSmallOnesThenTheyAreHandledAtOnce(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, EightListeners.class, 8, 64)) {
			store(server, 8, 100, new byte[100]);
			await().atMost(PATIENCE).until(() -> left(context, 8) == 0);
			store(server, 8, 15, LARGE);
			store(server, 8, 100, new byte[100]);
			assertAllHandled(server, context, 8, 215);
		}
	}

	private static void assertAllHandled(EmbeddedNatsServer server, ConfigurableApplicationContext context, int streams,
			int count) throws Exception {
		await().atMost(PATIENCE).until(() -> left(context, streams) == 0);
		assertThat(Files.readString(server.logFile(), StandardCharsets.ISO_8859_1)).doesNotContain("Slow Consumer");
		assertThat(context.getBean(Connection.class).getStatistics().getReconnects()).isZero();
		Map<String, AtomicInteger> runs = context.getBean(Worker.class).runs;
		assertThat(runs).hasSize(streams * count);
		assertThat(runs.values()).allSatisfy((times) -> assertThat(times).hasValue(1));
	}

	private static void store(EmbeddedNatsServer server, int streams, int count, byte[] payload) throws IOException {
		try (RawNatsClient client = new RawNatsClient(server.url())) {
			for (int stream = 0; stream < streams; stream++) {
				for (int i = 0; i < count; i++) {
					client.store(("s" + stream + ".job").getBytes(StandardCharsets.US_ASCII), null, payload);
				}
			}
		}
	}

	private static long left(ConfigurableApplicationContext context, int streams) throws Exception {
		JetStreamManagement management = context.getBean(JetStreamManagement.class);
		long left = 0;
		for (int stream = 0; stream < streams; stream++) {
			left += management.getStreamInfo("s" + stream).getStreamState().getMsgCount();
		}
		return left;
	}

	private static List<String> ids(int count) {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add("w" + i);
		}
		return ids;
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server, Class<?> listeners, int streams,
			int concurrency) {
		List<String> properties = new ArrayList<>(
				List.of("jetstream.listener.retry.max-attempts=1", "jetstream.listener.concurrency=" + concurrency));
		for (int i = 0; i < streams; i++) {
			properties.add("jetstream.streams.s%d.subjects=s%d.>".formatted(i, i));
			properties.add("jetstream.streams.s%d.consumers.w%d.ack-wait=30s".formatted(i, i));
		}
		return TestApplication.run(List.of(listeners), server.url(), properties.toArray(String[]::new));
	}

	static class Nobody {

	}

	abstract static class Worker {

		private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

		void count(Delivery delivery) {
			this.runs.computeIfAbsent(delivery.stream() + "#" + delivery.streamSequence(), (key) -> new AtomicInteger())
				.incrementAndGet();
		}

	}

	static class OneListener extends Worker {

		@JetStreamListener("w0")
		void handle(byte[] payload, Delivery delivery) {
			count(delivery);
		}

	}

	static class EightListeners extends Worker {

		@JetStreamListener("w0")
		@JetStreamListener("w1")
		@JetStreamListener("w2")
		@JetStreamListener("w3")
		@JetStreamListener("w4")
		@JetStreamListener("w5")
		@JetStreamListener("w6")
		@JetStreamListener("w7")
		void handle(byte[] payload, Delivery delivery) {
			count(delivery);
		}

	}

}
