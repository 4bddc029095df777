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

package io.github.jetstreamspring.reliability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestStreams;
import io.github.jetstreamspring.test.UnreadableHeaders;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A hundred messages a second through two workers, of which one in a hundred can't be
 * read: nobody notices but those who look at the dead letters. Takes 15 seconds;
 * {@code -Dforeign.time=90s} makes it 9,000 messages.
 */
@EmbeddedNats
class ForeignMessageTests {

	private static final Log logger = LogFactory.getLog(ForeignMessageTests.class);

	private static final Duration TIME = DurationStyle.detectAndParse(System.getProperty("foreign.time", "15s"));

	private static final Duration INTERVAL = Duration.ofMillis(10);

	private static final Duration MAX_GAP = Duration.ofMillis(500);

	private static final int ONE_IN = 100;

	private static final String[] SUBJECTS = { "jobs.run", "jobs.größe.日本", "jobs." + "x".repeat(3990) };

	private static final byte[] TEXT = "NATS/1.0\r\nX-Name: Müller\r\nGröße: 1\r\n\r\n"
		.getBytes(StandardCharsets.UTF_8);

	private static final Map<String, List<Long>> handled = new ConcurrentHashMap<>();

	private final Map<String, Long> stored = new HashMap<>();

	private final Map<String, byte[]> unreadable = new HashMap<>();

	private final List<byte[]> kinds = new ArrayList<>(UnreadableHeaders.ALL.values());

	private EmbeddedNatsServer server;

	private RawNatsClient raw;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws IOException {
		this.server = embedded;
		this.raw = new RawNatsClient(this.server.url());
		handled.clear();
	}

	@AfterEach
	void stop() throws IOException {
		this.raw.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whatCantBeReadIsNoticedByNobodyElse() throws Exception {
		int count = (int) (TIME.toMillis() / INTERVAL.toMillis());
		try (ConfigurableApplicationContext one = run(); ConfigurableApplicationContext another = run()) {
			long start = System.nanoTime();
			for (int number = 0; number < count; number++) {
				waitUntil(start + number * INTERVAL.toNanos());
				store(number, one.getBean(JetStreamTemplate.class));
			}
			await().atMost(Duration.ofMinutes(1)).until(() -> handled.keySet().containsAll(this.stored.keySet()));
			await().until(() -> size(one, "dead-letters") == this.unreadable.size());
			await().until(() -> size(one, "jobs") == 0);
			assertThat(reconnects(one) + reconnects(another)).as("reconnects").isZero();
		}
		assertThat(handled.keySet()).as("handled").containsExactlyInAnyOrderElementsOf(this.stored.keySet());
		assertThat(handled.values()).as("times").allMatch((times) -> times.size() == 1);
		assertDeadLettersAreComplete();
		long longest = this.stored.entrySet()
			.stream()
			.mapToLong((entry) -> handled.get(entry.getKey()).get(0) - entry.getValue())
			.max()
			.orElseThrow();
		logger.info("%d messages in %s, %d dead letters, longest time from stream to handler %d ms".formatted(count,
				TIME, this.unreadable.size(), TimeUnit.NANOSECONDS.toMillis(longest)));
		assertThat(Duration.ofNanos(longest)).as("from stream to handler").isLessThan(MAX_GAP);
	}

	private void store(int number, JetStreamTemplate template) throws IOException {
		String payload = Integer.toString(number);
		byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);
		byte[] subject = SUBJECTS[number % SUBJECTS.length].getBytes(StandardCharsets.UTF_8);
		if (number % ONE_IN == ONE_IN / 2) {
			int kind = number / ONE_IN % (this.kinds.size() + 1);
			if (kind == this.kinds.size()) {
				this.raw.store(new byte[] { 'j', 'o', 'b', 's', '.', (byte) 0xff }, null, bytes);
				this.unreadable.put(payload, new byte[] { 'j', 'o', 'b', 's', '.', (byte) 0xff });
			}
			else {
				this.raw.store("jobs.run".getBytes(StandardCharsets.US_ASCII), this.kinds.get(kind), bytes);
				this.unreadable.put(payload, this.kinds.get(kind));
			}
			return;
		}
		if (number % 2 == 0) {
			template.publish("jobs.run", payload);
		}
		else {
			this.raw.store(subject, (number % 5 == 0) ? TEXT : null, bytes);
		}
		this.stored.put(payload, System.nanoTime());
	}

	private void assertDeadLettersAreComplete() throws IOException {
		Map<String, byte[]> missing = new HashMap<>(this.unreadable);
		for (int sequence = 1; sequence <= this.unreadable.size(); sequence++) {
			RawNatsClient.Received letter = this.raw.stored("dead-letters", sequence);
			byte[] sent = missing.remove(new String(letter.payload(), StandardCharsets.US_ASCII));
			assertThat(sent).as("dead letter of %s", letter.headerText()).isNotNull();
			String rawHeaders = letter.header("Dead-Letter-Raw-Headers");
			String rawSubject = letter.header("Dead-Letter-Raw-Subject");
			assertThat(Base64.getDecoder().decode((rawHeaders != null) ? rawHeaders : rawSubject)).isEqualTo(sent);
			assertThat(letter.header("Tenant")).isEqualTo((rawHeaders != null) ? "acme" : null);
			assertThat(letter.header("Dead-Letter-Reason")).endsWith("the handler was not called");
		}
	}

	private ConfigurableApplicationContext run() {
		return new SpringApplicationBuilder(Worker.class).web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + this.server.url(), "--jetstream.streams.jobs.subjects=jobs.>",
					"--jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.>");
	}

	private static long reconnects(ConfigurableApplicationContext context) {
		return context.getBean(Connection.class).getStatistics().getReconnects();
	}

	private static long size(ConfigurableApplicationContext context, String stream) throws Exception {
		return context.getBean(JetStreamManagement.class).getStreamInfo(stream).getStreamState().getMsgCount();
	}

	// The pace of the load; nothing is asserted about it
	private static void waitUntil(long nanos) throws InterruptedException {
		new CountDownLatch(1).await(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Worker {

		@JetStreamListener("worker")
		void work(String payload) {
			handled.computeIfAbsent(payload, (key) -> new CopyOnWriteArrayList<>()).add(System.nanoTime());
		}

	}

}
