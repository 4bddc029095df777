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

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.MessageInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for classes that are listeners, and for the types of messages.
 */
@EmbeddedNats
class ListenerClassTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenMessagesAreOfDifferentTypesThenEachGetsToItsHandler() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(OrderWorker.class))) {
			JetStreamTemplate template = worker.template();
			template.publish("jobs.1.created", new OrderCreated("1"));
			template.publish("jobs.2.cancelled", new Cancelled("2"));
			template.publish("jobs.3.other", new Shipped("3"));
			template.publish("jobs.4.text", "text");
			List<String> handled = worker.bean(OrderWorker.class).handled;
			await().until(() -> handled.size() == 4);
			assertThat(handled).containsExactlyInAnyOrder("created 1", "cancelled 2", "other {\"id\":\"3\"}",
					"other text");
		}
	}

	@Test
	void whenAnotherClientNamesTheTypeThenItGetsToItsHandler() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(OrderWorker.class))) {
			publish(worker, "jobs.1.created", "order-created");
			// Without a type, by the subject
			worker.template().publish("jobs.2.cancelled", "{\"id\":\"2\"}");
			// Of a type that its subject is not for
			publish(worker, "jobs.3.created", "cancelled");
			// Never loaded
			publish(worker, "jobs.4.created", OrderCreated.class.getName());
			List<String> handled = worker.bean(OrderWorker.class).handled;
			await().until(() -> handled.size() == 4);
			assertThat(handled).containsExactlyInAnyOrder("created 9", "cancelled 2", "other {\"id\":\"9\"}",
					"other {\"id\":\"9\"}");
		}
	}

	@Test
	void whenNoHandlerIsForAMessageThenItIsADeadLetterAtOnce() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Strict.class))) {
			worker.template().publish("jobs.3.shipped", new Shipped("3"));
			await().until(() -> worker.size("dead-letters") == 1);
			MessageInfo letter = worker.message("dead-letters", 1);
			assertThat(letter.getHeaders().getFirst(JetStreamHeaders.DEAD_LETTER_REASON)).isEqualTo(
					"A message of type 'shipped' on subject 'jobs.3.shipped' is for no handler; the handlers are cancelled(Cancelled) for type cancelled on jobs.*.cancelled, created(OrderCreated) for type order-created");
			assertThat(letter.getHeaders().getFirst(JetStreamHeaders.DEAD_LETTER_ATTEMPTS)).isEqualTo("1");
			assertThat(letter.getHeaders().getFirst(JetStreamHeaders.MESSAGE_TYPE)).isEqualTo("shipped");
		}
	}

	@Test
	void whenSeveralHandlersTakeAMessageThenTheMostSpecificTypeWins() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Specific.class))) {
			worker.template().publish("jobs.a", new Circle(1));
			worker.template().publish("jobs.b", new Square(2));
			List<String> handled = worker.bean(Specific.class).handled;
			await().until(() -> handled.size() == 2);
			assertThat(handled).containsExactlyInAnyOrder("circle Circle[radius=1]", "shape Square[side=2]");
		}
	}

	@Test
	void whenTypesAreRegisteredThenTheirNamesAreWrittenAndRead() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Strict.class), "jetstream.messaging.type-header=ce-type",
				"jetstream.messaging.types[shop.order/created.v2]=" + OrderCreated.class.getName(),
				"jetstream.messaging.types.created=" + OrderCreated.class.getName())) {
			worker.listeners().stop("worker");
			worker.template().publish("jobs.1", new OrderCreated("1"));
			assertThat(worker.message("jobs", 1).getHeaders().getFirst("ce-type")).isIn("shop.order/created.v2",
					"created");
			worker.template().message("{\"id\":\"2\"}").to("jobs.2").header("ce-type", "created").publish();
			worker.template()
				.message("{\"id\":\"3\"}")
				.to("jobs.3")
				.header("ce-type", "shop.order/created.v2")
				.publish();
			worker.listeners().start("worker");
			List<String> handled = worker.bean(Strict.class).handled;
			await().until(() -> handled.size() == 3);
			assertThat(handled).containsExactlyInAnyOrder("created 1", "created 2", "created 3");
		}
	}

	@Test
	void whenTheCallerHasSetTheTypeThenItIsKept() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(OrderWorker.class))) {
			worker.listeners().stop("worker");
			worker.template()
				.message(new Shipped("1"))
				.to("jobs.1")
				.header(JetStreamHeaders.MESSAGE_TYPE, "order-created")
				.publish();
			worker.template().publish("jobs.2", List.of(new Shipped("2")));
			assertThat(worker.message("jobs", 1).getHeaders().get(JetStreamHeaders.MESSAGE_TYPE))
				.containsExactly("order-created");
			assertThat(worker.message("jobs", 2).getHeaders().get(JetStreamHeaders.MESSAGE_TYPE)).isNull();
		}
	}

	@Test
	void whenAPlainMethodTakesASealedTypeThenItGetsThePermittedSubclasses() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Shapes.class))) {
			worker.template().publish("jobs.a", new Circle(1));
			worker.template().publish("jobs.b", new Square(2));
			List<Object> handled = worker.bean(Shapes.class).handled;
			await().until(() -> handled.size() == 2);
			assertThat(handled).containsExactlyInAnyOrder(new Circle(1), new Square(2));
			worker.template().publish("jobs.c", new Shipped("c"));
			worker.template().publish("jobs.d", "{\"radius\":1}");
			await().until(() -> worker.size("dead-letters") == 2);
			assertThat(List.of(reason(worker, 1), reason(worker, 2)))
				.anySatisfy((reason) -> assertThat(reason).isEqualTo(
						"The payload can't be converted: its type is none of [circle, square], which are those of Shape"))
				.anySatisfy((reason) -> assertThat(reason)
					.contains("the message has no header Message-Type that says which of [circle, square] it is"));
		}
	}

	@Test
	void whenBatchesHaveASealedTypeThenEachElementIsOfItsOwn() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(ShapeBatches.class))) {
			worker.publishTogether("jobs.a", new Circle(1), new Square(2));
			List<Object> handled = worker.bean(ShapeBatches.class).handled;
			await().until(() -> handled.size() == 2);
			assertThat(handled).containsExactly(new Circle(1), new Square(2));
		}
	}

	@Test
	void whenAResultHasTheHeadersOfItsMessageThenItsTypeIsItsOwn() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Replying.class))) {
			worker.template().message(new OrderCreated("1")).to("jobs.1").header("tenant", "acme").publish();
			await().until(() -> worker.size("results") == 1);
			assertThat(worker.message("results", 1).getHeaders().get(JetStreamHeaders.MESSAGE_TYPE))
				.containsExactly("shipped");
			assertThat(worker.message("results", 1).getHeaders().getFirst("tenant")).isEqualTo("acme");
		}
	}

	@Test
	void whenClassesCantBeListenersThenAllOfThemAreReportedWithTheirFixes() {
		assertThat(problems(NoListener.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("NoListener.created(OrderCreated)",
					"its class is no listener", "Annotate the class"));
		assertThat(problems(NoHandlers.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("'worker'", "no method with @JetStreamHandler"));
		assertThat(problems(TwoDefaults.class)).singleElement()
			.satisfies((problem) -> assertThat(problem)
				.contains("several handlers are the default one: [one(Message), two(byte[])]"));
		assertThat(problems(OneTypeTwice.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("two handlers are for the same messages",
					"one(OrderCreated)", "two(Message)"));
		assertThat(problems(Elsewhere.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("Elsewhere.one(OrderCreated)", "'mails.*'",
					"is for jobs.>"));
		assertThat(problems(Batches.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("it takes batches", "Remove batch = true"));
		assertThat(problems(Nameless.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("Nameless.one(Map)",
					"nothing tells which messages it is for"));
		assertThat(problems(OneName.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("two classes have the type 'cancelled'",
					Cancelled.class.getName(), OneName.Cancelled.class.getName(), "jetstream.messaging.types.<name>"));
		assertThat(problems(BadSubject.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("@JetStreamHandler(subjects = \"jobs.>.a\")",
					"'>' is not its last token"));
		assertThat(problems(Ordered.class)).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("payload.id", "a payload of its own"));
	}

	@Test
	void whenAClassIsAListenerTwiceThenItHandlesTheMessagesOfBothConsumers() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Twice.class),
				"jetstream.streams.results.consumers.second.ack-wait=5s")) {
			worker.template().publish("jobs.1", new OrderCreated("1"));
			worker.template().publish("results.2", new OrderCreated("2"));
			List<String> handled = worker.bean(Twice.class).handled;
			await().until(() -> handled.size() == 2);
			assertThat(handled).containsExactlyInAnyOrder("created 1", "created 2");
		}
	}

	private static void publish(Worker worker, String subject, String type) {
		worker.template()
			.message("{\"id\":\"9\"}".getBytes())
			.to(subject)
			.header(JetStreamHeaders.MESSAGE_TYPE, type)
			.publish();
	}

	private static String reason(Worker worker, long sequence) throws Exception {
		return worker.message("dead-letters", sequence).getHeaders().getFirst(JetStreamHeaders.DEAD_LETTER_REASON);
	}

	private static List<String> problems(Class<?> bean) {
		ListenerConfigurationException failure = catchThrowableOfType(ListenerConfigurationException.class,
				() -> Worker.run(server.url(), List.of(bean)));
		return failure.getProblems().stream().map((problem) -> problem + " - " + problem.fix()).toList();
	}

	record OrderCreated(String id) {
	}

	record Cancelled(String id) {
	}

	record Shipped(String id) {
	}

	sealed interface Shape permits Circle, Polygon {

	}

	record Circle(int radius) implements Shape {
	}

	sealed interface Polygon extends Shape permits Square {

	}

	record Square(int side) implements Polygon {
	}

	@JetStreamListener("worker")
	static class OrderWorker {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamHandler
		void created(OrderCreated order) {
			this.handled.add("created " + order.id());
		}

		@JetStreamHandler(subjects = "jobs.*.cancelled")
		void cancelled(Cancelled order) {
			this.handled.add("cancelled " + order.id());
		}

		@JetStreamHandler(isDefault = true)
		void other(Message<byte[]> message) {
			this.handled.add("other " + new String(message.getPayload()));
		}

	}

	@JetStreamListener("worker")
	static class Strict {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamHandler
		void created(OrderCreated order) {
			this.handled.add("created " + order.id());
		}

		@JetStreamHandler(subjects = "${cancelled:jobs.*.cancelled}")
		void cancelled(Cancelled order) {
		}

	}

	@JetStreamListener("worker")
	static class Specific {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamHandler
		void shape(Shape shape) {
			this.handled.add("shape " + shape);
		}

		@JetStreamHandler
		void circle(Message<Circle> circle) {
			this.handled.add("circle " + circle.getPayload());
		}

		@JetStreamHandler(subjects = "jobs.>")
		void any(String text) {
			this.handled.add("any " + text);
		}

	}

	static class Shapes {

		final List<Object> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(Shape shape) {
			this.handled.add(shape);
		}

	}

	static class ShapeBatches {

		final List<Object> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<Shape> shapes) {
			this.handled.addAll(shapes);
		}

	}

	static class Replying {

		@JetStreamListener("worker")
		@SendTo("results.shipped")
		Message<Shipped> handle(Message<OrderCreated> order) {
			return MessageBuilder.withPayload(new Shipped(order.getPayload().id()))
				.copyHeaders(order.getHeaders())
				.build();
		}

	}

	static class NoListener {

		@JetStreamHandler
		void created(OrderCreated order) {
		}

	}

	@JetStreamListener("worker")
	static class NoHandlers {

		void created(OrderCreated order) {
		}

	}

	@JetStreamListener("worker")
	static class TwoDefaults {

		@JetStreamHandler(isDefault = true)
		void one(Message<byte[]> order) {
		}

		@JetStreamHandler(isDefault = true)
		void two(byte[] order) {
		}

	}

	@JetStreamListener("worker")
	static class OneTypeTwice {

		@JetStreamHandler
		void one(OrderCreated order) {
		}

		@JetStreamHandler(subjects = "jobs.a")
		void two(Message<OrderCreated> order) {
		}

	}

	@JetStreamListener("worker")
	static class Elsewhere {

		@JetStreamHandler(subjects = { "mails.*", "jobs.*" })
		void one(OrderCreated order) {
		}

	}

	@JetStreamListener(value = "worker", batch = true)
	static class Batches {

		@JetStreamHandler
		void one(List<OrderCreated> order) {
		}

	}

	@JetStreamListener("worker")
	static class Nameless {

		@JetStreamHandler
		void one(Map<String, Object> order) {
		}

	}

	@JetStreamListener("worker")
	static class OneName {

		@JetStreamHandler
		void one(ListenerClassTests.Cancelled order) {
		}

		@JetStreamHandler
		void two(Cancelled order) {
		}

		record Cancelled(String id) {
		}

	}

	@JetStreamListener("worker")
	static class BadSubject {

		@JetStreamHandler(subjects = "jobs.>.a")
		void one(OrderCreated order) {
		}

	}

	@JetStreamListener(value = "worker", orderedBy = "payload.id")
	static class Ordered {

		@JetStreamHandler
		void one(OrderCreated order) {
		}

	}

	@JetStreamListener("worker")
	@JetStreamListener("second")
	static class Twice {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamHandler
		void created(OrderCreated order) {
			this.handled.add("created " + order.id());
		}

	}

}
