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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.scheduling.annotation.Async;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MethodCheck}.
 */
class MethodCheckTests {

	@Test
	void everythingThatAMessageCanFillIsAllowed() {
		assertThat(check("all", true)).isEmpty();
	}

	@Test
	void aMethodWithoutParametersIsAllowed() {
		assertThat(check("nothing", false)).isEmpty();
	}

	@Test
	void whenAMethodCompletesLaterThenThatIsAllowed() {
		assertThat(check("stage", false)).isEmpty();
		assertThat(check("future", false)).isEmpty();
		assertThat(check("mono", false)).isEmpty();
	}

	@Test
	void whenNobodyIsToldThatAMethodIsDoneThenItIsRefused() {
		assertThat(check("plainFuture", false)).singleElement().asString().contains("Future", "CompletableFuture");
		assertThat(check("async", false)).singleElement().asString().contains("@Async", "acked before");
	}

	@Test
	void whenTheClassOfABeanIsAsyncThenSoAreTheMethodsItInherits() throws Exception {
		List<String> problems = new ArrayList<>();
		Method inherited = Handlers.class.getDeclaredMethod("all", String.class, String.class, Map.class,
				MessageHeaders.class, Message.class, io.nats.client.Message.class, Delivery.class);
		new MethodCheck(new TargetMethod(inherited, AsyncHandlers.class), false, arguments(true),
				(description, fix) -> problems.add(description))
			.check();
		assertThat(problems).singleElement().asString().contains("@Async", "acked before");
	}

	@Test
	void whenAMethodReturnsAnyNumberOfValuesThenItIsRefused() {
		assertThat(check("flux", false)).singleElement().asString().contains("Flux", "flux.then()");
		assertThat(check("publisher", false)).singleElement().asString().contains("Publisher");
	}

	@Test
	void whenAMethodReturnsSomethingThenItGoesNowhere() {
		assertThat(check("result", false)).singleElement()
			.asString()
			.contains("returns String", "@SendTo", "JetStreamTemplate");
	}

	@Test
	void whenAMethodRepliesThenItNeedsSomethingToReplyWith() {
		assertThat(check("reply", false)).isEmpty();
		assertThat(check("replyLater", false)).isEmpty();
		assertThat(check("emptyReply", false)).singleElement().asString().contains("@SendTo", "nothing to send");
		assertThat(check("emptyReplyLater", false)).singleElement().asString().contains("@SendTo", "nothing to send");
	}

	@Test
	void whenABatchIsToBeRepliedToThenItIsRefused() {
		assertThat(checkBatch("batchReply", false)).singleElement().asString().contains("@SendTo", "batches");
	}

	@Test
	void whenABatchIsTakenThenAllParametersAreLists() {
		assertThat(checkBatch("allLists", true)).isEmpty();
		assertThat(checkBatch("mixed", false)).singleElement().asString().contains("'delivery'", "List");
	}

	@Test
	void whenABatchIsTakenWithoutAListThenTheFixIsShown() {
		assertThat(checkBatch("nothing", false)).singleElement().asString().contains("no parameter is a List");
		assertThat(checkBatch("twoPayloads", false)).singleElement().asString().contains("no parameter is a List");
	}

	@Test
	void whenAListDoesntSayOfWhatThenTheFixIsShown() {
		assertThat(checkBatch("rawList", false)).singleElement().asString().contains("'orders'", "List<Order>");
		assertThat(checkBatch("listOfAnything", false)).singleElement().asString().contains("'orders'", "List<Order>");
	}

	@Test
	void whenAListIsTakenWithoutBatchThenBothFixesAreShown() {
		assertThat(check("list", false)).singleElement().asString().contains("'orders'", "batch = true", "@Payload");
		assertThat(check("listOfDeliveries", false)).hasSize(1);
		assertThat(check("listAsPayload", false)).isEmpty();
		assertThat(check("headerAsList", false)).isEmpty();
	}

	@Test
	void whenTwoListsAskForThePayloadThenBothAreNamed() {
		assertThat(checkBatch("twoPayloadLists", false)).singleElement()
			.asString()
			.contains("String first", "Integer second");
	}

	@Test
	void whenSeveralThingsAreWrongThenAllAreReported() {
		assertThat(checkBatch("everythingWrong", false)).hasSize(3);
	}

	@Test
	void whenTwoParametersAskForThePayloadThenBothAreNamed() {
		assertThat(check("twoPayloads", false)).singleElement()
			.asString()
			.contains("String first", "Integer second", "@Header");
	}

