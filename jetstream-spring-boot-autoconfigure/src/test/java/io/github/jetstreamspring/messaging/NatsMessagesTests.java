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

import java.util.List;
import java.util.Map;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.SerializationUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link NatsMessages}.
 */
class NatsMessagesTests {

	private final io.nats.client.Message natsMessage = NatsMessage.builder()
		.subject("orders.created")
		.headers(new Headers().add("trace", "t-1").add("tag", "x", "y"))
		.data("data")
		.build();

	private final MessageHeaders headers = NatsMessages.toMessage(this.natsMessage, "delivery").getHeaders();

	@Test
	void headersAreFoundOneByOne() {
		assertThat(this.headers.get("trace")).isEqualTo("t-1");
		assertThat(this.headers.get("trace", String.class)).isEqualTo("t-1");
		assertThat(this.headers.get("tag")).isEqualTo(List.of("x", "y"));
		assertThat(this.headers.get(JetStreamHeaders.SUBJECT)).isEqualTo("orders.created");
		assertThat(this.headers.get(JetStreamHeaders.MESSAGE)).isSameAs(this.natsMessage);
		assertThat(this.headers.get(JetStreamHeaders.DELIVERY)).isEqualTo("delivery");
		assertThat(this.headers.get("none")).isNull();
		assertThat(this.headers.get("none", String.class)).isNull();
		assertThat(this.headers.containsKey("trace")).isTrue();
		assertThat(this.headers.containsKey("none")).isFalse();
		assertThat(this.headers.isEmpty()).isFalse();
	}

	@Test
	void headersAreFoundAllTogether() {
		assertThat(Map.copyOf(this.headers))
			.isEqualTo(Map.of("trace", "t-1", "tag", List.of("x", "y"), JetStreamHeaders.SUBJECT, "orders.created",
					JetStreamHeaders.MESSAGE, this.natsMessage, JetStreamHeaders.DELIVERY, "delivery"));
		assertThat(this.headers).hasSize(5).containsValue("t-1").containsOnlyKeys(this.headers.keySet());
		assertThat(this.headers.values()).hasSize(5);
		assertThat(this.headers.toString()).contains("trace=t-1");
	}

	@Test
	void headersHaveNeitherIdNorTime() {
		assertThat(this.headers.getId()).isNull();
		assertThat(this.headers.getTimestamp()).isNull();
	}

	@Test
	void whenAHeaderHasAnotherTypeThenItIsNamedWithoutItsValue() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.headers.get("trace", Integer.class))
			.withMessage("Header 'trace' is a String, not a Integer");
	}

	@Test
	void headersAreEqualWhenTheirValuesAre() {
		MessageHeaders same = NatsMessages.toMessage(this.natsMessage, "delivery").getHeaders();
		MessageHeaders other = NatsMessages.toMessage(this.natsMessage, "another").getHeaders();
		assertThat(this.headers).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
	}

	@Test
	void headersCanBeCopied() {
		Message<String> copy = MessageBuilder.withPayload("payload").copyHeaders(this.headers).build();
		assertThat(copy.getHeaders()).containsEntry("trace", "t-1")
			.containsEntry(JetStreamHeaders.SUBJECT, "orders.created");
		assertThat(new MessageHeaderAccessor(NatsMessages.toMessage(this.natsMessage, "delivery")).getHeader("trace"))
			.isEqualTo("t-1");
	}

	@Test
	void headersCanBeSerialized() {
		byte[] bytes = SerializationUtils.serialize(this.headers);
		assertThat(bytes).isNotEmpty();
		assertThat(new String(bytes)).contains("t-1");
	}

	@Test
	void whenThereIsNoDataThenThePayloadIsEmpty() {
		assertThat(NatsMessages.toMessage(NatsMessage.builder().subject("orders").build(), "delivery").getPayload())
			.isEmpty();
	}

	@Test
	void whenHeadersArePublishedThenThoseAreLeftOutThatBelongToAnotherMessage() {
		Message<String> message = MessageBuilder.withPayload("payload")
			.copyHeaders(this.headers)
			.setHeader("Nats-Msg-Id", "order-1")
			.setHeader("nats-expected-stream", "orders")
			.setHeader("number", 7)
			.setHeader("flags", List.of(true, "yes"))
			.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON)
			.setHeader("socket", new Object())
			.setHeader("empty", List.of())
			.build();
		assertThat(NatsMessages.headersToPublish(message.getHeaders()))
			.isEqualTo(Map.of("trace", List.of("t-1"), "tag", List.of("x", "y"), "number", List.of("7"), "flags",
					List.of("true", "yes"), "Content-Type", List.of("application/json")));
	}

}
