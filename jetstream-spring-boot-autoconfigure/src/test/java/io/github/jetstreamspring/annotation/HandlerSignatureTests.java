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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.listener.Delivery;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerSignature}.
 */
class HandlerSignatureTests {

	@Test
	void everythingThatAMessageCanFillIsAllowed() {
		assertThat(check("all", true)).isEmpty();
	}

	@Test
	void aMethodWithoutParametersIsAllowed() {
		assertThat(check("nothing", false)).isEmpty();
	}

	@Test
	void whenAMethodIsAsynchronousThenItsMessageWouldBeAckedTooEarly() {
		assertThat(check("future", false)).singleElement().asString().contains("asynchronous", "Return void");
	}

	@Test
	void whenAMethodReturnsSomethingThenItGoesNowhere() {
		assertThat(check("result", false)).singleElement().asString().contains("returns String", "JetStreamTemplate");
	}

	@Test
	void whenAMethodWantsToReplyThenItIsToldHow() {
		assertThat(check("reply", false)).singleElement().asString().contains("@SendTo", "JetStreamTemplate");
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
		Method method = Arrays.stream(Handlers.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		List<String> problems = new ArrayList<>();
		new HandlerSignature(method, validating, (description, fix) -> problems.add(description + " - " + fix)).check();
		return problems;
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

		String result(String payload) {
			return payload;
		}

		@SendTo("elsewhere")
		void reply(String payload) {
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
