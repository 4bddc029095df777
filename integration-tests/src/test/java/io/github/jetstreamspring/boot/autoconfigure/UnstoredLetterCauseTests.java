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
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.ServerUsers;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever refuses dead letters is named, and they are stored once when it takes them
 * again.
 */
@Timeout(180)
@EmbeddedNats
class UnstoredLetterCauseTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final String[] FULL = { "jetstream.streams.orders.allow-message-schedules=true",
			"jetstream.streams.orders.consumers.order-worker.max-ack-pending=2",
			"jetstream.streams.dead-letters.max-messages=1", "jetstream.streams.dead-letters.discard=new" };

	@AfterEach
	void deleteStreams(EmbeddedNatsServer server) {
		TestStreams.deleteAll(server);
	}

	@Test
	@NeedsServer("2.12")
	void whenTheStreamHasSchedulesThenOthersGoOnHoweverManyAreGivenUpOn(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server, FULL)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			Worker worker = context.getBean(Worker.class);
			for (int i = 0; i < 6; i++) {
				template.publish("orders.new", "bad" + i);
			}
			await().atMost(PATIENCE).until(() -> unstored(context) == 5);
			assertThat(health(context)).isEqualTo(Status.DOWN);
			assertThat(reason(context)).startsWith("5 messages are given up on, but their dead letters can't be")
				.doesNotContain("max-ack-pending");
			for (int i = 0; i < 20; i++) {
				template.publish("orders.new", "good" + i);
			}
			await().atMost(PATIENCE).until(() -> worker.handled.size() == 26);
			double failed = failed(context);
			await().atMost(PATIENCE).until(() -> failed(context) >= failed + 5);
			assertThat(unstored(context)).isEqualTo(5);
			assertThat(worker.handled).doesNotHaveDuplicates();
		}
		try (ConfigurableApplicationContext context = run(server, FULL)) {
			await().atMost(PATIENCE).until(() -> unstored(context) == 5);
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			management
				.updateStream(StreamConfiguration.builder(management.getStreamInfo("dead-letters").getConfiguration())
					.maxMessages(-1)
					.build());
			awaitStored(context, 6);
			assertThat(context.getBean(Worker.class).handled).isEmpty();
			for (int sequence = 1; sequence <= 6; sequence++) {
				MessageInfo letter = management.getMessage("dead-letters", sequence);
				assertThat(letter.getHeaders().getFirst("Dead-Letter-Reason")).isEqualTo("never");
				assertThat(letter.getHeaders().keySet()).noneMatch((name) -> name.startsWith("JetStream-Retry"));
			}
		}
	}

	@Test
	void whenTheDeadLetterStreamIsDeletedThenItIsSaidUntilItIsThereAgain(EmbeddedNatsServer server) throws Exception {
		run(server).close();
		// In other modes the listener makes it again
		try (ConfigurableApplicationContext context = run(server, "jetstream.topology.mode=validate")) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			StreamConfiguration deadLetters = management.getStreamInfo("dead-letters").getConfiguration();
			management.deleteStream("dead-letters");
			publishBad(context);
			awaitUnstored(context, "dead-letters.orders.order-worker");
			management.addStream(deadLetters);
			awaitStored(context, 2);
		}
	}

	@Test
	void whenDeadLettersAreForbiddenThenThePermissionIsNamed() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder().config(ServerUsers.config("")).start();
				ConfigurableApplicationContext context = run(server, "jetstream.username=app",
						"jetstream.password=app")) {
			ServerUsers.reload(server, "publish: { deny: \"dead-letters.>\" }");
			publishBad(context);
			awaitUnstored(context, "forbids publishing to subject 'dead-letters.orders.order-worker'");
			ServerUsers.reload(server, "");
			awaitStored(context, 2);
		}
	}

	@Test
	void whenTheDeadLetterStreamTakesNothingOfThatSizeThenTheLimitIsNamed(EmbeddedNatsServer server) throws Exception {
		try (ConfigurableApplicationContext context = run(server,
				"jetstream.streams.dead-letters.max-message-size=100B")) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			publishBad(context);
			awaitUnstored(context, "max-message-size");
			management
				.updateStream(StreamConfiguration.builder(management.getStreamInfo("dead-letters").getConfiguration())
					.maximumMessageSize(-1)
					.build());
			awaitStored(context, 2);
		}
	}

	private static void publishBad(ConfigurableApplicationContext context) {
		context.getBean(JetStreamTemplate.class).publish("orders.new", "bad1");
		context.getBean(JetStreamTemplate.class).publish("orders.new", "bad2");
	}

	private static void awaitUnstored(ConfigurableApplicationContext context, String cause) {
		await().atMost(PATIENCE).until(() -> unstored(context) == 2);
		assertThat(reason(context)).contains("2 messages are given up on", cause);
		assertThat(health(context)).isEqualTo(Status.DOWN);
		await().atMost(PATIENCE).until(() -> failed(context) >= 2);
	}

	private static void awaitStored(ConfigurableApplicationContext context, long letters) throws Exception {
		JetStreamManagement management = context.getBean(JetStreamManagement.class);
		await().atMost(PATIENCE).until(() -> count(management, "orders") == 0);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(health(context)).isEqualTo(Status.UP));
		assertThat(count(management, "dead-letters")).isEqualTo(letters);
		assertThat(unstored(context)).isZero();
		assertThat(reason(context)).isNull();
		assertThat(context.getBean(Worker.class).handled).doesNotHaveDuplicates();
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 2);
		all[properties.length + 1] = "jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.>";
		all[properties.length] = "jetstream.streams.orders.subjects=orders.>";
		return TestApplication.run(List.of(Worker.class, UnstoredLetterTests.Meters.class), server.url(), all);
	}

	private static Status health(ConfigurableApplicationContext context) {
		return ApplicationTests.health(context).getStatus();
	}

	private static String reason(ConfigurableApplicationContext context) {
		return context.getBean(JetStreamListeners.class).status("order-worker").reason();
	}

	private static double unstored(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class).get("jetstream.deadletters.unstored").gauge().value();
	}

	private static double failed(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.get("jetstream.listener.messages")
			.tag("outcome", "dead-letter-failed")
			.counter()
			.count();
	}

	private static long count(JetStreamManagement management, String stream) throws Exception {
		return management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	static class Worker {

		private final Queue<String> handled = new ConcurrentLinkedQueue<>();

		@JetStreamListener("order-worker")
		void handle(String order) {
			this.handled.add(order);
			if (order.startsWith("bad")) {
				throw new DeadLetterException("never");
			}
		}

	}

}
