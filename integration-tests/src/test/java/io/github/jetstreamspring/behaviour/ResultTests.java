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

package io.github.jetstreamspring.behaviour;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.nats.client.api.MessageInfo;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of what methods return and throw.
 */
class ResultTests extends BehaviourTests {

	@Test
	void theSubjectOfAResultTakesPlaceholdersAndExpressions() throws Exception {
		try (Worker worker = run(ResolvedSubjects.class,
				append(TWO_CONSUMERS, "reply-subject=results.placeholder", "region=north"))) {
			worker.template().publish("jobs.worker", "a");
			worker.template().publish("jobs.other", "b");
			assertThat(results(worker, 2)).extracting(MessageInfo::getSubject)
				.containsExactlyInAnyOrder("results.placeholder", "results.north");
		}
	}

	@Test
	void theClassSaysWhereResultsGoAndAMethodMaySayOtherwise() throws Exception {
		try (Worker worker = run(OfClass.class)) {
			worker.template().publish("jobs.a", Order.of("a"));
			worker.template().publish("jobs.b", new DeclarationTests.Refund("b"));
			worker.template().publish("jobs.c", "c");
			done(worker);
			assertThat(results(worker, 2)).extracting((result) -> result.getSubject() + " " + text(result))
				.containsExactlyInAnyOrder("results.orders order a", "results.refunds refund b");
			handles(worker, "nothing to send");
		}
	}

	@Test
	void theSubjectOfAResultMayDependOnResultAndMessage() throws Exception {
		try (Worker worker = run(RuntimeSubject.class)) {
			worker.template().message(Order.of("a")).to("jobs.north").header("tenant", "acme").publish();
			assertThat(results(worker, 1).get(0).getSubject()).isEqualTo("results.alice.acme.north.jobs");
		}
	}

	@Test
	void aResultWithoutSubjectIsADeadLetterThatQuotesNothing() throws Exception {
		try (Worker worker = run(RuntimeSubject.class)) {
			worker.template().message(Order.of("a")).to("jobs.north").header("tenant", "a secret").publish();
			assertThat(reasonOfDeadLetter(worker))
				.startsWith("The subject of the result can't be told, ''results.' + result.customer")
				.endsWith("nothing can be published to what it says")
				.doesNotContain("secret");
			done(worker);
			assertThat(worker.size("results")).isZero();
		}
	}

	@Test
	void anExpressionThatCantBeASubjectIsRefused() {
		assertThat(refused(WrongExpressions.class)).hasSize(3)
			.anySatisfy((problem) -> assertThat(problem).contains("'customer' is unknown", "may begin with result"))
			.anySatisfy((problem) -> assertThat(problem).contains("'@tenants' is not allowed"))
			.anySatisfy((problem) -> assertThat(problem).contains("is not usable"));
	}

	@Test
	void aMessageIsPublishedWithItsHeaders() throws Exception {
		try (Worker worker = run(OfMessage.class)) {
			worker.template().publish("jobs.a", "a");
			MessageInfo result = results(worker, 1).get(0);
			assertThat(text(result)).isEqualTo("a");
			assertThat(result.getHeaders().getFirst("tenant")).isEqualTo("acme");
		}
	}

	@Test
	void aCollectionIsOneMessage() throws Exception {
		try (Worker worker = run(OfCollection.class)) {
			worker.template().publish("jobs.a", "a");
			assertThat(text(results(worker, 1).get(0))).isEqualTo("[\"a\",\"b\"]");
		}
	}

	@Test
	void aResultMayComeLaterOrNotAtAll() throws Exception {
		try (Worker worker = run(OfFuture.class)) {
			worker.template().publish("jobs.a", "later");
			worker.template().publish("jobs.a", "never");
			assertThat(text(results(worker, 1).get(0))).isEqualTo("later");
			done(worker);
		}
		try (Worker worker = run(OfMono.class)) {
			worker.template().publish("jobs.a", "later");
			worker.template().publish("jobs.a", "never");
			assertThat(text(results(worker, 1).get(0))).isEqualTo("later");
			done(worker);
		}
		try (Worker worker = run(OfOptional.class)) {
			worker.template().publish("jobs.a", "never");
			worker.template().publish("jobs.a", "now");
			assertThat(text(results(worker, 1).get(0))).isEqualTo("now");
			done(worker);
		}
	}

	@Test
	void aResultThatGoesNowhereIsRefused() {
		assertThat(refused(Nowhere.class)).hasSize(5)
			.anySatisfy((problem) -> assertThat(problem).contains("returns String, which goes nowhere"))
			.anySatisfy((problem) -> assertThat(problem).contains("@SendTo names 2 subjects"))
			.anySatisfy((problem) -> assertThat(problem).contains("returns nothing to send"))
			.anySatisfy((problem) -> assertThat(problem).contains("without wildcards"))
			.anySatisfy((problem) -> assertThat(problem).contains("takes batches and has @SendTo"));
	}

