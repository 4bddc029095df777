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

package io.github.jetstreamspring.boot.health;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.ServerUsers;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Options;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@link JetStreamHealthIndicator} in an application, beside a real server to which
 * something happens. It says so within ten seconds, and within ten seconds that it is
 * over.
 */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class JetStreamHealthTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private EmbeddedNatsServer server;

	private Connection admin;

	private ConfigurableApplicationContext context;

	@BeforeEach
	void start() throws Exception {
		this.server = EmbeddedNatsServer.builder().config(ServerUsers.config("")).start();
		this.admin = TestConnections.connect(Options.builder()
			.server(this.server.url())
			.userInfo("admin", "admin")
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(100))
			.build());
		// Who has nothing to declare later, or may not
		run(Worker.class, "jetstream.username=admin", "jetstream.password=admin").close();
	}

	@AfterEach
	void stop() throws Exception {
		if (this.context != null) {
			this.context.close();
		}
		this.admin.close();
		this.server.close();
	}

	@Test
	void whenTheConsumerIsDeletedThenItIsDownUntilItIsThereAgain() throws Exception {
		this.context = run(Worker.class, "jetstream.topology.mode=none");
		assertUp();
		ConsumerConfiguration consumer = management().getConsumerInfo("orders", "order-worker")
			.getConsumerConfiguration();
		management().deleteConsumer("orders", "order-worker");
		awaitDown("consumer not found");
		management().createConsumer("orders", consumer);
		awaitUp();
	}

	@Test
	void whenPermissionsAreWithdrawnThenItIsDownUntilTheyAreGivenBack() throws Exception {
		this.context = run(Worker.class, "jetstream.topology.mode=none");
		assertUp();
		for (String permissions : List.of("publish: { deny: \"$JS.API.CONSUMER.>\" }",
				"publish: { deny: \"$JS.API.CONSUMER.MSG.NEXT.>\" }", "subscribe: { deny: \"_INBOX.>\" }")) {
			ServerUsers.reload(this.server, permissions);
			awaitDown("may not");
			ServerUsers.reload(this.server, "");
			awaitUp();
		}
	}

	@Test
	void whenAcksAreForbiddenThenItIsDownUntilTheyAreAllowed() throws Exception {
		this.context = run(Worker.class, "jetstream.topology.mode=none");
		assertUp();
		ServerUsers.reload(this.server, "publish: { deny: [ \"$JS.ACK.>\", \"other\" ] }");
		this.admin.jetStream().publish("orders.new", "good".getBytes());
		awaitDown("may not publish to '$JS.ACK");
		ServerUsers.reload(this.server, "");
		awaitUp();
	}

	@Test
	void whenTheServerGoesThenItIsDownUntilItIsBack() {
		this.context = run(Worker.class);
		assertUp();
		this.server.kill();
		awaitDown("the connection to the server is lost");
		assertThat(health().getDetails().get("connection")).isNotEqualTo("CONNECTED");
		this.server.restart();
		awaitUp();
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals that a server could be sent")
	void whenTheServerIsAboutToShutDownThenItIsDownUntilItIsBack() throws Exception {
		this.context = run(Worker.class);
		assertUp();
		// Lame duck mode: JetStream ends at once, the connection later
		new ProcessBuilder("kill", "-USR2", Long.toString(this.server.pid())).start().waitFor();
		await().atMost(SOON).untilAsserted(() -> assertThat(health().getStatus()).isEqualTo(Status.DOWN));
		this.server.restart();
		awaitUp();
	}

	@Test
	void whenNothingIsReadThenItIsDownThoughTheClientIsConnected() {
		this.context = run(Worker.class);
		assertUp();
		this.server.pause();
		awaitDown("");
		this.server.resume();
		awaitUp();
	}

	@Test
	void whenAnApplicationWithoutListenersCanNotReadThenItIsDownToo() {
		this.context = run(Publisher.class);
		assertUp();
		this.server.pause();
		await().atMost(SOON).untilAsserted(() -> {
			Health health = health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails().get("connection")).asString()
				.contains("CONNECTED: nothing is read from the server");
		});
		this.server.resume();
		awaitUp();
	}

	@Test
	void whenTheDeadLetterStreamIsFullThenItIsDownUntilItTakesThem() throws Exception {
		this.context = run(Worker.class, "jetstream.listener.retry.max-attempts=1");
		assertUp();
		limitDeadLetters(1);
		for (int i = 0; i < 10; i++) {
			this.admin.jetStream().publish("orders.new", "bad".getBytes());
		}
		awaitDown("dead letters can't be stored");
		// However long it lasts
		await().during(Duration.ofSeconds(20))
			.atMost(Duration.ofSeconds(40))
			.until(() -> health().getStatus().equals(Status.DOWN));
		limitDeadLetters(-1);
		awaitUp();
		assertThat(management().getStreamInfo("dead-letters").getStreamState().getMsgCount()).isEqualTo(10);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	@ResourceLock(Resources.SYSTEM_OUT)
	void whenTheFilterIsTakenAwayThenThatIsSaidAndItStaysUp(CapturedOutput output) throws Exception {
		this.context = run(Worker.class);
		change((consumer) -> consumer.filterSubject("orders.other"));
		awaitRemark("filter-subjects of the consumer is [orders.other]");
		assertThat(output).containsPattern("WARN.*filter-subjects of the consumer is \\[orders.other]");
		change((consumer) -> consumer.filterSubject("orders.new"));
		await().atMost(SOON.plusSeconds(5)).until(() -> details().equals("{order-worker=RUNNING}"));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	@ResourceLock(Resources.SYSTEM_OUT)
	void whenTheServerGivesUpBeforeTheListenerThenThatIsSaidAndItStaysUp(CapturedOutput output) throws Exception {
		this.context = run(Worker.class);
		change((consumer) -> consumer.maxDeliver(3));
		awaitRemark("max-deliver");
		assertThat(output).containsPattern("WARN.*max-deliver");
		change((consumer) -> consumer.maxDeliver(-1));
		await().atMost(SOON.plusSeconds(5)).until(() -> details().equals("{order-worker=RUNNING}"));
	}

	@Test
	@NeedsServer("2.11")
	void whatIsStoppedOrPausedOnPurposeIsHealthy() {
		this.context = run(Worker.class);
		JetStreamListeners listeners = this.context.getBean(JetStreamListeners.class);
		listeners.pause("order-worker");
		assertUp();
		assertThat(details()).isEqualTo("{order-worker=PAUSED}");
		listeners.resume("order-worker");
		listeners.pause("order-worker", Duration.ofMinutes(1));
		await().atMost(SOON).until(() -> details().contains("paused on the server"));
		assertUp();
		listeners.resume("order-worker");
		listeners.stop("order-worker");
		assertUp();
		assertThat(details()).isEqualTo("{order-worker=STOPPED}");
	}

	@Test
	void whenAllArePausedOrTheirGroupIsStoppedThenItIsHealthy() {
		this.context = run(Group.class);
		JetStreamListeners listeners = this.context.getBean(JetStreamListeners.class);
		listeners.pause("first");
		listeners.pause("second");
		assertUp();
		assertThat(details()).isEqualTo("{first=PAUSED, second=PAUSED}");
		this.server.kill();
		awaitDown("second=");
		this.server.restart();
		awaitUp();
		listeners.stopGroup("orders");
		assertUp();
		assertThat(details()).isEqualTo("{first=STOPPED, second=STOPPED}");
		listeners.startGroup("orders");
		await().atMost(SOON).untilAsserted(() -> assertThat(details()).isEqualTo("{first=RUNNING, second=RUNNING}"));
		assertUp();
	}

	@Test
	void whileNothingHappensItStaysUp() {
		this.context = run(Worker.class);
		await().pollInterval(Duration.ofSeconds(1))
			.during(Duration.ofMinutes(2))
			.atMost(Duration.ofMinutes(3))
			.untilAsserted(this::assertUp);
	}

	private void assertUp() {
		Health health = health();
		assertThat(health.getStatus()).as(health.toString()).isEqualTo(Status.UP);
	}

	private void awaitUp() {
		await().atMost(SOON).untilAsserted(this::assertUp);
	}

	private void awaitDown(String reason) {
		await().atMost(SOON).untilAsserted(() -> {
			assertThat(health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(details()).contains(reason);
		});
	}

	// At its next look, which begins ten seconds after the last one
	private void awaitRemark(String remark) {
		await().atMost(SOON.plusSeconds(5)).untilAsserted(() -> assertThat(details()).contains(remark));
		assertThat(details()).startsWith("{order-worker=RUNNING");
		assertUp();
	}

	private Health health() {
		return this.context.getBean("jetstreamHealthIndicator", HealthIndicator.class).health();
	}

	private String details() {
		return String.valueOf(health().getDetails().get("listeners"));
	}

	private void limitDeadLetters(long most) throws Exception {
		management()
			.updateStream(StreamConfiguration.builder(management().getStreamInfo("dead-letters").getConfiguration())
				.maxMessages(most)
				.discardPolicy((most > 0) ? DiscardPolicy.New : DiscardPolicy.Old)
				.build());
	}

	private void change(UnaryOperator<ConsumerConfiguration.Builder> change) throws Exception {
		management().addOrUpdateConsumer("orders",
				change
					.apply(ConsumerConfiguration
						.builder(management().getConsumerInfo("orders", "order-worker").getConsumerConfiguration()))
					.build());
	}

	private JetStreamManagement management() throws Exception {
		return this.admin.jetStreamManagement();
	}

	private ConfigurableApplicationContext run(Class<?> application, String... properties) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties("jetstream.servers=" + this.server.url(), "jetstream.username=app", "jetstream.password=app",
					"jetstream.connection.reconnect-wait=100ms", "jetstream.streams.orders.subjects=orders.>",
					"jetstream.streams.orders.consumers.order-worker.ack-wait=5s",
					"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.new")
			.properties(properties);
		// One after the other, as each of them sets up the log of the JVM
		synchronized (JetStreamHealthTests.class) {
			return builder.run();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Publisher {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Group {

		@JetStreamListener(id = "first", consumer = "order-worker", group = "orders")
		@JetStreamListener(id = "second", consumer = "order-worker", group = "orders")
		void handle(String order) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Worker {

		@JetStreamListener("order-worker")
		void handle(String order) {
			if (order.equals("bad")) {
				throw new IllegalStateException("no stock");
			}
		}

	}

}
