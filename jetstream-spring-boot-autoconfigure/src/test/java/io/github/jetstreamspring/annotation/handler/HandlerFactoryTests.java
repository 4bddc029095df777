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

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.ThreadMXBean;
import io.github.jetstreamspring.listener.BatchHandler;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.ListenerHandler;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.publisher.PublishResult;
import io.nats.client.Message;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link HandlerFactory} and the handlers it makes.
 */
class HandlerFactoryTests {

	private final JetStreamOperations operations = mock(JetStreamOperations.class);

	private final MessageBuilder reply = mock(MessageBuilder.class);

	private final List<String> problems = new ArrayList<>();

	private final Handlers bean = new Handlers();

	@BeforeEach
	void reply() {
		given(this.operations.message(any())).willReturn(this.reply);
		given(this.reply.to(anyString())).willReturn(this.reply);
		given(this.reply.id(anyString())).willReturn(this.reply);
		given(this.reply.publishAsync()).willReturn(new CompletableFuture<PublishResult>());
	}

	@Test
	void whenAMethodReturnsThenItsMessageIsHandled() throws Exception {
		assertThat(handle("bytes", "data")).isNull();
		assertThat(this.bean.handled).containsExactly("data");
	}

	@Test
	void whenAMethodThrowsThenItsExceptionIsThrown() {
		assertThatIOException().isThrownBy(() -> handle("failing", "data")).withMessage("no disk");
		assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(() -> handle("error", "data"));
	}

	@Test
	void whenAPayloadCantBeConvertedThenItIsUnprocessable() {
		assertThatExceptionOfType(UnprocessableMessageException.class).isThrownBy(() -> handle("number", "x"))
			.withMessageStartingWith("The payload can't be converted");
		assertThatExceptionOfType(UnprocessableMessageException.class).isThrownBy(() -> handle("own", ""))
			.withMessageStartingWith("The message doesn't fit the method");
	}

	@Test
	void whenAMethodReturnsAStageThenItIsThatStage() throws Exception {
		assertThat(handle("stage", "data")).isSameAs(this.bean.pending);
		assertThat(handle("noStage", "data")).isNull();
	}

	@Test
	void whenAStageIsCancelledThenSoIsTheMono() throws Exception {
		CompletionStage<?> stage = handle("mono", "data");
		assertThat(stage).isNotNull();
		stage.toCompletableFuture().cancel(true);
		assertThat(this.bean.cancelled).hasValue(1);
	}

	@Test
	void whenTheResultOfAMethodIsPublishedThenItIsHandledAfterwards() throws Exception {
		CompletableFuture<PublishResult> published = new CompletableFuture<>();
		given(this.reply.publishAsync()).willReturn(published);
		CompletionStage<?> stage = handle("reply", "data");
		assertThat(stage).isNotNull();
		assertThat(stage.toCompletableFuture()).isNotDone();
		published.complete(new PublishResult("results", 1, false));
		assertThat(stage.toCompletableFuture()).isCompleted();
		then(this.operations).should().message("DATA");
		then(this.reply).should(atLeastOnce()).to("results.done");
		then(this.reply).should().id("reply:orders:42:1769860800000000001:worker:results.done");
	}

	@Test
	void whenThePublishFailsThenSoDoesTheHandling() throws Exception {
		given(this.reply.publishAsync())
			.willReturn(CompletableFuture.failedFuture(new IllegalStateException("no stream")));
		CompletionStage<?> stage = handle("replyLater", "data");
		assertThat(stage).isNotNull();
		this.bean.pending.complete("done");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> stage.toCompletableFuture().join())
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void whenAHandlerIsCancelledThenItsResultIsNotPublished() throws Exception {
		CompletionStage<?> stage = handle("replyLater", "data");
		assertThat(stage).isNotNull();
		stage.toCompletableFuture().cancel(true);
		assertThat(this.bean.pending).isCancelled();
		then(this.reply).should(never()).publishAsync();
	}

	@Test
	void whenTheSubjectOfAReplyIsNotUsableThenItIsAProblem() {
		given(this.reply.to("results.*")).willThrow(new IllegalArgumentException("it has wildcards"));
		create("wildcardReply", false);
		create("severalReplies", false);
		assertThat(this.problems).satisfiesExactly((problem) -> assertThat(problem).contains("results.*", "wildcards"),
				(problem) -> assertThat(problem).contains("names 2 subjects"));
	}

	@Test
	void whenABatchIsHandledThenEachParameterHasItsList() throws Exception {
		BatchHandler handler = (BatchHandler) create("batch", true);
		Delivery first = delivery();
		Delivery second = delivery();
		handler.handle(List.of(handler.read(first, message("1")), handler.read(second, message(""))));
		assertThat(this.bean.handled).containsExactly(Arrays.asList(1, null), List.of(first, second));
	}

