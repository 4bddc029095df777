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

package io.github.jetstreamspring.annotation.handler;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.cloudevents.CloudEvent;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Bytes from a bare socket, to listeners of several types: each message is handled or a
 * dead letter, once, no listener stops, and the next good message is handled.
 */
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
@Timeout(300)
class FuzzedListenerTests {

	private static final int COUNT = Integer.getInteger("fuzz.messages", 300);

	private static final long SEED = Long.getLong("fuzz.seed", 20260131);

	private static final List<String> LISTENERS = List.of("order", "event", "text", "batch", "headers");

	private static final String GOOD = "{\"id\":\"good\",\"cents\":1}";

	private static final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();

	private static final Map<String, AtomicInteger> good = new ConcurrentHashMap<>();

	@Test
	void whateverArrivesIsHandledOrADeadLetterOnce(EmbeddedNatsServer server, CapturedOutput output) throws Exception {
		FuzzedMessages messages = new FuzzedMessages(SEED);
		try (RawNatsClient client = new RawNatsClient(server.url());
				ConfigurableApplicationContext context = run(server.url())) {
			int stored = 0;
			for (int number = 0; number < COUNT; number++) {
				FuzzedMessages.Fuzzed message = messages.next(500_000);
				byte[] subject = subject(LISTENERS.get(number % LISTENERS.size()), number % 7);
				String answer = client.store(subject, messages.block(message.headers()), message.payload());
				stored += answer.contains("\"error\"") ? 0 : 1;
			}
			assertThat(stored).isGreaterThan(COUNT * 9 / 10);
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			await().atMost(Duration.ofMinutes(3)).until(() -> count(management, "jobs") == 0);
			int runs = handled.values().stream().mapToInt(AtomicInteger::get).sum();
			assertThat(runs).as("handled").isPositive();
			assertThat(runs + count(management, "dead-letters")).as("handled and dead letters").isEqualTo(stored);
			for (String listener : LISTENERS) {
				boolean event = listener.equals("event");
				client.store(subject(listener, 1),
						(event ? "NATS/1.0\r\nce-specversion: 1.0\r\nce-id: 1\r\n"
								+ "ce-source: /\r\nce-type: a\r\n\r\n" : "NATS/1.0\r\n\r\n")
							.getBytes(),
						GOOD.getBytes());
			}
			await().atMost(Duration.ofMinutes(1)).until(() -> good.keySet().containsAll(LISTENERS));
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			assertThat(LISTENERS).allSatisfy(
					(listener) -> assertThat(listeners.state(listener)).as(listener).isEqualTo(ListenerState.RUNNING));
		}
		assertThat(FuzzedPayloads.Gadget.made).isFalse();
		assertThat(output).doesNotContain(FuzzedMessages.SECRET, "OutOfMemoryError", "StackOverflowError",
				"\u001b[31m");
	}

	private static byte[] subject(String listener, int kind) {
		String subject = "jobs." + listener + switch (kind) {
			case 0 -> ".\u00e4\u6f22\ud83d\ude00";
			case 2 -> "." + "x".repeat(2_000);
			case 3 -> ".a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p";
			case 4 -> ".$JS.API.${x}#{1}";
			case 5 -> ".\u0001\u001b[31m";
			default -> ".a";
		};
		return subject.getBytes(StandardCharsets.UTF_8);
	}

	private static long count(JetStreamManagement management, String stream) throws Exception {
		return management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	private static ConfigurableApplicationContext run(String url) {
		String[] arguments = LISTENERS.stream()
			.map((listener) -> "--jetstream.streams.jobs.consumers.%1$s.filter-subjects=jobs.%1$s.>"
				.formatted(listener))
			.toArray(String[]::new);
		return new SpringApplicationBuilder(Worker.class).web(WebApplicationType.NONE)
			.properties("jetstream.servers=" + url, "jetstream.streams.jobs.subjects=jobs.>",
					"jetstream.messaging.max-decompressed-size=1MB", "jetstream.listener.retry.delay=50ms",
					"jetstream.listener.batch.timeout=200ms")
			.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Worker {

		@JetStreamListener("order")
		void order(FuzzedPayloads.Order order) {
			count("order", order.id());
		}

		@JetStreamListener("event")
		void event(CloudEvent event) {
			count("event", (event.getData() != null) ? new String(event.getData().toBytes()) : null);
		}

		@JetStreamListener("text")
		void text(String text) {
			count("text", text);
		}

		@JetStreamListener(value = "batch", batch = true)
		void batch(List<Message<FuzzedPayloads.Order>> orders) {
			orders.forEach((order) -> count("batch", order.getPayload().id()));
		}

		@JetStreamListener("headers")
		void headers(byte[] payload, @Headers Map<String, Object> headers) {
			count("headers", (headers.size() < 100) ? new String(payload) : null);
		}

		private static void count(String listener, String content) {
			if (content != null && (content.equals("good") || content.equals(GOOD))) {
				good.computeIfAbsent(listener, (name) -> new AtomicInteger()).incrementAndGet();
			}
			handled.computeIfAbsent(listener, (name) -> new AtomicInteger()).incrementAndGet();
		}

	}

}
