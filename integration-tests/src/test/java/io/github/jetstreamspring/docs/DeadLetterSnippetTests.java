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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The snippet about a listener on the dead-letter stream.
 */
@EmbeddedNats
class DeadLetterSnippetTests {

	@Test
	void aListenerOnTheDeadLetterStreamGetsEveryLetter(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.publish("orders.created", "small");
			template.publish("orders.created", "x".repeat(5000));
			template.publish("orders.created", new byte[0]);
			template.publish("dead-letters.of.others", new byte[0]);
			Reviewer reviewer = context.getBean(Reviewer.class);
			await().untilAsserted(() -> assertThat(reviewer.people.told).containsExactlyInAnyOrder("never: 5 bytes",
					"never: 0 bytes", "never: 0 bytes", "a message of somebody else: 0 bytes"));
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			await().until(() -> management.getConsumerInfo("dead-letters", "reviewer").getNumAckPending() == 0);
			assertThat(management.getStreamInfo("dead-letters").getStreamState().getMsgCount()).isGreaterThan(4);
			assertThat(context.getBean(JetStreamListeners.class).status("reviewer").reason()).isNull();
		}
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--jetstream.streams.orders.subjects=orders.>",
					"--jetstream.streams.orders.consumers.worker.ack-wait=30s",
					"--jetstream.streams.dead-letters.max-message-size=4KB");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Worker.class, Reviewer.class })
	static class Application {

	}

	static class Worker {

		@JetStreamListener("worker")
		void work(@Payload(required = false) byte[] order) {
			throw new DeadLetterException("never");
		}

	}

	static final class People {

		private final Queue<String> told = new ConcurrentLinkedQueue<>();

		void tell(long sequence, @Nullable String reason, byte @Nullable [] payload) {
			this.told.add("%s: %d bytes".formatted((reason != null) ? reason : "a message of somebody else",
					(payload != null) ? payload.length : 0));
		}

	}

	static class Reviewer {

		private final People people = new People();

		// tag::review[]
		@JetStreamListener(stream = "dead-letters", consumer = "reviewer", subjects = "dead-letters.>")
		void review(@Payload(required = false) byte[] payload,
				@Header(name = "Dead-Letter-Reason", required = false) String reason,
				@Header(name = "Dead-Letter-Part", required = false) String part, Delivery delivery) {
			if (part == null) {
				this.people.tell(delivery.streamSequence(), reason, payload);
			}
		}
		// end::review[]

	}

}
