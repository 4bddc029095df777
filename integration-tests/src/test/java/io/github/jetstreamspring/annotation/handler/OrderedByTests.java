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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for methods whose messages are ordered by a key.
 */
@EmbeddedNats
class OrderedByTests {

	private static final List<String> CUSTOMERS = List.of("alice", "bob", "carol", "dave");

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenOrderedByAHeaderThenEachKeyIsInOrderThroughRetries() throws Exception {
		try (Worker worker = worker(ByHeader.class)) {
			publishAndAwait(worker);
			assertInOrder(worker.bean(ByHeader.class).recorder);
		}
	}

	@Test
	void whenOrderedByThePayloadThenEachKeyIsInOrderThroughRetries() throws Exception {
		try (Worker worker = worker(ByPayload.class)) {
			publishAndAwait(worker);
			assertInOrder(worker.bean(ByPayload.class).recorder);
		}
	}

	@Test
	void whenOrderedByATokenThenEachKeyIsInOrderThroughRetries() throws Exception {
		try (Worker worker = worker(ByToken.class)) {
			publishAndAwait(worker);
			assertInOrder(worker.bean(ByToken.class).recorder);
		}
	}

	@Test
	void whenAMessageHasNoKeyThenItIsBoundToNoOrder() throws Exception {
		try (Worker worker = worker(Together.class)) {
			// Each waits until both run, which they never would one after the other
			worker.publishTogether("jobs.a", Order.of("1"), Order.of("2"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenAKeyCantBeToldThenTheMessageBecomesADeadLetterAndOthersGoOn() throws Exception {
		try (Worker worker = worker(ByPayload.class)) {
			worker.publishTogether("jobs.a", "no JSON", "null", new Order("1", "alice", 1));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(ByPayload.class).recorder.handled.get("alice")).containsExactly("1");
			assertThat(worker.size("dead-letters")).isEqualTo(2);
			for (int sequence = 1; sequence <= 2; sequence++) {
				assertThat(worker.message("dead-letters", sequence).getHeaders().getFirst("Dead-Letter-Reason"))
					.contains("payload.customer")
					.doesNotContain("no JSON");
			}
		}
	}

	private static void publishAndAwait(Worker worker) throws Exception {
		worker.listeners().stop("worker");
		for (int i = 1; i <= 10; i++) {
			for (String customer : CUSTOMERS) {
				worker.template()
					.message(new Order(Integer.toString(i), customer, i))
					.to("jobs." + customer)
					.header("customer", customer)
					.publish();
			}
		}
		worker.listeners().start("worker");
		await().until(() -> worker.size("jobs") == 0);
	}

	private static void assertInOrder(Recorder recorder) {
		List<String> expected = new ArrayList<>();
		for (int i = 1; i <= 10; i++) {
			expected.add(Integer.toString(i));
		}
		assertThat(recorder.handled).containsOnlyKeys(CUSTOMERS);
		assertThat(recorder.handled.values()).allSatisfy((ids) -> assertThat(ids).containsExactlyElementsOf(expected));
		assertThat(recorder.overtakings).hasValue(0);
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean), properties);
	}

	/**
	 * Handles orders, each third one at its second attempt.
	 */
	static class Recorder {

		private final Map<String, List<String>> handled = new ConcurrentHashMap<>();

		private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

		private final AtomicInteger overtakings = new AtomicInteger();

		void handle(Order order, Delivery delivery) {
			AtomicInteger same = this.running.computeIfAbsent(order.customer(), (key) -> new AtomicInteger());
			if (same.incrementAndGet() > 1) {
				this.overtakings.incrementAndGet();
			}
			try {
				if (order.cents() % 3 == 0 && delivery.attempt() == 1) {
					throw new IllegalStateException("not yet");
				}
				this.handled.computeIfAbsent(order.customer(), (key) -> new CopyOnWriteArrayList<>()).add(order.id());
			}
			finally {
				same.decrementAndGet();
			}
		}

	}

	static class ByHeader {

		private final Recorder recorder = new Recorder();

		@JetStreamListener(value = "worker", orderedBy = "headers['customer']")
		void handle(Order order, Delivery delivery) {
			this.recorder.handle(order, delivery);
		}

	}

	static class ByPayload {

		private final Recorder recorder = new Recorder();

		@JetStreamListener(value = "worker", orderedBy = "payload.customer")
		void handle(Order order, Delivery delivery) {
			this.recorder.handle(order, delivery);
		}

	}

	static class ByToken {

		private final Recorder recorder = new Recorder();

		@JetStreamListener(value = "worker", orderedBy = "token(2)")
		void handle(Order order, Delivery delivery) {
			this.recorder.handle(order, delivery);
		}

	}

	static class Together {

		private final CountDownLatch both = new CountDownLatch(2);

		@JetStreamListener(value = "worker", orderedBy = "headers['customer']")
		void handle(Order order) throws InterruptedException {
			this.both.countDown();
			assertThat(this.both.await(3, TimeUnit.SECONDS)).isTrue();
		}

	}

}
