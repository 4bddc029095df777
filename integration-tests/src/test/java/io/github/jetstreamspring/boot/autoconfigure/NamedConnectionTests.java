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

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.topology.StreamConfigurationCustomizer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * An application with a connection to each of two servers, whose streams and consumers
 * have the same names.
 */
@EmbeddedNats
class NamedConnectionTests {

	private static final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private static EmbeddedNatsServer shop;

	private static EmbeddedNatsServer warehouse;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		shop = embedded;
		warehouse = EmbeddedNatsServer.start();
		context = TestApplication.run(List.of(Application.class), shop.url(), "spring.application.name=two-servers",
				"jetstream.listener.retry.delay=1ms", "jetstream.listeners.picks.retry.max-attempts=1",
				"jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.created",
				"jetstream.connections.warehouse.servers=" + warehouse.url(),
				"jetstream.connections.warehouse.connection-name=two-servers-warehouse",
				"jetstream.connections.warehouse.streams.orders.subjects=orders.>,receipts.>",
				"jetstream.connections.warehouse.streams.orders.consumers.order-worker.filter-subjects=orders.created",
				"jetstream.connections.warehouse.dead-letter.stream=unpicked",
				"jetstream.connections.warehouse.dead-letter.subject-prefix=unpicked");
	}

	@AfterAll
	static void stop() {
		context.close();
		warehouse.close();
	}

	@BeforeEach
	void clear() {
		received.clear();
	}

	@Test
	void whenATemplatePublishesThenTheListenerOfItsConnectionGetsIt() throws Exception {
		context.getBean(JetStreamTemplate.class).publish("orders.created", "bread");
		assertThat(received()).isEqualTo("shop: bread");
		named(JetStreamTemplate.class).publish("orders.created", "butter");
		assertThat(received()).isEqualTo("warehouse: butter");
		assertThat(received.poll(100, TimeUnit.MILLISECONDS)).isNull();
	}

	@Test
	void whenAConnectionHasStreamsThenTheyAreOnItsServerOnly() throws Exception {
		assertThat(context.getBean(JetStreamManagement.class).getStreamNames()).containsExactlyInAnyOrder("orders",
				"dead-letters", "mails");
		assertThat(named(JetStreamManagement.class).getStreamNames()).containsExactlyInAnyOrder("orders", "unpicked",
				"shelves");
		assertThat(named(Topology.class).streams()).extracting(StreamDefinition::name)
			.containsExactlyInAnyOrder("orders", "unpicked", "shelves");
	}

	@Test
	void whenAListenerOfAConnectionDeclaresItsConsumerThenItIsOnThatServer() throws Exception {
		assertThat(named(JetStreamManagement.class).getConsumerNames("orders"))
			.containsExactlyInAnyOrder("order-worker", "packer");
		assertThat(context.getBean(JetStreamManagement.class).getConsumerNames("orders"))
			.containsExactly("order-worker");
	}

	@Test
	void whenAHandlerGivesUpThenTheDeadLetterIsOnTheServerOfItsConnection() {
		named(JetStreamTemplate.class).publish("orders.created", "fail");
		JetStreamManagement management = named(JetStreamManagement.class);
		await().untilAsserted(
				() -> assertThat(management.getStreamInfo("unpicked").getStreamState().getMsgCount()).isOne());
		await().ignoreExceptions()
			.untilAsserted(() -> assertThat(management.getMessage("unpicked", 1).getSubject())
				.isEqualTo("unpicked.orders.order-worker"));
		await().untilAsserted(() -> assertThat(
				context.getBean(JetStreamManagement.class).getStreamInfo("dead-letters").getStreamState().getMsgCount())
			.isZero());
	}

	@Test
	void whenAHandlerRepliesThenItIsPublishedOnItsConnection() {
		named(JetStreamTemplate.class).publish("orders.pack", "parcel");
		// There is no such message at first, which the server answers with an error
		await().ignoreExceptions()
			.untilAsserted(() -> assertThat(
					named(JetStreamManagement.class).getLastMessage("orders", "receipts.packed").getData())
				.asString()
				.isEqualTo("packed parcel"));
	}

	@Test
	void whenBeansAreInjectedThenTheyAreTheDefaultOnesUnlessTheyAreQualified() {
		Injected injected = context.getBean(Injected.class);
		assertThat(injected.connection().getConnectedUrl()).isEqualTo(shop.url());
		assertThat(injected.named().getConnectedUrl()).isEqualTo(warehouse.url());
		assertThat(injected.operations()).isSameAs(context.getBean(JetStreamTemplate.class))
			.isNotSameAs(injected.namedOperations());
		assertThat(injected.namedOperations()).isSameAs(named(JetStreamTemplate.class));
		assertThat(context.getBean(TopologyDeclarer.class)).isNotSameAs(named(TopologyDeclarer.class));
		assertThat(context.getBeanProvider(Connection.class).getIfUnique()).isSameAs(injected.connection());
	}

	@Test
	void whenThereAreSeveralConnectionsThenOneBeanHasAllListeners() {
		JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
		assertThat(listeners.ids()).containsExactlyInAnyOrder("order-worker", "picks", "packer");
		assertThat(listeners.connections()).containsExactly("warehouse");
		assertThat(listeners.connection("picks")).isEqualTo("warehouse");
		assertThat(listeners.connection("order-worker")).isNull();
		listeners.stop("packer");
		assertThat(listeners.state("packer")).isEqualTo(ListenerState.STOPPED);
		listeners.start("packer");
		await().until(() -> listeners.state("packer") == ListenerState.RUNNING);
	}

	@Test
	void whenBeansAreForAConnectionThenOnlyThatHasThem() throws Exception {
		assertThat(context.getBean(Connection.class).getOptions().getReconnectBufferSize()).isEqualTo(1_000_000);
		assertThat(named(Connection.class).getOptions().getReconnectBufferSize()).isEqualTo(2_000_000);
		assertThat(context.getBean(Connection.class).getOptions().getConnectionName()).isEqualTo("two-servers");
		assertThat(named(Connection.class).getOptions().getConnectionName()).isEqualTo("two-servers-warehouse");
		// A customizer without a qualifier is for all connections
		assertThat(context.getBean(JetStreamManagement.class).getStreamInfo("orders").getConfiguration().getMetadata())
			.contains(entry("team", "all"));
		assertThat(named(JetStreamManagement.class).getStreamInfo("orders").getConfiguration().getMetadata())
			.contains(entry("team", "logistics"));
	}

	@Test
	void whenAChildContextIsAutoConfiguredThenItIsOnTheConnectionsOfItsParent() {
		try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
			child.setParent(context);
			child.register(AutoConfigured.class);
			child.refresh();
			assertThat(child.getBean(Connection.class)).isSameAs(context.getBean(Connection.class));
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(child.getBeanFactory(), Connection.class,
					"warehouse"))
				.isSameAs(named(Connection.class));
			assertThat(child.getBean(JetStreamListeners.class).connections()).containsExactly("warehouse");
		}
		assertThat(named(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
	}

	@Test
	void whenThereAreSeveralConnectionsThenHealthHasEach() {
		await().until(() -> health("default").getStatus().equals(Status.UP)
				&& health("warehouse").getStatus().equals(Status.UP));
		assertThat(health("default").getDetails()).containsEntry("connection", "CONNECTED")
			.containsEntry("listeners", Map.of("order-worker", "RUNNING"));
		assertThat(health("warehouse").getDetails()).containsEntry("connection", "CONNECTED");
		assertThat(health("warehouse").getDetails().get("listeners")).asString()
			.contains("picks=", "packer=")
			.doesNotContain("order-worker");
	}

	@Test
	void whenConsumersOfTwoConnectionsHaveTheSameNameThenTheirGaugesHaveTheConnection() {
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		for (String connection : List.of("default", "warehouse")) {
			assertThat(registry.get("jetstream.consumer.pending")
				.tag("connection", connection)
				.tag("consumer", "order-worker")
				.gauge()
				.value()).isZero();
		}
	}

	private static <T> T named(Class<T> type) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, "warehouse");
	}

	private static Health health(String connection) {
		CompositeHealthContributor all = context.getBean("jetstreamHealthIndicator", CompositeHealthContributor.class);
		HealthIndicator one = (HealthIndicator) all.getContributor(connection);
		assertThat(one).isNotNull();
		Health health = one.health();
		assertThat(health).isNotNull();
		return health;
	}

	private static @Nullable String received() throws Exception {
		return received.poll(30, TimeUnit.SECONDS);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		Listeners listeners() {
			return new Listeners();
		}

		@Bean
		Injected injected(Connection connection, @Qualifier("warehouse") Connection named,
				JetStreamOperations operations, @Qualifier("warehouse") JetStreamOperations namedOperations) {
			return new Injected(connection, named, operations, namedOperations);
		}

		@Bean
		StreamDefinition mails() {
			return StreamDefinition.workQueue("mails").subjects("mails.>").build();
		}

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		StreamDefinition shelves() {
			return StreamDefinition.limits("shelves").subjects("shelves.>").build();
		}

		@Bean
		ConnectionOptionsCustomizer buffer() {
			return (options) -> options.reconnectBufferSize(1_000_000);
		}

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		ConnectionOptionsCustomizer largerBuffer() {
			return (options) -> options.reconnectBufferSize(2_000_000);
		}

		@Bean
		StreamConfigurationCustomizer team() {
			return (stream) -> stream.metadata(Map.of("team", "all"));
		}

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		StreamConfigurationCustomizer logistics() {
			return (stream) -> stream.metadata(Map.of("team", "logistics"));
		}

	}

	record Injected(Connection connection, Connection named, JetStreamOperations operations,
			JetStreamOperations namedOperations) {
	}

	static class Listeners {

		@JetStreamListener("order-worker")
		void order(String order) {
			received.add("shop: " + order);
		}

		@JetStreamListener(id = "picks", connection = "warehouse", consumer = "order-worker")
		void pick(String order) {
			if (order.equals("fail")) {
				throw new IllegalStateException("no");
			}
			received.add("warehouse: " + order);
		}

		@JetStreamListener(connection = "${packing:warehouse}", stream = "orders", consumer = "packer",
				subjects = "orders.pack")
		@SendTo("receipts.packed")
		String pack(String order, Delivery delivery) {
			return "packed " + order;
		}

	}

	@EnableAutoConfiguration
	static class AutoConfigured {

	}

}
