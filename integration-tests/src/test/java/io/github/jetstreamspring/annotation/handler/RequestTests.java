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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.NoStreamException;
import io.github.jetstreamspring.publisher.RequestFailedException;
import io.github.jetstreamspring.publisher.RequestTimeoutException;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for requests that wait in a queue, and the replies of the methods that handle
 * them.
 */
@EmbeddedNats
class RequestTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAMethodReturnsAResultThenTheCallerGetsIt() throws Exception {
		try (Worker worker = worker(Quotes.class)) {
			JetStreamTemplate template = worker.template();
			Order order = Order.of("a");
			// tag::request[]
			Quote quote = template.request("jobs.quote", order, Quote.class, Duration.ofSeconds(30));
			// end::request[]
			assertThat(quote).isEqualTo(new Quote("a", 7));
			assertThat(worker.template()
				.message(Order.of("b"))
				.to("jobs.quote")
				.header("tenant", "acme")
				.request(Quote.class, LONG)).isEqualTo(new Quote("b", 7));
			await().until(() -> worker.size("jobs") == 0);
		}
	}

	@Test
	void whenManyAskThenEachGetsItsOwnReply() {
		try (Worker worker = worker(Later.class)) {
			List<CompletableFuture<String>> replies = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				replies.add(worker.template().requestAsync("jobs.upper", "job-" + i, String.class, LONG));
			}
			for (int i = 0; i < 200; i++) {
				assertThat(replies.get(i).join()).isEqualTo("JOB-" + i);
			}
		}
	}

	@Test
	void whenTheResultComesLaterThenTheCallerGetsItToo() {
		try (Worker worker = worker(Reactive.class)) {
			assertThat(worker.template().request("jobs.upper", "a", String.class, LONG)).isEqualTo("A");
		}
	}

	@Test
	void whenTheMethodReturnsNothingThenTheCallerGetsNull() {
		try (Worker worker = worker(Nothing.class)) {
			assertThat(worker.template().request("jobs.a", "a", String.class, LONG)).isNull();
			assertThat(worker.template().request("jobs.a", "a", Void.class, LONG)).isNull();
		}
	}

	@Test
	void whenAttemptsFailThenTheReplyIsThatOfTheOneThatDoesNot() {
		try (Worker worker = worker(ThirdTime.class)) {
			assertThat(worker.template().request("jobs.a", "a", String.class, LONG)).isEqualTo("attempt 3");
		}
	}

	@Test
	void whenTheRequestIsGivenUpOnThenTheCallerLearnsWhy() throws Exception {
		try (Worker worker = worker(Hopeless.class)) {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> worker.template().request("jobs.a", "a", String.class, LONG))
				.withMessage("A request to subject 'jobs.a' is given up on: no such customer");
			await().until(() -> worker.size("dead-letters") == 1);
		}
		try (Worker worker = worker(ByVerb.class)) {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> worker.template().request("jobs.a", "a", String.class, LONG))
				.withMessageContaining("never");
		}
		try (Worker worker = worker(Discarding.class)) {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> worker.template().request("jobs.a", "a", String.class, LONG))
				.withMessageContaining("not today");
		}
	}

	@Test
	void whenAHandlerThrowsThenTheTextOfItsExceptionStaysInTheApplication() throws Exception {
		for (String deadLetters : List.of("true", "false")) {
			try (Worker worker = Worker.run(server.url(), List.of(Talkative.class),
					"jetstream.dead-letter.enabled=" + deadLetters, "jetstream.listener.retry.max-attempts=1")) {
				assertThatExceptionOfType(RequestFailedException.class)
					.isThrownBy(() -> worker.template().request("jobs.a", "a", String.class, LONG))
					.withMessage(
							"A request to subject 'jobs.a' is given up on: the handler failed with java.lang.IllegalStateException");
				await().until(() -> worker.size("jobs") == 0);
				if (deadLetters.equals("true")) {
					assertThat(worker.message("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Reason"))
						.contains("password=hunter2");
				}
			}
		}
	}

	@Test
	void whenThePayloadCantBeConvertedThenTheCallerLearnsWhatIsWrongWithIt() {
		try (Worker worker = worker(Quotes.class)) {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> worker.template().request("jobs.quote", "{".getBytes(), Quote.class, LONG))
				.withMessageContaining("The payload can't be converted");
		}
	}

	@Test
	void whenNobodyRepliesInTimeThenTheJobMayStillRun() throws Exception {
		try (Worker worker = worker(Quotes.class)) {
			worker.listeners().stop("worker");
			assertThatExceptionOfType(RequestTimeoutException.class).isThrownBy(
					() -> worker.template().request("jobs.quote", Order.of("a"), Quote.class, Duration.ofSeconds(2)))
				.withMessageContaining("had no reply within 2s")
				.withMessageContaining("may still be handled");
			assertThat(worker.size("jobs")).isEqualTo(1);
			worker.listeners().start("worker");
			await().until(() -> worker.size("jobs") == 0);
		}
	}

	@Test
	void whenAMessageIsNoRequestThenItsResultIsDropped() throws Exception {
		try (Worker worker = worker(Quotes.class)) {
			worker.template().publish("jobs.quote", Order.of("a"));
			worker.template().message(Order.of("b")).to("jobs.quote").header("Reply-To", "$JS.API.INFO").publish();
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
			assertThat(worker.bean(Quotes.class).runs).hasValue(2);
		}
	}

	static Stream<String> wrongAddresses() {
		return Stream.of("results.forged", "jobs.forged", "dead-letters.jobs.worker", "$JS.API.INFO", "_INBOX.>",
				"_INBOX.a b", "_INBOX" + ".a".repeat(3000), "_INBOX." + "a".repeat(250), "_INBOX." + "a".repeat(4090),
				"_INBOX." + "\u00e4".repeat(130));
	}

	@ParameterizedTest
	@MethodSource("wrongAddresses")
	void whenTheAddressIsNoInboxThenNothingIsSentThere(String address) throws Exception {
		try (Worker worker = worker(Quotes.class); RawNatsClient client = new RawNatsClient(server.url())) {
			byte[] headers = ("NATS/1.0\r\nReply-To: " + address + "\r\n\r\n").getBytes();
			client.store("jobs.quote".getBytes(), headers,
					"{\"id\": \"a\", \"customer\": \"b\", \"cents\": 1}".getBytes());
			client.store("jobs.quote".getBytes(), headers, "no order".getBytes());
			await().until(() -> worker.size("jobs") == 0 && worker.size("dead-letters") > 0);
			assertThat(worker.bean(Quotes.class).runs).hasValue(1);
			assertThat(worker.size("dead-letters")).isEqualTo(1);
			assertThat(worker.size("results")).isZero();
		}
	}

	@Test
	void whenTheReplyIsTooLargeThenTheJobIsDoneAllTheSameAndTheCallerIsTold() throws Exception {
		try (Worker worker = worker(Large.class)) {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> worker.template().request("jobs.large", "a", String.class, LONG))
				.withMessageContaining("The reply is too large");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Large.class).runs).hasValue(1);
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenTheReplyIsAStatusThenTheRequestFails() throws Exception {
		try (Worker worker = worker(Silent.class); RawNatsClient client = new RawNatsClient(server.url())) {
			CompletableFuture<String> reply = worker.template().requestAsync("jobs.a", "a", String.class, LONG);
			await().until(() -> worker.bean(Silent.class).address.get() != null);
			client.publish(worker.bean(Silent.class).address.get().getBytes(), "NATS/1.0 503 Busy\r\n\r\n".getBytes(),
					new byte[0]);
			assertThat(reply).failsWithin(Duration.ofSeconds(10))
				.withThrowableOfType(ExecutionException.class)
				.withMessageContaining("503");
		}
	}

	@Test
	void whenTheApplicationAllowsAnAddressThenTheReplyGoesThere() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Quotes.class),
				"jetstream.listeners.worker.reply-subjects=results.replies.*")) {
			worker.template().message(Order.of("a")).to("jobs.quote").header("Reply-To", "results.replies.a").publish();
			worker.template().message(Order.of("b")).to("jobs.quote").header("Reply-To", "results.other.b").publish();
			await().until(() -> worker.size("jobs") == 0 && worker.size("results") == 1);
			assertThat(worker.message("results", 1).getSubject()).isEqualTo("results.replies.a");
			assertThat(worker.template().request("jobs.quote", Order.of("c"), Quote.class, LONG))
				.isEqualTo(new Quote("c", 7));
		}
	}

	@Test
	void whenTheReplyIsOfAnotherTypeThenThatIsSaid() {
		try (Worker worker = worker(Reactive.class)) {
			assertThatExceptionOfType(JetStreamException.class)
				.isThrownBy(() -> worker.template().request("jobs.upper", "a", Quote.class, LONG))
				.withMessageContaining("is handled, but its reply can't be read as")
				.withMessageContaining("Quote");
		}
	}

	@Test
	void whenNoStreamListensThenTheRequestFails() {
		try (Worker worker = worker(Quotes.class)) {
			assertThatExceptionOfType(NoStreamException.class)
				.isThrownBy(() -> worker.template().request("nowhere", "a", String.class, LONG));
			assertThatIllegalStateException()
				.isThrownBy(() -> worker.template().message("a").request(String.class, LONG));
			assertThatIllegalStateException().isThrownBy(
					() -> worker.template().message("a").to("jobs.a").uniqueUntilDone("k").request(String.class, LONG));
		}
	}

	@Test
	void whenTheTemplateIsClosedThenNobodyGoesOnWaiting() {
		CompletableFuture<Quote> reply;
		try (Worker worker = worker(Quotes.class)) {
			worker.listeners().stop("worker");
			reply = worker.template().requestAsync("jobs.quote", Order.of("a"), Quote.class, LONG);
			assertThat(reply).isNotDone();
		}
		assertThatExceptionOfType(CompletionException.class).isThrownBy(reply::join)
			.withCauseInstanceOf(JetStreamException.class)
			.withMessageContaining("the publisher was closed; it may still be handled");
	}

	private static Worker worker(Class<?> bean) {
		return Worker.run(server.url(), List.of(bean));
	}

	record Quote(String order, int price) {

	}

	static class Large {

		private final AtomicInteger runs = new AtomicInteger();

		@JetStreamListener("worker")
		@SendTo
		String large(String job) {
			this.runs.incrementAndGet();
			return "x".repeat(2_000_000);
		}

	}

	static class Silent {

		private final AtomicReference<String> address = new AtomicReference<>();

		@JetStreamListener("worker")
		void take(Delivery delivery) {
			this.address.set(delivery.replyTo());
		}

	}

	static class Quotes {

		private final AtomicInteger runs = new AtomicInteger();

		// tag::reply[]
		@JetStreamListener("worker")
		@SendTo
		Quote quote(Order order) {
			return price(order);
		}
		// end::reply[]

		private Quote price(Order order) {
			this.runs.incrementAndGet();
			return new Quote(order.id(), 7);
		}

	}

	static class Later {

		@JetStreamListener("worker")
		@SendTo
		CompletableFuture<String> handle(String job) {
			return CompletableFuture.supplyAsync(job::toUpperCase);
		}

	}

	static class Reactive {

		@JetStreamListener("worker")
		@SendTo
		Mono<String> handle(String job) {
			return Mono.just(job).map(String::toUpperCase);
		}

	}

	static class Nothing {

		@JetStreamListener("worker")
		@SendTo
		String handle(String job) {
			return null;
		}

	}

	static class ThirdTime {

		@JetStreamListener("worker")
		@SendTo
		String handle(String job, Delivery delivery) {
			if (delivery.attempt() == 1) {
				throw new IllegalStateException("not yet");
			}
			if (delivery.attempt() == 2) {
				delivery.retry(Duration.ofMillis(50));
				return null;
			}
			return "attempt " + delivery.attempt();
		}

	}

	static class Hopeless {

		@JetStreamListener("worker")
		@SendTo
		String handle(String job) {
			throw new DeadLetterException("no such customer");
		}

	}

	static class ByVerb {

		@JetStreamListener("worker")
		@SendTo
		String handle(String job, Delivery delivery) {
			delivery.deadLetter("never");
			return null;
		}

	}

	static class Talkative {

		@JetStreamListener("worker")
		void handle(String job) {
			throw new IllegalStateException("SQL: jdbc:postgresql://db.internal:5432 password=hunter2");
		}

	}

	static class Discarding {

		@JetStreamListener("worker")
		@SendTo
		String handle(String job, Delivery delivery) {
			delivery.discard("not today");
			return null;
		}

	}

}
