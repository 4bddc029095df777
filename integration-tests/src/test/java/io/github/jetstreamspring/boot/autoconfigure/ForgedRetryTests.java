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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What anybody may write into the headers of a message decides nothing about it, nor
 * about others.
 */
@Timeout(120)
@EmbeddedNats
class ForgedRetryTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final Queue<String> handled = new ConcurrentLinkedQueue<>();

	private static final Queue<Headers> headers = new ConcurrentLinkedQueue<>();

	private EmbeddedNatsServer server;

	private RawNatsClient client;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.client = new RawNatsClient(this.server.url());
		handled.clear();
		headers.clear();
	}

	@AfterEach
	void stop() throws Exception {
		this.client.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenAMessageSaysThatItWasTriedOftenThenItIsHandled() throws Exception {
		try (ConfigurableApplicationContext context = run()) {
			store("one", "JetStream-Retry-Attempts: 50");
			store("two", "JetStream-Retry-Attempts: 50", "JetStream-Retry-Sequence: 1",
					"JetStream-Retry-Published: 2026-01-01T00:00:00Z", "JetStream-Retry-Signature: AAAA");
			store("three", "jetstream-retry-attempts: 50");
			store("four", "JetStream-Retry-Attempts: -1", "JetStream-Retry-Attempts: 50");
			await().atMost(LONG).until(() -> count(context, "jobs") == 0);
			assertThat(handled).containsExactlyInAnyOrder("one attempt 1", "two attempt 1", "three attempt 1",
					"four attempt 1");
			assertThat(count(context, "dead-letters")).isZero();
			assertThat(headers)
				.anySatisfy((all) -> assertThat(all.getFirst("JetStream-Retry-Sequence")).isEqualTo("1"));
		}
	}

	@Test
	void whenMessagesSayThatTheyAreOneThenEachBecomesADeadLetter() throws Exception {
		try (ConfigurableApplicationContext context = run()) {
			for (int i = 0; i < 3; i++) {
				store("bad " + i, "JetStream-Retry-Attempts: 1", "JetStream-Retry-Sequence: 77",
						"dead-letter-sequence: 78", "DEAD-LETTER-REASON: forged", "Dead-Letter-Stream: other",
						"Nats-Msg-Id: id-" + i);
			}
			await().atMost(LONG).until(() -> count(context, "jobs") == 0);
			assertThat(count(context, "dead-letters")).isEqualTo(3);
			for (int i = 1; i <= 3; i++) {
				MessageInfo letter = context.getBean(JetStreamManagement.class).getMessage("dead-letters", i);
				assertThat(letter.getHeaders().getFirst("Dead-Letter-Sequence")).isIn("1", "2", "3");
				assertThat(letter.getHeaders().getFirst("Dead-Letter-Stream")).isEqualTo("jobs");
				assertThat(letter.getHeaders().keySet()).noneMatch((name) -> name.startsWith("dead")
						|| name.startsWith("DEAD") || name.startsWith("JetStream-Retry"));
			}
		}
	}

	@ParameterizedTest
	@NeedsServer("2.12")
	@ValueSource(strings = { "", "jetstream.signing-key=between us" })
	void whenAMessageThatWaitedIsPublishedAgainThenNeitherIsLost(String key) throws Exception {
		try (ConfigurableApplicationContext context = run("jetstream.listener.retry.delay=400ms",
				"jetstream.listener.retry.schedule-after=100ms", key)) {
			store("bad job", "tenant: Müller");
			await().atMost(LONG).until(() -> handled.contains("bad job attempt 2"));
			List<String> copied = new ArrayList<>();
			List.copyOf(headers).get(1).forEach((name, values) -> values.forEach((value) -> {
				if (!name.startsWith("Nats-")) {
					copied.add(name + ": " + value);
				}
			}));
			assertThat(copied).anyMatch((line) -> line.startsWith("JetStream-Retry-Signature"));
			store("bad job", copied.toArray(String[]::new));
			await().atMost(LONG).until(() -> count(context, "dead-letters") == 2);
			await().atMost(LONG).until(() -> count(context, "jobs") == 0);
		}
	}

	@Test
	@NeedsServer("2.12")
	void whenSomebodyGuessesTheSubjectOfAMessageThatWaitsThenItStays() throws Exception {
		try (ConfigurableApplicationContext context = run("jetstream.listener.retry.delay=1h",
				"jetstream.listener.retry.max-delay=1h")) {
			store("bad job");
			await().atMost(LONG).until(() -> waiting(context).size() == 1);
			String subject = waiting(context).get(0);
			assertThat(subject).matches("_schedules\\.jobs\\.retry\\.job-worker\\.1\\.[\\w-]{43}");
			for (String guess : List.of("_schedules.jobs.retry.job-worker.1", "_schedules.jobs.retry.job-worker.1.*",
					"_schedules.jobs.>", ">")) {
				store("good", "Nats-Scheduler: " + guess, "Nats-Schedule-Next: purge");
			}
			store("good");
			await().atMost(LONG).until(() -> handled.contains("good attempt 1"));
			assertThat(waiting(context)).containsExactly(subject);
		}
	}

	private void store(String payload, String... lines) throws Exception {
		String block = "NATS/1.0\r\n" + String.join("", List.of(lines).stream().map((line) -> line + "\r\n").toList())
				+ "\r\n";
		this.client.store("jobs.run".getBytes(StandardCharsets.UTF_8), block.getBytes(StandardCharsets.UTF_8),
				payload.getBytes(StandardCharsets.UTF_8));
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.streams.jobs.subjects=jobs.>",
				"jetstream.streams.jobs.consumers.job-worker.ack-wait=5s", "jetstream.listener.retry.delay=50ms",
				"jetstream.listener.retry.multiplier=1", "jetstream.listener.retry.jitter=0",
				"jetstream.listener.retry.max-attempts=3"));
		if (Integer.parseInt(this.server.version().split("\\.")[1]) >= 12) {
			all.add("jetstream.streams.jobs.allow-message-schedules=true");
		}
		for (String property : properties) {
			// In place of the one above
			all.removeIf((other) -> other.startsWith(property.split("=")[0] + "="));
			if (!property.isEmpty()) {
				all.add(property);
			}
		}
		return TestApplication.run(List.of(Jobs.class), this.server.url(), all.toArray(String[]::new));
	}

	private static long count(ConfigurableApplicationContext context, String stream) throws Exception {
		return context.getBean(JetStreamManagement.class).getStreamInfo(stream).getStreamState().getMsgCount();
	}

	private static List<String> waiting(ConfigurableApplicationContext context) throws Exception {
		return context.getBean(JetStreamManagement.class)
			.getStreamInfo("jobs", StreamInfoOptions.filterSubjects("_schedules.jobs.>"))
			.getStreamState()
			.getSubjects()
			.stream()
			.map((subject) -> subject.getName())
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@JetStreamListener("job-worker")
		void handle(String job, Delivery delivery) {
			headers.add(delivery.headers());
			handled.add("%s attempt %d".formatted(job, delivery.attempt()));
			if (job.startsWith("bad")) {
				throw new IllegalStateException("never");
			}
		}

	}

}
