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

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.JetStreamManagement;
import jakarta.validation.Valid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The snippets of the page about listeners.
 */
@NeedsServer("2.11")
@EmbeddedNats
class ListenerSnippetTests {

	private static EmbeddedNatsServer server;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) throws Exception {
		server = embedded;
		context = Snippets.run(Application.class, "listeners.yml", "jetstream.servers=" + server.url());
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void listenersDoWhatThePageSays() throws Exception {
		JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
		JetStreamManagement management = context.getBean(JetStreamManagement.class);
		List<String> ids = IntStream.range(0, 20).mapToObj((i) -> "o-" + i).toList();
		for (String id : ids) {
			template.message(new Order(id, "alice")).to("orders.created").header("customer", "alice").publish();
			template.publish("payments.alice", new Order(id, "alice"));
		}
		assertHandled(AuditListener.class, ids);
		assertHandled(Exporter.class, ids);
		assertHandled(Mailer.class, ids);
		await().untilAsserted(() -> assertThat(management.getStreamInfo("receipts").getStreamState().getMsgCount())
			.isEqualTo(ids.size()));
		assertInOrder(Shipper.class, ids);
		assertInOrder(Bookkeeper.class, ids);
	}

	private static void assertHandled(Class<? extends Handled> bean, List<String> ids) {
		await().untilAsserted(() -> assertThat(context.getBean(bean).ids).containsAll(ids));
	}

	private static void assertInOrder(Class<? extends Handled> bean, List<String> ids) {
		await().untilAsserted(() -> assertThat(context.getBean(bean).ids).containsExactlyElementsOf(ids));
	}

	@Import({ ConfigurationSnippetTests.Application.class, AuditListener.class, Exporter.class, Mailer.class,
			Biller.class, Shipper.class, Bookkeeper.class })
	static class Application {

	}

	record Order(String id, String customer) {

	}

	record Receipt(String order) {

	}

	abstract static class Handled {

		final List<String> ids = new CopyOnWriteArrayList<>();

		void export(Order order) {
			this.ids.add(order.id());
		}

		void store(Order order, Map<String, Object> headers, Instant time) {
			export(order);
		}

		void enter(Order order) {
			export(order);
		}

		void send(Order order) {
			export(order);
		}

		Mono<String> mailTo(String customer, Order order) {
			return Mono.fromSupplier(() -> {
				export(order);
				return customer;
			});
		}

	}

	static class AuditListener extends Handled {

		// tag::batch[]
		@JetStreamListener(value = "audit", batch = true)
		void audit(@Valid List<Order> orders, List<Message<Order>> messages, List<Delivery> deliveries) {
			for (int i = 0; i < orders.size(); i++) {
				store(orders.get(i), messages.get(i).getHeaders(), deliveries.get(i).timestamp());
			}
		}
		// end::batch[]

	}

	static class Exporter extends Handled {

		// tag::failed-at[]
		@JetStreamListener(value = "exporter", batch = true)
		void export(List<Order> orders) {
			for (int i = 0; i < orders.size(); i++) {
				try {
					export(orders.get(i));
				}
				catch (RuntimeException ex) {
					throw BatchException.failedAt(i, ex);
				}
			}
		}
		// end::failed-at[]

	}

	static class Mailer extends Handled {

		// tag::mono[]
		@JetStreamListener("mailer")
		Mono<String> mail(Order order) {
			return mailTo(order.customer(), order);
		}
		// end::mono[]

	}

	static class Biller {

		// tag::reply[]
		@JetStreamListener("biller")
		@SendTo("receipts.created")
		CompletableFuture<Receipt> bill(Order order) {
			return CompletableFuture.supplyAsync(() -> new Receipt(order.id()));
		}
		// end::reply[]

	}

	static class Shipper extends Handled {

		private final Shipper depot = this;

		// tag::ordered[]
		@JetStreamListener(value = "shipper", orderedBy = "headers['customer']")
		void ship(Order order) {
			this.depot.send(order);
		}
		// end::ordered[]

	}

	static class Bookkeeper extends Handled {

		private final Bookkeeper ledger = this;

		// tag::exclusive[]
		@JetStreamListener(value = "bookkeeper", orderedBy = "token(2)", exclusive = "true")
		void book(Order order) {
			this.ledger.enter(order);
		}
		// end::exclusive[]

	}

}
