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
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Queues from properties, listeners and a template, as an application has them, with
 * their metrics and health.
 */
@EmbeddedNats
class ApplicationTests {

	private static final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

	private static EmbeddedNatsServer server;

	private static ConfigurableApplicationContext context;

	private static JetStreamTemplate template;

	private static JetStreamManagement management;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
		context = TestApplication.run(List.of(Listeners.class), server.url(),
				"jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.created",
				"jetstream.streams.orders.consumers.order-worker.ack-wait=7s",
				"jetstream.streams.orders.consumers.raw-worker.filter-subjects=orders.raw",
				"jetstream.streams.mails.subjects=mails.>", "jetstream.listener.concurrency=3",
				"jetstream.listener.retry.delay=1ms", "jetstream.listeners.order-worker.concurrency=5",
				"jetstream.listeners.order-worker.retry.max-attempts=2");
		template = context.getBean(JetStreamTemplate.class);
		management = context.getBean(JetStreamManagement.class);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void whenAPayloadIsPublishedThenItIsHandledWithItsHeadersAndDelivery() throws Exception {
		template.message(new Order("o-1")).to("orders.created").header("trace", "t-1").publish();
		assertThat(received()).isEqualTo("o-1 t-1 attempt 1 of orders.created");
	}

	@Test
	void whenAMessageIsWantedThenItIsGivenAsSpringsAndAsTheClients() throws Exception {
		template.message("text").to("orders.raw").header("trace", "t-2").publish();
		assertThat(received()).isEqualTo("text t-2 t-2 orders.raw");
	}

	@Test
	void whenTheAnnotationHasSubjectsThenTheConsumerIsDeclared() throws Exception {
		ConsumerConfiguration mailer = management.getConsumerInfo("mails", "mailer").getConsumerConfiguration();
		assertThat(mailer.getDurable()).isEqualTo("mailer");
		assertThat(mailer.getFilterSubjects()).containsExactly("mails.receipt");
		assertThat(mailer.getAckPolicy()).isEqualTo(AckPolicy.Explicit);
		template.publish("mails.receipt", "paid");
		assertThat(received()).isEqualTo("mail paid");
	}

	@Test
	void whenAConsumerHasSettingsThenTheServerHasThem() throws Exception {
		assertThat(management.getConsumerInfo("orders", "order-worker").getConsumerConfiguration().getAckWait())
			.isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void whenThereAreSettingsForAListenerThenTheyComeFirst() {
		JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
		assertThat(listeners.status("order-worker").concurrency()).isEqualTo(5);
		assertThat(listeners.status("raw").concurrency()).isEqualTo(3);
		assertThat(listeners.status("mailer").concurrency()).isEqualTo(2);
	}

	@Test
	void whenAPayloadIsNotValidThenItIsADeadLetterAtOnce() throws Exception {
		template.message(new Order(" ")).to("orders.created").header("trace", "t-3").publish();
		assertThat(deadLetter("t-3").getHeaders().getFirst("Dead-Letter-Attempts")).isEqualTo("1");
	}

	@Test
	void whenAHandlerAlwaysFailsThenItsListenersAttemptsCount() throws Exception {
		template.message(new Order("fail")).to("orders.created").header("trace", "t-4").publish();
		MessageInfo letter = deadLetter("t-4");
		assertThat(letter.getSubject()).isEqualTo("dead-letters.orders.order-worker");
		assertThat(letter.getHeaders().getFirst("Dead-Letter-Attempts")).isEqualTo("2");
		assertThat(letter.getHeaders().getFirst("Dead-Letter-Exception-Message")).isEqualTo("no");
		assertThat(letter.getData()).asString().isEqualTo("{\"id\":\"fail\"}");
	}

	@Test
	void whenMessagesAreHandledThenTheyAreMeasured() throws Exception {
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		double handled = messages(registry, "handled");
		double retried = messages(registry, "retried");
		double dead = messages(registry, "dead-lettered");
		template.message(new Order("o-5")).to("orders.created").header("trace", "t-5").publish();
		assertThat(received()).asString().startsWith("o-5");
		template.message(new Order("fail")).to("orders.created").header("trace", "t-6").publish();
		await().untilAsserted(() -> {
			assertThat(messages(registry, "handled")).isEqualTo(handled + 1);
			assertThat(messages(registry, "retried")).isEqualTo(retried + 1);
			assertThat(messages(registry, "dead-lettered")).isEqualTo(dead + 1);
		});
		assertThat(messages(registry, "discarded")).isZero();
		assertThat(registry.get("jetstream.process")
			.tag("listener", "order-worker")
			.tag("messaging.destination.name", "orders")
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum()).isGreaterThanOrEqualTo(3);
		assertThat(registry.find("jetstream.listener.handling").timers()).isEmpty();
		assertThat(registry.get("jetstream.publish").tag("outcome", "stored").timer().count())
			.isGreaterThanOrEqualTo(2);
		assertThat(gauge(registry, "jetstream.listener.workers.max", "listener", "order-worker")).isEqualTo(5);
		assertThat(gauge(registry, "jetstream.listener.workers.busy", "listener", "mailer")).isZero();
		for (String name : List.of("pending", "ack.pending", "redelivered")) {
			assertThat(gauge(registry, "jetstream.consumer." + name, "consumer", "mailer")).isZero();
		}
	}

	@Test
	void whenListenersRunThenHealthIsUpAndNamesThem() {
		await().untilAsserted(() -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("connection", "CONNECTED")
				.containsEntry("serverVersion", server.version())
				.containsEntry("listeners", Map.of("order-worker", "RUNNING", "raw", "RUNNING", "mailer", "RUNNING"));
		});
	}

