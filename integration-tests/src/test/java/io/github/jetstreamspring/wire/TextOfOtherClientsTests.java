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

package io.github.jetstreamspring.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.RequestFailedException;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What other clients send as UTF-8 stays what it was on all ways of a message.
 */
@Timeout(120)
@EmbeddedNats
class TextOfOtherClientsTests {

	private static final String SUBJECT = "jobs.größe";

	private static final String NAME = "Müller 日本 🙂";

	private static final byte[] HEADERS = utf8(
			"NATS/1.0\r\nX-Name: " + NAME + "\r\nGröße:1\r\nTag: ü\r\nTag: b\r\n\r\n");

	private static final Queue<String> handled = new ConcurrentLinkedQueue<>();

	private EmbeddedNatsServer server;

	private RawNatsClient raw;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws IOException {
		this.server = embedded;
		this.raw = new RawNatsClient(this.server.url());
		handled.clear();
	}

	@AfterEach
	void stop() throws IOException {
		this.raw.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenAMessageIsRetriedAndGivenUpOnThenItsTextStays() throws Exception {
		try (ConfigurableApplicationContext context = run(Failing.class, "jetstream.listener.retry.delay=10ms")) {
			this.raw.store(utf8(SUBJECT), HEADERS, utf8("payload"));
			assertGivenUpOn(context);
			RawNatsClient.Received letter = this.raw.stored("dead-letters", "dead-letters.jobs.worker");
			assertThat(letter.header("Dead-Letter-Reason")).contains("zu groß für " + NAME);
			assertThat(letter.header("Dead-Letter-Exception-Message")).isEqualTo("zu groß für " + NAME);
		}
	}

	@Test
	@NeedsServer("2.12")
	void whenAMessageWaitsAsAScheduleThenItsTextStays() throws Exception {
		try (ConfigurableApplicationContext context = run(Failing.class, "jetstream.listener.retry.delay=300ms",
				"jetstream.listener.retry.schedule-after=100ms",
				"jetstream.streams.jobs.allow-message-schedules=true")) {
			this.raw.store(utf8(SUBJECT), HEADERS, utf8("payload"));
			assertGivenUpOn(context);
			assertThat(
					context.getBean(JetStreamManagement.class).getStreamInfo("jobs").getStreamState().getLastSequence())
				.as("stored once more for each attempt")
				.isGreaterThan(3);
		}
	}

	private void assertGivenUpOn(ConfigurableApplicationContext context) throws Exception {
		await().atMost(Duration.ofSeconds(30)).until(() -> size(context, "dead-letters") == 1);
		assertThat(handled).hasSize(3).allMatch((SUBJECT + " " + NAME + " 1 [ü, b]")::equals);
		RawNatsClient.Received letter = this.raw.stored("dead-letters", "dead-letters.jobs.worker");
		assertThat(letter.header("X-Name")).isEqualTo(NAME);
		assertThat(letter.header("Größe")).isEqualTo("1");
		assertThat(letter.headerText()).contains("Tag:ü\r\n", "Tag:b\r\n");
		assertThat(letter.header("Dead-Letter-Subject")).isEqualTo(SUBJECT);
		assertThat(letter.header("Dead-Letter-Raw-Headers")).isNull();
		assertThat(letter.payload()).asString().isEqualTo("payload");
	}

	@Test
	void whenAResultTakesOverTheHeadersThenTheyAreTheSame() throws Exception {
		try (ConfigurableApplicationContext context = run(Answering.class,
				"jetstream.streams.results.subjects=results.>", "jetstream.streams.results.retention=limits")) {
			this.raw.store(utf8(SUBJECT), HEADERS, utf8("payload"));
			await().until(() -> size(context, "results") == 1);
			RawNatsClient.Received result = this.raw.stored("results", "results.größe");
			assertThat(result.header("X-Name")).isEqualTo(NAME);
			assertThat(result.headerText()).contains("Tag:ü\r\n", "Tag:b\r\n");
			assertThat(result.header("Result")).isEqualTo("fertig ✓");
			assertThat(size(context, "dead-letters")).isZero();
		}
	}

	@Test
	void whenARequestIsGivenUpOnThenTheCallerGetsTheReasonAsItIs() {
		try (ConfigurableApplicationContext context = run(Refusing.class)) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> template.message("payload")
					.to(SUBJECT)
					.header("X-Name", NAME)
					.request(String.class, Duration.ofSeconds(20)))
				.withMessageContaining("nicht für " + NAME);
		}
	}

	@Test
	void whenABatchHasOneThatNobodyCanReadThenTheOthersAreHandled() throws Exception {
		try (ConfigurableApplicationContext context = run(Batches.class, "jetstream.listener.batch.timeout=200ms")) {
			storeGoodAndBad();
			await().until(() -> handled.containsAll(List.of("good 0 " + NAME, "good 1 " + NAME)));
			await().until(() -> size(context, "dead-letters") == 1);
			await().until(() -> size(context, "jobs") == 0);
			assertThat(handled).hasSize(2);
		}
	}

	@Test
	void whenAnOrderHasOneThatNobodyCanReadThenTheOthersAreHandled() throws Exception {
		try (ConfigurableApplicationContext context = run(Ordered.class)) {
			storeGoodAndBad();
			await().until(() -> handled.containsAll(List.of("good 0 " + NAME, "good 1 " + NAME)));
			await().until(() -> size(context, "dead-letters") == 1);
			await().until(() -> size(context, "jobs") == 0);
			assertThat(this.raw.stored("dead-letters", "dead-letters.jobs.worker").header("Dead-Letter-Attempts"))
				.isEqualTo("1");
			assertThat(handled).hasSize(2);
		}
	}

	private void storeGoodAndBad() throws IOException {
		this.raw.publish(utf8(SUBJECT), HEADERS, utf8("good 0"));
		this.raw.publish(utf8(SUBJECT), utf8("NATS/1.0\r\nno colon\r\n\r\n"), utf8("bad"));
		this.raw.publish(utf8(SUBJECT), HEADERS, utf8("good 1"));
	}

	private ConfigurableApplicationContext run(Class<?> worker, String... properties) {
		List<String> arguments = new ArrayList<>(
				List.of("--jetstream.servers=" + this.server.url(), "--jetstream.streams.jobs.subjects=jobs.>",
						"--jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.>",
						"--jetstream.listener.retry.max-attempts=3", "--jetstream.listener.retry.jitter=0"));
		Arrays.stream(properties).forEach((property) -> arguments.add("--" + property));
		return new SpringApplicationBuilder(Application.class, worker).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static long size(ConfigurableApplicationContext context, String stream) throws Exception {
		return context.getBean(JetStreamManagement.class).getStreamInfo(stream).getStreamState().getMsgCount();
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class Failing {

		@JetStreamListener("worker")
		void work(@Header("X-Name") String name, @Header("Größe") String size, Delivery delivery) {
			handled.add(delivery.subject() + " " + name + " " + size + " " + delivery.headers().get("Tag"));
			throw new IllegalStateException("zu groß für " + name);
		}

	}

	static class Answering {

		@JetStreamListener("worker")
		@SendTo("results.größe")
		Message<String> work(Message<String> message) {
			return MessageBuilder.fromMessage(message).setHeader("Result", "fertig ✓").build();
		}

	}

	static class Refusing {

		@JetStreamListener("worker")
		@SendTo
		String work(@Header("X-Name") String name) {
			throw new DeadLetterException("nicht für " + name);
		}

	}

	static class Batches {

		@JetStreamListener(value = "worker", batch = true)
		void work(List<Message<String>> messages) {
			messages.forEach((message) -> handled.add(message.getPayload() + " " + message.getHeaders().get("X-Name")));
		}

	}

	static class Ordered {

		@JetStreamListener(value = "worker", orderedBy = "headers['X-Name'].toString()")
		void work(String payload, @Header("X-Name") String name) {
			handled.add(payload + " " + name);
		}

	}

}