	@Test
	void anErrorHandlerDecidesAndWhatItThrowsTakesThePlaceOfTheFailure() throws Exception {
		try (Worker worker = run(WithErrorHandler.class)) {
			worker.template().publish("jobs.a", "forget");
			done(worker);
			assertThat(worker.size("dead-letters")).isZero();
			worker.template().publish("jobs.a", "decline");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("declined by the handler of errors");
			worker.template().publish("jobs.a", "again");
			await().until(() -> worker.size("dead-letters") == 2);
			assertThat(reasonOfDeadLetter(worker)).contains("Failed 3 times");
		}
	}

	private static String[] append(String[] properties, String... others) {
		return Stream.of(properties, others).flatMap(Arrays::stream).toArray(String[]::new);
	}

	private static List<MessageInfo> results(Worker worker, int count) throws Exception {
		await().until(() -> worker.size("results") == count);
		List<MessageInfo> results = new ArrayList<>();
		for (int i = 1; i <= count; i++) {
			results.add(worker.message("results", i));
		}
		return results;
	}

	private static String text(MessageInfo message) {
		return new String(message.getData(), StandardCharsets.UTF_8);
	}

	static class ResolvedSubjects {

		@JetStreamListener("worker")
		@SendTo("${reply-subject}")
		String one(String job) {
			return job;
		}

		@JetStreamListener("other")
		@SendTo("results.#{environment['region']}")
		String two(String job) {
			return job;
		}

	}

	@JetStreamListener("worker")
	@SendTo("results.orders")
	static class OfClass extends Noting {

		OfClass(Notes notes) {
			super(notes);
		}

		@JetStreamHandler
		String order(Order order) {
			return "order " + order.id();
		}

		@JetStreamHandler
		@SendTo("results.refunds")
		String refund(DeclarationTests.Refund refund) {
			return "refund " + refund.id();
		}

		@JetStreamHandler(isDefault = true)
		void other() {
			note("nothing to send");
		}

	}

	static class RuntimeSubject {

		@JetStreamListener("worker")
		@SendTo("!{'results.' + result.customer + '.' + headers['tenant'] + '.' + token(2) + '.' + stream}")
		Order handle(Order order) {
			return order;
		}

	}

	static class WrongExpressions {

		@JetStreamListener("worker")
		@SendTo("!{'results.' + customer}")
		String unknown(String job) {
			return job;
		}

		@JetStreamListener(value = "worker", id = "bean")
		@SendTo("!{@tenants.subject(result)}")
		String bean(String job) {
			return job;
		}

		@JetStreamListener(value = "worker", id = "syntax")
		@SendTo("!{'results.}")
		String syntax(String job) {
			return job;
		}

	}

	static class OfMessage {

		@JetStreamListener("worker")
		@SendTo("results.a")
		Message<String> handle(Message<String> message) {
			return MessageBuilder.fromMessage(message).setHeader("tenant", "acme").build();
		}

	}

	static class OfCollection {

		@JetStreamListener("worker")
		@SendTo("results.a")
		List<String> handle(String job) {
			return List.of(job, "b");
		}

	}

	static class OfFuture {

		@JetStreamListener("worker")
		@SendTo("results.a")
		CompletableFuture<@Nullable String> handle(String job) {
			return CompletableFuture.supplyAsync(() -> job.equals("never") ? null : job);
		}

	}

	static class OfMono {

		@JetStreamListener("worker")
		@SendTo("results.a")
		Mono<String> handle(String job) {
			return Mono.just(job).filter((given) -> !given.equals("never"));
		}

	}

	static class OfOptional {

		@JetStreamListener("worker")
		@SendTo("results.a")
		Optional<String> handle(String job) {
			return Optional.of(job).filter((given) -> !given.equals("never"));
		}

	}

	static class Nowhere {

		@JetStreamListener("worker")
		String nobodyWantsIt(String job) {
			return job;
		}

		@JetStreamListener(value = "worker", id = "two")
		@SendTo({ "results.a", "results.b" })
		String two(String job) {
			return job;
		}

		@JetStreamListener(value = "worker", id = "nothing")
		@SendTo("results.a")
		void nothing(String job) {
		}

		@JetStreamListener(value = "worker", id = "wildcard")
		@SendTo("results.*")
		String wildcard(String job) {
			return job;
		}

		@JetStreamListener(value = "worker", id = "batch", batch = true)
		@SendTo("results.a")
		List<String> batch(List<String> jobs) {
			return jobs;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithErrorHandler {

		@Bean
		static ListenerErrorHandler errors() {
			return (delivery, failure) -> {
				switch (String.valueOf(failure.getMessage())) {
					case "forget" -> delivery.ack();
					case "decline" -> throw new DeadLetterException("declined by the handler of errors");
					default -> {
						// As without it
					}
				}
			};
		}

		@JetStreamListener(value = "worker", errorHandler = "errors")
		void handle(String job) {
			throw new IllegalStateException(job);
		}

	}

}
