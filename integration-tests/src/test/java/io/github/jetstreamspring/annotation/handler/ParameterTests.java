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

package io.github.jetstreamspring.annotation.handler;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.MimeType;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what methods can take of a message.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class ParameterTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAMethodTakesAllThereIsThenEachParameterHasItsPart() throws Exception {
		try (Worker worker = worker(Everything.class)) {
			worker.template()
				.message(Order.of("a"))
				.to("jobs.order")
				.header("trace", "t-1")
				.header("priority", "7")
				.header("tag", "x")
				.header("tag", "y")
				.publish();
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
			assertThat(worker.bean(Everything.class).handled).hasSize(1);
		}
	}

	@Test
	void whenAPayloadIsOptionalThenAMessageMayBeEmpty() throws Exception {
		try (Worker worker = worker(Optionals.class)) {
			worker.template().publish("jobs.order", new byte[0]);
			await().until(() -> worker.size("jobs") == 0);
			worker.template().publish("jobs.order", Order.of("a"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Optionals.class).handled).containsExactly(Optional.empty(),
					Optional.of(Order.of("a")));
		}
	}

	@Test
	void whenAMessageHasNotWhatTheMethodNeedsThenTheDeadLetterSaysWhat() throws Exception {
		try (Worker worker = worker(Needs.class)) {
			worker.template().publish("jobs.order", Order.of("a"));
			worker.template().message(new byte[0]).to("jobs.order").header("priority", "7").publish();
			worker.bean(io.nats.client.Connection.class)
				.jetStream()
				.publish("jobs.order",
						new io.nats.client.impl.Headers().put("priority", "7").put("Nats-Marker-Reason", "MaxAge"),
						new byte[0]);
			worker.template().message(Order.of("a")).to("jobs.order").header("priority", "high").publish();
			worker.template().message(new Order("a", "alice", 0)).to("jobs.order").header("priority", "7").publish();
			await().until(() -> worker.size("jobs") == 0);
			assertThat(reasons(worker, 5)).satisfiesExactlyInAnyOrder(
					(reason) -> assertThat(reason).contains("Missing header 'priority'"),
					(reason) -> assertThat(reason).isEqualTo("The payload is empty"),
					(reason) -> assertThat(reason).isEqualTo("The payload is empty"),
					(reason) -> assertThat(reason).isEqualTo("Header 'priority' can't be converted: it is no int"),
					(reason) -> assertThat(reason).isEqualTo("The payload is not valid: cents (Positive)"));
		}
	}

	@Test
	@NeedsServer("2.11")
	void aDeleteMarkerIsBelievedWhereTheServerPutsThem() throws Exception {
		for (boolean markers : List.of(true, false)) {
			try (Worker worker = Worker.run(server.url(), List.of(Needs.class),
					markers ? new String[] { "jetstream.streams.jobs.subject-delete-marker-ttl=1h" } : new String[0])) {
				worker.bean(io.nats.client.Connection.class)
					.jetStream()
					.publish("jobs.order",
							new io.nats.client.impl.Headers().put("priority", "7").put("Nats-Marker-Reason", "MaxAge"),
							new byte[0]);
				await().until(() -> worker.size("jobs") == 0);
				assertThat(reasons(worker, 1)).singleElement()
					.isEqualTo(markers
							? "The payload is empty, as the message is a delete marker, which the server puts in place of messages that are gone"
							: "The payload is empty");
				assertThat(worker.message("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Marker-Reason"))
					.isEqualTo(markers ? "MaxAge" : null);
			}
		}
	}

	@Test
	void whenAPayloadCantBeReadThenNothingQuotesIt(CapturedOutput output) throws Exception {
		try (Worker worker = worker(Needs.class)) {
			publish(worker, "{\"id\":secret}");
			publish(worker, "{\"id\":\"a\",\"cents\":\"secret\"}");
			publish(worker, "\"secret\"");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(reasons(worker, 3)).satisfiesExactlyInAnyOrder(
					(reason) -> assertThat(reason)
						.isEqualTo("The payload can't be converted: it is not valid JSON at line 1, column 7"),
					(reason) -> assertThat(reason).isEqualTo(
							"The payload can't be converted: it is no int at line 1, column 19, property 'cents'"),
					(reason) -> assertThat(reason).startsWith("The payload can't be converted: ")
						.contains(Order.class.getName()));
			for (int sequence = 1; sequence <= 3; sequence++) {
				assertThat(worker.message("dead-letters", sequence).getHeaders().toString()).doesNotContain("secret");
			}
			assertThat(output).contains("The payload can't be converted").doesNotContain("secret", "REDACTED");
		}
	}

	@Test
	void whenAMapHoldsWhatCantBeHandledThenItsKeyIsNotQuoted() throws Exception {
		try (Worker worker = worker(NeedsBasket.class)) {
			publish(worker, "{\"counts\":{\"secret\":-1}}");
			publish(worker, "{\"counts\":{\"secret\":\"many\"}}");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(reasons(worker, 2)).satisfiesExactlyInAnyOrder(
					(reason) -> assertThat(reason).isEqualTo("The payload is not valid: counts[*] (Positive)"),
					(reason) -> assertThat(reason).endsWith("property 'counts.*'"));
		}
	}

	@Test
	void whenAPayloadIsJsonNullThenItIsNoneAtAll() throws Exception {
		try (Worker worker = worker(Optionals.class)) {
			publish(worker, " null ");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Optionals.class).handled).containsExactly(Optional.empty());
		}
		try (Worker worker = worker(Nullables.class)) {
			publish(worker, "null");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Nullables.class).handled).containsExactly("none");
		}
	}

	@Test
	void whenAPayloadIsJsonNullButNeededThenItBecomesADeadLetter() throws Exception {
		for (Class<?> bean : List.of(Needs.class, NeedsMessage.class)) {
			try (Worker worker = worker(bean)) {
				worker.template().message("null").to("jobs.order").header("priority", "7").publish();
				await().until(() -> worker.size("jobs") == 0);
				assertThat(reasons(worker, 1)).containsExactly("The payload is null");
			}
		}
	}

	@Test
	void whenAHeaderIsOfATypeOfTheApplicationsThenItsConverterReadsIt() throws Exception {
		try (Worker worker = worker(Converted.class)) {
			worker.template().message("x").to("jobs.order").header("tenant", "acme").header("wait", "5s").publish();
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Converted.class).handled).containsExactly(new Tenant("acme!"),
					Duration.ofSeconds(5));
		}
	}

	@Test
	void whenNobodyConvertsAHeaderThenTheDeadLetterSaysWhatIsMissing() throws Exception {
		try (Worker worker = worker(Unconverted.class)) {
			worker.template().message("x").to("jobs.order").header("tenant", "acme").publish();
			await().until(() -> worker.size("jobs") == 0);
			assertThat(reasons(worker, 1)).first()
				.asString()
				.contains("Header 'tenant' can't be converted: there is no Converter from")
				.contains("define one as a bean")
				.doesNotContain("acme");
		}
	}

	@Test
	void whenOtherClientsHaveHeadersOfSpringsNamesThenTheyAreReadAsTheirs() throws Exception {
		try (Worker worker = worker(SpringsNames.class)) {
			worker.template()
				.message("grün")
				.to("jobs.order")
				.header("id", "4711")
				.header("timestamp", "today")
				.header("nativeHeaders", "x")
				.header("Content-Type", "text/plain; charset=utf-8")
				.publish();
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
			assertThat(worker.bean(SpringsNames.class).handled).containsExactly("4711", "today",
					"text/plain;charset=utf-8", "grün");
		}
	}

	@Test
	void whenAMessageHoldsAListThenItIsThePayload() throws Exception {
		try (Worker worker = worker(ListInAMessage.class)) {
			worker.template().publish("jobs.order", List.of(Order.of("a"), Order.of("b")));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(ListInAMessage.class).handled).containsExactly("a", "b");
		}
	}

	@Test
	void whenATypeIsSaidByTheBeansClassThenThePayloadIsOfThatType() throws Exception {
		try (Worker worker = worker(OfOrders.class)) {
			worker.template().publish("jobs.order", Order.of("a"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(OfOrders.class).handled).hasSize(1).hasOnlyElementsOfType(Order.class);
		}
	}

	private static void publish(Worker worker, String json) {
		worker.template().message(json).to("jobs.order").header("priority", "7").publish();
	}

	private static List<String> reasons(Worker worker, int count) throws Exception {
		List<String> reasons = new CopyOnWriteArrayList<>();
		for (int sequence = 1; sequence <= count; sequence++) {
			reasons.add(worker.message("dead-letters", sequence).getHeaders().getFirst("Dead-Letter-Reason"));
		}
		return reasons;
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean), properties);
	}

	static class Everything {

		private final List<Delivery> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(Order order, Message<Order> message, Message<?> raw, io.nats.client.Message natsMessage,
				Delivery delivery, @Header("trace") String trace, @Header("priority") int priority,
				@Header("tag") List<String> tags, @Header(name = "none", required = false) String none,
				@Header(name = "none", defaultValue = "default") String byDefault,
				@Header("nats_subject") String subject, @Headers Map<String, Object> headers,
				MessageHeaders springHeaders, MessageHeaderAccessor accessor) {
			assertThat(order).isEqualTo(Order.of("a"));
			assertThat(message.getPayload()).isEqualTo(order);
			assertThat(message.getHeaders()).containsEntry("trace", "t-1").containsEntry("nats_delivery", delivery);
			assertThat(raw.getPayload()).isEqualTo(natsMessage.getData());
			assertThat(delivery.subject()).isEqualTo(subject).isEqualTo("jobs.order");
			assertThat(trace).isEqualTo("t-1");
			assertThat(priority).isEqualTo(7);
			assertThat(tags).containsExactly("x", "y");
			assertThat(none).isNull();
			assertThat(byDefault).isEqualTo("default");
			assertThat(headers).isEqualTo(springHeaders)
				.containsOnlyKeys("trace", "priority", "tag", "Nats-Msg-Id", "Message-Type", "nats_subject",
						"nats_message", "nats_delivery", "nats_stream", "nats_consumer", "nats_sequence",
						"nats_attempt");
			assertThat(accessor.getHeader("trace")).isEqualTo("t-1");
			this.handled.add(delivery);
		}

	}

	static class Optionals {

		private final List<Optional<Order>> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(Optional<Order> order) {
			this.handled.add(order);
		}

	}

	static class Needs {

		@JetStreamListener("worker")
		void handle(@Validated Order order, @Header("priority") int priority) {
		}

	}

	static class Nullables {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(@Nullable Order order) {
			this.handled.add((order != null) ? order.id() : "none");
		}

	}

	static class NeedsMessage {

		@JetStreamListener("worker")
		void handle(Message<Order> order) {
		}

	}

	record Basket(Map<String, @Positive Integer> counts) {
	}

	static class NeedsBasket {

		@JetStreamListener("worker")
		void handle(@Valid Basket basket) {
		}

	}

	record Tenant(String name) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Converted {

		private final List<Object> handled = new CopyOnWriteArrayList<>();

		@Bean
		static Converter<String, Tenant> tenants() {
			return (name) -> new Tenant(name + "!");
		}

		@JetStreamListener("worker")
		void handle(@Header("tenant") Tenant tenant, @Header("wait") Duration wait) {
			this.handled.add(tenant);
			this.handled.add(wait);
		}

	}

	static class Unconverted {

		@JetStreamListener("worker")
		void handle(@Header("tenant") Runnable tenant) {
		}

	}

	static class SpringsNames {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(String payload, @Header("id") String id, @Header("timestamp") String timestamp,
				@Header("contentType") MimeType contentType, Message<String> message, MessageHeaderAccessor accessor) {
			assertThat(message.getHeaders().getId()).isNull();
			assertThat(message.getHeaders().getTimestamp()).isNull();
			assertThat(accessor.getContentType()).isEqualTo(contentType);
			this.handled.addAll(List.of(id, timestamp, contentType.toString(), payload));
		}

	}

	static class ListInAMessage {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(@Payload List<Order> orders) {
			orders.forEach((order) -> this.handled.add(order.id()));
		}

	}

	abstract static class Typed<T> {

		final List<Object> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(T payload) {
			this.handled.add(payload);
		}

	}

	static class OfOrders extends Typed<Order> {

	}

}
