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

package io.github.jetstreamspring.once;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.once.Ledger.Payment;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Many jobs that each write a row, while workers and server are killed, again and again:
 * no row is missing, and none is there twice.
 */
@EmbeddedNats(shared = false)
class OnceCrashTests {

	private static final int JOBS = Integer.getInteger("once.jobs", 20_000);

	private static final int KILLS = Integer.getInteger("once.kills", 4);

	private static final String ONCE = System.getProperty("once.mode", "true");

	// Keeps transactions open, so that a kill finds some
	private static final String PAUSE = System.getProperty("once.pause", "0.001");

	private static final Duration BETWEEN_KILLS = Duration.ofSeconds(3);

	private static final Duration PATIENCE = Duration.ofMinutes(3).plusMillis(JOBS * 10L);

	private static final int WORKERS = 3;

	private final Deque<Worker> workers = new ArrayDeque<>();

	private EmbeddedNatsServer server;

	private @Nullable Database database;

	private JdbcClient sql;

	private ConfigurableApplicationContext publisher;

	private int started;

	private int workersKilled;

	private int serversKilled;

	@TempDir
	private Path directory;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.database = Database.start().orElse(null);
		assumeTrue(this.database != null, "neither PostgreSQL nor Docker is installed here");
		this.sql = JdbcClient.create(new DriverManagerDataSource(this.database.url()));
		this.sql.sql("CREATE TABLE bookings (payment VARCHAR(100), cents BIGINT)").update();
		this.publisher = new SpringApplicationBuilder(Publisher.class).web(WebApplicationType.NONE)
			.run(arguments().toArray(String[]::new));
	}

	@AfterEach
	void stop() {
		this.workers.forEach((worker) -> worker.process().destroyForcibly());
		if (this.publisher != null) {
			this.publisher.close();
		}
		if (this.database != null) {
			this.database.close();
		}
	}

	@Test
	void whenWorkersAndServerAreKilledThenEachJobHasWrittenItsRowOnce() throws Exception {
		publish();
		for (int i = 0; i < WORKERS; i++) {
			startWorker();
		}
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!isDone()) {
			assertThat(System.nanoTime()).as("%d of %d rows".formatted(rows(), JOBS)).isLessThan(end);
			await().pollDelay(Duration.ZERO)
				.atMost(BETWEEN_KILLS.multipliedBy(2))
				.pollInterval(Duration.ofMillis(50))
				.until(waited(BETWEEN_KILLS)::isDone);
			if (!isDone()) {
				killSomething();
			}
		}
		String result = "%d jobs, %d workers and %d servers killed: %d rows, %d of them different, %d letters"
			.formatted(JOBS, this.workersKilled, this.serversKilled, rows(), different(), letters());
		System.out.println(result);
		assertThat(different()).as(result).isEqualTo(JOBS);
		assertThat(rows()).as(result).isEqualTo(JOBS);
		assertThat(letters()).as(result).isZero();
		assertThat(this.workersKilled).as(result).isPositive();
		assertThat(this.serversKilled).as(result).isPositive();
	}

	private static CompletableFuture<?> waited(Duration time) {
		return CompletableFuture.runAsync(() -> {
		}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
	}

	private void publish() {
		JetStreamTemplate template = this.publisher.getBean(JetStreamTemplate.class);
		List<CompletableFuture<PublishResult>> results = new ArrayList<>();
		for (int i = 0; i < JOBS; i++) {
			results.add(template.publishAsync("payments.new", new Payment("p-" + i, i)));
		}
		results.forEach(CompletableFuture::join);
	}

	// The server, and a worker that works by now; the next one takes its place
	private void killSomething() throws Exception {
		if (this.workersKilled >= KILLS) {
			return;
		}
		Worker oldest = this.workers.peek();
		boolean works = oldest != null && Files.readString(oldest.log()).contains("Started LedgerWorker");
		if (!works) {
			return;
		}
		this.server.kill();
		this.serversKilled++;
		this.workers.remove();
		oldest.process().destroyForcibly().waitFor();
		this.workersKilled++;
		startWorker();
		this.server.restart();
	}

	private void startWorker() throws IOException {
		Path log = this.directory.resolve("worker-%d.log".formatted(++this.started));
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Xmx128m", "-cp", System.getProperty("java.class.path"),
						LedgerWorker.class.getName()));
		command.addAll(arguments());
		Collections.addAll(command, "--jetstream.listeners.ledger.once=" + ONCE,
				"--jetstream.listeners.ledger.concurrency=5", "--worker.pause=" + PAUSE,
				// Each kill is one for those in hand
				"--jetstream.listener.retry.max-attempts=1000");
		this.workers.add(new Worker(
				new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log));
	}

	private List<String> arguments() {
		return List.of("--jetstream.servers=" + this.server.url(), "--spring.datasource.url=" + this.database.url(),
				"--jetstream.streams.payments.subjects=payments.>",
				"--jetstream.streams.payments.consumers.ledger.filter-subjects=payments.>",
				"--jetstream.streams.payments.consumers.ledger.ack-wait=3s",
				"--jetstream.once.jdbc.initialize-schema=always", "--jetstream.connection.reconnect-wait=100ms",
				"--spring.modulith.events.jdbc.schema-initialization.enabled=true",
				"--spring.datasource.hikari.maximum-pool-size=8");
	}

	private boolean isDone() {
		try {
			return messages("payments") == 0;
		}
		catch (Exception ex) {
			// The server is just starting
			return false;
		}
	}

	private long letters() throws Exception {
		return messages("dead-letters");
	}

	private long messages(String stream) throws Exception {
		return this.publisher.getBean(JetStreamManagement.class).getStreamInfo(stream).getStreamState().getMsgCount();
	}

	private long rows() {
		return this.sql.sql("SELECT COUNT(*) FROM bookings").query(Long.class).single();
	}

	private long different() {
		return this.sql.sql("SELECT COUNT(DISTINCT payment) FROM bookings").query(Long.class).single();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Publisher {

	}

	/**
	 * A process.
	 *
	 * @param process the process
	 * @param log the file with what it prints
	 */
	private record Worker(Process process, Path log) {

	}

}
