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

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.micrometer.context.ContextRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What interceptors set on the thread of a worker goes along with reactive handlers.
 */
@EmbeddedNats
class ContextPropagationTests {

	private static final String KEY = ContextPropagationTests.class.getName();

	private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
		ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TENANT);
	}

	@AfterAll
	static void stop() {
		ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
	}

	@Test
	void whenAMonoGoesOnElsewhereThenTheContextGoesAlong() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Monos.class, TenantInterceptor.class))) {
			worker.template().message("a").to("jobs.order").header("Tenant", "acme").publish();
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Monos.class).seen).containsExactly("a of acme");
		}
	}

	static class Monos {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		Mono<Void> handle(String job) {
			return Mono
				.deferContextual((context) -> Mono.fromRunnable(() -> this.seen.add(job + " of " + context.get(KEY))))
				.subscribeOn(Schedulers.boundedElastic())
				.then();
		}

	}

	static class TenantInterceptor implements DeliveryInterceptor {

		@Override
		public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
			TENANT.set(delivery.headers().getFirst("Tenant"));
			try {
				return next.proceed();
			}
			finally {
				TENANT.remove();
			}
		}

	}

}
