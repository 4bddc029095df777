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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.UnreadableHeaders;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages of other clients that the Java client can't read.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class UnreadableMessageTests {

	private static final Queue<Handled> handled = new ConcurrentLinkedQueue<>();

	private static EmbeddedNatsServer server;

	private static ConfigurableApplicationContext context;

	private static RawNatsClient raw;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) throws IOException {
		server = embedded;
		context = new SpringApplicationBuilder(Workers.class).web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--jetstream.streams.jobs.subjects=jobs.>",
					"--jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.>",
					"--jetstream.streams.other.subjects=other.>",
					"--jetstream.streams.other.consumers.neighbour.filter-subjects=other.>");
		raw = new RawNatsClient(server.url());
	}

	@AfterAll
	static void stop() throws IOException {
		raw.close();
		context.close();
	}

	@BeforeEach
	void forget() throws Exception {
		management().purgeStream("dead-letters");
		handled.clear();
	}

	@AfterEach
	void nobodyElseHasNoticed() {
		assertThat(connection().getStatistics().getReconnects()).isZero();
	}

	// One byte for each character
	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static Stream<String> kinds() {
		return UnreadableHeaders.ALL.keySet().stream();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void whenNobodyCanReadTheHeadersThenItIsADeadLetterThatHoldsThem(String kind, CapturedOutput output)
			throws Exception {
		byte[] block = UnreadableHeaders.ALL.get(kind);
		String answer = raw.store(utf8("jobs.run"), block, utf8("payload"));
		assertThat(answer).contains("\"seq\"");
		raw.store(utf8("jobs.run"), null, utf8("after"));
		await().until(() -> handled.stream().anyMatch((each) -> each.payload().equals("after")));
		RawNatsClient.Received letter = deadLetter();
		assertThat(letter.payload()).asString().isEqualTo("payload");
		assertThat(letter.header("Tenant")).isEqualTo("acme");
		assertThat(Base64.getDecoder().decode(letter.header("Dead-Letter-Raw-Headers"))).isEqualTo(block);
		assertThat(letter.header("Dead-Letter-Reason")).startsWith("The headers can't be read, line ")
			.endsWith("; the handler was not called");
		assertThat(letter.header("Dead-Letter-Attempts")).isEqualTo("1");
		assertThat(output).contains("jobs#" + letter.header("Dead-Letter-Sequence") + " (jobs.run)");
		assertThat(handled).extracting(Handled::payload).containsExactly("after");
	}

	@ParameterizedTest
	@ValueSource(strings = { "NATS/1.0 404 No Messages", "NATS/1.0 503", "NATS/1.0 OK", "NATS/1.0 " })
	void whenAMessageLooksLikeAStatusOfTheServerThenItIsHandled(String first) throws Exception {
		raw.store(utf8("jobs.run"), utf8(first + "\r\nTenant: acme\r\n\r\n"), utf8(first));
		handled(first);
	}

	@Test
	void whenNamesAndValuesAreUtf8ThenTheHandlerGetsThem() throws Exception {
		raw.store(utf8("jobs.run"), utf8("NATS/1.0\r\nX-Name: Müller 🙂\r\nGröße: 1\r\nTenant:acme\r\n\r\n"),
				utf8("payload"));
		Handled message = handled("payload");
		assertThat(message.header()).isEqualTo("Müller 🙂");
		assertThat(message.headers()).containsEntry("X-Name", "Müller 🙂").containsEntry("Größe", "1");
		assertThat(message.delivery().headers().getFirst("Größe")).isEqualTo("1");
		assertThat(message.message().getHeaders().getFirst("X-Name")).isEqualTo("Müller 🙂");
		assertThat(message.headers().keySet()).noneMatch((name) -> name.contains("Raw"));
		assertThat(message.delivery().headers().keySet()).containsExactlyInAnyOrder("X-Name", "Größe", "Tenant");
	}

	@Test
	void whenTheSubjectIsUtf8ThenTheHandlerGetsIt() throws Exception {
		raw.store(utf8("jobs.größe.日本"), null, utf8("without headers"));
		raw.store(utf8("jobs.größe.日本"), utf8("NATS/1.0\r\nX-Name: 1\r\n\r\n"), utf8("with headers"));
		assertThat(handled("without headers").delivery().subject()).isEqualTo("jobs.größe.日本");
		Handled message = handled("with headers");
		assertThat(message.message().getSubject()).isEqualTo("jobs.größe.日本");
		assertThat(message.headers()).containsEntry("nats_subject", "jobs.größe.日本");
		assertThat(message.header()).isEqualTo("1");
		await().until(() -> management().getStreamInfo("jobs").getStreamState().getMsgCount() == 0);
	}

	@Test
	void whenTheSubjectIsNotUtf8ThenItIsADeadLetterThatHoldsIt() throws Exception {
		raw.publish(bytes("jobs.\u00ff"), null, utf8("payload"));
		RawNatsClient.Received letter = deadLetter();
		assertThat(letter.payload()).asString().isEqualTo("payload");
		assertThat(Base64.getDecoder().decode(letter.header("Dead-Letter-Raw-Subject")))
			.isEqualTo(bytes("jobs.\u00ff"));
		assertThat(letter.header("Dead-Letter-Reason"))
			.isEqualTo("The subject isn't UTF-8; the handler was not called");
	}

	@Test
	void whenTheSubjectIsLongerThanTheClientTakesThenTheHandlerGetsIt() throws Exception {
		String subject = "jobs." + "x".repeat(4000);
		raw.store(utf8(subject), null, utf8("payload"));
		assertThat(handled("payload").delivery().subject()).isEqualTo(subject);
	}

	@Test
	void whenTheHeadersAreEmptyThenTheMessageIsHandled() throws Exception {
		raw.store(utf8("jobs.run"), new byte[0], utf8("payload"));
		assertThat(handled("payload").delivery().headers().isEmpty()).isTrue();
	}

	@Test
	void whenAnybodySendsThemToASubscriptionThenItGoesOn() throws Exception {
		List<Message> received = new ArrayList<>();
		connection().createDispatcher().subscribe("plain.>", received::add);
		connection().flush(Duration.ofSeconds(5));
		for (byte[] block : UnreadableHeaders.ALL.values()) {
			raw.publish(utf8("plain.ü"), block, utf8("payload"));
		}
		raw.publish(utf8("plain.a"), null, utf8("last"));
		await().until(() -> received.size() == UnreadableHeaders.ALL.size() + 1);
	}

	private Handled handled(String payload) {
		await().until(() -> handled.stream().anyMatch((each) -> each.payload().equals(payload)));
		return handled.stream().filter((each) -> each.payload().equals(payload)).findFirst().orElseThrow();
	}

	private static RawNatsClient.Received deadLetter() throws Exception {
		await().until(() -> management().getStreamInfo("dead-letters").getStreamState().getMsgCount() == 1);
		return raw.stored("dead-letters", "dead-letters.jobs.worker");
	}

	private static Connection connection() {
		return context.getBean(Connection.class);
	}

	private static JetStreamManagement management() {
		return context.getBean(JetStreamManagement.class);
	}

	/**
	 * What a handler has got.
	 */
	private record Handled(String payload, String header, Map<String, Object> headers, Delivery delivery,
			Message message) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Workers {

		@JetStreamListener("worker")
		void work(String payload, @Header(name = "X-Name", required = false) String header,
				@Headers Map<String, Object> headers, Delivery delivery, Message message) {
			handled.add(new Handled(payload, header, Map.copyOf(headers), delivery, message));
		}

		@JetStreamListener("neighbour")
		void neighbour(String payload) {
		}

	}

}
