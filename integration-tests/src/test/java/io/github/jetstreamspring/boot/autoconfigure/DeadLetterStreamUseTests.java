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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the dead-letter stream: when it is declared, and listeners on it.
 */
@Timeout(180)
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class DeadLetterStreamUseTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final String[] ORDERS = { "jetstream.streams.orders.subjects=orders.>",
			"jetstream.streams.orders.consumers.order-worker.max-ack-pending=3" };

	@AfterEach
	void deleteStreams(EmbeddedNatsServer server) {
		TestStreams.deleteAll(server);
	}

	@Test
	void whenAListenerOnTheDeadLetterStreamGivesUpThenTheMessageStaysThereAndBlocksNobody(EmbeddedNatsServer server,
			CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(Worker.class, Reviewer.class),
				server.url(), ORDERS)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			for (int i = 0; i < 5; i++) {
				template.publish("dead-letters.any.body", new byte[0]);
			}
			template.publish("orders.new", "bad");
			Reviewer reviewer = context.getBean(Reviewer.class);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(reviewer.letters).containsExactly("bad: never"));
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			await().atMost(PATIENCE)
				.until(() -> management.getConsumerInfo("dead-letters", "reviewer").getNumAckPending() == 0);
			assertThat(count(management, "dead-letters")).isEqualTo(6);
			ListenerStatus status = context.getBean(JetStreamListeners.class).status("reviewer");
			assertThat(status.unstored()).isZero();
			assertThat(status.reason()).isNull();
			assertThat(ApplicationTests.health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(output)
				.contains("message dead-letters#5 (dead-letters.any.body) stays in the dead-letter stream");
		}
	}

	@Test
	void whenTheStreamIsMadeAsDocumentedThenItFits(EmbeddedNatsServer server) throws Exception {
		Connection connection = TestConnections.connect(server.url());
		try {
			JetStreamManagement management = connection.jetStreamManagement();
			for (String description : new String[] { null, "Ours" }) {
				management.addStream(StreamConfiguration.builder()
					.name("dead-letters")
					.subjects("dead-letters.>")
					.maxAge(Duration.ofDays(30))
					.description(description)
					.build());
				TestApplication.run(server.url(), "jetstream.topology.mode=validate").close();
				TestApplication.run(server.url()).close();
				assertThat(management.getStreamInfo("dead-letters").getConfiguration().getDescription())
					.isEqualTo(description);
				management.deleteStream("dead-letters");
			}
		}
		finally {
			connection.close();
		}
	}

	@Test
	void whenTheApplicationKeepsDeadLettersItselfThenTheStreamIsNotDeclared(EmbeddedNatsServer server)
			throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(Worker.class, Keeper.class),
				server.url(), ORDERS)) {
			context.getBean(JetStreamTemplate.class).publish("orders.new", "bad");
			await().atMost(PATIENCE).until(() -> context.getBean(Keeper.class).reasons.contains("never"));
			assertThat(context.getBean(JetStreamManagement.class).getStreamNames()).containsExactly("orders");
		}
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(Worker.class, Keeper.class),
				server.url(), ORDERS[0], ORDERS[1], "jetstream.topology.mode=validate")) {
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void whenSomethingElseNeedsTheStreamThenItIsDeclared(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(Keeper.class, Reviewer.class),
				server.url())) {
			assertThat(context.getBean(JetStreamManagement.class)
				.getStreamInfo("dead-letters")
				.getConfiguration()
				.getMaxAge()).isEqualTo(Duration.ofDays(30));
		}
		TestStreams.deleteAll(server);
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(Keeper.class), server.url(),
				"jetstream.streams.dead-letters.max-messages=7")) {
			StreamConfiguration stream = context.getBean(JetStreamManagement.class)
				.getStreamInfo("dead-letters")
				.getConfiguration();
			assertThat(stream.getMaxMsgs()).isEqualTo(7);
			assertThat(stream.getSubjects()).containsExactly("dead-letters.>");
		}
	}

	private static long count(JetStreamManagement management, String stream) throws Exception {
		return management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	static class Worker {

		@JetStreamListener("order-worker")
		void handle(String order) {
			throw new DeadLetterException("never");
		}

	}

	static class Reviewer {

		private final Queue<String> letters = new ConcurrentLinkedQueue<>();

		@JetStreamListener(stream = "dead-letters", consumer = "reviewer", subjects = "dead-letters.>")
		void review(byte[] payload, @Header("Dead-Letter-Reason") String reason, Delivery delivery) {
			this.letters.add(new String(payload) + ": " + reason);
		}

	}

	static class Keeper {

		private final Queue<String> reasons = new ConcurrentLinkedQueue<>();

		@Bean
		DeadLetterHandler deadLetterHandler() {
			return (letter) -> {
				this.reasons.add(letter.reason());
				return CompletableFuture.completedFuture(null);
			};
		}

	}

}
