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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ReceivedMessage;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The snippets of the page about receiving by hand.
 */
@EmbeddedNats
class ReceiverSnippetTests {

	private int sent;

	@Test
	void receivingDoesWhatThePageSays(EmbeddedNatsServer server) {
		try (Worker worker = Worker.run(server.url(), List.of(), "jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.biller.ack-wait=10s")) {
			JetStreamReceiver receiver = worker.bean(JetStreamReceiver.class);
			worker.template().publish("orders.a", Order.of("a"));
			worker.template().publish("orders.a", Order.of("b"));
			assertThat(bill(receiver)).isEqualTo(2);
			assertThat(this.sent).isEqualTo(2);
			await().until(() -> worker.size("orders") == 0);
			worker.template().publish("orders.a", Order.of("c"));
			// tag::receive-many[]
			List<ReceivedMessage<Order>> messages = receiver.receiveMany("orders", "biller", Order.class, 100,
					Duration.ofSeconds(5));
			// end::receive-many[]
			assertThat(messages).singleElement().satisfies((message) -> message.delivery().ack());
		}
	}

	// tag::receive[]
	int bill(JetStreamReceiver receiver) {
		int billed = 0;
		while (true) {
			Optional<ReceivedMessage<Order>> next = receiver.receive("orders", "biller", Order.class,
					Duration.ofSeconds(1));
			if (next.isEmpty()) {
				return billed;
			}
			try (ReceivedMessage<Order> message = next.get()) {
				send(message.payload());
				message.delivery().ack();
				billed++;
			}
		}
	}
	// end::receive[]

	private void send(Order order) {
		this.sent++;
	}

}
