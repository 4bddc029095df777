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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.JetStreamManagement;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The permissions that an application reports are those that it needs: with exactly these
 * it creates and updates what it declares, publishes, handles and gives up on messages.
 * Without any one of them it says which is missing.
 */
@Timeout(600)
@ExtendWith(OutputCaptureExtension.class)
@NeedsServer("2.14")
class ReportedPermissionTests {

	private static final Queue<String> handled = new ConcurrentLinkedQueue<>();

	private static final List<String> FIRST = List.of("spring.application.name=shop",
			"jetstream.connection.startup-timeout=10s", "jetstream.publisher.timeout=5s",
			"jetstream.streams.orders.subjects=orders.>", "jetstream.streams.orders.allow-message-schedules=true",
			"jetstream.streams.orders.consumers.order-worker.ack-wait=2s",
			"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.new");

	// With something of everything that can be written
	private static final List<String> SECOND = List.of("jetstream.streams.orders.max-bytes=100MB",
			"jetstream.dead-letter.max-age=31d", "jetstream.streams.orders.consumers.audit.ack-wait=2s",
			"jetstream.streams.orders.consumers.audit.filter-subjects=orders.audit",
			"jetstream.schedules.hourly.subject=orders.audit", "jetstream.schedules.hourly.every=1h");

	@TempDir
	private Path directory;

	@BeforeEach
	void clear() {
		handled.clear();
	}

	@Test
	void withAllOfThemEverythingWorksAndNothingIsMissed(CapturedOutput output) throws Exception {
		Set<String> permissions = permissions();
		try (EmbeddedNatsServer server = server(permissions, "_INBOX.>")) {
			use(server, () -> false);
		}
		assertThat(handled).contains("good", "bad", "later", "audited bad");
		assertThat(output).doesNotContain("may not", "Permissions Violation");
	}

	@Test
	void withoutAnyOneOfThemItIsNamed(CapturedOutput output) throws Exception {
		Set<String> permissions = permissions();
		assertThat(permissions).hasSizeGreaterThan(15);
		List<String> unnamed = new ArrayList<>();
		for (String missing : permissions) {
			Set<String> rest = new TreeSet<>(permissions);
			rest.remove(missing);
			if (!isNamed(missing, rest, "_INBOX.>", output)) {
				unnamed.add(missing);
			}
		}
		if (!isNamed("_INBOX.>", permissions, "other", output)) {
			unnamed.add("_INBOX.>");
		}
		assertThat(unnamed).isEmpty();
	}

	private boolean isNamed(String missing, Set<String> permissions, String inboxes, CapturedOutput output)
			throws Exception {
		int before = output.toString().length();
		BooleanSupplier named = () -> output.toString()
			.substring(before)
			.lines()
			.anyMatch((line) -> isNamed(missing, line));
		try (EmbeddedNatsServer server = server(permissions, inboxes)) {
			Throwable failure = catchThrowable(() -> use(server, named));
			return named.getAsBoolean() || (failure != null && isNamed(missing, failure.toString()));
		}
	}

	// By the subject that was asked for, which is the missing one or covered by it
	private static boolean isNamed(String missing, String line) {
		return line.contains(missing.replace(">", ""))
				&& line.matches(".*(may not|Permissions Violation|permission).*");
	}

	/**
	 * Does with an application whatever it is able to, until something has happened.
	 */
	private void use(EmbeddedNatsServer server, BooleanSupplier enough) throws Exception {
		handled.clear();
		try (ConfigurableApplicationContext context = run(server, Worker.class, FIRST)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.publish("orders.new", "good");
			template.publish("orders.new", "bad");
			template.message("later").to("orders.new").delay(Duration.ofMillis(100)).publish();
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			await(enough, () -> handled.size() == 3 && isEmpty(management));
		}
		List<String> second = new ArrayList<>(FIRST);
		second.addAll(SECOND);
		for (int i = 0; i < 2 && !enough.getAsBoolean(); i++) {
			try (ConfigurableApplicationContext context = run(server, AuditedWorker.class, second)) {
				context.getBean(JetStreamTemplate.class).publish("orders.audit", "bad");
				await(enough, () -> handled.contains("audited bad"));
			}
		}
	}

	private static boolean isEmpty(JetStreamManagement management) {
		try {
			return management.getStreamInfo("orders").getStreamState().getMsgCount() == 0
					&& management.getStreamInfo("dead-letters").getStreamState().getMsgCount() == 1;
		}
		catch (Exception ex) {
			return false;
		}
	}

	private static void await(BooleanSupplier enough, BooleanSupplier done) {
		try {
			Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> enough.getAsBoolean() || done.getAsBoolean());
		}
		catch (ConditionTimeoutException ex) {
			// Said by what is asserted
		}
	}

	private Set<String> permissions() throws Exception {
		Path file = this.directory.resolve("permissions");
		List<String> properties = new ArrayList<>(FIRST);
		properties.addAll(SECOND);
		properties.addAll(List.of("jetstream.topology.report=permissions", "jetstream.topology.report-file=" + file));
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			assertThat(TopologyReportedException.in(catchThrowable(() -> TestApplication
				.run(List.of(AuditedWorker.class), server.url(), properties.toArray(String[]::new))
				.close()))).isNotNull();
		}
		return ReportFormatTests.subjects(Files.readString(file));
	}

	private static EmbeddedNatsServer server(Collection<String> permissions, String inboxes) {
		return EmbeddedNatsServer.builder()
			.config("""
					authorization { users: [
					  { user: app, password: app, permissions: {
					      publish: { allow: [ %s ] }, subscribe: { allow: "%s" } } }
					] }""".formatted(permissions.stream().map("\"%s\""::formatted).collect(Collectors.joining(", ")),
					inboxes))
			.start();
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server, Class<?> worker,
			List<String> properties) {
		List<String> all = new ArrayList<>(properties);
		all.addAll(List.of("jetstream.username=app", "jetstream.password=app",
				"management.otlp.metrics.export.enabled=false"));
		return TestApplication.run(List.of(worker), server.url(), all.toArray(String[]::new));
	}

	static class Worker {

		@JetStreamListener("order-worker")
		void handle(String order) {
			handled.add(order);
			if (order.equals("bad")) {
				throw new DeadLetterException("never");
			}
		}

	}

	static class AuditedWorker extends Worker {

		@JetStreamListener("audit")
		void audit(String order) {
			handled.add("audited " + order);
			handle(order);
		}

	}

}
