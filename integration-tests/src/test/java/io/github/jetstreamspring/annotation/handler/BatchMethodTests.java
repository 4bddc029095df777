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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import jakarta.validation.Valid;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for methods that take batches.
 */
@EmbeddedNats
class BatchMethodTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenMessagesWaitThenTheyAreHandledTogether() throws Exception {
		try (Worker worker = worker(Payloads.class, "jetstream.listener.batch.size=10")) {
			worker.publishTogether("jobs.order", orders(25));
			Payloads bean = worker.bean(Payloads.class);
			await().untilAsserted(() -> assertThat(bean.batches.stream().mapToInt(List::size).sum()).isEqualTo(25));
			assertThat(bean.batches).allSatisfy((batch) -> assertThat(batch).hasSizeLessThanOrEqualTo(10))
				.anySatisfy((batch) -> assertThat(batch).hasSize(10));
			assertThat(bean.batches.stream().flatMap(List::stream).map(Order::id))
				.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 25).mapToObj(Integer::toString).toList());
			await().until(() -> worker.size("jobs") == 0);
		}
	}

	@Test
	void whenThereAreSeveralListsThenTheirElementsBelongTogether() throws Exception {
		try (Worker worker = worker(SeveralLists.class)) {
			for (String id : List.of("a", "b", "c")) {
				worker.template().message(Order.of(id)).to("jobs." + id).header("trace", "trace-" + id).publish();
			}
			SeveralLists bean = worker.bean(SeveralLists.class);
			await().until(() -> bean.rows.size() == 3);
			assertThat(bean.rows).containsExactlyInAnyOrder("a a jobs.a jobs.a trace-a 1",
					"b b jobs.b jobs.b trace-b 2", "c c jobs.c jobs.c trace-c 3");
		}
	}

	@Test
	void whenElementsAreGenericThenTheyAreConvertedInFull() throws Exception {
		try (Worker worker = worker(Envelopes.class)) {
			worker.template().publish("jobs.order", new Envelope<>("mail", Order.of("a")));
			Envelopes bean = worker.bean(Envelopes.class);
			await().until(() -> !bean.contents.isEmpty());
			assertThat(bean.contents).containsExactly(Order.of("a"));
		}
	}

	@Test
	void whenAnElementCantBeReadThenItAloneBecomesADeadLetter() throws Exception {
		try (Worker worker = worker(Payloads.class)) {
			worker.publishTogether("jobs.order", Order.of("a"), "no JSON", new Order("b", "bob", -1), Order.of("c"));
			Payloads bean = worker.bean(Payloads.class);
			await().until(() -> worker.size("jobs") == 0);
			assertThat(bean.batches.stream().flatMap(List::stream).map(Order::id)).containsExactlyInAnyOrder("a", "c");
			assertThat(worker.size("dead-letters")).isEqualTo(2);
			List<String> reasons = new ArrayList<>();
			for (int sequence = 1; sequence <= 2; sequence++) {
				reasons.add(worker.message("dead-letters", sequence).getHeaders().getFirst("Dead-Letter-Reason"));
			}
			assertThat(reasons).satisfiesExactlyInAnyOrder(
					(reason) -> assertThat(reason).startsWith("The payload can't be converted"),
					(reason) -> assertThat(reason).isEqualTo("The payload is not valid: cents (Positive)"));
		}
	}

	@Test
	void whenOneOfABatchFailsThenThoseBeforeItAreDoneAndThoseAfterItGoOn() throws Exception {
		try (Worker worker = worker(Failing.class)) {
			worker.publishTogether("jobs.order", "a", "retry", "b", "give-up", "c");
			await().until(() -> worker.size("jobs") == 0);
			Failing bean = worker.bean(Failing.class);
			assertThat(bean.done).containsExactlyInAnyOrder("a", "b", "c", "retry");
			assertThat(worker.size("dead-letters")).isEqualTo(1);
			assertThat(new String(worker.message("dead-letters", 1).getData())).isEqualTo("give-up");
		}
	}

	@Test
	void whenABatchFailsLaterThenItIsAsIfItHadThrown() throws Exception {
		try (Worker worker = worker(FailingLater.class)) {
			worker.publishTogether("jobs.order", "a", "retry", "b", "give-up", "c");
			await().until(() -> worker.size("jobs") == 0);
			Failing bean = worker.bean(FailingLater.class).failing;
			assertThat(bean.done).containsExactlyInAnyOrder("a", "b", "c", "retry");
			assertThat(worker.size("dead-letters")).isEqualTo(1);
		}
	}

	@Test
	void whenABatchFailsOnTheThreadOfAConfirmationThenTheRestMayWaitForConfirmations() throws Exception {
		try (Worker worker = worker(Publishing.class)) {
			worker.publishTogether("jobs.order", "a", "give-up", "b");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isEqualTo(1);
			assertThat(worker.bean(Publishing.class).failures).isEmpty();
		}
	}

	@Test
	void whenAnElementIsSettledByAVerbThenTheBatchChangesNothingForIt() throws Exception {
		try (Worker worker = worker(Verbs.class)) {
			worker.publishTogether("jobs.order", "ack", "discard", "dead-letter", "retry", "fail");
			await().until(() -> worker.size("jobs") == 0);
			// What had no verb was tried as often as is allowed, because the batch failed
			assertThat(worker.size("dead-letters")).isEqualTo(2);
			Verbs bean = worker.bean(Verbs.class);
			assertThat(bean.seen).containsOnlyOnce("ack", "discard", "dead-letter");
			assertThat(bean.seen.stream().filter("retry"::equals)).hasSize(2);
			assertThat(bean.seen.stream().filter("fail"::equals)).hasSize(3);
		}
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean), properties);
	}

	private static Object[] orders(int count) {
		return IntStream.range(0, count).mapToObj((i) -> Order.of(Integer.toString(i))).toArray();
	}

	record Envelope<T>(String type, T content) {

	}

	static class Payloads {

		private final List<List<Order>> batches = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", batch = true)
		void handle(@Valid List<Order> orders) {
			this.batches.add(orders);
		}

	}

	static class SeveralLists {

		private final List<String> rows = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<Order> orders, List<Message<Order>> messages, List<Delivery> deliveries,
				List<io.nats.client.Message> natsMessages, @Header("trace") List<String> traces) {
			for (int i = 0; i < orders.size(); i++) {
				this.rows.add(String.join(" ", orders.get(i).id(), messages.get(i).getPayload().id(),
						deliveries.get(i).subject(), natsMessages.get(i).getSubject(), traces.get(i),
						Long.toString(deliveries.get(i).streamSequence())));
			}
		}

	}

	static class Envelopes {

		private final List<Order> contents = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<? extends Envelope<Order>> envelopes, List<Message<Envelope<Order>>> messages) {
			envelopes.forEach((envelope) -> this.contents.add(envelope.content()));
			assertThat(messages).extracting((message) -> message.getPayload().content())
				.containsExactlyElementsOf(this.contents);
		}

	}

	static class Failing {

		final List<String> done = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<String> jobs, List<Delivery> deliveries) {
			for (int i = 0; i < jobs.size(); i++) {
				if (jobs.get(i).equals("retry") && deliveries.get(i).attempt() == 1) {
					throw BatchException.failedAt(i, new IllegalStateException("not yet"));
				}
				if (jobs.get(i).equals("give-up")) {
					throw BatchException.failedAt(i, new DeadLetterException("never"));
				}
				this.done.add(jobs.get(i));
			}
		}

	}

	static class FailingLater {

		private final Failing failing = new Failing();

		@JetStreamListener(value = "worker", batch = true)
		CompletableFuture<Void> handle(List<String> jobs, List<Delivery> deliveries) {
			return CompletableFuture.runAsync(() -> this.failing.handle(jobs, deliveries));
		}

	}

	static class Publishing {

		private final List<Exception> failures = new CopyOnWriteArrayList<>();

		private final JetStreamTemplate template;

		Publishing(JetStreamTemplate template) {
			this.template = template;
		}

		@JetStreamListener(value = "worker", batch = true)
		CompletionStage<?> handle(List<String> jobs) {
			int failed = jobs.indexOf("give-up");
			if (failed >= 0) {
				return this.template.publishAsync("results.failure", "a job")
					.thenCompose((published) -> CompletableFuture
						.failedFuture(BatchException.failedAt(failed, new DeadLetterException("never"))));
			}
			try {
				this.template.publish("results.success", "jobs");
			}
			catch (JetStreamException ex) {
				this.failures.add(ex);
				throw ex;
			}
			return null;
		}

	}

	static class Verbs {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<String> jobs, List<Delivery> deliveries) {
			this.seen.addAll(jobs);
			for (int i = 0; i < jobs.size(); i++) {
				Delivery delivery = deliveries.get(i);
				switch (jobs.get(i)) {
					case "ack" -> delivery.ack();
					case "discard" -> delivery.discard("obsolete");
					case "dead-letter" -> delivery.deadLetter("look at it");
					case "retry" -> {
						if (delivery.attempt() == 1) {
							delivery.retry();
						}
						else {
							delivery.ack();
						}
					}
					default -> {
					}
				}
			}
			throw new IllegalStateException("of those without a verb");
		}

	}

}