	private static @Nullable Object received() throws Exception {
		return received.poll(10, TimeUnit.SECONDS);
	}

	private static double messages(MeterRegistry registry, String outcome) {
		var counter = registry.find("jetstream.listener.messages")
			.tag("listener", "order-worker")
			.tag("outcome", outcome)
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

	private static double gauge(MeterRegistry registry, String name, String tag, String value) {
		return registry.get(name).tag(tag, value).gauge().value();
	}

	static Health health(ConfigurableApplicationContext context) {
		return context.getBean("jetstreamHealthIndicator", HealthIndicator.class).health();
	}

	/**
	 * Waits for the dead letter of the message with this trace header.
	 */
	private static MessageInfo deadLetter(String trace) throws Exception {
		return await().ignoreExceptions().until(() -> {
			long last = management.getStreamInfo("dead-letters").getStreamState().getLastSequence();
			for (long sequence = 1; sequence <= last; sequence++) {
				MessageInfo letter = management.getMessage("dead-letters", sequence);
				if (trace.equals(letter.getHeaders().getFirst("trace"))) {
					return letter;
				}
			}
			return null;
		}, (letter) -> letter != null);
	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		OrderListener orderListener() {
			return new OrderListener();
		}

	}

	static class OrderListener {

		@JetStreamListener("order-worker")
		void handle(@Payload @Valid Order order, @Header("trace") String trace, Delivery delivery) {
			if (order.id().equals("fail")) {
				throw new IllegalStateException("no");
			}
			received.add("%s %s attempt %d of %s".formatted(order.id(), trace, delivery.attempt(), delivery.subject()));
		}

		@JetStreamListener(id = "raw", consumer = "raw-worker")
		void raw(Message<String> message, io.nats.client.Message raw, @Headers Map<String, Object> headers) {
			received.add("%s %s %s %s".formatted(message.getPayload(), message.getHeaders().get("trace"),
					headers.get("trace"), raw.getSubject()));
		}

		@JetStreamListener(stream = "mails", consumer = "mailer", subjects = "mails.receipt", concurrency = "2")
		void mail(String text) {
			received.add("mail " + text);
		}

	}

	record Order(@NotBlank String id) {
	}

}
