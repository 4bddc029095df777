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

import io.github.jetstreamspring.annotation.EnableJetStream;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.wire.GuardedConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.MessageConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The snippet about applications without Spring Boot.
 */
@EmbeddedNats
class PlainSpringSnippetTests {

	@Test
	void whatAListenerGivesUpOnIsADeadLetter(EmbeddedNatsServer server) throws Exception {
		Options options = GuardedConnections.guarded(Options.builder().server(server.url()).build());
		Connection connection = Nats.connect(options);
		try {
			JetStreamManagement management = connection.jetStreamManagement();
			management.addStream(StreamConfiguration.builder().name("orders").subjects("orders.>").build());
			management.addStream(StreamConfiguration.builder().name("dead-letters").subjects("dead-letters.>").build());
			management.addOrUpdateConsumer("orders", ConsumerConfiguration.builder().durable("order-worker").build());
			try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
				context.registerBean(Connection.class, () -> connection);
				context.register(QueueConfiguration.class, OrderListener.class);
				context.refresh();
				context.getBean(JetStreamTemplate.class).publish("orders.created", "o-1");
				await().until(() -> management.getStreamInfo("dead-letters").getStreamState().getMsgCount() == 1);
				assertThat(management.getMessage("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Reason"))
					.isEqualTo("no such customer");
			}
		}
		finally {
			connection.close();
		}
	}

	static class OrderListener {

		@JetStreamListener(stream = "orders", consumer = "order-worker")
		void handle(String order) {
			throw new DeadLetterException("no such customer");
		}

	}

	@Configuration
	@EnableJetStream
	static class QueueConfiguration {

		// tag::listeners[]
		@Bean
		JetStreamListeners listeners(Connection connection, JetStreamTemplate template) {
			return JetStreamListeners.builder(connection)
				.deadLetterHandler(DeadLetterHandler.publishing(template, "dead-letters", "dead-letters"))
				.build();
		}
		// end::listeners[]

		@Bean
		JetStreamTemplate template(Connection connection, MessageConverter converter) {
			return new JetStreamTemplate(connection, converter, PublisherOptions.DEFAULTS,
					(subject, time, result, failure) -> {
					});
		}

		@Bean
		MessageConverter converter() {
			return JetStreamMessageConverters.text();
		}

	}

}
