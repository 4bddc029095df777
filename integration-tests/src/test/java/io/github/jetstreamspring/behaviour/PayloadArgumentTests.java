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

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What methods take of the payload of a message.
 */
class PayloadArgumentTests extends BehaviourTests {

	@Test
	void aPayloadIsOfWhateverTypeTheParameterHas() throws Exception {
		try (Worker worker = run(OfTypes.class, TWO_CONSUMERS)) {
			publishTo(worker, "jobs.record", "{\"id\":\"a\",\"customer\":\"b\",\"cents\":1}");
			publishTo(worker, "jobs.int", "42");
			publishTo(worker, "jobs.enum", "\"GREEN\"");
			publishTo(worker, "jobs.uuid", "\"00000000-0000-0001-0000-000000000002\"");
			publishTo(worker, "jobs.date", "\"2026-11-29\"");
			publishTo(worker, "jobs.map", "{\"a\":1.50}");
			publishTo(worker, "jobs.tree", "{\"a\":[1,2]}");
			handles(worker, new Order("a", "b", 1), 42, Colour.GREEN, new UUID(1, 2), LocalDate.of(2026, 11, 29),
					Map.of("a", new BigDecimal("1.50")), 2);
		}
	}

	@Test
	void aStringOrBytesAreThePayloadAsItCameWhateverItsContentType() throws Exception {
		try (Worker worker = run(OfTypes.class, TWO_CONSUMERS)) {
			publishTo(worker, "jobs.text", "{\"größe\": 1}", "Content-Type", "application/json");
			publishTo(worker, "jobs.bytes", "plain", "Content-Type", "text/plain");
			publishTo(worker, "jobs.object", "{}");
			handles(worker, "{\"größe\": 1}", "plain", "an object is the bytes");
		}
	}

	@Test
	void aGenericPayloadInAMessageIsConvertedInFull() throws Exception {
		try (Worker worker = run(OfMessage.class)) {
			publish(worker, "[{\"id\":\"a\",\"customer\":\"b\",\"cents\":1}]", "tenant", "acme");
			handles(worker, "b of acme");
		}
	}

	@Test
	void aMessageWithoutPayloadIsADeadLetterUnlessTheParameterMayBeEmpty() throws Exception {
		try (Worker worker = run(OfRecord.class)) {
			publish(worker, "");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is empty");
		}
		for (Class<?> bean : List.of(NotRequired.class, OfOptional.class, OfNullable.class)) {
			try (Worker worker = run(bean)) {
				publish(worker, "");
				handles(worker, "none");
			}
		}
	}

	@Test
	void anExpressionForThePayloadIsRefused() {
		assertThat(refused(PayloadExpression.class)).singleElement()
			.asString()
			.contains("'customer' has an expression, which is not supported", "Take the whole payload");
	}

	@Test
	void twoParametersForThePayloadAreRefused() {
		assertThat(refused(TwoPayloads.class)).singleElement()
			.asString()
			.contains("a message has one payload, but 2 parameters ask for it", "@Header(\"<name>\")");
	}

	@Test
	void aSubclassOfMessageIsRefused() {
		assertThat(refused(SubclassOfMessage.class)).singleElement()
			.asString()
			.contains("parameter 'message' is a GenericMessage", "Make it a Message");
	}

	static class OfRecord extends Noting {

		OfRecord(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(Order payload) {
			note(payload);
		}

	}

	enum Colour {

		GREEN

	}

	static class OfTypes extends Noting {

		OfTypes(Notes notes) {
			super(notes);
		}

		@JetStreamListener(stream = "jobs", consumer = "record", subjects = "jobs.record")
		void ofRecord(Order payload) {
			note(payload);
		}

		@JetStreamListener(stream = "jobs", consumer = "int", subjects = "jobs.int")
		void ofInt(int payload) {
			note(payload);
		}

		@JetStreamListener(stream = "jobs", consumer = "enum", subjects = "jobs.enum")
		void ofEnum(Colour payload) {
			note(payload);
		}

		@JetStreamListener(stream = "jobs", consumer = "uuid", subjects = "jobs.uuid")
		void ofUuid(UUID payload) {
			note(payload);
		}

		@JetStreamListener(stream = "jobs", consumer = "date", subjects = "jobs.date")
		void ofDate(LocalDate payload) {
			note(payload);
		}

		@JetStreamListener(stream = "jobs", consumer = "map", subjects = "jobs.map")
		void ofMap(Map<String, BigDecimal> payload) {
			note(payload);
		}

		@JetStreamListener(stream = "jobs", consumer = "tree", subjects = "jobs.tree")
		void ofTree(JsonNode payload) {
			note(payload.get("a").size());
		}

		@JetStreamListener(stream = "jobs", consumer = "text", subjects = "jobs.text")
		void ofText(String payload) {
			note(payload);
		}

		@JetStreamListener(stream = "jobs", consumer = "bytes", subjects = "jobs.bytes")
		void ofBytes(byte[] payload) {
			note(new String(payload, StandardCharsets.UTF_8));
		}

		@JetStreamListener(stream = "jobs", consumer = "object", subjects = "jobs.object")
		void ofObject(Object payload) {
			note((payload instanceof byte[]) ? "an object is the bytes" : payload);
		}

	}

	static class OfMessage extends Noting {

		OfMessage(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(Message<List<Order>> message) {
			note(message.getPayload().get(0).customer() + " of " + message.getHeaders().get("tenant"));
		}

	}

	static class NotRequired extends Noting {

		NotRequired(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Payload(required = false) @Nullable Order payload) {
			note((payload == null) ? "none" : payload);
		}

	}

	static class OfOptional extends Noting {

		OfOptional(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(Optional<Order> payload) {
			note(payload.<Object>map((order) -> order).orElse("none"));
		}

	}

	static class OfNullable extends Noting {

		OfNullable(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Nullable Order payload) {
			note((payload == null) ? "none" : payload);
		}

	}

	static class PayloadExpression {

		@JetStreamListener("worker")
		void handle(@Payload("customer") String customer) {
		}

	}

	static class TwoPayloads {

		@JetStreamListener("worker")
		void handle(Order order, String tenant) {
		}

	}

	static class SubclassOfMessage {

		@JetStreamListener("worker")
		void handle(GenericMessage<Order> message) {
		}

	}

}
