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

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.Delivery;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What methods take of several messages at once.
 */
class BatchTests extends BehaviourTests {

	private static final String SIZE = "jetstream.listener.batch.size=2";

	@Test
	void listsMayBeOfPayloadsMessagesDeliveriesAndHeaders() {
		try (Worker worker = run(OfLists.class, SIZE)) {
			worker.template().message(Order.of("a")).to("jobs.a").header("tenant", "acme").publish();
			worker.template().message(Order.of("b")).to("jobs.b").publish();
			handles(worker, "[a, b] [a, b] [jobs.a, jobs.b] [1, 2] [Optional[acme], Optional.empty]");
		}
	}

	@Test
	void aBatchMayBeACollectionAndItsElementsOfWildcardTypes() {
		try (Worker worker = run(OfWildcards.class, SIZE)) {
			worker.publishTogether("jobs.a", "a", "b");
			handles(worker, "2 2");
		}
	}

	@Test
	void anInvalidElementIsADeadLetterAndTheOthersAreHandled() throws Exception {
		try (Worker worker = run(OfValid.class, SIZE)) {
			worker.publishTogether("jobs.a", Order.of("a"), new Order("b", "bob", -1), Order.of("c"));
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is not valid: cents (Positive)");
			done(worker);
			assertThat(notes(worker)).containsExactlyInAnyOrder("a", "c");
		}
	}

	@Test
	void whenOneFailsThoseBeforeItAreAckedAndThoseAfterItAreHandled() throws Exception {
		try (Worker worker = run(Failing.class, "jetstream.listener.batch.size=3")) {
			worker.publishTogether("jobs.a", "a", "bad", "c");
			done(worker);
			assertThat(notes(worker)).containsOnlyOnce("a", "c");
			assertThat(reasonOfDeadLetter(worker)).contains("one is bad");
		}
	}

	@Test
	void whatIsNoListIsRefused() {
		assertThat(refused(NoLists.class)).hasSize(4)
			.anySatisfy((problem) -> assertThat(problem).contains("no parameter is a List"))
			.anySatisfy((problem) -> assertThat(problem).contains("'tenant' is a single String, but batch is true"))
			.anySatisfy((problem) -> assertThat(problem).contains("'orders' doesn't say what it is a list of"))
			.anySatisfy((problem) -> assertThat(problem).contains("'orders' is a list of Order, but batch is not true",
					"annotate the parameter with @Payload"));
	}

	static class OfLists extends Noting {

		OfLists(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<Order> orders, List<Message<Order>> messages, List<Delivery> deliveries,
				List<io.nats.client.Message> raw, @Header("tenant") List<Optional<String>> tenants) {
			note("%s %s %s %s %s".formatted(orders.stream().map(Order::id).toList(),
					messages.stream().map((message) -> message.getPayload().id()).toList(),
					deliveries.stream().map(Delivery::subject).toList(),
					raw.stream().map((message) -> message.metaData().streamSequence()).toList(), tenants));
		}

	}

	static class OfWildcards extends Noting {

		OfWildcards(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", batch = true)
		void handle(Collection<String> jobs, List<? extends Message<?>> messages) {
			note(jobs.size() + " " + messages.size());
		}

	}

	static class OfValid extends Noting {

		OfValid(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", batch = true)
		void handle(@Valid List<Order> orders) {
			orders.forEach((order) -> note(order.id()));
		}

	}

	static class Failing extends Noting {

		Failing(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<String> jobs) {
			for (int i = 0; i < jobs.size(); i++) {
				if (jobs.get(i).equals("bad")) {
					throw BatchException.failedAt(i, new IllegalStateException("one is bad"));
				}
				note(jobs.get(i));
			}
		}

	}

	static class NoLists {

		@JetStreamListener(value = "worker", id = "single", batch = true)
		void single(Order order) {
		}

		@JetStreamListener(value = "worker", id = "mixed", batch = true)
		void mixed(List<Order> orders, @Header("tenant") String tenant) {
		}

		@SuppressWarnings("rawtypes")
		@JetStreamListener(value = "worker", id = "raw", batch = true)
		void raw(List orders) {
		}

		@JetStreamListener(value = "worker", id = "list")
		void list(List<Order> orders) {
		}

	}

}
