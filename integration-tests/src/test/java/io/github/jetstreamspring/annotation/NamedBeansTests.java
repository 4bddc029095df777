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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.MessageHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the beans that single listeners name, and for arguments of the application's
 * own.
 */
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class NamedBeansTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAListenerNamesItsBeansThenTheyAreForItAlone(CapturedOutput output) throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Beans.class, Named.class, Plain.class),
				"jetstream.streams.results.consumers.plain.ack-wait=5s")) {
			worker.template().publish("jobs.a", new byte[] { 'a' });
			worker.template().publish("results.b", "b");
			Named named = worker.bean(Named.class);
			await().until(() -> worker.size("dead-letters") == 2);
			assertThat(named.handled).containsExactly("converted a", "converted a");
			Recorder own = worker.context().getBean("own", Recorder.class);
			Recorder forAll = worker.context().getBean("forAll", Recorder.class);
			await().until(() -> own.calls.size() == 4);
			assertThat(own.calls).containsExactly("before jobs.a", "RETRIED jobs.a", "before jobs.a",
					"DEAD_LETTERED jobs.a");
			assertThat(forAll.calls).filteredOn((call) -> call.endsWith("jobs.a")).hasSize(4);
			assertThat(forAll.calls).filteredOn((call) -> call.endsWith("results.b")).hasSize(6);
			assertThat(List.of(reason(worker, 1), reason(worker, 2)))
				.anySatisfy((reason) -> assertThat(reason).startsWith("Failed 2 times"))
				.anySatisfy((reason) -> assertThat(reason).startsWith("Failed 3 times"));
		}
	}

	@Test
	void whenTheConfigurationNamesTheBeansThenItComesBeforeTheAnnotation() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Beans.class, Named.class),
				"jetstream.listeners.worker.converter=", "jetstream.listeners.worker.interceptors=forAll",
				"jetstream.listeners.worker.retry.max-attempts=1", "jetstream.listeners.worker.error-handler=skip")) {
			worker.template().publish("jobs.a", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Named.class).handled).containsExactly("a");
			assertThat(worker.context().getBean("own", Recorder.class).calls).isEmpty();
			// Among those for all listeners already
			await().untilAsserted(() -> assertThat(worker.context().getBean("forAll", Recorder.class).calls)
				.containsExactly("before jobs.a", "HANDLED jobs.a"));
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenTheErrorHandlerThrowsThenThatDecides() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Beans.class, Named.class),
				"jetstream.listeners.worker.error-handler=giveUp")) {
			worker.template().publish("jobs.a", "a");
			await().until(() -> worker.size("dead-letters") == 1);
			assertThat(reason(worker, 1)).isEqualTo("given up: down");
			assertThat(worker.bean(Named.class).handled).hasSize(1);
		}
	}

	@Test
	void whenTheErrorHandlerCallsNoVerbThenTheFailureHasItsUsualOutcome() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Beans.class, Named.class),
				"jetstream.listeners.worker.error-handler=watch")) {
			worker.template().publish("jobs.a", "a");
			await().until(() -> worker.size("dead-letters") == 1);
			assertThat(reason(worker, 1)).startsWith("Failed 2 times");
			assertThat(worker.bean(Watch.class).failures).containsExactly("1 down", "2 down");
		}
	}

	@Test
	void whenAStageFailsThenTheErrorHandlerIsAsked() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Beans.class, Later.class))) {
			worker.template().publish("jobs.a", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenAPayloadCantBeConvertedThenTheErrorHandlerIsAsked() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Beans.class, Numbers.class))) {
			worker.template().publish("jobs.a", "x");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenABatchFailsThenTheErrorHandlerIsAskedForEachMessageThatFailed() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Beans.class, Batches.class))) {
			worker.publishTogether("jobs.a", "a", "bad", "c");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
			assertThat(worker.bean(Batches.class).handled).containsExactly("a", "c");
		}
	}

	@Test
	void whenThereIsNoSuchBeanThenThatIsSaidWithListenerAndKey() {
		assertThat(problems(Named.class, "jetstream.listeners.worker.error-handler=skipp")).singleElement()
			.satisfies((problem) -> assertThat(problem).contains("'worker'",
					"jetstream.listeners.worker.error-handler names the bean 'skipp', which there isn't",
					"[skip, giveUp, watch]", "did you mean 'skip'?"));
		assertThat(
				problems(Named.class, "jetstream.listener.converter=own", "jetstream.listeners.worker.converter=own"))
			.singleElement()
			.satisfies((problem) -> assertThat(problem).contains("'worker'",
					"jetstream.listeners.worker.converter names the bean 'own'", Recorder.class.getName(),
					"no MessageConverter"));
		assertThat(problems(Unknown.class)).satisfiesExactlyInAnyOrder(
				(problem) -> assertThat(problem).contains("'worker'", "attribute 'interceptors'", "'nobody'"),
				(problem) -> assertThat(problem).contains("'worker'", "attribute 'retryPolicy'", "'nobody'"));
		assertThat(problems(Named.class, "jetstream.listeners.worker.retry.policy=twice",
				"jetstream.listeners.worker.retry.max-attempts=7"))
			.singleElement()
			.satisfies((problem) -> assertThat(problem).contains("'worker'",
					"jetstream.listeners.worker.retry.policy names a bean", "schedule-after"));
	}

	@Test
	void whenTheApplicationHasArgumentsOfItsOwnThenMethodsGetThem() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(TenantResolver.class, Tenants.class))) {
			worker.template().message(Order.of("1")).to("jobs.a").header("tenant", "acme").publish();
			worker.template().publish("jobs.b", Order.of("2"));
			List<String> handled = worker.bean(Tenants.class).handled;
			await().until(() -> handled.size() == 1 && worker.size("dead-letters") == 1);
			assertThat(handled).containsExactly("1 of acme, jobs/worker#1, attempt 1");
			assertThat(reason(worker, 1)).contains("The message doesn't fit the method");
		}
	}

	private static String reason(Worker worker, long sequence) throws Exception {
		return worker.message("dead-letters", sequence).getHeaders().getFirst(JetStreamHeaders.DEAD_LETTER_REASON);
	}

	private static List<String> problems(Class<?> bean, String... properties) {
		ListenerConfigurationException failure = catchThrowableOfType(ListenerConfigurationException.class,
				() -> Worker.run(server.url(), List.of(Beans.class, bean), properties));
		return failure.getProblems().stream().map((problem) -> problem + " - " + problem.fix()).toList();
	}

	static class Beans {

		@Bean
		Recorder forAll() {
			return new Recorder();
		}

		@Bean(defaultCandidate = false)
		Recorder own() {
			return new Recorder();
		}

		@Bean(defaultCandidate = false)
		RetryPolicy twice() {
			return RetryPolicy.exponential(2, Duration.ofMillis(10), 1, Duration.ofMillis(10), 0);
		}

		@Bean(defaultCandidate = false)
		MessageConverter prefixing() {
			return new Prefixing();
		}

		@Bean
		ListenerErrorHandler skip() {
			return (delivery, failure) -> delivery.ack();
		}

		@Bean
		ListenerErrorHandler giveUp() {
			return (delivery, failure) -> {
				throw new DeadLetterException("given up: " + failure.getMessage());
			};
		}

		@Bean
		Watch watch() {
			return new Watch();
		}

	}

	static class Watch implements ListenerErrorHandler {

		final List<String> failures = new CopyOnWriteArrayList<>();

		@Override
		public void handle(Delivery delivery, Throwable failure) {
			this.failures.add(delivery.attempt() + " " + failure.getMessage());
		}

	}

	static class Recorder implements DeliveryInterceptor {

		final List<String> calls = new CopyOnWriteArrayList<>();

		@Override
		public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
			this.calls.add("before " + delivery.subject());
			return next.proceed();
		}

		@Override
		public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
			this.calls.add(settlement + " " + delivery.subject());
		}

	}

	static class Prefixing implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			return "converted " + new String((byte[]) message.getPayload(), StandardCharsets.UTF_8);
		}

		@Override
		public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return MessageBuilder.createMessage(payload, headers);
		}

	}

	static class Named {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", converter = "${converter:prefixing}", interceptors = "own",
				retryPolicy = "twice")
		void handle(String job) {
			this.handled.add(job);
			throw new IllegalStateException("down");
		}

	}

	static class Plain {

		@JetStreamListener("plain")
		void handle(String job) {
			throw new IllegalStateException("down");
		}

	}

	static class Unknown {

		@JetStreamListener(value = "worker", interceptors = { "forAll", "nobody" }, retryPolicy = "nobody")
		void handle(String job) {
		}

	}

	static class Later {

		@JetStreamListener(value = "worker", errorHandler = "skip")
		CompletableFuture<Void> handle(String job) {
			return CompletableFuture.supplyAsync(() -> {
				throw new IllegalStateException("down");
			});
		}

	}

	static class Numbers {

		@JetStreamListener(value = "worker", errorHandler = "skip")
		void handle(int job) {
		}

	}

	static class Batches {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener(value = "worker", errorHandler = "skip", batch = true)
		void handle(List<String> jobs) {
			for (int i = 0; i < jobs.size(); i++) {
				if (jobs.get(i).equals("bad")) {
					throw BatchException.failedAt(i, new IllegalStateException("bad"));
				}
				this.handled.add(jobs.get(i));
			}
		}

	}

	record Tenant(String name) {
	}

	static class TenantResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Tenant.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			Object name = message.getHeaders().get("tenant");
			if (name == null) {
				throw new IllegalArgumentException("no tenant");
			}
			return new Tenant(name.toString());
		}

	}

	static class Tenants {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(Tenant tenant, Order order, @Header(JetStreamHeaders.STREAM) String stream,
				@Header(JetStreamHeaders.CONSUMER) String consumer, @Header(JetStreamHeaders.SEQUENCE) long sequence,
				@Header(JetStreamHeaders.ATTEMPT) long attempt) {
			this.handled.add("%s of %s, %s/%s#%d, attempt %d".formatted(order.id(), tenant.name(), stream, consumer,
					sequence, attempt));
		}

	}

}
