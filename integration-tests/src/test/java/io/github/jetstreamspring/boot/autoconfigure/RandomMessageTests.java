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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever headers, subject and payload a message has, some of them like ours: it is
 * handled, or a dead letter with a reason, exactly once, and nothing else happens. The
 * number of messages is the system property {@code random.messages}.
 */
@Timeout(600)
@EmbeddedNats
class RandomMessageTests {

	private static final int COUNT = Integer.getInteger("random.messages", 1000);

	private static final long SEED = Long.getLong("random.seed", 20260131);

	private static final Duration LONG = Duration.ofMinutes(5);

	private static final Map<Integer, Integer> handled = new ConcurrentHashMap<>();

	private static final List<String> FORGED = List.of("JetStream-Retry-Attempts: 50", "JetStream-Retry-Sequence: 1",
			"JetStream-Retry-Published: 2026-01-31T12:00:00Z", "JetStream-Retry-Signature: c2lnbmF0dXJl",
			"jetstream-retry-attempts: 9999999999999999999", "Dead-Letter-Reason: forged",
			"dead-letter-stream: victims", "DEAD-LETTER-SEQUENCE: 1", "Dead-Letter-Attempts: x",
			"Dead-Letter-Payload: missing", "Reply-To: victims.reply", "Reply-To: dead-letters.x.y",
			"Reply-To: jobs.again", "Reply-To: $JS.API.INFO", "Reply-Status: failed", "Reply-Status: none",
			"Nats-Scheduler: _schedules.jobs.retry.job-worker.1", "Nats-Schedule-Next: purge", "nats-ttl: 1s",
			"Job-Id: 1", "nats_subject: other", "nats_delivery: other");

	private final Random random = new Random(SEED);

	@Test
	void whateverArrivesIsHandledOrADeadLetterOnce(EmbeddedNatsServer server) throws Exception {
		handled.clear();
		try (RawNatsClient client = new RawNatsClient(server.url());
				ConfigurableApplicationContext context = run(server.url())) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			Map<Integer, byte[]> stored = new TreeMap<>();
			for (int number = 0; number < COUNT; number++) {
				byte[] payload = payload(number);
				String answer = client.store(subject(), headers(number), payload);
				if (!answer.contains("\"error\"") && !answer.contains("\"duplicate\"")) {
					stored.put(number, payload);
				}
			}
			assertThat(stored).hasSizeGreaterThan(COUNT * 9 / 10);
			await().atMost(LONG).pollInterval(Duration.ofMillis(200)).until(() -> count(management, "jobs") == 0);
			Set<Integer> letters = letters(client, count(management, "dead-letters"), stored);
			assertThat(handled.values()).as("how often each is handled").containsOnly(1);
			Set<Integer> both = new TreeSet<>(handled.keySet());
			both.addAll(letters);
			assertThat(both).isEqualTo(stored.keySet());
			assertThat(handled.size() + letters.size()).as("handled and dead letters").isEqualTo(stored.size());
			assertThat(count(management, "victims")).isZero();
		}
	}

	private static Set<Integer> letters(RawNatsClient client, long count, Map<Integer, byte[]> stored)
			throws Exception {
		Set<Integer> letters = new TreeSet<>();
		for (long sequence = 1; sequence <= count; sequence++) {
			RawNatsClient.Received letter = client.stored("dead-letters", sequence);
			int number = Jobs.number(letter.payload());
			assertThat(letters.add(number)).as("first dead letter of %d", number).isTrue();
			assertThat(letter.payload()).isEqualTo(stored.get(number));
			assertThat(letter.header("Dead-Letter-Reason")).isNotEmpty().isNotEqualTo("forged");
			assertThat(letter.header("Dead-Letter-Stream")).isEqualTo("jobs");
			assertThat(letter.headerText().lines()).noneMatch((line) -> line.startsWith("dead-letter-stream")
					|| line.startsWith("DEAD-LETTER-SEQUENCE") || line.startsWith("JetStream-Retry-")
					|| line.startsWith("jetstream-retry-") || line.equals("Dead-Letter-Reason: forged"));
		}
		return letters;
	}

	private byte[] payload(int number) {
		byte[] noise = new byte[this.random.nextInt(200)];
		this.random.nextBytes(noise);
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		payload.writeBytes((number + ":").getBytes(StandardCharsets.UTF_8));
		payload.writeBytes(noise);
		return payload.toByteArray();
	}

	private byte[] subject() {
		StringBuilder subject = new StringBuilder("jobs");
		for (int tokens = 1 + this.random.nextInt(3); tokens > 0; tokens--) {
			subject.append('.').append(text(1 + this.random.nextInt(8), "abcXYZ019-_%$äß漢é"));
		}
		return subject.toString().getBytes(StandardCharsets.UTF_8);
	}

	private byte[] headers(int number) {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		block.writeBytes("NATS/1.0\r\n".getBytes(StandardCharsets.UTF_8));
		if (this.random.nextInt(10) == 0) {
			for (int lines = 1 + this.random.nextInt(6); lines > 0; lines--) {
				line(block, FORGED.get(this.random.nextInt(FORGED.size())));
			}
			line(block, "Nats-Msg-Id: dead-letter:jobs:%d:job-worker".formatted(number));
		}
		for (int lines = this.random.nextInt(5); lines > 0; lines--) {
			switch (this.random.nextInt(8)) {
				case 0 -> line(block, text(this.random.nextInt(12), "abcXYZ019-_äß漢 é:"));
				case 1 -> {
					byte[] noise = new byte[this.random.nextInt(20)];
					this.random.nextBytes(noise);
					for (byte octet : noise) {
						block.write((octet != '\r' && octet != '\n') ? octet : 'x');
					}
					line(block, "");
				}
				default -> line(block, "X-" + text(this.random.nextInt(8), "abcXYZ019-_") + ": "
						+ text(this.random.nextInt(30), "abcXYZ 019-_äß漢é:;\t"));
			}
		}
		line(block, "");
		return block.toByteArray();
	}

	private static void line(ByteArrayOutputStream block, String line) {
		block.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
	}

	private String text(int length, String characters) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < length; i++) {
			text.append(characters.charAt(this.random.nextInt(characters.length())));
		}
		return text.toString();
	}

	private static ConfigurableApplicationContext run(String url) {
		List<String> properties = new ArrayList<>(List.of("jetstream.streams.jobs.subjects=jobs.>",
				"jetstream.streams.jobs.consumers.job-worker.ack-wait=30s",
				"jetstream.streams.victims.subjects=victims.>", "jetstream.listener.retry.delay=100ms",
				"jetstream.listener.retry.multiplier=1", "jetstream.listener.retry.max-attempts=3"));
		return TestApplication.run(List.of(Jobs.class), url, properties.toArray(String[]::new));
	}

	private static long count(JetStreamManagement management, String stream) throws Exception {
		return management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		static int number(byte[] payload) {
			int number = 0;
			for (int i = 0; payload[i] != ':'; i++) {
				number = number * 10 + payload[i] - '0';
			}
			return number;
		}

		@JetStreamListener("job-worker")
		@SendTo
		String handle(@Payload byte[] job, Delivery delivery) {
			int number = number(job);
			if (number % 7 == 3) {
				throw new DeadLetterException("no good");
			}
			if (number % 11 == 5 || (number % 13 == 6 && delivery.attempt() == 1)) {
				throw new IllegalStateException("not yet");
			}
			handled.merge(number, 1, Integer::sum);
			return "done";
		}

	}

}
