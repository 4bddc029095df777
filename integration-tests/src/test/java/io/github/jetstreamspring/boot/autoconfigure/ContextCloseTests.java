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
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers that close or stop their application's context.
 */
@EmbeddedNats
class ContextCloseTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private EmbeddedNatsServer server;

	private Connection observer;

	private ConfigurableApplicationContext context;

	@BeforeEach
	void startServer(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.observer = TestConnections.connect(this.server.url());
		Handlers.context.set(null);
		Handlers.runs.set(0);
		Handlers.others.set(0);
		Handlers.barrier = new CyclicBarrier(2);
	}

	@AfterEach
	void close() throws Exception {
		this.context.close();
		this.observer.close();
		TestStreams.deleteAll(this.server);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenAHandlerClosesTheContextThenItsMessageIsAckedAndTheConnectionClosed(boolean virtual) throws Exception {
		start("jetstream.listener.concurrency=1", "spring.threads.virtual.enabled=" + virtual);
		Connection connection = this.context.getBean(Connection.class);
		publish("orders.close");
		await().atMost(SOON).until(() -> connection.getStatus() == Connection.Status.CLOSED);
		assertThat(this.context.isActive()).isFalse();
		assertThat(messages("orders")).isZero();
		assertThat(Handlers.runs).hasValue(1);
		// Its result, too
		assertThat(messages("results")).isOne();
	}

	@Test
	void whenTwoHandlersCloseTheContextAtOnceThenBothMessagesAreAcked() throws Exception {
		start("jetstream.listener.concurrency=2");
		Connection connection = this.context.getBean(Connection.class);
		publish("orders.both", "orders.both");
		await().atMost(SOON).until(() -> connection.getStatus() == Connection.Status.CLOSED);
		assertThat(messages("orders")).isZero();
		assertThat(Handlers.runs).hasValue(2);
	}

	@Test
	void whenAHandlerClosesTheContextThenOthersFinishBeforeTheBeansAreGone() throws Exception {
		start("jetstream.listener.concurrency=2");
		Connection connection = this.context.getBean(Connection.class);
		publish("orders.slow", "orders.close");
		await().atMost(SOON).until(() -> connection.getStatus() == Connection.Status.CLOSED);
		assertThat(messages("orders")).isZero();
		assertThat(Handlers.others).hasValue(1);
	}

	@Test
	void whenAHandlerStopsTheContextThenItCanBeStartedAgain() throws Exception {
		start("jetstream.listener.concurrency=1");
		publish("orders.stop");
		await().atMost(SOON).until(() -> messages("orders") == 0);
		await().until(() -> !this.context.isRunning());
		this.context.start();
		publish("orders.other");
		await().atMost(SOON).until(() -> messages("orders") == 0);
		assertThat(Handlers.runs).hasValue(2);
	}

	private void start(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("jetstream.streams.orders.subjects=orders.>", "jetstream.streams.results.subjects=results.>",
				"jetstream.streams.results.retention=limits",
				"jetstream.streams.orders.consumers.order-worker.ack-wait=30s",
				"jetstream.listener.shutdown-timeout=2m"));
		this.context = TestApplication.run(List.of(Handlers.class), this.server.url(), all.toArray(String[]::new));
		Handlers.context.set(this.context);
	}

	private void publish(String... subjects) {
		JetStreamTemplate template = this.context.getBean(JetStreamTemplate.class);
		for (String subject : subjects) {
			template.publish(subject, "job");
		}
	}

	private long messages(String stream) throws Exception {
		return this.observer.jetStreamManagement().getStreamInfo(stream).getStreamState().getMsgCount();
	}

	static class Handlers {

		static final AtomicReference<ConfigurableApplicationContext> context = new AtomicReference<>();

		static final AtomicInteger runs = new AtomicInteger();

		static final AtomicInteger others = new AtomicInteger();

		static volatile CyclicBarrier barrier = new CyclicBarrier(2);

		@JetStreamListener("order-worker")
		@SendTo("results.done")
		String handle(Delivery delivery) throws Exception {
			runs.incrementAndGet();
			await().until(() -> context.get() != null);
			switch (delivery.subject()) {
				case "orders.close" -> context.get().close();
				case "orders.both" -> {
					barrier.await(10, TimeUnit.SECONDS);
					context.get().close();
				}
				case "orders.stop" -> context.get().stop();
				case "orders.slow" -> {
					await().atMost(SOON).until(() -> context.get().isClosed());
					// A bean that is still there
					if (context.get().getBeanFactory().containsSingleton("natsConnection")) {
						others.incrementAndGet();
					}
				}
				default -> {
				}
			}
			return "done";
		}

	}

}
