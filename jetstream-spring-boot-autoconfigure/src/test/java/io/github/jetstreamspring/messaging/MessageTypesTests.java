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

package io.github.jetstreamspring.messaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MessageTypes}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MessageTypesTests {

	@Test
	void whenAClassHasNoNameOfItsOwnThenItIsItsSimpleNameInKebabCase() {
		MessageTypes types = new MessageTypes();
		assertThat(types.nameOf(new OrderCreated())).isEqualTo("order-created");
		assertThat(types.nameOf(new HTTPRequestV2())).isEqualTo("http-request-v2");
		assertThat(types.nameOf(Color.RED)).isEqualTo("color");
		assertThat(types.nameOf(Color.GREEN)).isEqualTo("color");
	}

	@Test
	void whenTheNameOfAClassTellsNothingThenThereIsNone() {
		MessageTypes types = new MessageTypes();
		assertThat(types.nameOf("text")).isNull();
		assertThat(types.nameOf(new byte[1])).isNull();
		assertThat(types.nameOf(1)).isNull();
		assertThat(types.nameOf(List.of(new OrderCreated()))).isNull();
		assertThat(types.nameOf(new OrderCreated[0])).isNull();
		assertThat(types.nameOf(new OrderCreated() {
		})).isNull();
		assertThat(types.nameOf((Runnable) () -> {
		})).isNull();
	}

	@Test
	void whenAClassHasSeveralNamesThenTheFirstIsWrittenAndAllAreRead() {
		Map<String, Class<?>> names = new LinkedHashMap<>();
		names.put("shop.order.created", OrderCreated.class);
		names.put("created", OrderCreated.class);
		names.put("order-created", Other.OrderCreated.class);
		MessageTypes types = new MessageTypes("X-Type", names);
		assertThat(types.nameOf(new OrderCreated())).isEqualTo("shop.order.created");
		assertThat(types.find("shop.order.created")).isEqualTo(OrderCreated.class);
		assertThat(types.find("created")).isEqualTo(OrderCreated.class);
		assertThat(types.find("order-created")).isEqualTo(Other.OrderCreated.class);
		assertThat(types.nameOf(new Other.OrderCreated())).isEqualTo("order-created");
		assertThat(types.names(OrderCreated.class)).containsExactly("shop.order.created", "created");
	}

	@Test
	void whenNobodyTakesAClassThenItsNameIsUnknown() {
		MessageTypes types = new MessageTypes();
		assertThat(types.find("order-created")).isNull();
		assertThat(types.find(OrderCreated.class.getName())).isNull();
		assertThat(types.learn(OrderCreated.class)).isNull();
		assertThat(types.find("order-created")).isEqualTo(OrderCreated.class);
		assertThat(types.find(OrderCreated.class.getName())).isNull();
		assertThat(types.learn(OrderCreated.class)).isNull();
	}

	@Test
	void whenASealedTypeIsTakenThenAllThatItPermitsIsKnown() {
		MessageTypes types = new MessageTypes();
		assertThat(types.learn(Shape.class)).isNull();
		assertThat(types.find("circle")).isEqualTo(Circle.class);
		assertThat(types.find("square")).isEqualTo(Square.class);
		assertThat(types.find("shape")).isNull();
		assertThat(types.find("polygon")).isNull();
		assertThat(types.subtypes(Shape.class)).containsExactlyInAnyOrder(Circle.class, Square.class);
		assertThat(types.subtypes(Circle.class)).isEmpty();
	}

	@Test
	void whenTwoClassesHaveOneNameThenTheSecondOneIsAClash(CapturedOutput output) {
		MessageTypes types = new MessageTypes();
		types.learn(OrderCreated.class);
		assertThat(types.learn(Other.OrderCreated.class))
			.isEqualTo(new MessageTypes.Clash("order-created", Other.OrderCreated.class, OrderCreated.class));
		assertThat(types.nameOf(new Other.OrderCreated())).isNull();
		assertThat(types.nameOf(new Other.OrderCreated())).isNull();
		assertThat(output).containsOnlyOnce("jetstream.messaging.types.<name>: " + Other.OrderCreated.class.getName());
	}

	@Test
	void whenAMessageHasATypeThenItIsReadInWhateverCaseTheHeaderIs() {
		MessageTypes types = new MessageTypes();
		assertThat(types.read(message("Message-Type", " a "))).isEqualTo("a");
		assertThat(types.read(message("message-type", "a"))).isEqualTo("a");
		assertThat(types.read(message("Message-Type", " "))).isNull();
		assertThat(types.read(message("Other", "a"))).isNull();
		assertThat(types.read(new NatsMessage("a", null, new byte[0]))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "Nats-Type", "a:b", "ä" })
	void whenTheHeaderCantBeOneThenItIsRefused(String header) {
		assertThatIllegalArgumentException().isThrownBy(() -> new MessageTypes(header, Map.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a\nb", " a" })
	void whenANameCantBeOneThenItIsRefused(String name) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new MessageTypes("Message-Type", Map.of(name, OrderCreated.class)));
	}

	private static NatsMessage message(String header, String value) {
		return new NatsMessage("a", null, new Headers().put(header, value), new byte[0]);
	}

	static class OrderCreated {

	}

	static class HTTPRequestV2 {

	}

	static class Other {

		static class OrderCreated {

		}

	}

	enum Color {

		RED, GREEN {
		}

	}

	sealed interface Shape permits Circle, Polygon {

	}

	record Circle() implements Shape {
	}

	sealed interface Polygon extends Shape permits Square {

	}

	record Square() implements Polygon {
	}

}
