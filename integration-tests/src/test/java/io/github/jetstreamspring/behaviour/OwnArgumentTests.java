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

import java.nio.charset.StandardCharsets;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.MimeType;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What methods take because of a bean of the application: a resolver, a converter or a
 * validator.
 */
class OwnArgumentTests extends BehaviourTests {

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

	record Tenant(String name) {
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnArgument extends Noting {

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
	static class PrimaryConverter extends Noting {

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

	static class Validating extends Noting {

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

	static class ValidatingGroups extends Noting {

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
