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

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.Headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Applications whose listeners can't be set up or started, or lose their server, and what
 * the user is told.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats(shared = false)
class ApplicationFailureTests {

	private static final String[] QUEUE = { "jetstream.streams.orders.subjects=orders.>",
			"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.created" };

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
	void whenListenersCantBeSetUpThenAllAreInOneAnalysis(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> TestApplication.run(List.of(WrongListeners.class), this.server.url(), QUEUE).close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Listeners can't be set up:")
			.contains("no stream of the configuration has a consumer 'unknown-worker'; the streams are [")
			.contains("there is another listener with the id 'order-worker': ")
			.contains("Give one of them an id of its own: @JetStreamListener(id = \"order-worker-2\", ...).")
			.contains("Listener 'impossible'")
			.contains("WrongListeners.unknown")
			.contains("WrongListeners.impossible")
			.containsPattern("jetstream:\\n +streams:\\n +(orders|<stream>):\\n +consumers:\\n +unknown-worker:");
	}

	@Test
	void whenSettingsAreForAListenerThatDoesntExistThenTheNearestOneIsNamed(CapturedOutput output) {
		TestApplication
			.run(List.of(OrderListener.class), this.server.url(),
					Stream.concat(Arrays.stream(QUEUE), Stream.of("jetstream.listeners.order-wroker.concurrency=3"))
						.toArray(String[]::new))
			.close();
		assertThat(output).contains("There are settings for listeners that don't exist:"
				+ " [order-wroker; did you mean 'order-worker'?]; the listeners are [order-worker]");
	}

	@Test
	void whenTheConsumersAreMissingThenAllAreInOneAnalysis(CapturedOutput output) {
		assertThatException().isThrownBy(() -> TestApplication
			.run(List.of(ForeignListeners.class), this.server.url(), "jetstream.topology.mode=none")
			.close());
		assertThat(output).contains("Listeners could not be started:")
			.contains("'first'")
			.contains("'second'")
			.contains("Create it on the server, or let the application declare it")
			.contains("jetstream.listeners.<id>.auto-startup set to false");
	}

	@Test
	void whenTheMissingConsumersListenerIsNotToStartThenTheApplicationDoes() {
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(ForeignListeners.class),
				this.server.url(), "jetstream.topology.mode=none", "jetstream.listeners.first.auto-startup=false",
				"jetstream.listeners.second.auto-startup=false")) {
			assertThat(context.getBean(JetStreamListeners.class).state("first")).isEqualTo(ListenerState.STOPPED);
			assertThat(ApplicationTests.health(context).getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void whenTheServerGoesThenHealthIsDownUntilItIsBack() {
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(OrderListener.class),
				this.server.url(), QUEUE)) {
			await().untilAsserted(() -> assertThat(ApplicationTests.health(context).getStatus()).isEqualTo(Status.UP));
			this.server.stop();
			await().untilAsserted(() -> assertThat(ApplicationTests.health(context)).satisfies((health) -> {
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails().get("connection")).isNotEqualTo("CONNECTED");
				assertThat(health.getDetails().get("listeners")).asString().contains("order-worker=RECOVERING: ");
			}));
			this.server.restart();
			await().until(() -> ApplicationTests.health(context).getStatus().equals(Status.UP));
			context.getBean(JetStreamListeners.class).stop("order-worker");
			assertThat(ApplicationTests.health(context)).satisfies((health) -> {
				assertThat(health.getStatus()).isEqualTo(Status.UP);
				assertThat(health.getDetails().get("listeners")).asString().contains("order-worker=STOPPED");
			});
		}
	}

	@Import(WrongListeners.Others.class)
	static class WrongListeners {

		@JetStreamListener("order-worker")
		void good(String payload) {
		}

		@JetStreamListener("unknown-worker")
		void unknown(String payload) {
		}

		@JetStreamListener(id = "impossible", consumer = "order-worker")
		void impossible(String payload, @Headers String headers) {
		}

		static class Others {

			@JetStreamListener("order-worker")
			void sameId(String payload) {
			}

		}

	}

	static class ForeignListeners {

		@JetStreamListener(id = "first", stream = "foreign", consumer = "one")
		void first(String payload) {
		}

		@JetStreamListener(id = "second", stream = "foreign", consumer = "two")
		void second(String payload) {
		}

	}

	static class OrderListener {

		@JetStreamListener("order-worker")
		void handle(String payload) {
		}

	}

}
