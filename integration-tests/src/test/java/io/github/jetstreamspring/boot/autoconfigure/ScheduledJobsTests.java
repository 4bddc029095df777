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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamInfoOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Applications with delayed and recurring jobs.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats(shared = false)
class ScheduledJobsTests {

	private static final ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();

	private static final ConcurrentLinkedQueue<String> nextTimes = new ConcurrentLinkedQueue<>();

	private EmbeddedNatsServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
		handled.clear();
		nextTimes.clear();
	}

	@AfterEach
	void stop() {
		TestStreams.deleteAll(this.server);
	}

	@Test
	@NeedsServer("2.12")
	void whenHundredsAreDelayedUnderLoadThenEachIsHandledOnceAndNoWorkerSeesASchedule() throws Exception {
		try (ConfigurableApplicationContext context = run("shop", "jetstream.publisher.timeout=60s")) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			List<String> expected = new ArrayList<>();
			List<CompletableFuture<PublishResult>> published = new ArrayList<>();
			for (int i = 0; i < 300; i++) {
				String late = "late " + i;
				published.add(template.message(late)
					.to("jobs.run")
					.id("job." + i)
					.delay(Duration.ofMillis(500 + (i * 37L) % 3000))
					.publishAsync());
				expected.add("jobs.run " + late);
				for (int j = 0; j < 5; j++) {
					String now = "now " + i + "/" + j;
					published.add(template.publishAsync("jobs.run", now));
					expected.add("jobs.run " + now);
				}
			}
			published.forEach(CompletableFuture::join);
			await().atMost(Duration.ofSeconds(90)).until(() -> handled.size() >= expected.size());
			await().atMost(Duration.ofSeconds(30)).until(() -> waiting(context).isEmpty());
			assertThat(handled).containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	@NeedsServer("2.12")
	void whenTheServerRestartsThenADelayedJobIsHandledNevertheless() {
		try (ConfigurableApplicationContext context = run("shop")) {
			context.getBean(JetStreamTemplate.class)
				.message("kept")
				.to("jobs.run")
				.delay(Duration.ofSeconds(3))
				.publish();
			this.server.restart();
			await().atMost(Duration.ofSeconds(60)).until(() -> handled.contains("jobs.run kept"));
		}
	}

	@Test
	@NeedsServer("2.14")
	void whenTwoInstancesDeclareAScheduleThenThereIsOneMessageForEachTime() {
		String[] schedule = { "jetstream.schedules.tick.subject=jobs.tick", "jetstream.schedules.tick.payload=tick",
				"jetstream.schedules.tick.cron=* * * * * *", "jetstream.schedules.tick.time-zone=Europe/Berlin" };
		try (ConfigurableApplicationContext one = run("shop", schedule);
				ConfigurableApplicationContext other = run("shop", schedule)) {
			handled.clear();
			await().atMost(Duration.ofSeconds(60)).until(() -> nextTimes.size() >= 5);
			assertThat(handled).allMatch("jobs.tick tick"::equals);
			// Each names the time of the one after it, which two schedules would do twice
			assertThat(nextTimes).hasSizeGreaterThanOrEqualTo(5).doesNotHaveDuplicates();
			assertThat(waiting(one)).singleElement()
				.asString()
				.matches("_schedules\\.jobs\\.recurring\\.shop\\.tick\\.[\\w-]{43}");
			assertThat(waiting(other)).hasSize(1);
		}
		run("shop").close();
		try (ConfigurableApplicationContext context = run("other")) {
			assertThat(waiting(context)).isEmpty();
		}
	}

	@Test
	void whenSchedulesAreWrongThenTheyAreInTheAnalysisOfTheTopology(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("shop", "jetstream.schedules.tick.subject=jobs.tick",
				"jetstream.schedules.tick.cron=often", "jetstream.schedules.tock.every=5m",
				"jetstream.schedules.tock.subject=nowhere.tock", "jetstream.streams.jobs.replicas=7"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("jetstream.streams.jobs.replicas can't be '7'")
			.contains("jetstream.schedules.tick.cron can't be 'often'");
	}

	private ConfigurableApplicationContext run(String name, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.application.name=" + name,
				"jetstream.streams.jobs.subjects=jobs.>", "jetstream.streams.jobs.allow-message-schedules=true",
				"jetstream.streams.jobs.consumers.job-worker.ack-wait=30s"));
		all.addAll(List.of(properties));
		return TestApplication.run(List.of(Jobs.class), this.server.url(), all.toArray(String[]::new));
	}

	private static List<String> waiting(ConfigurableApplicationContext context) {
		JetStreamManagement management = context.getBean(JetStreamManagement.class);
		try {
			Map<String, Long> subjects = management.getStreamInfo("jobs", StreamInfoOptions.allSubjects())
				.getStreamState()
				.getSubjectMap();
			return subjects.keySet().stream().filter((subject) -> subject.startsWith("_schedules.")).toList();
		}
		catch (Exception ex) {
			throw new IllegalStateException(context.getBean(Connection.class).getStatus().name(), ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@JetStreamListener("job-worker")
		void handle(String job, Delivery delivery) {
			handled.add(delivery.subject() + " " + job);
			if (job.equals("tick")) {
				nextTimes.add(delivery.headers().getFirst("Nats-Schedule-Next"));
			}
		}

	}

}
