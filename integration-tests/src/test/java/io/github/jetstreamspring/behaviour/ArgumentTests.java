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
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.converter.Converter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.MimeType;
import org.springframework.util.MultiValueMap;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What methods take.
 */
class ArgumentTests extends BehaviourTests {

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
	void aHeaderIsRequiredOptionalOrHasADefaultWithPlaceholders() throws Exception {
		try (Worker worker = run(SingleHeaders.class, "default-region=north")) {
			publish(worker, "x", "tenant", "acme");
			handles(worker, "acme null north Optional.empty");
			notes(worker).clear();
			publish(worker, "x", "tenant", "acme", "source", "shop", "region", "south", "trace", "t-1");
			handles(worker, "acme shop south Optional[t-1]");
			publish(worker, "x");
			assertThat(reasonOfDeadLetter(worker)).contains("Missing header 'tenant'");
		}
	}

	@Test
	void aHeaderIsNamedByItsParameterAndConvertedToItsType() throws Exception {
		try (Worker worker = run(ConvertedHeaders.class)) {
			publish(worker, "x", "count", "7", "wait", "5s", "colour", "GREEN", "tags", "a", "tags", "b", "tenant",
					"acme");
			handles(worker, "7 PT5S GREEN [a, b] Tenant[name=acme]");
			publish(worker, "x", "count", "seven");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("Header 'count' can't be converted: it is no int");
		}
	}

	@Test
	void allHeadersAreAMapOrMessageHeadersOrAnAccessor() throws Exception {
		try (Worker worker = run(AllHeaders.class)) {
			publish(worker, "x", "tenant", "acme");
			handles(worker, "acme acme acme acme");
		}
	}

	@Test
	void otherKindsOfMapsAndAccessorsAreRefused() {
		assertThat(refused(WrongHeaders.class)).hasSize(3)
			.allSatisfy((problem) -> assertThat(problem).contains("which is to hold all headers",
					"Make it a Map<String, Object>, MessageHeaders or MessageHeaderAccessor"));
	}

	@Test
	void aSubclassOfMessageIsRefused() {
		assertThat(refused(SubclassOfMessage.class)).singleElement()
			.asString()
			.contains("parameter 'message' is a GenericMessage", "Make it a Message");
	}

	@Test
	void whatTheServerSaysOfTheDeliveryAreHeadersToo() throws Exception {
		try (Worker worker = run(DeliveryHeaders.class)) {
			publish(worker, "x");
			handles(worker, "jobs worker 1 1 jobs.worker jobs");
		}
	}

	@Test
	void aResolverOfTheApplicationsGetsArgumentsOfItsOwn() throws Exception {
		try (Worker worker = run(OwnArgument.class)) {
			publish(worker, "x", "tenant", "acme");
			handles(worker, new Tenant("acme"));
		}
	}

	@Test
	void thePrimaryOfSeveralMessageConvertersIsTaken() throws Exception {
		try (Worker worker = run(PrimaryConverter.class)) {
			publish(worker, "a");
			handles(worker, new Tenant("a"));
		}
	}

	@Test
	void aPayloadIsValidatedAndAnInvalidOneIsADeadLetterAtOnce() throws Exception {
		try (Worker worker = run(Validating.class)) {
			publish(worker, "{\"id\":\"a\",\"customer\":\"b\",\"cents\":0}");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is not valid: cents (Positive)");
			assertThat(notes(worker)).isEmpty();
		}
	}

	@Test
	void validationKnowsGroups() throws Exception {
		try (Worker worker = run(ValidatingGroups.class)) {
			publish(worker, "{\"name\":\"\",\"count\":0}");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is not valid: name (NotBlank)");
			publish(worker, "{\"name\":\"a\",\"count\":0}");
			handles(worker, "a");
		}
	}

	@Test
	void aValidatorOfTheApplicationsIsTaken() throws Exception {
		try (Worker worker = run(OwnValidator.class)) {
			publish(worker, "{\"id\":\"a\",\"customer\":\"mallory\",\"cents\":1}");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is not valid: customer (unwelcome)");
		}
	}

	static class OfRecord extends DeclarationTests.Noting {

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

	static class OfTypes extends DeclarationTests.Noting {

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

	static class OfMessage extends DeclarationTests.Noting {

		OfMessage(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(Message<List<Order>> message) {
			note(message.getPayload().get(0).customer() + " of " + message.getHeaders().get("tenant"));
		}

	}

	static class NotRequired extends DeclarationTests.Noting {

		NotRequired(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Payload(required = false) @Nullable Order payload) {
			note((payload == null) ? "none" : payload);
		}

	}

	static class OfOptional extends DeclarationTests.Noting {

		OfOptional(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(Optional<Order> payload) {
			note(payload.<Object>map((order) -> order).orElse("none"));
		}

	}

	static class OfNullable extends DeclarationTests.Noting {

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

	static class SingleHeaders extends DeclarationTests.Noting {

