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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.MessageInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for methods whose results are published.
 */
@EmbeddedNats
class ReplyTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAMethodReturnsAResultThenItIsStoredBeforeTheMessageIsAcked() throws Exception {
		try (Worker worker = worker(Receipts.class, "receipts=results.receipt")) {
			worker.template().publish("jobs.order", Order.of("a"));
			await().until(() -> worker.size("jobs") == 0);
			MessageInfo result = worker.message("results", 1);
			assertThat(result.getSubject()).isEqualTo("results.receipt");
			assertThat(new String(result.getData())).isEqualTo("{\"order\":\"a\"}");
			assertThat(result.getHeaders().getFirst("Nats-Msg-Id"))
				.matches("reply:jobs:1:\\d{19}:worker:results\\.receipt");
		}
	}

	@Test
	void whenAResultComesLaterThenItIsPublishedToo() throws Exception {
		try (Worker worker = worker(Later.class)) {
			worker.publishTogether("jobs.order", "mono", "empty");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("results")).isEqualTo(1);
			assertThat(new String(worker.message("results", 1).getData())).isEqualTo("MONO");
		}
		try (Worker worker = worker(Stages.class)) {
			worker.publishTogether("jobs.order", "stage", "nothing");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("results")).isEqualTo(1);
			assertThat(new String(worker.message("results", 1).getData())).isEqualTo("STAGE");
		}
	}

	@Test
	void whenAResultIsNullThenNothingIsPublished() throws Exception {
		try (Worker worker = worker(Nothing.class)) {
			worker.template().publish("jobs.order", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("results")).isZero();
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenAResultIsAMessageThenItsOwnHeadersGoAlong() throws Exception {
		try (Worker worker = worker(WithHeaders.class)) {
			worker.template().message("a").to("jobs.order").header("trace", "t-1").id("order-1").publish();
			await().until(() -> worker.size("jobs") == 0);
			MessageInfo result = worker.message("results", 1);
			assertThat(new String(result.getData())).isEqualTo("A");
			assertThat(result.getHeaders().keySet()).containsExactlyInAnyOrder("trace", "priority", "Nats-Msg-Id");
			assertThat(result.getHeaders().getFirst("trace")).isEqualTo("t-1");
			assertThat(result.getHeaders().getFirst("priority")).isEqualTo("7");
			assertThat(result.getHeaders().getFirst("Nats-Msg-Id"))
				.matches("reply:jobs:1:\\d{19}:worker:results\\.done");
		}
	}

	@Test
	void whenAMessageIsHandledTwiceThenItsResultIsStoredOnce() throws Exception {
		try (Worker worker = worker(Twice.class)) {
			worker.template().publish("jobs.order", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Twice.class).runs).hasValue(2);
			assertThat(worker.size("results")).isEqualTo(1);
			assertThat(new String(worker.message("results", 1).getData())).isEqualTo("run 1");
		}
	}

	@Test
	void whenSomebodyHasTakenTheIdOfAResultThenTheResultIsStoredNevertheless() throws Exception {
		try (Worker worker = worker(Robbed.class)) {
			worker.template().publish("jobs.order", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("results")).isEqualTo(2);
			assertThat(new String(worker.message("results", 1).getData())).isEqualTo("not the result");
			assertThat(new String(worker.message("results", 2).getData())).isEqualTo("the result");
		}
	}

	@Test
	void whenAResultCantBePublishedThenTheMessageIsRetriedAndThenADeadLetter() throws Exception {
		try (Worker worker = worker(NoStream.class, "jetstream.listener.retry.max-attempts=2")) {
			worker.template().publish("jobs.order", "a");
			await().atMost(Duration.ofSeconds(20)).until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(NoStream.class).runs).hasValue(2);
			assertThat(worker.message("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Exception"))
				.endsWith("NoStreamException");
		}
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean), properties);
	}

	record Receipt(String order) {

	}

	static class Receipts {

		@JetStreamListener("worker")
		@SendTo("${receipts}")
		Receipt handle(Order order) {
			return new Receipt(order.id());
		}

	}

	static class Later {

		@JetStreamListener("worker")
		@SendTo("results.done")
		Mono<String> handle(String job) {
			return Mono.just(job).filter("mono"::equals).map(String::toUpperCase);
		}

	}

	static class Stages {

		@JetStreamListener("worker")
		@SendTo("results.done")
		CompletableFuture<String> handle(String job) {
			return CompletableFuture.supplyAsync(() -> job.equals("nothing") ? null : job.toUpperCase());
		}

	}

	static class Nothing {

		@JetStreamListener("worker")
		@SendTo("results.done")
		String handle(String job) {
			return null;
		}

	}

	static class WithHeaders {

		@JetStreamListener("worker")
		@SendTo("results.done")
		Message<String> handle(Message<String> job) {
			return MessageBuilder.withPayload(job.getPayload().toUpperCase())
				.copyHeaders(job.getHeaders())
				.setHeader("priority", 7)
				.setHeader("connection", new Object())
				.build();
		}

	}

	static class Twice {

		private final AtomicInteger runs = new AtomicInteger();

		@JetStreamListener("worker")
		@SendTo("results.done")
		String handle(String job, Delivery delivery) {
			if (delivery.attempt() == 1) {
				// As if its ack was lost. Not before its reply is published.
				delivery.retry(Duration.ofSeconds(1));
			}
			return "run " + this.runs.incrementAndGet();
		}

	}

	static class Robbed {

		private final JetStreamTemplate template;

		Robbed(JetStreamTemplate template) {
			this.template = template;
		}

		@JetStreamListener("worker")
		@SendTo("results.done")
		String handle(String job, Delivery delivery) {
			Instant time = delivery.timestamp();
			this.template.message("not the result")
				.to("results.other")
				.id("reply:jobs:1:%d%09d:worker:results.done".formatted(time.getEpochSecond(), time.getNano()))
				.publish();
			return "the result";
		}

	}

	static class NoStream {

		private final AtomicInteger runs = new AtomicInteger();

		@JetStreamListener("worker")
		@SendTo("nowhere")
		String handle(String job) {
			this.runs.incrementAndGet();
			return job;
		}

	}

}
