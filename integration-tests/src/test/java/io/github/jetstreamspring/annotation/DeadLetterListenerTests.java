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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Methods that are called for dead letters, on a real server.
 */
@EmbeddedNats
class DeadLetterListenerTests {

	@Test
	void whenThereAreLettersThenTheMethodsThatAreForThemAreCalled(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, Worker.class, Reviewer.class)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			String large = "x".repeat((int) template.connection().getMaxPayload() - 200);
			template.message("bread").to("orders.created").header("tenant", "acme").publish();
			template.publish("mails.welcome", "hello");
			template.publish("orders.created", large);
			Reviewer reviewer = context.getBean(Reviewer.class);
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				assertThat(reviewer.orders).extracting(StoredDeadLetter::originalSubject)
					.containsExactlyInAnyOrder("orders.created", "orders.created");
				assertThat(reviewer.all).hasSize(3);
			});
			assertThat(reviewer.orders).anySatisfy((letter) -> {
				assertThat(letter.payload()).asString().isEqualTo("bread");
				assertThat(letter.headers()).containsEntry("tenant", List.of("acme"));
			});
			assertThat(reviewer.all).containsExactlyInAnyOrder("declined: 5", "declined: 5",
					"declined: " + large.length());
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			await().until(() -> management.getConsumerInfo("dead-letters", "letters").getNumAckPending() == 0);
			assertThat(context.getBean(DeadLetters.class).count(DeadLetterQuery.all())).isEqualTo(3);
			assertThat(management.getConsumerNames("dead-letters")).contains("letters", "letters-of-order-worker");
		}
	}

	@Test
	void whenDeadLettersAreOffThenTheStartSaysSo(EmbeddedNatsServer server) {
		assertThatExceptionOfType(ListenerConfigurationException.class)
			.isThrownBy(() -> run(server, Reviewer.class, "--jetstream.dead-letter.enabled=false").close())
			.withMessageContaining("there are no dead letters");
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server, Class<?> type, Object... more) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class, type)
			.web(WebApplicationType.NONE);
		List<String> arguments = new ArrayList<>(
				List.of("--jetstream.servers=" + server.url(), "--jetstream.streams.orders.subjects=orders.>",
						"--jetstream.streams.orders.consumers.order-worker.ack-wait=30s",
						"--jetstream.streams.mails.subjects=mails.>",
						"--jetstream.streams.mails.consumers.mailer.ack-wait=30s"));
		for (Object each : more) {
			if (each instanceof Class<?> source) {
				builder.sources(source);
			}
			else {
				arguments.add(each.toString());
			}
		}
		return builder.run(arguments.toArray(String[]::new));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

	}

	static class Worker {

		@JetStreamListener("order-worker")
		void order(byte[] order) {
			throw new DeadLetterException("declined");
		}

		@JetStreamListener("mailer")
		void mail(byte[] mail) {
			throw new DeadLetterException("declined");
		}

	}

	static class Reviewer {

		private final Queue<StoredDeadLetter> orders = new ConcurrentLinkedQueue<>();

		private final Queue<String> all = new ConcurrentLinkedQueue<>();

		// tag::listener[]
		@DeadLetterListener(consumer = "order-worker")
		void review(StoredDeadLetter letter) {
			this.orders.add(letter);
		}
		// end::listener[]

		@DeadLetterListener
		void reviewAll(byte[] payload, @Header("Dead-Letter-Reason") String reason) {
			this.all.add(reason + ": " + payload.length);
		}

	}

}
