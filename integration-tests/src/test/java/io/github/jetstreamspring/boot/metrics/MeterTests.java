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
package io.github.jetstreamspring.boot.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.boot.operations.Operations;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the meters say of a real server and of listeners that work.
 */
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class MeterTests {

	private static final Semaphore gate = new Semaphore(0);

	private String prefix = "";

	@BeforeEach
	void name() {
		this.prefix = "m" + System.nanoTime();
		gate.drainPermits();
	}

	@Test
	void whenMessagesWaitThenTheConsumersGaugesSayHowManyAndHowLong(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext context = run(server, Application.class)) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(gauge(registry, "jetstream.consumer.oldest.age", "consumer", "worker")).isZero();
			assertThat(gauge(registry, "jetstream.consumer.drain.time", "consumer", "worker")).isZero();
			for (int i = 0; i < 20; i++) {
				context.getBean(JetStreamTemplate.class).publish(this.prefix + ".work", "x");
			}
			await().until(() -> gauge(registry, "jetstream.listener.workers.busy", "listener", "worker") == 1);
			assertThat(gauge(registry, "jetstream.listener.inhand", "listener", "worker")).isPositive();
			assertThat(gauge(registry, "jetstream.listener.credit", "listener", "worker")).isPositive();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(gauge(registry, "jetstream.consumer.ack.pending", "consumer", "worker")
						+ gauge(registry, "jetstream.consumer.pending", "consumer", "worker"))
					.isEqualTo(20));
			// Asked for after what is pending
			await()
				.untilAsserted(() -> assertThat(gauge(registry, "jetstream.consumer.oldest.age", "consumer", "worker"))
					.isPositive()
					.isLessThan(60));
			assertThat(gauge(registry, "jetstream.consumer.drain.time", "consumer", "worker")).isInfinite();
			assertThat(gauge(registry, "jetstream.stream.messages", "stream", this.prefix)).isEqualTo(20);
			assertThat(gauge(registry, "jetstream.stream.bytes", "stream", this.prefix)).isPositive();
			assertThat(gauge(registry, "jetstream.stream.usage", "stream", this.prefix)).isEqualTo(0.2);
			assertThat(gauge(registry, "jetstream.publisher.inflight", "connection", "default")).isZero();
			gate.release(20);
			await().untilAsserted(
					() -> assertThat(registry.get("jetstream.listener.lag").tag("listener", "worker").timer().count())
						.isEqualTo(20));
		}
	}

	@Test
	void whenHandlersAreSlowThenExtensionsAreCounted(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext context = run(server, Application.class,
				"jetstream.streams." + this.prefix + ".consumers.worker.ack-wait=1s")) {
			context.getBean(JetStreamTemplate.class).publish(this.prefix + ".work", "x");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(
					registry.get("jetstream.listener.lease.extensions").tag("listener", "worker").counter().count())
				.isPositive());
			gate.release();
		}
	}

	@Test
	void whenLettersAreStoredThenTheyAreCountedByWhereTheyComeFrom(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext context = run(server, Application.class,
				"jetstream.dead-letter.stream=letters-" + this.prefix,
				"jetstream.dead-letter.subject-prefix=letters-" + this.prefix)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.publish(this.prefix + ".bad", "x");
			template.publish(this.prefix + ".bad", "x");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().until(() -> registry.get("jetstream.listener.messages")
				.tag("listener", "bad")
				.tag("outcome", "dead-lettered")
				.counter()
				.count() == 2);
			// Somebody makes up names
			List<Object> forged = new ArrayList<>();
			for (int i = 0; i < 150; i++) {
				forged.add(template.publishAsync("letters-%s.forged.n%d".formatted(this.prefix, i), "x").join());
			}
			template.publish("letters-%s.of.another.shape".formatted(this.prefix), "x");
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				assertThat(gauge(registry, "jetstream.deadletters.stored", "consumer", "bad")).isEqualTo(2);
				assertThat(registry.find("jetstream.deadletters.stored").gauges()).hasSize(100);
				assertThat(
						registry.find("jetstream.deadletters.stored").gauges().stream().mapToDouble(Gauge::value).sum())
					.isEqualTo(152);
			});
			assertThat(gauge(registry, "jetstream.deadletters.stored", "consumer", "worker")).isZero();
		}
	}

	@Test
	void whenMetersAreReadOftenThenTheServerIsAskedOnce(EmbeddedNatsServer server) throws Exception {
		AtomicInteger asked = new AtomicInteger();
		Connection watching = TestConnections.connect(server.url());
		try (ConfigurableApplicationContext context = run(server, Application.class)) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Dispatcher dispatcher = watching.createDispatcher((message) -> asked.incrementAndGet());
			dispatcher.subscribe("$JS.API.CONSUMER.INFO." + this.prefix + ".*");
			dispatcher.subscribe("$JS.API.STREAM.INFO." + this.prefix);
			watching.flush(Duration.ofSeconds(5));
			for (int i = 0; i < 100; i++) {
				registry.getMeters()
					.stream()
					.filter((meter) -> meter instanceof Gauge)
					.map(Meter::measure)
					.forEach((measurements) -> measurements.forEach((measurement) -> measurement.getValue()));
			}
			watching.flush(Duration.ofSeconds(5));
			// One look at the stream and three consumers, whoever shows them; but what
			// differs from the configuration is looked at anew
			assertThat(asked.get()).isEqualTo(4);
			Operations
				.of(context.getBean(JetStreamListeners.class), context, context.getEnvironment(),
						context.getBeanFactory())
				.all();
			watching.flush(Duration.ofSeconds(5));
			assertThat(asked.get()).isEqualTo(8);
		}
		finally {
			watching.close();
		}
	}

	@Test
	void whenTheServerIsAwayThenReadingDoesNotWaitForIt() {
		EmbeddedNatsServer server = EmbeddedNatsServer.start();
		try (ConfigurableApplicationContext context = run(server, Application.class)) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			server.close();
			Connection connection = context.getBean(Connection.class);
			await().until(() -> connection.getStatus() != Connection.Status.CONNECTED);
			long start = System.nanoTime();
			for (Meter meter : registry.getMeters()) {
				if (meter instanceof Gauge gauge && meter.getId().getName().startsWith("jetstream.")) {
					gauge.value();
				}
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			assertThat(gauge(registry, "jetstream.consumer.pending", "consumer", "worker")).isNaN();
			context.getBean(JetStreamListeners.class).stop();
		}
	}

	@Test
	void whenAskingIsForbiddenThenFiguresAreUnknownAndItIsNotAskedAgain(CapturedOutput output) throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder().config("""
				authorization { users: [ { user: app, password: app, permissions: {
					publish: { deny: [ "$JS.API.STREAM.MSG.GET.>" ] }, subscribe: ">" } } ] }""").start();
				ConfigurableApplicationContext context = run(server, Application.class, "jetstream.username=app",
						"jetstream.password=app")) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean(JetStreamTemplate.class).publish(this.prefix + ".work", "x");
			await().until(() -> gauge(registry, "jetstream.listener.workers.busy", "listener", "worker") == 1);
			for (int i = 0; i < 3; i++) {
				assertThat(gauge(registry, "jetstream.consumer.oldest.age", "consumer", "worker")).isNaN();
				// As if ten seconds had passed
				context.getBean(ListenerGauges.class).renew();
			}
			assertThat(gauge(registry, "jetstream.consumer.ack.pending", "consumer", "worker")).isEqualTo(1);
			assertThat(output.getOut().split("MSG.GET." + this.prefix, -1)).hasSizeLessThanOrEqualTo(3);
			gate.release();
		}
	}

	@Test
	void whenListenersComeAndGoThenThereAreNoMoreMeters(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, Application.class)) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			for (int i = 0; i < 20; i++) {
				addConsumer(context, "tenant" + i);
				listeners.register(tenant("tenant" + i, "tenant" + i));
				context.getBean(JetStreamTemplate.class).publish(this.prefix + ".tenant" + i, "x");
				String listener = "tenant" + i;
				await().untilAsserted(() -> assertThat(handled(registry, listener)).isEqualTo(1));
				listeners.unregister(listener);
			}
			await().untilAsserted(
					() -> assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getTag("listener"))
						.filteredOn((listener) -> listener != null && listener.startsWith("tenant"))
						.containsOnly("tenant19"));
			assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getTag("consumer"))
				.filteredOn((consumer) -> consumer != null && consumer.startsWith("tenant"))
				.containsOnly("tenant19");
		}
	}

	private static double handled(MeterRegistry registry, String listener) {
		return registry.get("jetstream.listener.messages")
			.tag("listener", listener)
			.tag("outcome", "handled")
			.counter()
			.count();
	}

	@Test
	void whenAListenerIsMadeAgainThenItGoesOnCounting(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, Application.class)) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			addConsumer(context, "tenant");
			for (int i = 1; i <= 3; i++) {
				listeners.register(tenant("again", "tenant"));
				context.getBean(JetStreamTemplate.class).publish(this.prefix + ".tenant", "x");
				int count = i;
				await().untilAsserted(() -> assertThat(handled(registry, "again")).isEqualTo(count));
				listeners.unregister("again");
			}
		}
	}

	@Test
	void whenAListenerIsMadeAgainForAnotherConsumerThenThatHasGauges(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, Application.class)) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			addConsumer(context, "first");
			addConsumer(context, "second");
			listeners.register(tenant("moved", "first"));
			await().untilAsserted(
					() -> assertThat(registry.find("jetstream.consumer.pending").tag("consumer", "first").gauge())
						.isNotNull());
			listeners.unregister("moved");
			listeners.register(tenant("moved", "second"));
			await().untilAsserted(
					() -> assertThat(registry.find("jetstream.consumer.pending").tag("consumer", "second").gauge())
						.isNotNull());
			assertThat(gauge(registry, "jetstream.consumer.pending", "consumer", "second")).isZero();
			assertThat(registry.find("jetstream.consumer.pending").tag("consumer", "first").gauge()).isNull();
			assertThat(gauge(registry, "jetstream.listener.workers.max", "listener", "moved")).isEqualTo(1);
		}
	}

	private void addConsumer(ConfigurableApplicationContext context, String name) throws Exception {
		context.getBean(JetStreamManagement.class)
			.createConsumer(this.prefix,
					ConsumerConfiguration.builder().durable(name).filterSubject(this.prefix + "." + name).build());
	}

	private ListenerDefinition tenant(String id, String consumer) {
		return ListenerDefinition.of(id, this.prefix, consumer, ListenerOptions.builder().concurrency(1).build(),
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
	}

	private ConfigurableApplicationContext run(EmbeddedNatsServer server, Class<?> application, String... properties) {
		String stream = "--jetstream.streams." + this.prefix;
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + server.url(),
				stream + ".subjects=" + this.prefix + ".>", stream + ".max-messages=100",
				stream + ".consumers.worker.filter-subjects=" + this.prefix + ".work",
				stream + ".consumers.bad.filter-subjects=" + this.prefix + ".bad",
				stream + ".consumers.batch.filter-subjects=" + this.prefix + ".batch", "--stream=" + this.prefix,
				"--jetstream.listener.concurrency=1"));
		for (String property : properties) {
			arguments.add("--" + property);
		}
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static double gauge(MeterRegistry registry, String name, String key, String value) {
		return registry.get(name).tag(key, value).gauge().value();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@JetStreamListener(stream = "${stream}", consumer = "worker")
		void work(String payload) throws InterruptedException {
			gate.acquire();
		}

		@JetStreamListener(stream = "${stream}", consumer = "bad")
		void bad(String payload) {
			throw new DeadLetterException("never");
		}

		@JetStreamListener(stream = "${stream}", consumer = "batch", batch = true)
		void batch(List<String> payloads) {
		}

	}

}
