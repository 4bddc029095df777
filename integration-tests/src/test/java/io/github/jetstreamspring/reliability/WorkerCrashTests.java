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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Worker JVMs that end in the middle of their work.
 */
@EmbeddedNats
class WorkerCrashTests {

	private EmbeddedNatsServer server;

	private Connection connection;

	private JetStreamManagement management;

	@TempDir
	private Path directory;

	@BeforeEach
	void createQueue(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.connection = TestConnections.connect(this.server.url());
		this.management = this.connection.jetStreamManagement();
		this.management.addStream(StreamConfiguration.builder()
			.name("jobs")
			.subjects("jobs.>")
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.build());
		this.management.createConsumer("jobs",
				ConsumerConfiguration.builder()
					.durable("worker")
					.ackPolicy(AckPolicy.Explicit)
					.ackWait(Duration.ofSeconds(3))
					.build());
		this.management.addStream(StreamConfiguration.builder().name("runs").subjects("runs.>").build());
	}

	@AfterEach
	void stopServer() throws Exception {
		this.connection.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenAWorkerIsKilledThenAnotherOneTakesOverAndNothingIsLost() throws Exception {
		publish(1000);
		long inFlight;
		try (WorkerProcess first = worker("--work-millis=10", "--jetstream.listener.concurrency=10")) {
			await().atMost(Duration.ofSeconds(60)).until(() -> queueSize() <= 800);
			first.kill();
			await().until(() -> !first.isAlive());
			inFlight = this.management.getConsumerInfo("jobs", "worker").getNumAckPending();
		}
		try (WorkerProcess second = worker("--work-millis=10", "--jetstream.listener.concurrency=10")) {
			await().atMost(Duration.ofSeconds(60)).until(() -> queueSize() == 0);
			assertThat(second.isAlive()).isTrue();
		}
		List<String> done = runs("runs.done");
		assertThat(new HashSet<>(done)).hasSize(1000);
		assertThat(done.size() - 1000).as("jobs done twice").isLessThanOrEqualTo((int) inFlight);
		assertThat(inFlight).as("messages in flight").isLessThanOrEqualTo(20);
	}

	@Test
	void whenAWorkerIsFrozenForLongerThanItsLeasesThenNothingIsLostAndItsLateAcksDoNoHarm() throws Exception {
		publish(200);
		try (WorkerProcess first = worker("--work-millis=50", "--jetstream.listener.concurrency=5");
				WorkerProcess second = worker("--work-millis=50", "--jetstream.listener.concurrency=5")) {
			await().atMost(Duration.ofSeconds(60)).until(() -> queueSize() <= 150);
			first.freeze();
			long frozen = this.management.getConsumerInfo("jobs", "worker").getNumAckPending();
			// The second one has to wait for the leases of the first one
			await().atMost(Duration.ofSeconds(60)).until(() -> queueSize() == 0);
			first.thaw();
			publish(200, 50);
			await().atMost(Duration.ofSeconds(60)).until(() -> queueSize() == 0);
			assertThat(first.isAlive()).isTrue();
			assertThat(second.isAlive()).isTrue();
			List<String> expected = jobs(250);
			await().untilAsserted(() -> assertThat(runs("runs.done")).containsAll(expected));
			assertThat(runs("runs.done").size() - 250).as("jobs done twice").isLessThanOrEqualTo((int) frozen);
		}
	}

	@Test
	void whenAWorkerIsAskedToEndThenItFinishesWhatItHasBegunAndGivesBackTheRest() throws Exception {
		publish(40);
		try (WorkerProcess first = worker("--work-millis=1000", "--jetstream.listener.concurrency=5",
				"--jetstream.listener.shutdown-timeout=10s")) {
			await().atMost(Duration.ofSeconds(60)).until(() -> !runs("runs.begun").isEmpty());
			first.terminate();
			await().atMost(Duration.ofSeconds(30)).until(() -> !first.isAlive());
		}
		List<String> begun = runs("runs.begun");
		assertThat(runs("runs.done")).containsExactlyInAnyOrderElementsOf(begun);
		assertThat(queueSize()).isEqualTo(40 - begun.size());
		try (WorkerProcess second = worker("--work-millis=1", "--jetstream.listener.concurrency=5")) {
			await().atMost(Duration.ofSeconds(60)).until(() -> queueSize() == 0);
			assertThat(second.isAlive()).isTrue();
		}
		assertThat(runs("runs.done")).containsExactlyInAnyOrderElementsOf(jobs(40));
	}

	private WorkerProcess worker(String... arguments) throws Exception {
		return WorkerProcess.start(this.server.url(), this.directory, arguments);
	}

	private void publish(int count) throws Exception {
		publish(0, count);
	}

	private void publish(int from, int count) throws Exception {
		for (String job : jobs(from + count).subList(from, from + count)) {
			this.connection.jetStream().publish("jobs.new", job.getBytes());
		}
	}

	private static List<String> jobs(int count) {
		return IntStream.range(0, count).mapToObj((number) -> "job-" + number).toList();
	}

	private long queueSize() throws Exception {
		return this.management.getStreamInfo("jobs").getStreamState().getMsgCount();
	}

	/**
	 * Reads what workers published on a subject.
	 */
	private List<String> runs(String subject) throws Exception {
		List<String> runs = new ArrayList<>();
		long last = this.management.getStreamInfo("runs").getStreamState().getLastSequence();
		for (long sequence = 1; sequence <= last; sequence++) {
			MessageInfo message = this.management.getMessage("runs", sequence);
			if (subject.equals(message.getSubject())) {
				runs.add(new String(message.getData()));
			}
		}
		return runs;
	}

}
