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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for applications that are stopped and started again, as before and after a
 * snapshot of their JVM, which must not have sockets.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats(shared = false)
class ContextStopTests {

	private static final String[] QUEUES = { "jetstream.streams.jobs.subjects=jobs.>",
			"jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.worker",
			"jetstream.streams.jobs.consumers.by-hand.filter-subjects=jobs.by-hand",
			"jetstream.streams.jobs.allow-message-schedules=${schedules:false}",
			"jetstream.connection.reconnect-wait=${reconnect-wait:30s}", "jetstream.connection.startup-timeout=3s",
			"jetstream.connections.other.servers=${jetstream.servers}",
			"jetstream.connections.other.streams.others.subjects=others.>" };

	@Test
	@EnabledOnOs(OS.LINUX)
	void whileAContextIsStoppedItHasNoSocketsAndThenAllGoesOn(EmbeddedNatsServer server, CapturedOutput output)
			throws Exception {
		try (ConfigurableApplicationContext context = run(server)) {
			Connection connection = context.getBean("natsConnection", Connection.class);
			for (int round = 0; round < 3; round++) {
				exercise(context, "round " + round);
				assertThat(sockets(server)).isGreaterThanOrEqualTo(2);
				context.stop();
				await().untilAsserted(() -> assertThat(sockets(server)).isZero());
				assertThat(connection.getStatus()).isNotIn(Connection.Status.CONNECTED, Connection.Status.CLOSED);
				String meanwhile = "meanwhile " + round;
				publish(server, meanwhile);
				context.start();
				assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
				await().until(() -> context.getBean(Jobs.class).handled.contains(meanwhile));
			}
			exercise(context, "the end");
			assertThat(output)
				.contains("Closed the connection to the NATS server until the application is started again",
						"Closed the connection 'other' to the NATS server until the application is started again",
						"Reconnected to NATS server")
				.doesNotContain("Lost the connection");
		}
		await().untilAsserted(() -> assertThat(sockets(server)).isZero());
	}

	@Test
	@NeedsServer("2.12")
	void whatIsDueWhileAContextIsStoppedIsHandledWhenItIsStarted(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, "schedules=true")) {
			context.getBean("jetStreamTemplate", JetStreamTemplate.class)
				.message("later")
				.to("jobs.worker")
				.delay(Duration.ofSeconds(1))
				.publish();
			context.stop();
			Connection other = TestConnections.connect(server.url());
			await().until(() -> other.jetStreamManagement().getConsumerInfo("jobs", "worker").getNumPending() == 1);
			other.close();
			context.start();
			await().until(() -> context.getBean(Jobs.class).handled.contains("later"));
		}
	}

	@Test
	void whenTheServerIsGoneThenTheStartSaysSoAndTheNextOneSucceeds(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext context = run(server, "reconnect-wait=100ms")) {
			context.stop();
			server.stop();
			assertThatExceptionOfType(ApplicationContextException.class).isThrownBy(context::start)
				.havingCause()
				.withMessageContaining("No NATS server answers at nats://");
			server.restart();
			context.stop();
			context.start();
			exercise(context, "again");
		}
		finally {
			if (!server.isRunning()) {
				server.restart();
			}
		}
	}

	@Test
	void whenAStoppedContextIsClosedThenItsConnectionsAreClosedForGood(EmbeddedNatsServer server) {
		ConfigurableApplicationContext context = run(server);
		Connection connection = context.getBean("natsConnection", Connection.class);
		context.stop();
		context.close();
		assertThat(connection.getStatus()).isEqualTo(Connection.Status.CLOSED);
		// Neither of the two waits for a start any more
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.equals("jetstream-suspend")));
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server, String... properties) {
		return TestApplication.run(List.of(Jobs.class), server.url(),
				Stream.of(QUEUES, properties).flatMap(Stream::of).toArray(String[]::new));
	}

	private static void exercise(ConfigurableApplicationContext context, String job) {
		JetStreamTemplate template = context.getBean("jetStreamTemplate", JetStreamTemplate.class);
		template.publish("jobs.worker", job);
		await().until(() -> context.getBean(Jobs.class).handled.contains(job));
		assertThat(context.getBean(JetStreamListeners.class).state("worker")).isEqualTo(ListenerState.RUNNING);
		template.publish("jobs.by-hand", job);
		context.getBean("jetStreamReceiver", JetStreamReceiver.class)
			.receive("jobs", "by-hand", String.class, Duration.ofSeconds(20))
			.orElseThrow()
			.delivery()
			.ack();
		await().untilAsserted(
				() -> assertThat(context.getBean("jetstreamHealthIndicator", CompositeHealthContributor.class).stream())
					.hasSize(2)
					.allMatch((entry) -> entry.contributor() instanceof HealthIndicator indicator
							&& indicator.health().getStatus().equals(Status.UP)));
		await().until(() -> context.getBean(MeterRegistry.class).get("jetstream.stream.messages").gauges().size() >= 2);
	}

	private static void publish(EmbeddedNatsServer server, String job) throws Exception {
		Connection other = TestConnections.connect(server.url());
		other.jetStream().publish("jobs.worker", job.getBytes(StandardCharsets.UTF_8));
		other.close();
	}

	// Those of this process to the server; the server's own ends are listed, too
	private static long sockets(EmbeddedNatsServer server) throws IOException {
		String remote = ":%04X".formatted(server.port());
		long count = 0;
		for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
			Path path = Path.of(table);
			if (Files.exists(path)) {
				count += Files.readAllLines(path)
					.stream()
					.map((line) -> line.trim().split("\\s+"))
					.filter((columns) -> columns.length > 3 && columns[2].endsWith(remote) && columns[3].equals("01"))
					.count();
			}
		}
		return count;
	}

	static class Jobs {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(String job) {
			this.handled.add(job);
		}

	}

}
