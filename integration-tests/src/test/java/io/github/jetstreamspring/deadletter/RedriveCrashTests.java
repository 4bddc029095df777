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

package io.github.jetstreamspring.deadletter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.JavaProcess;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many letters, and processes that are killed while they redrive or discard them.
 */
@EmbeddedNats
class RedriveCrashTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private EmbeddedNatsServer server;

	private ConfigurableApplicationContext context;

	private JetStreamManagement management;

	private Worker worker;

	@TempDir
	private Path directory;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + this.server.url(), "--jetstream.streams.orders.subjects=orders.>",
					"--jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.>");
		this.management = this.context.getBean(JetStreamManagement.class);
		this.worker = this.context.getBean(Worker.class);
	}

	@AfterEach
	void close() {
		this.context.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenARedriveIsKilledTwiceAndStartedAgainThenEachMessageIsHandledOnce() throws Exception {
		int count = 20_000;
		LetterBoxes.store(this.context.getBean(JetStreamTemplate.class).connection(), "orders", "order-worker", count);
		killAt(15_000, this.server.url());
		killAt(7_000, this.server.url());
		Path log = this.directory.resolve("last.log");
		Process last = start(log, this.server.url());
		assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(Files.readString(log)).contains("failed=0");
		assertThat(letters()).isZero();
		await().atMost(PATIENCE).until(() -> this.worker.handled.size() == count);
		await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
		assertThat(this.worker.handled.values()).allMatch((times) -> times.get() == 1);
	}

	@Test
	void whenADiscardIsKilledTwiceAndStartedAgainThenNothingElseIsGone() throws Exception {
		int count = 10_000;
		Connection connection = this.context.getBean(JetStreamTemplate.class).connection();
		for (int portion = 0; portion < 2; portion++) {
			LetterBoxes.store(connection, "orders", "order-worker", count);
			LetterBoxes.store(connection, "orders", "audit", count);
		}
		killAt(35_000, this.server.url(), "order-worker");
		killAt(27_000, this.server.url(), "order-worker");
		DeadLetters letters = this.context.getBean(DeadLetters.class);
		assertThat(letters.count(DeadLetterQuery.all().consumer("audit"))).isEqualTo(2 * count);
		Process last = start(this.directory.resolve("last.log"), this.server.url(), "order-worker");
		assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(letters.count(DeadLetterQuery.all().consumer("order-worker"))).isZero();
		assertThat(letters()).isEqualTo(2 * count);
		assertThat(letters.summary().groups()).extracting(DeadLetterSummary.Group::consumer).containsOnly("audit");
		assertThat(this.worker.handled).isEmpty();
	}

	private void killAt(int letters, String... arguments) throws Exception {
		long before = letters();
		assertThat(before).isGreaterThan(letters);
		Process process = start(this.directory.resolve("killed-%d.log".formatted(letters)), arguments);
		while (letters() > letters) {
			assertThat(process.isAlive()).isTrue();
		}
		process.destroyForcibly().waitFor();
		assertThat(letters()).isPositive();
	}

	private Process start(Path log, String... arguments) throws Exception {
		return JavaProcess.start(RedriveProcess.class, log, List.of(), arguments);
	}

	@Test
	void whenThereAreManyThenAllAreRedriven() throws Exception {
		int count = Integer.getInteger("dead.letters", 20_000);
		// Who handles them would take its part of this machine
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		DeadLetters letters = this.context.getBean(DeadLetters.class);
		for (int i = 0; i < 3; i++) {
			LetterBoxes.store(this.context.getBean(JetStreamTemplate.class).connection(), "orders", "order-worker",
					count);
			long start = System.nanoTime();
			assertThat(letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults()).redriven()).isEqualTo(count);
			// How fast is for whoever looks at it on a quiet machine
			System.out.println("redriven per second: " + count / ((System.nanoTime() - start) / 1e9));
		}
		assertThat(letters()).isZero();
		assertThat(messages("dead-letters-redrive")).isEqualTo(3L * count);
	}

	private long letters() throws Exception {
		return messages("dead-letters");
	}

	private long messages(String stream) throws Exception {
		return this.management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Worker.class)
	static class Application {

	}

	static class Worker {

		private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();

		@JetStreamListener("order-worker")
		void work(String payload) {
			this.handled.computeIfAbsent(payload, (absent) -> new AtomicInteger()).incrementAndGet();
		}

	}

}
