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
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.listener.ListenerStateChangedEvent;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Dead letters that can't be stored are said, and keep nobody from being handled as long
 * as there are places.
 */
@Timeout(180)
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class UnstoredLetterTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@AfterEach
	void deleteStreams(EmbeddedNatsServer server) {
		TestStreams.deleteAll(server);
	}

	@Test
	void whenTheDeadLetterStreamIsFullThenStateHealthAndMetersSaySoUntilItTakesThemAgain(EmbeddedNatsServer server)
			throws Exception {
		try (ConfigurableApplicationContext context = run(server)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			Worker worker = context.getBean(Worker.class);
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			template.publish("orders.new", "bad");
			await().atMost(PATIENCE).until(() -> count(management, "orders") == 0);
			assertThat(ApplicationTests.health(context).getStatus()).isEqualTo(Status.UP);
			template.publish("orders.new", "bad");
			template.publish("orders.new", "bad");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(status(context).reason())
					.startsWith("2 messages are given up on, but their dead letters can't be stored: ")
					.endsWith("(2 of 3 places of max-ack-pending)"));
			assertThat(status(context).state()).isEqualTo(ListenerState.RUNNING);
			assertThat(unstored(context)).isEqualTo(2);
			assertThat(ApplicationTests.health(context).getStatus()).isEqualTo(Status.DOWN);
			assertThat(ApplicationTests.health(context).getDetails().get("listeners")).asString()
				.contains("2 messages are given up on");
			template.publish("orders.new", "good");
			await().atMost(PATIENCE).until(() -> worker.handled.contains("good"));
			template.publish("orders.new", "bad");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(status(context).reason()).contains("all 3 places of max-ack-pending"));
			assertThat(messages(context, "dead-letter-failed")).isPositive();
			assertThat(messages(context, "retried")).isZero();
			maxMessages(management, -1);
			await().atMost(PATIENCE).until(() -> count(management, "dead-letters") == 4);
			for (int sequence = 1; sequence <= 4; sequence++) {
				// However often they had come, to be stored
				assertThat(
						management.getMessage("dead-letters", sequence).getHeaders().getFirst("Dead-Letter-Attempts"))
					.isEqualTo("1");
			}
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(ApplicationTests.health(context).getStatus()).isEqualTo(Status.UP));
			assertThat(status(context).reason()).isNull();
			assertThat(unstored(context)).isZero();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(worker.reasons).hasSize(4).last().isEqualTo("RUNNING null"));
		}
	}

	@Test
	void whenTheListenerStopsThenNothingIsSaidOfMessagesThatStayInTheQueue(EmbeddedNatsServer server,
			CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = run(server)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			Worker worker = context.getBean(Worker.class);
			template.publish("orders.new", "bad");
			template.publish("orders.new", "bad");
			await().atMost(PATIENCE).until(() -> unstored(context) == 1);
			context.getBean(JetStreamListeners.class).stop("order-worker");
			assertThat(status(context)).satisfies((status) -> {
				assertThat(status.state()).isEqualTo(ListenerState.STOPPED);
				assertThat(status.reason()).isNull();
			});
			assertThat(unstored(context)).isZero();
			context.getBean(JetStreamListeners.class).start("order-worker");
			await().atMost(PATIENCE)
				.until(() -> worker.states.contains(ListenerState.RUNNING)
						&& Collections.frequency(worker.states, ListenerState.RUNNING) > 1);
			assertThat(worker.states).containsOnlyOnce(ListenerState.STOPPED);
			assertThat(output).doesNotContain("no dead letter is left");
		}
	}

	@Test
	void whenTheMessagesAreRemovedThenAllIsWellAgain(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			template.publish("orders.new", "bad");
			template.publish("orders.new", "bad");
			await().atMost(PATIENCE).until(() -> unstored(context) == 1);
			management.purgeStream("orders");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(ApplicationTests.health(context).getStatus()).isEqualTo(Status.UP));
		}
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server) {
		return TestApplication.run(List.of(Worker.class, Meters.class), server.url(),
				"jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.order-worker.max-ack-pending=3",
				"jetstream.streams.dead-letters.max-messages=1", "jetstream.streams.dead-letters.discard=new");
	}

	private static void maxMessages(JetStreamManagement management, long count) throws Exception {
		management.updateStream(StreamConfiguration.builder(management.getStreamInfo("dead-letters").getConfiguration())
			.maxMessages(count)
			.build());
	}

	private static ListenerStatus status(ConfigurableApplicationContext context) {
		return context.getBean(JetStreamListeners.class).status("order-worker");
	}

	private static double unstored(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.get("jetstream.deadletters.unstored")
			.tag("listener", "order-worker")
			.gauge()
			.value();
	}

	private static double messages(ConfigurableApplicationContext context, String outcome) {
		return context.getBean(MeterRegistry.class)
			.get("jetstream.listener.messages")
			.tag("outcome", outcome)
			.counter()
			.count();
	}

	private static long count(JetStreamManagement management, String stream) throws Exception {
		return management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	static class Worker {

		private final Queue<String> handled = new ConcurrentLinkedQueue<>();

		private final Queue<ListenerState> states = new ConcurrentLinkedQueue<>();

		private final Queue<String> reasons = new ConcurrentLinkedQueue<>();

		@JetStreamListener("order-worker")
		void handle(String order) {
			if (order.equals("bad")) {
				throw new DeadLetterException("never");
			}
			this.handled.add(order);
		}

		@EventListener
		void changed(ListenerStateChangedEvent event) {
			this.states.add(event.getState());
			if (event.getState() == ListenerState.RUNNING) {
				this.reasons.add(event.getState() + " " + event.getReason());
			}
		}

	}

	static class Meters {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
