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

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What methods take of the headers of a message.
 */
class HeaderArgumentTests extends BehaviourTests {

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
	void whatTheServerSaysOfTheDeliveryAreHeadersToo() throws Exception {
		try (Worker worker = run(DeliveryHeaders.class)) {
			publish(worker, "x");
			handles(worker, "jobs worker 1 1 jobs.worker jobs");
		}
	}

	static class SingleHeaders extends Noting {

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

	@Configuration(proxyBeanMethods = false)
	static class ConvertedHeaders extends Noting {

		ConvertedHeaders(Notes notes) {
			super(notes);
		}

		@Bean
		static Converter<String, OwnArgumentTests.Tenant> tenants() {
			return new Converter<>() {

				@Override
				public OwnArgumentTests.Tenant convert(String name) {
					return new OwnArgumentTests.Tenant(name);
				}

			};
		}

		@JetStreamListener("worker")
		void handle(@Header int count, @Header Duration wait, @Header PayloadArgumentTests.Colour colour,
				@Header List<String> tags, @Header OwnArgumentTests.Tenant tenant) {
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

	static class AllHeaders extends Noting {

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

	static class DeliveryHeaders extends Noting {

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

}
