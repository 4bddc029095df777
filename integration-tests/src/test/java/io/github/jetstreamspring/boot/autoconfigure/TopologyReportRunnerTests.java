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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.JavaProcess;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.github.jetstreamspring.topology.TopologyMode;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Applications that report what differs on the server instead of running.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class TopologyReportRunnerTests {

	private static final String[] ORDERS = { "jetstream.streams.orders.subjects=orders.>",
			"jetstream.streams.orders.max-age=7d", "jetstream.streams.orders.consumers.order-worker.ack-wait=30s",
			"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.new" };

	private EmbeddedNatsServer server;

	private Connection connection;

	private JetStreamManagement management;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.connection = TestConnections.connect(this.server.url());
		this.management = this.connection.jetStreamManagement();
		Started.COUNT.set(0);
	}

	@AfterEach
	void stop() throws Exception {
		this.connection.close();
		TestStreams.deleteAll(this.server);
	}

	@ParameterizedTest
	@EnumSource(TopologyMode.class)
	void whenEverythingIsMissingThenAllIsListedAndNothingIsWritten(TopologyMode mode, CapturedOutput output)
			throws Exception {
		assertThat(report(with("jetstream.topology.mode=" + mode.name().toLowerCase()))).isEqualTo(2);
		assertThat(rows(output)).contains("stream orders | subjects | missing | [orders.>] | create",
				"stream orders | max-age | missing | 7d | create",
				"stream orders | retention | missing | work-queue | create",
				"consumer order-worker of orders | ack-wait | missing | 30s | create",
				"consumer audit of orders | filter-subjects | missing | [orders.audit] | create",
				"stream dead-letters | subjects | missing | [dead-letters.>] | create");
		assertThat(this.management.getStreamNames()).isEmpty();
	}

	@Test
	void whenNothingDiffersThenItSaysSoAndSucceeds(CapturedOutput output) {
		declare();
		assertThat(report(ORDERS)).isZero();
		assertThat(output).contains("Nothing differs.\n\nThe application would write nothing.");
	}

	@Test
	void whenSettingsDifferThenBothValuesAreListedAndTheServersStay(CapturedOutput output) throws Exception {
		declare();
		StreamConfiguration before = this.management.getStreamInfo("orders").getConfiguration();
		assertThat(report(with("jetstream.streams.orders.max-age=14d",
				"jetstream.streams.orders.consumers.order-worker.ack-wait=1m")))
			.isEqualTo(2);
		assertThat(rows(output)).containsExactly("WHAT | SETTING | ON THE SERVER | IN THE CONFIGURATION | TO BE DONE",
				"stream orders | max-age | 7d | 14d | update",
				"consumer order-worker of orders | ack-wait | 30s | 1m | update");
		assertThat(this.management.getStreamInfo("orders").getConfiguration().toJson()).isEqualTo(before.toJson());
	}

	@Test
	void whenAChangeIsImpossibleOrASettingInvalidThenThatIsPartOfTheReport(CapturedOutput output) {
		declare();
		assertThat(report(with("jetstream.streams.orders.storage=memory", "jetstream.streams.orders.replicas=6",
				"jetstream.streams.returns.subjects=orders.returned")))
			.isEqualTo(1);
		assertThat(rows(output)).contains("stream orders | storage | file | memory | can't be changed",
				"stream returns | subjects | missing | [orders.returned] | create");
		assertThat(output).contains("Problems:\n- jetstream.streams.orders.replicas can't be '6'. It takes 1 to 5")
			.contains("- jetstream.streams.returns.subjects overlap with those of stream 'orders'")
			.contains("The application would not start: correct the problems and what can't be changed.");
	}

	@Test
	void whenTheServerHasMoreConsumersThenTheyAreNoted(CapturedOutput output) throws Exception {
		declare();
		this.management.createConsumer("orders",
				ConsumerConfiguration.builder().durable("by-hand").filterSubject("orders.other").build());
		assertThat(report(ORDERS)).isZero();
		assertThat(output)
			.contains("Stream 'orders' has consumers that are not in the configuration and are left alone: [by-hand]");
	}

	@Test
	void whenThereAreSeveralConnectionsThenEachIsReported(CapturedOutput output) throws Exception {
		declare();
		try (EmbeddedNatsServer other = EmbeddedNatsServer.start()) {
			assertThat(report(with("jetstream.connections.warehouse.servers=" + other.url(),
					"jetstream.connections.warehouse.streams.picks.subjects=picks.>",
					"jetstream.connections.warehouse.streams.picks.replicas=6")))
				.isEqualTo(1);
		}
		assertThat(output).containsSubsequence("Connection 'default'", "Nothing differs.", "Connection 'warehouse'")
			.contains("- jetstream.connections.warehouse.streams.picks.replicas can't be '6'");
		assertThat(rows(output)).contains("stream picks | subjects | missing | [picks.>] | create");
	}

	@Test
	void whenReportingThenNothingElseStartsAndNoFailureIsLogged(CapturedOutput output) {
		assertThat(report(ORDERS)).isEqualTo(2);
		assertThat(Started.COUNT).hasValue(0);
		assertThat(output).doesNotContain("Exception", "FAILED TO START", "Error starting");
	}

	@Test
	void whenNotReportingThenTheApplicationRuns(CapturedOutput output) {
		TestApplication.run(List.of(Application.class), this.server.url(), with("jetstream.topology.report=false"))
			.close();
		assertThat(Started.COUNT).hasValue(1);
		assertThat(output).doesNotContain("TO BE DONE");
	}

	@Test
	void whenModeIsValidateThenTheAnalysisHasTheTable(CapturedOutput output) throws Exception {
		declare();
		this.management.deleteConsumer("orders", "audit");
		assertThat(
				catchThrowableOfType(RuntimeException.class, () -> TestApplication.run(List.of(Application.class),
						this.server.url(), with("jetstream.topology.mode=validate",
								"jetstream.streams.orders.max-age=14d", "jetstream.streams.orders.replicas=6"))))
			.isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Streams and consumers differ from those on the server:")
			.contains("jetstream.streams.orders.replicas can't be '6'")
			.contains("jetstream.streams.orders.max-age: Change one of them, or let it be updated")
			.contains("jetstream.streams.orders.consumers.audit: Create it there");
		assertThat(rows(output)).contains("stream orders | max-age | 7d | 14d | update",
				"consumer audit of orders | filter-subjects | missing | [orders.audit] | create");
	}

	@Test
	void whenTheOptionIsBareThenTheProcessEndsWithTheReportsExitCode(@TempDir Path directory) throws Exception {
		Path log = directory.resolve("log");
		assertThat(process(log, "--jetstream.topology.report")).isEqualTo(2);
		assertThat(Files.readString(log)).contains("stream orders").doesNotContain("Exception", "\tat ");
		assertThat(this.management.getStreamNames()).isEmpty();
		declare();
		assertThat(process(log, "--jetstream.topology.report")).isZero();
		assertThat(Files.readString(log)).contains("Nothing differs.").doesNotContain("Exception", "\tat ");
		assertThat(process(log, "--jetstream.topology.report", "--jetstream.streams.orders.storage=memory"))
			.isEqualTo(1);
		assertThat(Files.readString(log)).contains("can't be changed").doesNotContain("Exception", "\tat ");
	}

	private int process(Path log, String... arguments) throws Exception {
		List<String> all = new ArrayList<>(List.of("--jetstream.servers=" + this.server.url(),
				"--spring.main.banner-mode=off", "--server.port=0", "--management.otlp.metrics.export.enabled=false"));
		Arrays.stream(ORDERS).map((property) -> "--" + property).forEach(all::add);
		all.addAll(List.of(arguments));
		Process process = JavaProcess.start(Main.class, log, List.of(), all.toArray(String[]::new));
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("has ended").isTrue();
			return process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private void declare() {
		TestApplication.run(List.of(Application.class), this.server.url(), ORDERS).close();
		Started.COUNT.set(0);
	}

	private int report(String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 1);
		all[properties.length] = "jetstream.topology.report=true";
		Throwable failure = catchThrowableOfType(RuntimeException.class,
				() -> TestApplication.run(List.of(Application.class), this.server.url(), all).close());
		TopologyReportedException reported = TopologyReportedException.in(failure);
		assertThat(reported).isNotNull();
		return reported.getExitCode();
	}

	private static String[] with(String... properties) {
		List<String> all = new ArrayList<>(List.of(ORDERS));
		for (String property : properties) {
			String key = property.substring(0, property.indexOf('=') + 1);
			all.removeIf((other) -> other.startsWith(key));
			all.add(property);
		}
		return all.toArray(String[]::new);
	}

	private static List<String> rows(CapturedOutput output) {
		return output.getOut()
			.lines()
			.map(String::strip)
			.filter((line) -> line.matches("(WHAT|stream \\S+|consumer \\S+ of \\S+)  .*"))
			.map((line) -> line.replaceAll(" {2,}", " | "))
			.toList();
	}

	/**
	 * An application with a main method.
	 */
	static final class Main {

		public static void main(String[] arguments) {
			SpringApplication.run(new Class<?>[] { TestApplication.Configuration.class, Application.class }, arguments);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Listeners.class)
	static class Application {

		@Bean
		Started started() {
			return new Started();
		}

	}

	static class Listeners {

		@JetStreamListener("order-worker")
		void handle(String order) {
		}

		@JetStreamListener(stream = "orders", consumer = "audit", subjects = "orders.audit")
		void audit(String order) {
		}

	}

	/**
	 * A bean that starts as early as an ordinary one may.
	 */
	static final class Started implements SmartLifecycle {

		private static final AtomicInteger COUNT = new AtomicInteger();

		private boolean running;

		@Override
		public void start() {
			COUNT.incrementAndGet();
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return Integer.MIN_VALUE + 2000;
		}

	}

}