	@Test
	void whenAnElementCantBeReadThenItIsUnprocessable() {
		BatchHandler handler = (BatchHandler) create("batch", true);
		assertThatExceptionOfType(UnprocessableMessageException.class)
			.isThrownBy(() -> handler.read(delivery(), message("x")));
	}

	@Test
	void whenAMethodTakesBytesThenNothingIsMadeOfTheMessage() throws Exception {
		assertThat(garbagePerMessage("quickBytes")).isLessThan(200);
		assertThat(garbagePerMessage("quickMessage")).isLessThan(200);
	}

	private long garbagePerMessage(String method) throws Exception {
		DeliveryHandler handler = (DeliveryHandler) create(method, false);
		Delivery delivery = delivery();
		Message message = message("data");
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long bytes = 0;
		// The first round loads classes
		for (int round = 0; round < 2; round++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < 10_000; i++) {
				handler.handle(delivery, message);
			}
			bytes = threads.getCurrentThreadAllocatedBytes() - before;
		}
		return bytes / 10_000;
	}

	private @Nullable CompletionStage<?> handle(String method, String data) throws Exception {
		return ((DeliveryHandler) create(method, false)).handle(delivery(), message(data));
	}

	private @Nullable ListenerHandler create(String name, boolean batch) {
		TargetMethod method = Arrays.stream(Handlers.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.map((candidate) -> new TargetMethod(candidate, Handlers.class))
			.findFirst()
			.orElseThrow();
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		beanFactory.registerSingleton("operations", this.operations);
		beanFactory.registerSingleton("resolver", new WrongResolver());
		ArgumentFactory arguments = new ArgumentFactory(beanFactory,
				JetStreamMessageConverters.json(JsonMapper.shared()), null);
		return new HandlerFactory(arguments, beanFactory::resolveEmbeddedValue,
				beanFactory.getBeanProvider(JetStreamOperations.class)::getIfUnique)
			.create(new FixedBean(this.bean), method, batch,
					(description, fix) -> this.problems.add(description + " - " + fix))
			.orElse(null);
	}

	/**
	 * Makes something else of what it supports.
	 */
	private static final class WrongResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == StringBuilder.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, org.springframework.messaging.Message<?> message) {
			return "text";
		}

	}

	private record FixedBean(Object current) implements HandlerBean {

		@Override
		public boolean isFixed() {
			return true;
		}

	}

	private static Delivery delivery() {
		Delivery delivery = mock(Delivery.class);
		given(delivery.stream()).willReturn("orders");
		given(delivery.timestamp()).willReturn(Instant.parse("2026-01-31T12:00:00.000000001Z"));
		given(delivery.streamSequence()).willReturn(42L);
		given(delivery.consumer()).willReturn("worker");
		return delivery;
	}

	private static Message message(String data) {
		return NatsMessage.builder().subject("orders.created").data(data).build();
	}

	@SuppressWarnings("unused")
	static class Handlers {

		private final List<Object> handled = new ArrayList<>();

		private final CompletableFuture<String> pending = new CompletableFuture<>();

		private final AtomicInteger cancelled = new AtomicInteger();

		void bytes(byte[] data, Delivery delivery, Message message) {
			this.handled.add(new String(data));
		}

		void quickBytes(byte[] data) {
		}

		void quickMessage(Message message, Delivery delivery) {
		}

		void failing(String data) throws IOException {
			throw new IOException("no disk");
		}

		void error(String data) {
			throw new NoClassDefFoundError("gone");
		}

		void number(int number) {
		}

		void own(StringBuilder whatNobodyResolves) {
		}

		CompletionStage<String> stage(String data) {
			return this.pending;
		}

		CompletableFuture<String> noStage(String data) {
			return null;
		}

		Mono<Void> mono(String data) {
			return Mono.<Void>never().doOnCancel(this.cancelled::incrementAndGet);
		}

		@SendTo("results.done")
		String reply(String data) {
			return data.toUpperCase();
		}

		@SendTo("results.done")
		CompletionStage<String> replyLater(String data) {
			return this.pending;
		}

		@SendTo("results.*")
		String wildcardReply(String data) {
			return data;
		}

		@SendTo({ "results.a", "results.b" })
		String severalReplies(String data) {
			return data;
		}

		void batch(@Payload(required = false) List<Integer> numbers, List<Delivery> deliveries) {
			this.handled.add(numbers);
			this.handled.add(deliveries);
		}

	}

}
