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

import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page about publishing shows of CloudEvents.
 */
@EmbeddedNats
class CloudEventSnippetTests {

	@Test
	void handlersAreChosenByTheTypeOfAnEventInBinaryMode(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = Snippets.run(Shop.class, "empty.yml",
				"jetstream.servers=" + server.url(), "jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.order-worker.ack-wait=30s",
				"jetstream.messaging.type-header=ce-type",
				"jetstream.messaging.types[order.created]=" + Order.class.getName())) {
			publish(context.getBean(JetStreamTemplate.class), new Order("17"), "{\"id\":\"17\"}".getBytes());
			BlockingQueue<String> handled = context.getBean(Shop.class).handled;
			assertThat(handled.poll(30, TimeUnit.SECONDS)).isEqualTo("17");
		}
	}

	private static void publish(JetStreamTemplate template, Order order, byte[] json) {
		// tag::publish[]
		CloudEvent event = CloudEventBuilder.v1()
			.withId(order.id())
			.withSource(URI.create("/shop"))
			.withType("order.created")
			.withDataContentType("application/json")
			.withData(json)
			.build();
		template.message(event).to("orders.created").id(event.getId()).publish();
		template.message(event).to("orders.created").header("Content-Type", "application/cloudevents+json").publish();
		// end::publish[]
	}

	record Order(String id) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@JetStreamListener("order-worker")
	static class Shop {

		final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

		@JetStreamHandler
		void created(Order order) {
			this.handled.add(order.id());
		}

	}

}
