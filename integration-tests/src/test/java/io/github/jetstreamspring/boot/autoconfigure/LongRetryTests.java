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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages that wait long for their next attempt don't keep others from being handled.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@NeedsServer("2.12")
@EmbeddedNats(shared = false)
class LongRetryTests {

	private static final String FAR = "jetstream.listener.retry.delay=1h";

	private static final Queue<String> handled = new ConcurrentLinkedQueue<>();

	private EmbeddedNatsServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
		handled.clear();
	}

	@AfterEach
	void stop() {
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenAMessageWaitsLongThenAnotherIsHandledInItsPlace() throws Exception {
		try (ConfigurableApplicationContext context = run(FAR, "jetstream.listener.retry.max-delay=1h")) {
			publish(context, "bad");
			publish(context, "good");
			await().atMost(Duration.ofSeconds(60)).until(() -> handled.size() == 2);
			await().atMost(Duration.ofSeconds(60)).until(() -> isWaiting(context));
			assertThat(management(context).getConsumerInfo("jobs", "job-worker").getNumAckPending()).isZero();
			assertThat(handled).hasSize(2).first().isEqualTo("bad attempt 1 of #1");
			assertThat(handled).last().asString().startsWith("good attempt 1 of #");
		}
	}

	@Test
	void whenItFailsAgainAndAgainThenAttemptsCountOnUntilItIsADeadLetter() throws Exception {
		try (ConfigurableApplicationContext context = run("jetstream.listener.retry.delay=400ms",
				"jetstream.listener.retry.multiplier=1", "jetstream.listener.retry.schedule-after=100ms",
				"jetstream.listener.retry.jitter=0", "jetstream.listener.retry.max-attempts=4")) {
			context.getBean(JetStreamTemplate.class).message("bad").to("jobs.run").header("tenant", "acme").publish();
			await().atMost(Duration.ofSeconds(60)).until(() -> count(context, "dead-letters") == 1);
			assertThat(handled).containsExactly("bad attempt 1 of #1", "bad attempt 2 of #3", "bad attempt 3 of #5",
					"bad attempt 4 of #7");
			MessageInfo letter = management(context).getLastMessage("dead-letters", "dead-letters.jobs.job-worker");
			assertThat(letter.getData()).asString().isEqualTo("bad");
			assertThat(letter.getHeaders().getFirst("Dead-Letter-Attempts")).isEqualTo("4");
			assertThat(letter.getHeaders().getFirst("Dead-Letter-Sequence")).isEqualTo("1");
			assertThat(letter.getHeaders().getFirst("Dead-Letter-Reason")).contains("Failed 4 times");
			assertThat(letter.getHeaders().getFirst("tenant")).isEqualTo("acme");
			assertThat(letter.getHeaders().keySet()).noneMatch((name) -> name.startsWith("JetStream-Retry-"));
			await().atMost(Duration.ofSeconds(30)).until(() -> subjects(context).isEmpty());
		}
	}

	@Test
	void whenTheServerRestartsThenTheMessageComesAgain() throws Exception {
		try (ConfigurableApplicationContext context = run("jetstream.listener.retry.delay=8s",
				"jetstream.listener.retry.schedule-after=1s", "jetstream.listener.retry.jitter=0")) {
			publish(context, "once");
			await().atMost(Duration.ofSeconds(60)).until(() -> isWaiting(context));
			this.server.restart();
			await().atMost(Duration.ofSeconds(60)).until(() -> handled.contains("once attempt 2 of #3"));
		}
	}

	@Test
	void whenTheScheduleCantBeStoredThenTheMessageWaitsAtItsConsumer(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("jetstream.listener.retry.delay=300ms",
				"jetstream.listener.retry.schedule-after=100ms", "jetstream.listener.retry.jitter=0")) {
			// So large that no further header fits in
			int size = (int) context.getBean(Connection.class).getMaxPayload() - 80;
			publish(context, "once" + "x".repeat(size - 4));
			await().atMost(Duration.ofSeconds(60)).until(() -> handled.contains("once attempt 2 of #1"));
			assertThat(output).contains("can't wait as a schedule, and waits as one of max-ack-pending instead");
		}
	}

	@Test
	void whenTheStreamIsNoWorkQueueThenTheMessageWaitsAtItsConsumer() throws Exception {
		try (ConfigurableApplicationContext context = run("jetstream.streams.jobs.retention=limits",
				"jetstream.listener.retry.delay=300ms", "jetstream.listener.retry.schedule-after=100ms",
				"jetstream.listener.retry.jitter=0")) {
			publish(context, "once");
			await().atMost(Duration.ofSeconds(60)).until(() -> handled.contains("once attempt 2 of #1"));
			assertThat(subjects(context)).containsExactly("jobs.run");
		}
	}

	@Test
	void whenADeadLetterIsStoredThoughNobodySaysSoThenItIsThereOnceAfterAll() throws Exception {
		try (ConfigurableApplicationContext context = run(LostAnswers.class, "jetstream.listener.retry.max-attempts=1",
				"jetstream.streams.dead-letters.subjects=dead-letters.>",
				"jetstream.streams.dead-letters.retention=limits", "jetstream.listener.retry.schedule-after=100ms")) {
			publish(context, "bad");
			AtomicInteger calls = context.getBean(LostAnswers.class).calls;
			await().atMost(Duration.ofSeconds(60)).until(() -> calls.get() > 1 && subjects(context).isEmpty());
			assertThat(count(context, "dead-letters")).isEqualTo(1);
		}
	}

	private ConfigurableApplicationContext run(String... properties) {
		return run(Jobs.class, properties);
	}

	private ConfigurableApplicationContext run(Class<?> application, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("jetstream.streams.jobs.subjects=jobs.>", "jetstream.streams.jobs.allow-message-schedules=true",
						"jetstream.streams.jobs.consumers.job-worker.max-ack-pending=1"));
		all.addAll(List.of(properties));
		return TestApplication.run(List.of(application), this.server.url(), all.toArray(String[]::new));
	}

	private static void publish(ConfigurableApplicationContext context, String job) {
		context.getBean(JetStreamTemplate.class).publish("jobs.run", job);
	}

	private static JetStreamManagement management(ConfigurableApplicationContext context) {
		return context.getBean(JetStreamManagement.class);
	}

	private static long count(ConfigurableApplicationContext context, String stream) throws Exception {
		return management(context).getStreamInfo(stream).getStreamState().getMsgCount();
	}

	private static boolean isWaiting(ConfigurableApplicationContext context) throws Exception {
		List<String> subjects = subjects(context);
		return subjects.size() == 1 && subjects.get(0).startsWith("_schedules.jobs.retry.job-worker.1.");
	}

	private static List<String> subjects(ConfigurableApplicationContext context) throws Exception {
		return management(context).getStreamInfo("jobs", StreamInfoOptions.allSubjects())
			.getStreamState()
			.getSubjects()
			.stream()
			.map(Subject::getName)
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@JetStreamListener("job-worker")
		void handle(String job, Delivery delivery) {
			String name = job.startsWith("once") ? "once" : job;
			handled.add("%s attempt %d of #%d".formatted(name, delivery.attempt(), delivery.streamSequence()));
			if (name.equals("bad") || (name.equals("once") && delivery.attempt() == 1)) {
				throw new IllegalStateException("not yet");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Jobs.class)
	static class LostAnswers {

		private final AtomicInteger calls = new AtomicInteger();

		@Bean
		DeadLetterHandler deadLetterHandler(JetStreamTemplate template) {
			DeadLetterHandler handler = DeadLetterHandler.publishing(template, "dead-letters", "dead-letters");
			return (letter) -> handler.handle(letter).thenRun(() -> {
				if (this.calls.incrementAndGet() == 1) {
					throw new IllegalStateException("the answer is lost");
				}
			});
		}

	}

}
