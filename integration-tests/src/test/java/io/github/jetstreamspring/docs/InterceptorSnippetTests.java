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

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The snippet about interceptors.
 */
@EmbeddedNats
class InterceptorSnippetTests {

	@Test
	void anInterceptorIsThereForTheHandlerAndToldTheOutcome(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext context = run(server)) {
			context.getBean(JetStreamTemplate.class)
				.message("o-1")
				.to("orders.created")
				.header("Tenant", "acme")
				.publish();
			Worker worker = context.getBean(Worker.class);
			await().untilAsserted(() -> assertThat(worker.handled).containsExactly("o-1 of acme"));
			await().untilAsserted(() -> assertThat(TenantInterceptor.logger.lines)
				.containsExactly("Message 1 of orders is " + Settlement.HANDLED));
		}
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--jetstream.streams.orders.subjects=orders.>",
					"--jetstream.streams.orders.consumers.worker.ack-wait=30s");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ TenantInterceptor.class, Worker.class })
	static class Application {

	}

	static class Worker {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void work(String order) {
			this.handled.add(order + " of " + Tenant.get());
		}

	}

	static final class Tenant {

		private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

		private Tenant() {
		}

		static void set(@Nullable String tenant) {
			CURRENT.set(tenant);
		}

		static String get() {
			return CURRENT.get();
		}

		static void clear() {
			CURRENT.remove();
		}

	}

	/**
	 * Keeps what was logged.
	 */
	static final class Lines {

		private final List<String> lines = new CopyOnWriteArrayList<>();

		void info(String pattern, Object... arguments) {
			this.lines.add(pattern.replace("{}", "%s").formatted(arguments));
		}

	}

	@Component
	static class TenantInterceptor implements DeliveryInterceptor {

		private static final Lines logger = new Lines();

		// tag::interceptor[]
		@Override
		public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
			Tenant.set(delivery.headers().getFirst("Tenant"));
			try {
				return next.proceed();
			}
			finally {
				Tenant.clear();
			}
		}

		@Override
		public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
			logger.info("Message {} of {} is {}", delivery.streamSequence(), delivery.stream(), settlement);
		}
		// end::interceptor[]

	}

}