	@Test
	void whenHeadersAreNoMapThenTheParameterIsNamed() {
		assertThat(check("headersAsText", false)).singleElement().asString().contains("'headers'", "Map");
	}

	@Test
	void whenAPayloadIsToBeValidatedThenThereMustBeAValidator() {
		assertThat(check("valid", false)).singleElement().asString().contains("spring-boot-starter-validation");
		assertThat(check("validated", false)).hasSize(1);
		assertThat(check("valid", true)).isEmpty();
	}

	@Test
	void whenAPayloadHasAnExpressionThenItIsRefused() {
		assertThat(check("expression", false)).singleElement().asString().contains("expression");
	}

	@Test
	void whenAMethodIsStaticThenItIsRefused() {
		assertThat(check("shared", false)).singleElement().asString().contains("static");
	}

	private static List<String> check(String name, boolean validating) {
		return check(name, false, validating);
	}

	private static List<String> checkBatch(String name, boolean validating) {
		return check(name, true, validating);
	}

	private static List<String> check(String name, boolean batch, boolean validating) {
		Method method = Arrays.stream(Handlers.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		List<String> problems = new ArrayList<>();
		new MethodCheck(new TargetMethod(method, Handlers.class), batch, arguments(validating),
				(description, fix) -> problems.add(description + " - " + fix))
			.check();
		return problems;
	}

	private static ArgumentFactory arguments(boolean validating) {
		return new ArgumentFactory(new DefaultListableBeanFactory(),
				JetStreamMessageConverters.json(JsonMapper.shared()), validating ? mock(Validator.class) : null);
	}

	@Async
	static class AsyncHandlers extends Handlers {

	}

	@SuppressWarnings("unused")
	static class Handlers {

		void all(@Payload @Valid String payload, @Header("trace") String trace, @Headers Map<String, Object> headers,
				MessageHeaders springHeaders, Message<String> message, io.nats.client.Message natsMessage,
				Delivery delivery) {
		}

		void nothing() {
		}

		CompletableFuture<Void> future(String payload) {
			return CompletableFuture.completedFuture(null);
		}

		CompletionStage<Integer> stage(String payload) {
			return CompletableFuture.completedFuture(1);
		}

		Mono<String> mono(String payload) {
			return Mono.just(payload);
		}

		Flux<String> flux(String payload) {
			return Flux.just(payload);
		}

		Publisher<String> publisher(String payload) {
			return Flux.just(payload);
		}

		Future<String> plainFuture(String payload) {
			return CompletableFuture.completedFuture(payload);
		}

		@Async
		void async(String payload) {
		}

		String result(String payload) {
			return payload;
		}

		@SendTo("elsewhere")
		String reply(String payload) {
			return payload;
		}

		@SendTo("elsewhere")
		Mono<String> replyLater(String payload) {
			return Mono.just(payload);
		}

		@SendTo("elsewhere")
		void emptyReply(String payload) {
		}

		@SendTo("elsewhere")
		CompletableFuture<Void> emptyReplyLater(String payload) {
			return CompletableFuture.completedFuture(null);
		}

		@SendTo("elsewhere")
		List<String> batchReply(List<String> payloads) {
			return payloads;
		}

		void allLists(@Valid List<String> payloads, List<Message<String>> messages, List<Delivery> deliveries,
				List<io.nats.client.Message> natsMessages, @Header("trace") List<String> traces,
				List<MessageHeaders> headers) {
		}

		void mixed(List<String> payloads, Delivery delivery) {
		}

		@SuppressWarnings("rawtypes")
		void rawList(List orders) {
		}

		void listOfAnything(List<?> orders) {
		}

		void list(List<String> orders) {
		}

		void listOfDeliveries(List<Delivery> deliveries) {
		}

		void listAsPayload(@Payload List<String> orders) {
		}

		void headerAsList(@Header("traces") List<String> traces) {
		}

		void twoPayloadLists(List<String> first, List<Integer> second) {
		}

		Flux<String> everythingWrong(@Valid List<String> payloads, Delivery delivery) {
			return Flux.fromIterable(payloads);
		}

		void twoPayloads(String first, Integer second) {
		}

		void headersAsText(@Headers String headers) {
		}

		void valid(@Valid String payload) {
		}

		void validated(@Validated String payload) {
		}

		void expression(@Payload("id") String payload) {
		}

		static void shared(String payload) {
		}

	}

}
