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

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Dead letters whose stream is deleted, or can't take them.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class DeadLetterStreamTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private EmbeddedNatsServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	@AfterEach
	void stop() {
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenTheStreamIsDeletedThenItIsDeclaredAgainForTheNextDeadLetter() throws Exception {
		try (ConfigurableApplicationContext context = run("jetstream.dead-letter.max-age=9d")) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			management.deleteStream("dead-letters");
			context.getBean(JetStreamTemplate.class).publish("orders.new", "order");
			await().atMost(PATIENCE)
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(
						management.getLastMessage("dead-letters", "dead-letters.orders.order-worker").getData())
					.asString()
					.contains("order"));
			StreamConfiguration stream = management.getStreamInfo("dead-letters").getConfiguration();
			assertThat(stream.getMaxAge()).isEqualTo(Duration.ofDays(9));
			assertThat(stream.getSubjects()).containsExactly("dead-letters.>");
			await().atMost(PATIENCE)
				.until(() -> management.getStreamInfo("orders").getStreamState().getMsgCount() == 0);
		}
	}

	@Test
	void whenTheModeForbidsToDeclareThenTheMessageStaysUntilSomebodyDoes() throws Exception {
		run().close();
		try (ConfigurableApplicationContext context = run("jetstream.topology.mode=validate")) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			StreamConfiguration stream = management.getStreamInfo("dead-letters").getConfiguration();
			management.deleteStream("dead-letters");
			context.getBean(JetStreamTemplate.class).publish("orders.new", "order");
			await().atMost(PATIENCE)
				.until(() -> management.getConsumerInfo("orders", "order-worker").getNumAckPending() == 1
						&& management.getConsumerInfo("orders", "order-worker").getRedelivered() == 1);
			assertThat(management.getStreamNames()).containsExactly("orders");
			management.addStream(stream);
			await().atMost(PATIENCE)
				.until(() -> management.getStreamInfo("dead-letters").getStreamState().getMsgCount() == 1
						&& management.getStreamInfo("orders").getStreamState().getMsgCount() == 0);
		}
	}

	@Test
	void whenItsSubjectsAreReplacedThenTheApplicationDoesNotStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("jetstream.streams.dead-letters.subjects=failed.>").close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("jetstream.streams.dead-letters.subjects don't cover those of dead letters:"
					+ " [dead-letters.orders.order-worker] are not among [failed.>]")
			.contains("Add dead-letters.> to them, or remove the key, or change jetstream.dead-letter.subject-prefix.");
	}

	private ConfigurableApplicationContext run(String... properties) {
		String[] all = new String[properties.length + 2];
		System.arraycopy(properties, 0, all, 2, properties.length);
		all[0] = "jetstream.streams.orders.subjects=orders.>";
		all[1] = "jetstream.streams.orders.consumers.order-worker.ack-wait=30s";
		return TestApplication.run(List.of(Worker.class), this.server.url(), all);
	}

	static class Worker {

		@JetStreamListener("order-worker")
		void handle(String order) {
			throw new DeadLetterException("never");
		}

	}

}
