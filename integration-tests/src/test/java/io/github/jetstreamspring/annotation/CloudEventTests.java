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

package io.github.jetstreamspring.annotation;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for CloudEvents.
 */
@EmbeddedNats
class CloudEventTests {

	private static final String STRUCTURED = "application/cloudevents+json";

	private static final byte[] ORDER = "{\"id\":\"1\",\"customer\":\"alice\",\"cents\":1}".getBytes();

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAnEventIsPublishedThenItsAttributesAreHeaders() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Events.class))) {
			worker.listeners().stop("worker");
			worker.template().publish("jobs.a", event());
			MessageInfo message = worker.message("jobs", 1);
			Headers headers = message.getHeaders();
			assertThat(headers.getFirst("ce-specversion")).isEqualTo("1.0");
			assertThat(headers.getFirst("ce-id")).isEqualTo("event-1");
			assertThat(headers.getFirst("ce-source")).isEqualTo("/shop");
			assertThat(headers.getFirst("ce-type")).isEqualTo("order.created");
			assertThat(headers.getFirst("ce-time")).isEqualTo("2026-01-31T12:00:00Z");
			assertThat(headers.getFirst("ce-city")).isEqualTo("K%C3%B6ln%20%22West%22%201%25");
			assertThat(headers.getFirst("Message-Type")).isNull();
			assertThat(message.getData()).isEqualTo(ORDER);
			worker.listeners().start("worker");
			List<CloudEvent> handled = worker.bean(Events.class).handled;
			await().until(() -> handled.size() == 1);
			assertThat(handled.get(0)).isEqualTo(event());
		}
	}

	@Test
	void whenTheContentTypeSaysSoThenTheWholeEventIsThePayload() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Events.class))) {
			worker.listeners().stop("worker");
			worker.template().message(event()).to("jobs.a").header("Content-Type", STRUCTURED).publish();
			MessageInfo message = worker.message("jobs", 1);
			assertThat(message.getHeaders().getFirst("Content-Type")).isEqualTo(STRUCTURED);
			assertThat(message.getHeaders().getFirst("ce-id")).isNull();
			assertThat(text(message)).contains("\"specversion\":\"1.0\"", "\"id\":\"event-1\"",
					"\"customer\":\"alice\"");
			worker.listeners().start("worker");
			List<CloudEvent> handled = worker.bean(Events.class).handled;
			await().until(() -> handled.size() == 1);
			assertThat(handled.get(0).getId()).isEqualTo("event-1");
			assertThat(handled.get(0).getExtension("city")).isEqualTo("Köln \"West\" 1%");
			assertThat(handled.get(0).getData().toBytes()).isEqualTo(ORDER);
		}
	}

	@Test
	void whenAListenerTakesTheDataThenItGetsItInBothModes() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Orders.class))) {
			worker.template().publish("jobs.a", event());
			worker.template().message(event()).to("jobs.b").header("Content-Type", STRUCTURED).publish();
			List<Order> handled = worker.bean(Orders.class).handled;
			await().until(() -> handled.size() == 2);
			assertThat(handled).extracting(Order::customer).containsExactly("alice", "alice");
		}
	}

	@Test
	void whenAListenerReturnsAnEventThenItIsPublished() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Answers.class))) {
			worker.template().publish("jobs.a", event());
			await().until(() -> worker.size("results") == 1);
			assertThat(worker.message("results", 1).getHeaders().getFirst("ce-type")).isEqualTo("order.shipped");
			assertThat(worker.message("results", 1).getData()).isNullOrEmpty();
		}
	}

	@Test
	void whenAMessageIsNoEventThenItIsADeadLetter() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Events.class))) {
			publish(worker, "jobs.a", ORDER);
			publish(worker, "jobs.b", ORDER, "ce-specversion", "7.0", "ce-id", "secret");
			publish(worker, "jobs.c", ORDER, "ce-specversion", "1.0", "ce-id", "secret");
			publish(worker, "jobs.d", ORDER, "ce-specversion", "1.0", "ce-id", "secret", "ce-type", "a", "ce-source",
					"/", "ce-time", "secret");
			publish(worker, "jobs.e", ORDER, "Content-Type", STRUCTURED);
			publish(worker, "jobs.f", "{\"specversion\":secret".getBytes(), "Content-Type", STRUCTURED);
			publish(worker, "jobs.g", ORDER, "Content-Type", "application/cloudevents+xml");
			publish(worker, "jobs.h", ORDER, "Content-Type", "application/cloudevents");
			await().until(() -> worker.size("dead-letters") == 8 && worker.size("jobs") == 0);
			StringBuilder reasons = new StringBuilder();
			for (int i = 1; i <= 8; i++) {
				Headers headers = worker.message("dead-letters", i).getHeaders();
				reasons.append(headers.getFirst(JetStreamHeaders.DEAD_LETTER_REASON)).append('\n');
				assertThat(headers.getFirst(JetStreamHeaders.DEAD_LETTER_REASON))
					.startsWith("The payload can't be converted: ");
			}
			assertThat(reasons.toString())
				.contains("it has neither the header ce-specversion nor the content type application/cloudevents+json")
				.contains("no library on the class path knows this format of CloudEvents")
				.doesNotContain("secret");
			assertThat(worker.bean(Events.class).handled).isEmpty();
			worker.template().publish("jobs.a", event());
			await().until(() -> worker.bean(Events.class).handled.size() == 1);
		}
	}

	private static CloudEvent event() {
		return CloudEventBuilder.v1()
			.withId("event-1")
			.withSource(URI.create("/shop"))
			.withType("order.created")
			.withTime(OffsetDateTime.parse("2026-01-31T12:00:00Z"))
			.withExtension("city", "Köln \"West\" 1%")
			.withDataContentType("application/json")
			.withData(ORDER)
			.build();
	}

	private static void publish(Worker worker, String subject, byte[] payload, String... headers) {
		var message = worker.template().message(payload).to(subject);
		for (int i = 0; i < headers.length; i += 2) {
			message.header(headers[i], headers[i + 1]);
		}
		message.publish();
	}

	private static String text(MessageInfo message) {
		return new String(message.getData(), StandardCharsets.UTF_8);
	}

	static class Events {

		final List<CloudEvent> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(CloudEvent event) {
			this.handled.add(event);
		}

	}

	static class Orders {

		final List<Order> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(Order order) {
			this.handled.add(order);
		}

	}

	static class Answers {

		@JetStreamListener("worker")
		@SendTo("results.a")
		CloudEvent handle(CloudEvent event) {
			return CloudEventBuilder.v1(event).withType("order.shipped").withoutData().build();
		}

	}

}
