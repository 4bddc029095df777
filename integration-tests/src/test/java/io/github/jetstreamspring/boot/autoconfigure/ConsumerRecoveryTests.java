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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.health.JetStreamHealthIndicator;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Applications whose streams and consumers are deleted while they run.
 */
@EmbeddedNats
class ConsumerRecoveryTests {

	private EmbeddedNatsServer server;

	private Connection connection;

	private JetStreamManagement management;

	private ConfigurableApplicationContext context;

	@BeforeEach
	void startServer(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.connection = TestConnections.connect(this.server.url());
		this.management = this.connection.jetStreamManagement();
	}

	@AfterEach
	void close() throws Exception {
		if (this.context != null) {
			this.context.close();
		}
		this.connection.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenAConsumerIsDeletedThenItIsDeclaredAgainAndWorkResumesWithinFiveSeconds() throws Exception {
		run();
		handle("orders.new", 3);
		// The last acks may still be on their way
		await().until(() -> this.management.getStreamInfo("orders").getStreamState().getMsgCount() == 0);
		deleteConsumer("order-worker");
		deleteConsumer("audit");
		awaitConsumers();
		handle("orders.new", 3);
		assertThat(this.management.getConsumerInfo("orders", "order-worker").getConsumerConfiguration().getAckWait())
			.hasSeconds(7);
		assertThat(this.management.getConsumerInfo("orders", "audit").getConsumerConfiguration().getFilterSubjects())
			.containsExactly("orders.audit");
	}

	@Test
	void whenAStreamIsDeletedThenItIsDeclaredAgainWithAllItsConsumers() throws Exception {
		run("jetstream.topology.mode=create");
		handle("orders.new", 3);
		this.management.deleteStream("orders");
		awaitConsumers();
		handle("orders.new", 3);
		handle("orders.audit", 2);
	}

	@Test
	void whenTheModeForbidsToDeclareThenTheListenerWaitsAndSaysWhatToDo() throws Exception {
		declareByHand();
		run("jetstream.topology.mode=none");
		deleteConsumer("order-worker");
		JetStreamListeners listeners = this.context.getBean(JetStreamListeners.class);
		await().untilAsserted(() -> assertThat(String.valueOf(listeners.status("order-worker").reason())).contains(
				"consumer not found", "Create it on the server", "with jetstream.topology.mode update or create"));
		assertThat(listeners.state("order-worker")).isEqualTo(ListenerState.RECOVERING);
		assertThat(listeners.state("audit")).isEqualTo(ListenerState.RUNNING);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails().get("listeners").toString()).contains("audit=RUNNING",
				"order-worker=RECOVERING: consumer 'order-worker' of stream 'orders' can't be used: consumer not found");
		createConsumer("order-worker", "orders.new");
		await().atMost(Duration.ofSeconds(5)).until(() -> listeners.state("order-worker") == ListenerState.RUNNING);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		handle("orders.new", 3);
	}

	@Test
	void whenAConsumerBecomesUnusableThenHealthIsDownAndNamesTheReason() throws Exception {
		declareByHand();
		run("jetstream.topology.mode=none");
		deleteConsumer("order-worker");
		this.management.createConsumer("orders",
				ConsumerConfiguration.builder()
					.durable("order-worker")
					.deliverSubject("elsewhere")
					.filterSubject("orders.new")
					.build());
		JetStreamListeners listeners = this.context.getBean(JetStreamListeners.class);
		await().atMost(Duration.ofSeconds(20)).until(() -> listeners.state("order-worker") == ListenerState.FAILED);
		assertThat(health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(health().getDetails().get("listeners").toString()).contains("order-worker=FAILED", "push consumer");
	}

	@Test
	void whenListenersArePausedOrStoppedOnPurposeThenHealthIsUp() {
		run();
		JetStreamListeners listeners = this.context.getBean(JetStreamListeners.class);
		listeners.pause("order-worker");
		listeners.stop("audit");
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails().get("listeners").toString()).contains("order-worker=PAUSED", "audit=STOPPED");
	}

	@Test
	void whenAStreamIsMissingAtTheStartThenTheApplicationDoesNotStart() {
		assertThatException().isThrownBy(() -> run("jetstream.topology.mode=none"))
			.withStackTraceContaining("Listener 'order-worker' can't be started")
			.withStackTraceContaining("stream not found");
	}

	@Test
	@NeedsServer("2.11")
	void whenAnExclusiveListenerDeclaresItsConsumerThenOneClientAtATimeGetsItsMessages() throws Exception {
		run("jetstream.listeners.audit.exclusive=true");
		assertThat(this.management.getConsumerInfo("orders", "audit").getConsumerConfiguration().getPriorityPolicy())
			.isEqualTo(PriorityPolicy.PinnedClient);
		handle("orders.audit", 3);
	}

	private void deleteConsumer(String consumer) throws Exception {
		try {
			this.management.deleteConsumer("orders", consumer);
		}
		catch (JetStreamApiException ex) {
			// nats-server 2.10 can stumble over a file that it writes at that moment
			assertThat(ex).hasMessageContaining("directory not empty");
		}
	}

	private void declareByHand() throws Exception {
		this.management.addStream(StreamConfiguration.builder().name("orders").subjects("orders.>").build());
		createConsumer("order-worker", "orders.new");
		createConsumer("audit", "orders.audit");
	}

	private void createConsumer(String name, String filter) throws Exception {
		this.management.createConsumer("orders",
				ConsumerConfiguration.builder().durable(name).filterSubject(filter).build());
	}

	private void awaitConsumers() {
		await().atMost(Duration.ofSeconds(5))
			.ignoreExceptions()
			.until(() -> this.management.getConsumerNames("orders").containsAll(List.of("order-worker", "audit")));
	}

	/**
	 * Publishes orders and waits until they are handled.
	 */
	private void handle(String subject, int count) {
		OrderListener listener = this.context.getBean(OrderListener.class);
		int before = listener.handled.get();
		for (int i = 0; i < count; i++) {
			this.context.getBean(JetStreamTemplate.class).publish(subject, "order");
		}
		await().atMost(Duration.ofSeconds(5)).until(() -> listener.handled.get() == before + count);
	}

	private Health health() {
		return this.context.getBean(JetStreamHealthIndicator.class).health();
	}

	private void run(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("jetstream.servers=" + this.server.url(), "jetstream.streams.orders.subjects=orders.>",
						"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.new",
						"jetstream.streams.orders.consumers.order-worker.ack-wait=7s"));
		all.addAll(Arrays.asList(properties));
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(OrderListener.class)
	static class Application {

	}

	static class OrderListener {

		private final AtomicInteger handled = new AtomicInteger();

		@JetStreamListener("order-worker")
		void handle(String order) {
			this.handled.incrementAndGet();
		}

		@JetStreamListener(stream = "orders", consumer = "audit", subjects = "orders.audit")
		void audit(String order) {
			this.handled.incrementAndGet();
		}

	}

}