		SingleHeaders(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Header("tenant") String tenant, @Header(name = "source", required = false) String source,
				@Header(name = "region", defaultValue = "${default-region}") String region,
				@Header("trace") Optional<String> trace) {
			note("%s %s %s %s".formatted(tenant, source, region, trace));
		}

	}

	record Tenant(String name) {
	}

	@Configuration(proxyBeanMethods = false)
	static class ConvertedHeaders extends DeclarationTests.Noting {

		ConvertedHeaders(Notes notes) {
			super(notes);
		}

		@Bean
		static Converter<String, Tenant> tenants() {
			return new Converter<>() {

				@Override
				public Tenant convert(String name) {
					return new Tenant(name);
				}

			};
		}

		@JetStreamListener("worker")
		void handle(@Header int count, @Header Duration wait, @Header Colour colour, @Header List<String> tags,
				@Header Tenant tenant) {
			note("%d %s %s %s %s".formatted(count, wait, colour, tags, tenant));
		}

	}

	/**
	 * An accessor of the application's, which knows how it is made.
	 */
	public static class TenantAccessor extends MessageHeaderAccessor {

		TenantAccessor(Message<?> message) {
			super(message);
		}

		public static TenantAccessor wrap(Message<?> message) {
			return new TenantAccessor(message);
		}

		Object tenant() {
			return String.valueOf(getHeader("tenant"));
		}

	}

	static class AllHeaders extends DeclarationTests.Noting {

		AllHeaders(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Headers Map<String, Object> map, MessageHeaders headers, MessageHeaderAccessor accessor,
				TenantAccessor own) {
			note("%s %s %s %s".formatted(map.get("tenant"), headers.get("tenant"), accessor.getHeader("tenant"),
					own.tenant()));
		}

	}

	static class OtherAccessor extends MessageHeaderAccessor {

	}

	static class WrongHeaders {

		@JetStreamListener("worker")
		void handle(@Headers HashMap<String, Object> map, @Headers MultiValueMap<String, Object> multiple,
				OtherAccessor accessor) {
		}

	}

	static class SubclassOfMessage {

		@JetStreamListener("worker")
		void handle(GenericMessage<Order> message) {
		}

	}

	static class DeliveryHeaders extends DeclarationTests.Noting {

		DeliveryHeaders(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Header(JetStreamHeaders.STREAM) String stream, @Header(JetStreamHeaders.CONSUMER) String consumer,
				@Header(JetStreamHeaders.SEQUENCE) long sequence, @Header(JetStreamHeaders.ATTEMPT) int attempt,
				@Header(JetStreamHeaders.SUBJECT) String subject, Delivery delivery) {
			note("%s %s %d %d %s %s".formatted(stream, consumer, sequence, attempt, subject, delivery.stream()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnArgument extends DeclarationTests.Noting {

		OwnArgument(Notes notes) {
			super(notes);
		}

		@Bean
		static HandlerMethodArgumentResolver tenants() {
			return new HandlerMethodArgumentResolver() {

				@Override
				public boolean supportsParameter(MethodParameter parameter) {
					return parameter.getParameterType() == Tenant.class;
				}

				@Override
				public Object resolveArgument(MethodParameter parameter, Message<?> message) {
					return new Tenant(String.valueOf(message.getHeaders().get("tenant")));
				}

			};
		}

		@JetStreamListener("worker")
		void handle(Tenant tenant) {
			note(tenant);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryConverter extends DeclarationTests.Noting {

		PrimaryConverter(Notes notes) {
			super(notes);
		}

		@Bean
		static MessageConverter other() {
			return new StringMessageConverter();
		}

		@Bean
		@Primary
		static MessageConverter primary() {
			return new AbstractMessageConverter(new MimeType("application", "octet-stream")) {

				@Override
				protected boolean supports(Class<?> type) {
					return true;
				}

				@Override
				protected Object convertFromInternal(Message<?> message, Class<?> targetClass,
						@Nullable Object conversionHint) {
					return new Tenant(new String((byte[]) message.getPayload(), StandardCharsets.UTF_8));
				}

			};
		}

		@JetStreamListener("worker")
		void handle(Tenant tenant) {
			note(tenant);
		}

	}

	static class Validating extends DeclarationTests.Noting {

		Validating(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Payload @Valid Order order) {
			note(order);
		}

	}

	interface Strict {

	}

	record Part(@NotBlank(groups = Strict.class) String name, @Positive int count) {
	}

	static class ValidatingGroups extends DeclarationTests.Noting {

		ValidatingGroups(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Validated(Strict.class) Part part) {
			note(part.name());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnValidator extends Validating {

		OwnValidator(Notes notes) {
			super(notes);
		}

		@Bean
		@Primary
		static Validator validator() {
			return new Validator() {

				@Override
				public boolean supports(Class<?> type) {
					return type == Order.class;
				}

				@Override
				public void validate(Object target, Errors errors) {
					if (((Order) target).customer().equals("mallory")) {
						errors.rejectValue("customer", "unwelcome");
					}
				}

			};
		}

	}

}
