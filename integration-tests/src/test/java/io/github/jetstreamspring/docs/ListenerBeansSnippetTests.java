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

package io.github.jetstreamspring.docs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Snippets of the page about the beans of single listeners.
 */
@EmbeddedNats
class ListenerBeansSnippetTests {

	@Test
	void listenersUseTheBeansThatTheyName(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = Snippets.run(Application.class, "listener-beans.yml",
				"jetstream.servers=" + server.url())) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.message("4711,open").to("bookings").header("tenant", "acme").publish();
			template.message("4712,again").to("bookings").header("tenant", "acme").publish();
			template.message("4713,closed").to("bookings").header("tenant", "acme").publish();
			Importer importer = context.getBean(Importer.class);
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			await().untilAsserted(() -> assertThat(importer.saved).containsExactlyInAnyOrder("4711", "acme 4711",
					"acme 4712", "acme 4713"));
			await().until(() -> management.getStreamInfo("dead-letters").getStreamState().getMsgCount() == 1);
			await().untilAsserted(() -> assertThat(context.getBean("auditor", Auditor.class).seen).hasSize(6));
			assertThat(context.getBean(JetStreamListeners.class).ids()).containsExactlyInAnyOrder("importer",
					"exporter");
		}
	}

	@Import({ ConfigurationSnippetTests.Application.class, Importer.class, TenantResolver.class })
	static class Application {

		// tag::bean[]
		@Bean(defaultCandidate = false)
		RetryPolicy patient() {
			return RetryPolicy.exponential(20, Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.25);
		}
		// end::bean[]

		// tag::error-handler[]
		@Bean
		ListenerErrorHandler bookings() {
			return (delivery, failure) -> {
				if (failure instanceof AlreadyBookedException) {
					delivery.ack();
				}
				if (failure instanceof ClosedPeriodException) {
					throw new DeadLetterException("the period is closed");
				}
			};
		}
		// end::error-handler[]

		@Bean(defaultCandidate = false)
		MessageConverter csvConverter() {
			return new CsvConverter();
		}

		@Bean(defaultCandidate = false)
		Auditor auditor() {
			return new Auditor();
		}

	}

	record Booking(String number, String state) {

	}

	record Tenant(String name) {

	}

	static class Importer {

		final List<String> saved = new CopyOnWriteArrayList<>();

		// tag::named[]
		@JetStreamListener(value = "importer", converter = "csvConverter", interceptors = "auditor",
				retryPolicy = "patient", errorHandler = "bookings")
		void book(Booking booking) {
			save(booking);
		}
		// end::named[]

		@JetStreamListener("exporter")
		void export(Tenant tenant, Booking booking) {
			this.saved.add(tenant.name() + " " + booking.number());
		}

		private void save(Booking booking) {
			switch (booking.state()) {
				case "again" -> throw new AlreadyBookedException();
				case "closed" -> throw new ClosedPeriodException();
				default -> this.saved.add(booking.number());
			}
		}

	}

	static class AlreadyBookedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	static class ClosedPeriodException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	static class Auditor implements DeliveryInterceptor {

		final List<String> seen = new CopyOnWriteArrayList<>();

		@Override
		public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
			this.seen.add(delivery.toString());
			return next.proceed();
		}

	}

	static class CsvConverter implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			String[] fields = new String((byte[]) message.getPayload(), StandardCharsets.UTF_8).split(",");
			return new Booking(fields[0], fields[1]);
		}

		@Override
		public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return MessageBuilder.createMessage(payload, headers);
		}

	}

	// tag::resolver[]
	static class TenantResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Tenant.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return new Tenant(String.valueOf(message.getHeaders().get("tenant")));
		}

	}
	// end::resolver[]

}
