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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Applications with two connections, one of which is wrong, goes, or is replaced.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class NamedConnectionFailureTests {

	private static EmbeddedNatsServer shop;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		shop = embedded;
	}

	@Test
	void whenAListenerNamesAnUnknownConnectionThenTheAnalysisListsThoseThereAre(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(List.of(Unknown.class), shop));
		assertThat(output).contains("Listeners can't be set up:")
			.contains("there is no connection 'werehouse'; the connections are [warehouse] and the default one;"
					+ " did you mean 'warehouse'?")
			.contains("Correct the name, or configure the connection: jetstream.connections.werehouse.servers.")
			.contains("no stream of connection 'warehouse' has a consumer 'nobody'; the streams are [dead-letters]")
			.containsPattern("jetstream:\\n +connections:\\n +warehouse:\\n +streams:\\n +dead-letters:\\n"
					+ " +consumers:\\n +nobody:");
	}

	@Test
	void whenListenersOfTwoConnectionsHaveTheSameIdThenTheAnalysisSaysSo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(List.of(SameId.class), shop));
		assertThat(output).contains("there is another listener with the id 'worker'");
	}

	@Test
	void whenTheServerOfAConnectionIsDownThenTheAnalysisNamesTheConnectionAndItsKeys(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> TestApplication.run(shop.url(), "jetstream.connections.warehouse.servers=nats://localhost:1",
						"jetstream.connections.warehouse.connection.startup-timeout=1s"));
		assertThat(output).contains("Connection 'warehouse': No NATS server answers at nats://localhost:1.")
			.contains("or correct jetstream.connections.warehouse.servers.")
			.contains("set jetstream.enabled to false")
			.contains("jetstream.connections.warehouse.connection.startup-timeout says how long");
	}

	@Test
	void whenTheSeedOfAConnectionIsUnreadableThenItsKeyIsNamed(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run(List.of(), shop, "jetstream.connections.warehouse.nkey-seed=SUwrong"));
		assertThat(output).contains(
				"Connection 'warehouse': The credentials can't be read from jetstream.connections.warehouse.nkey-seed.")
			.doesNotContain("SUwrong");
	}

	@Test
	void whenPropertiesOfConnectionsAreInvalidThenAllAreInOneAnalysis(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(List.of(NeedsTemplate.class), shop,
				"jetstream.publisher.max-in-flight=0", "jetstream.connections.warehouse.servers=http://localhost",
				"jetstream.connections.warehouse.password=pass-secret",
				"jetstream.connections.warehouse.publisher.timeout=soon",
				"jetstream.connections.east.streams.orders.max-bites=1", "jetstream.connections.default.token=x"));
		assertThat(output).contains("The configuration of JetStream is not valid:")
			.contains("jetstream.publisher.max-in-flight: it must be at least 1")
			.contains("jetstream.connections.warehouse.servers: each server must be host:port or a URL")
			.contains("jetstream.connections.warehouse.password: username and password must be set together")
			.contains("jetstream.connections.warehouse.publisher.timeout: 'soon' is not a duration")
			.contains("jetstream.connections.east.streams.orders.max-bites: there is no such property")
			.doesNotContain("secret");
	}

	@Test
	void whenAConnectionIsCalledDefaultThenTheAnalysisSaysSo(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> TestApplication.run(shop.url(), "jetstream.connections.default.servers=" + shop.url()));
		assertThat(output).contains("jetstream.connections.default: the default connection is configured below");
	}

	@Test
	void whenTheTopologyOfAConnectionIsWrongThenItsKeysAreNamed(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run(List.of(), shop, "jetstream.connections.warehouse.topology.mode=validate",
					"jetstream.connections.warehouse.streams.goods.subjects=goods.>"));
		assertThat(output).contains("Streams and consumers of connection 'warehouse' differ")
			.contains("stream goods  subjects ")
			.contains(
					"jetstream.connections.warehouse.streams.goods: Create it there, or let it be created: jetstream.connections.warehouse.topology.mode=create.")
			.contains("Set jetstream.connections.warehouse.topology.mode to none to start");
	}

	@Test
	void whenTheTopologiesOfSeveralConnectionsAreWrongThenAllAreInOneAnalysisAndNothingIsWritten(CapturedOutput output)
			throws Exception {
		try (EmbeddedNatsServer empty = EmbeddedNatsServer.start();
				EmbeddedNatsServer warehouse = EmbeddedNatsServer.start()) {
			assertThatException().isThrownBy(
					() -> TestApplication.run(empty.url(), "jetstream.connections.warehouse.servers=" + warehouse.url(),
							"jetstream.connections.warehouse.streams.picks.replicas=3",
							"jetstream.connections.east.servers=" + empty.url(),
							"jetstream.connections.east.dead-letter.enabled=false",
							"jetstream.connections.east.streams.goods.max-age=1ms"));
			assertThat(output)
				.contains("jetstream.connections.warehouse.streams.picks.replicas can't be '3': the server is in no")
				.contains("jetstream.connections.east.streams.goods.max-age can't be '1ms'")
				.contains("Set jetstream.connections.warehouse.topology.mode to none to start")
				.contains("Set jetstream.connections.east.topology.mode to none to start");
			for (EmbeddedNatsServer server : List.of(empty, warehouse)) {
				Connection connection = TestConnections.connect(server.url());
				assertThat(connection.jetStreamManagement().getStreamNames()).isEmpty();
				connection.close();
			}
		}
	}

	@Test
	void whenAnEnvironmentVariableCantSpellTheNameThenItsValueIsTakenAllTheSame() {
		try (ConfigurableApplicationContext context = TestApplication.run(shop.url(),
				"jetstream.connections.us-east.topology.mode=none",
				"jetstream.connections.useast.servers=" + shop.url())) {
			assertThat(context.getBean(JetStreamListeners.class).connections()).containsExactly("us-east");
			assertThat(BeanFactoryAnnotationUtils
				.qualifiedBeanOfType(context.getBeanFactory(), Connection.class, "us-east")
				.getConnectedUrl()).isEqualTo(shop.url());
		}
	}

	@Test
	void whenAServerGoesThenTheOtherConnectionGoesOn(CapturedOutput output) throws Exception {
		try (EmbeddedNatsServer warehouse = EmbeddedNatsServer.start();
				ConfigurableApplicationContext context = run(List.of(TwoListeners.class), warehouse)) {
			assertThat(output).contains("Stream 'orders': created")
				.contains("Consumer 'picker' of stream 'picks' of connection 'warehouse': created");
			warehouse.stop();
			await().atMost(60, TimeUnit.SECONDS)
				.untilAsserted(() -> assertThat(health(context, "warehouse")).isEqualTo(Status.DOWN));
			await().untilAsserted(() -> assertThat(health(context, "default")).isEqualTo(Status.UP));
			assertThat(output).contains("Lost the connection 'warehouse' to the NATS server; reconnecting");
			context.getBean(JetStreamTemplate.class).publish("orders.created", "meanwhile");
			assertThat(TwoListeners.received.poll(30, TimeUnit.SECONDS)).isEqualTo("shop: meanwhile");
			warehouse.restart();
			await().atMost(60, TimeUnit.SECONDS)
				.untilAsserted(() -> assertThat(health(context, "warehouse")).isEqualTo(Status.UP));
			template(context).publish("picks.created", "again");
			assertThat(TwoListeners.received.poll(30, TimeUnit.SECONDS)).isEqualTo("warehouse: again");
		}
	}

	@Test
	void whenTheApplicationStopsThenRunningHandlersFinishBeforeTheConnectionsClose() throws Exception {
		try (EmbeddedNatsServer warehouse = EmbeddedNatsServer.start()) {
			ConfigurableApplicationContext context = run(List.of(SlowListener.class), warehouse);
			Connection connection = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
					Connection.class, "warehouse");
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			template(context).publish("picks.created", "slow");
			assertThat(SlowListener.running.await(30, TimeUnit.SECONDS)).isTrue();
			Thread closing = new Thread(context::close);
			closing.start();
			await().atMost(30, TimeUnit.SECONDS).until(() -> !listeners.isRunning());
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
			SlowListener.finish.countDown();
			closing.join(60_000);
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CLOSED);
			Connection after = TestConnections.connect(warehouse.url());
			await().untilAsserted(() -> {
				ConsumerInfo picker = after.jetStreamManagement().getConsumerInfo("picks", "picker");
				assertThat(picker.getNumAckPending()).isZero();
				assertThat(picker.getAckFloor().getStreamSequence()).isOne();
			});
			after.close();
		}
	}

	@Test
	void whenTheApplicationHasBeansForAConnectionThenTheyReplaceThoseThatWouldBeMade() {
		try (EmbeddedNatsServer warehouse = EmbeddedNatsServer.start();
				ConfigurableApplicationContext context = TestApplication.run(List.of(OwnBeans.class), shop.url(),
						"jetstream.connections.warehouse.servers=nats://localhost:1",
						"jetstream.connections.warehouse.streams.picks.subjects=picks.>",
						"jetstream.connections.warehouse.streams.picks.consumers.picker.ack-wait=5s",
						"jetstream.connections.warehouse.dead-letter.enabled=false", "warehouse.url=" + warehouse.url(),
						"jetstream.listeners.picks.retry.max-attempts=1")) {
			template(context).publish("picks.created", "broken");
			await().atMost(30, TimeUnit.SECONDS).until(() -> OwnBeans.givenUp.contains("picks.created"));
			assertThat(context.getBean(DeadLetterHandler.class)).isNotSameAs(context.getBean("own"));
			assertThat(context.getBean(Connection.class).getConnectedUrl()).isEqualTo(shop.url());
		}
	}

	@Test
	void whenAConnectionHasNoDeadLettersThenNothingIsDeclaredForThem() throws Exception {
		try (EmbeddedNatsServer warehouse = EmbeddedNatsServer.start();
				ConfigurableApplicationContext context = run(List.of(), warehouse,
						"jetstream.connections.warehouse.dead-letter.enabled=false")) {
			assertThat(BeanFactoryAnnotationUtils
				.qualifiedBeanOfType(context.getBeanFactory(), JetStreamManagement.class, "warehouse")
				.getStreamNames()).isEmpty();
			assertThat(context.getBeansOfType(DeadLetterHandler.class)).hasSize(1);
		}
	}

	private static ConfigurableApplicationContext run(List<Class<?>> sources, EmbeddedNatsServer warehouse,
			String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		if (all.stream().noneMatch((property) -> property.startsWith("jetstream.connections.warehouse.servers="))) {
			all.add("jetstream.connections.warehouse.servers=" + warehouse.url());
		}
		return TestApplication.run(sources, shop.url(), all.toArray(String[]::new));
	}

	private static JetStreamTemplate template(ConfigurableApplicationContext context) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), JetStreamTemplate.class,
				"warehouse");
	}

	private static Status health(ConfigurableApplicationContext context, String connection) {
		CompositeHealthContributor all = context.getBean("jetstreamHealthIndicator", CompositeHealthContributor.class);
		HealthIndicator one = (HealthIndicator) all.getContributor(connection);
		Health health = (one != null) ? one.health() : null;
		return (health != null) ? health.getStatus() : Status.UNKNOWN;
	}

	static class Unknown {

		@JetStreamListener(id = "wrong", connection = "werehouse", consumer = "picker")
		void wrong(String payload) {
		}

		@JetStreamListener(id = "nobody", connection = "warehouse", consumer = "nobody")
		void nobody(String payload) {
		}

	}

	static class SameId {

		@JetStreamListener(stream = "orders", consumer = "worker", subjects = "orders.>")
		void first(String payload) {
		}

		@JetStreamListener(connection = "warehouse", stream = "orders", consumer = "worker", subjects = "orders.>")
		void second(String payload) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsTemplate {

		@Bean
		String needy(@Qualifier("east") JetStreamTemplate template) {
			return template.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoListeners {

		static final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@Bean
		StreamDefinition orders() {
			return StreamDefinition.workQueue("orders").subjects("orders.>").build();
		}

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		StreamDefinition picks() {
			return StreamDefinition.workQueue("picks").subjects("picks.>").consumer("picker").build();
		}

		@JetStreamListener(stream = "orders", consumer = "worker", subjects = "orders.>")
		void order(String payload) {
			received.add("shop: " + payload);
		}

		@JetStreamListener(connection = "warehouse", consumer = "picker")
		void pick(String payload) {
			received.add("warehouse: " + payload);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SlowListener {

		static final CountDownLatch running = new CountDownLatch(1);

		static final CountDownLatch finish = new CountDownLatch(1);

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		StreamDefinition picks() {
			return StreamDefinition.interest("picks").subjects("picks.>").consumer("picker").build();
		}

		@JetStreamListener(id = "picks", connection = "warehouse", consumer = "picker")
		void pick(String payload) throws InterruptedException {
			running.countDown();
			assertThat(finish.await(30, TimeUnit.SECONDS)).isTrue();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		static final List<String> givenUp = new CopyOnWriteArrayList<>();

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		JetStreamConnectionDetails details(@Value("${warehouse.url}") String url) {
			return () -> List.of(url);
		}

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		DeadLetterHandler own() {
			return (letter) -> {
				givenUp.add(letter.delivery().subject());
				return CompletableFuture.completedFuture(null);
			};
		}

		@JetStreamListener(id = "picks", connection = "warehouse", consumer = "picker")
		void pick(String payload) {
			throw new IllegalStateException("no");
		}

	}

}
