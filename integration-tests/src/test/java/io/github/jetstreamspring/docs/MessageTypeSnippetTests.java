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
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Snippets of the page about message types.
 */
@EmbeddedNats
class MessageTypeSnippetTests {

	@Test
	void messagesGetToTheHandlersOfTheirTypes(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = Snippets.run(Application.class, "message-types.yml",
				"jetstream.servers=" + server.url())) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.publish("orders.1.created", new OrderCreated("1"));
			template.message(new OrderCancelled("2")).to("orders.2.cancelled").header("tenant", "acme").publish();
			template.message("{\"id\": \"3\"}")
				.to("orders.3.created")
				.header(JetStreamHeaders.MESSAGE_TYPE, "order-created")
				.publish();
			template.publish("orders.4.shipped", "text");
			template.publish("payments", new CardPayment("4711"));
			template.publish("payments", new Transfer("DE01"));
			Handled orders = context.getBean(OrderWorker.class);
			await().until(() -> orders.handled.size() == 4);
			assertThat(orders.handled).containsExactlyInAnyOrder("created 1", "cancelled 2 of acme", "created 3",
					"other");
			await().until(() -> context.getBean(PaymentWorker.class).handled.size() == 1);
			assertThat(context.getBean(PaymentWorker.class).handled).containsExactly("4711");
			context.getBean(JetStreamListeners.class).stop("order-worker");
			template.publish("orders.5.created", new OrderCreated("5"));
			assertThat(context.getBean(JetStreamManagement.class)
				.getMessage("orders", 5)
				.getHeaders()
				.getFirst(JetStreamHeaders.MESSAGE_TYPE)).isEqualTo("shop-order-created");
		}
	}

	@Import({ ConfigurationSnippetTests.Application.class, OrderWorker.class, PaymentWorker.class })
	static class Application {

	}

	record OrderCreated(String id) {

	}

	record OrderCancelled(String id) {

	}

	record CardPayment(String number) implements PaymentWorker.Payment {

	}

	record Transfer(String iban) implements PaymentWorker.Payment {

	}

	abstract static class Handled {

		final List<String> handled = new CopyOnWriteArrayList<>();

		void add(String text) {
			this.handled.add(text);
		}

	}

	// tag::class[]
	@JetStreamListener("order-worker")
	static class OrderWorker extends Handled {

		@JetStreamHandler
		void created(OrderCreated order) {
			add("created " + order.id());
		}

		@JetStreamHandler(subjects = "orders.*.cancelled")
		void cancelled(OrderCancelled order, @Header("tenant") String tenant) {
			add("cancelled " + order.id() + " of " + tenant);
		}

		@JetStreamHandler(isDefault = true)
		void other(Message<byte[]> message) {
			add("other");
		}

	}
	// end::class[]

	static class PaymentWorker extends Handled {

		// tag::sealed[]
		sealed interface Payment permits CardPayment, Transfer {

		}

		@JetStreamListener("payment-worker")
		void pay(Payment payment) {
			if (payment instanceof CardPayment card) {
				charge(card.number());
			}
		}
		// end::sealed[]

		private void charge(String number) {
			add(number);
		}

	}

}
