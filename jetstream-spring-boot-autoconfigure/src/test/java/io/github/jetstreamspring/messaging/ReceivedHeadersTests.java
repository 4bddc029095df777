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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the headers of a received message as Spring sees them.
 */
class ReceivedHeadersTests {

	@Test
	void whenAPublisherHasHeadersWithSpringsNamesThenTheyAreItsOwn() {
		Message<byte[]> message = received(new Headers().put("id", "4711").put("timestamp", "yesterday"));
		assertThat(message.getHeaders().get("id")).isEqualTo("4711");
		assertThat(message.getHeaders()).containsEntry("id", "4711").containsEntry("timestamp", "yesterday");
		assertThat(message.getHeaders().getId()).isNull();
		assertThat(message.getHeaders().getTimestamp()).isNull();
		assertThat(MessageBuilder.fromMessage(message).setHeader("a", 1).build().getHeaders().getId()).isNotNull();
		assertThat(NatsMessages.headersToPublish(message.getHeaders())).containsEntry("id", List.of("4711"))
			.containsEntry("timestamp", List.of("yesterday"));
	}

	@Test
	void whenAHeaderHasTheNameOfAMapOfSpringsThenItIsNotThere() {
		Message<byte[]> message = received(new Headers().put("nativeHeaders", "x").put("tenant", "acme"));
		assertThat(message.getHeaders().get("nativeHeaders")).isNull();
		assertThat(message.getHeaders()).doesNotContainKey("nativeHeaders").containsEntry("tenant", "acme");
	}

	@Test
	void whenAHeaderHasTheNameOfOneOfOursThenItDoesNotCount() {
		Message<byte[]> message = received(new Headers().put("nats_subject", "forged").put("nats_delivery", "forged"));
		assertThat(message.getHeaders()).containsEntry("nats_subject", "jobs.a").containsEntry("nats_delivery", 1);
	}

	@Test
	void whenAClientNamesTheContentTypeThenSpringFindsIt() {
		for (String name : List.of("Content-Type", "content-type", "contentType")) {
			MessageHeaders headers = received(new Headers().put(name, "text/plain; charset=iso-8859-1")).getHeaders();
			assertThat(headers.get(MessageHeaders.CONTENT_TYPE))
				.isEqualTo(MimeTypeUtils.parseMimeType("text/plain;charset=iso-8859-1"));
			assertThat(new MessageHeaderAccessor(received(new Headers().put(name, "text/plain"))).getContentType())
				.isEqualTo(MimeTypeUtils.TEXT_PLAIN);
		}
	}

	@Test
	void whenAContentTypeCantBeReadThenThereIsNone() {
		for (String type : List.of("", "json", "text/plain; charset=none-such", "a/b/c")) {
			Message<byte[]> message = received(new Headers().put("Content-Type", type).put("contentType", type));
			assertThat(message.getHeaders().get(MessageHeaders.CONTENT_TYPE)).isNull();
			assertThat(message.getHeaders()).containsEntry("Content-Type", type).doesNotContainKey("contentType");
			assertThat(new StringMessageConverter().fromMessage(message, String.class)).isEqualTo("grün");
		}
	}

	@Test
	void whenAMessageIsPassedOnThenItsContentTypeHasTheNameThatClientsKnow() {
		assertThat(NatsMessages
			.headersToPublish(received(new Headers().put("Content-Type", "application/json")).getHeaders()))
			.containsOnlyKeys("Content-Type");
		Message<String> own = MessageBuilder.withPayload("a")
			.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON)
			.build();
		assertThat(NatsMessages.headersToPublish(own.getHeaders()))
			.containsEntry("Content-Type", List.of("application/json"))
			.hasSize(1);
	}

	@Test
	void whenAMessageIsSpringsOwnThenItsIdAndTimeStayThere() {
		Message<String> message = MessageBuilder.withPayload("a").setHeader("ref", UUID.randomUUID()).build();
		assertThat(NatsMessages.headersToPublish(message.getHeaders())).containsOnlyKeys("ref");
	}

	@Test
	void whenATextNamesItsCharsetThenItIsReadInThat() {
		NatsMessage message = new NatsMessage("jobs.a", null,
				new Headers().put("Content-Type", "text/csv; charset=iso-8859-1"),
				"grün".getBytes(StandardCharsets.ISO_8859_1));
		assertThat(JetStreamMessageConverters.text().fromMessage(NatsMessages.toMessage(message, 1), String.class))
			.isEqualTo("grün");
	}

	private static Message<byte[]> received(Headers headers) {
		return NatsMessages.toMessage(new NatsMessage("jobs.a", null, headers, "grün".getBytes(StandardCharsets.UTF_8)),
				1);
	}

}
