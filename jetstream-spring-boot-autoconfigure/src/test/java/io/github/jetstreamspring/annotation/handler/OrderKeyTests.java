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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.OrderKey;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link OrderKeyFactory} and the keys it makes.
 */
class OrderKeyTests {

	private final List<String> problems = new ArrayList<>();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			headers['customer']                          | alice
			headers['none']                              |
			payload.customer                             | bob
			payload.customer()                           | bob
			payload?.customer                            | bob
			subject                                      | orders.created.eu
			stream                                       | orders
			token(1)                                     | orders
			token( 3 )                                   | eu
			token(4)                                     |
			token(2) + '/' + headers['customer']         | created/alice
			headers['customer'] ?: 'nobody'              | alice
			headers['none'] ?: subject                   | orders.created.eu
			payload.cents > 100 ? token(3) : stream      | eu
			headers['customer'].toUpperCase()            | ALICE
			""")
	void keysAreToldBySpel(String expression, String expected) {
		assertThat(key(expression, "handle").keyOf(delivery(), message())).isEqualTo(expected);
		assertThat(this.problems).isEmpty();
	}

	@Test
	void whenAHeaderHasSeveralValuesThenTheListIsTheKey() {
		assertThat(key("headers['tag']", "handle").keyOf(delivery(), message())).isEqualTo(List.of("x", "y"));
	}

	@Test
	void whenTheExpressionIsATokenThenNothingIsEvaluated() {
		assertThat(key("token(2)", "handle")).isEqualTo(new SubjectTokenKey(2));
	}

	@Test
	void whenTheExpressionNeedsNoPayloadThenItIsNotConverted() {
		assertThat(key("headers['customer']", "handle").keyOf(delivery(), message("no JSON"))).isEqualTo("alice");
	}

	@Test
	void whenAPayloadIsInAMessageOrAnOptionalThenItsTypeIsKnown() {
		assertThat(key("payload.customer", "message").keyOf(delivery(), message())).isEqualTo("bob");
		assertThat(key("payload.customer", "optional").keyOf(delivery(), message())).isEqualTo("bob");
	}

	@ParameterizedTest
	@ValueSource(strings = { "customer", "header('customer')", "headers['customer'", "T(java.lang.System).exit(1)",
			"new java.io.File('x')", "@orders.key(payload)", "'a' + customer", "payload.customer = 'eve'", "token(0)x",
			"#customer", "headers['customer'] + #root2", "payload.colour", "!customer", "payload?.colour ?: subject" })
	void whenAnExpressionCantWorkThenItIsAProblemWithExamples(String expression) {
		assertThat(create(expression, "handle", false)).isEmpty();
		assertThat(this.problems).singleElement()
			.asString()
			.startsWith("attribute 'orderedBy' is '" + expression + "'")
			.contains("headers['customer']", "token(2)", "payload.customer");
	}

	@Test
	void whenNobodySaysOfWhatTypeThePayloadIsThenItIsAProblem() {
		assertThat(create("payload.customer", "withoutPayload", false)).isEmpty();
		assertThat(this.problems).singleElement().asString().contains("of what type the payload is");
		assertThat(create("headers['customer']", "withoutPayload", false)).isPresent();
	}

	@Test
	void whenAPayloadIsAMapThenItsValuesAreInBrackets() {
		assertThat(create("payload.customer", "map", false)).isEmpty();
		assertThat(this.problems).singleElement().asString().contains("write payload['customer']");
		assertThat(key("payload['customer']", "map").keyOf(delivery(), message())).isEqualTo("bob");
	}

	@Test
	void whenASubtypeMayHaveAPropertyThenItIsLookedForInEachMessage() {
		assertThat(create("payload.colour", "open", false)).isPresent();
		assertThat(this.problems).isEmpty();
	}

	@Test
	void whenBatchesAreTakenThenThereIsNoOrder() {
		assertThat(create("token(2)", "handle", true)).isEmpty();
		assertThat(this.problems).singleElement().asString().contains("batch");
	}

	@Test
	void whenThereIsNoExpressionThenThereIsNoOrder() {
		assertThat(create("", "handle", false)).isEmpty();
		assertThat(this.problems).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "payload.customer.colour", "headers['customer'].secret()", "headers['none'].length()",
			"payload.fail()", "payload.getClass().forName('x')", "token(payload.cents - 700)" })
	void whenAKeyCantBeToldThenTheExpressionIsNamedAndThePayloadIsNot(String expression) {
		assertThatExceptionOfType(UnprocessableMessageException.class)
			.isThrownBy(() -> key(expression, "handle").keyOf(delivery(), message()))
			.withMessageContaining("'" + expression + "'")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("bob", "alice", "bob's secret"));
	}

	@Test
	void whenAPayloadCantBeConvertedThenItIsSaidWithoutItsText() {
		assertThatExceptionOfType(UnprocessableMessageException.class)
			.isThrownBy(() -> key("payload.customer", "handle").keyOf(delivery(), message("no JSON")))
			.withMessage("What orders the message can't be told, 'payload.customer': the payload can't be converted");
	}

	private OrderKey key(String expression, String method) {
		return create(expression, method, false).orElseThrow(() -> new AssertionError(this.problems));
	}

	private Optional<OrderKey> create(String expression, String name, boolean batch) {
		TargetMethod method = Arrays.stream(Handlers.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.map((candidate) -> new TargetMethod(candidate, Handlers.class))
			.findFirst()
			.orElseThrow();
		ArgumentFactory arguments = new ArgumentFactory(new DefaultListableBeanFactory(),
				JetStreamMessageConverters.json(JsonMapper.shared()), null);
		return new OrderKeyFactory(arguments).create(expression, method, batch,
				(description, fix) -> this.problems.add(description + " - " + fix));
	}

	private static Delivery delivery() {
		Delivery delivery = mock(Delivery.class);
		given(delivery.stream()).willReturn("orders");
		return delivery;
	}

	private static Message message() {
		return message("{\"customer\":\"bob\",\"cents\":700}");
	}

	private static Message message(String data) {
		return NatsMessage.builder()
			.subject("orders.created.eu")
			.headers(new Headers().add("customer", "alice").add("tag", "x", "y"))
			.data(data, StandardCharsets.UTF_8)
			.build();
	}

	record Order(String customer, int cents) {

		String fail() {
			throw new IllegalStateException(this.customer + "'s secret");
		}

	}

	interface OpenOrder {

	}

	@SuppressWarnings("unused")
	static class Handlers {

		void handle(Order order) {
		}

		void message(org.springframework.messaging.Message<Order> order) {
		}

		void optional(Optional<Order> order) {
		}

		void map(Map<String, Object> order) {
		}

		void open(OpenOrder order) {
		}

		void withoutPayload(Delivery delivery) {
		}

	}

}
