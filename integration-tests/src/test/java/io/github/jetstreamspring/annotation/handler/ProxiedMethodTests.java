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
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.ListenerConfigurationException;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Configuration;
import org.springframework.resilience.annotation.ConcurrencyLimit;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for methods whose beans are proxies.
 */
@EmbeddedNats
class ProxiedMethodTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAMethodHasAConcurrencyLimitThenNoMoreThanThatRunAtOnce() throws Exception {
		try (Worker worker = worker(Limited.class, "jetstream.listener.concurrency=4")) {
			worker.publishTogether("jobs.order", "a", "b", "c", "d", "e", "f", "g", "h");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Limited.class).most()).isEqualTo(1);
		}
	}

	@Test
	void whenAMethodIsRetryableThenItIsTriedAgainWithinItsDelivery() throws Exception {
		try (Worker worker = worker(Retried.class, "jetstream.listener.retry.max-attempts=1")) {
			worker.template().publish("jobs.order", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(Retried.class).runs()).isEqualTo(2);
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenAProxyHasAnInterfaceThenItsMethodIsCalled() throws Exception {
		try (Worker worker = worker(Behind.class, "spring.aop.proxy-target-class=false")) {
			worker.template().publish("jobs.order", Order.of("a"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(OrderHandler.class).count()).isEqualTo(1);
		}
	}

	@Test
	void whenTheInterfaceOfAProxyHasTheAnnotationThenTheMethodIsCalledThroughTheProxy() throws Exception {
		try (Worker worker = worker(BehindGeneric.class, "spring.aop.proxy-target-class=false",
				"jetstream.listener.retry.max-attempts=1")) {
			worker.template().publish("jobs.order", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(BehindGeneric.runs).hasValue(2);
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenAProxyCantTakeOverTheMethodThenStartUpSaysWhatToDo() {
		assertThat(catchThrowableOfType(ListenerConfigurationException.class, () -> worker(Final.class)).getProblems())
			.singleElement()
			.satisfies((problem) -> {
				assertThat(problem.description()).contains("behind a proxy", "final");
				assertThat(problem.fix()).contains("public or protected, and not final");
			});
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean, Resilience.class), properties);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableResilientMethods
	static class Resilience {

	}

	static class Limited {

		private final AtomicInteger running = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		@JetStreamListener("worker")
		@ConcurrencyLimit(1)
		void handle(String job) {
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			Thread.yield();
			this.running.decrementAndGet();
		}

		int most() {
			return this.most.get();
		}

	}

	static class Retried {

		private final AtomicInteger runs = new AtomicInteger();

		@JetStreamListener("worker")
		@Retryable(maxRetries = 2, delay = 1)
		void handle(String job) {
			if (this.runs.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
		}

		int runs() {
			return this.runs.get();
		}

	}

	interface OrderHandler {

		@ConcurrencyLimit(1)
		void handle(Order order);

		int count();

	}

	static class Behind implements OrderHandler {

		private final AtomicInteger count = new AtomicInteger();

		@Override
		@JetStreamListener("worker")
		public void handle(Order order) {
			if (!order.equals(Order.of("a"))) {
				throw new DeadLetterException("not what was sent");
			}
			this.count.incrementAndGet();
		}

		@Override
		public int count() {
			return this.count.get();
		}

	}

	interface GenericHandler<T> {

		@JetStreamListener("worker")
		@Retryable(maxRetries = 2, delay = 1)
		void handle(T job);

	}

	static class BehindGeneric implements GenericHandler<String> {

		static final AtomicInteger runs = new AtomicInteger();

		@Override
		public void handle(String job) {
			if (runs.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
		}

	}

	static class Final {

		private final AtomicInteger runs = new AtomicInteger();

		@JetStreamListener("worker")
		public final void handle(String job) {
			this.runs.incrementAndGet();
		}

		@ConcurrencyLimit(1)
		public void other() {
		}

	}

}
