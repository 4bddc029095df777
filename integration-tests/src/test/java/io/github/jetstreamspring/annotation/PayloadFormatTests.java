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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.StringValue;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.MessageInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for payloads that are compressed, and for those in formats of libraries.
 */
@EmbeddedNats
class PayloadFormatTests {

	private static final String LONG = "grün ".repeat(10_000);

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenPayloadsAreLargeThenTheyTravelCompressed() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Texts.class), "jetstream.messaging.compress-above=1KB")) {
			worker.listeners().stop("worker");
			worker.template().publish("jobs.a", LONG);
			worker.template().publish("jobs.b", "short");
			MessageInfo large = worker.message("jobs", 1);
			assertThat(large.getHeaders().getFirst("Content-Encoding")).isEqualTo("gzip");
			assertThat(large.getData()).hasSizeLessThan(1_000);
			assertThat(worker.message("jobs", 2).getHeaders().getFirst("Content-Encoding")).isNull();
			worker.listeners().start("worker");
			List<String> handled = worker.bean(Texts.class).handled;
			await().until(() -> handled.size() == 2);
			assertThat(handled).containsExactlyInAnyOrder(LONG, "short");
		}
	}

	@Test
	void whenZstdIsToldThenPayloadsTravelInIt() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Texts.class), "jetstream.messaging.compress-above=1KB",
				"jetstream.messaging.compression=zstd", "jetstream.messaging.max-decompressed-size=100KB")) {
			worker.listeners().stop("worker");
			worker.template().publish("jobs.a", LONG);
			MessageInfo large = worker.message("jobs", 1);
			assertThat(large.getHeaders().getFirst("Content-Encoding")).isEqualTo("zstd");
			assertThat(large.getData()).hasSizeLessThan(1_000);
			publish(worker, Zstd.compress(new byte[1_000_000]), "ZSTD");
			publish(worker, Arrays.copyOf(large.getData(), 20), "zstd");
			publish(worker, "no zstd".getBytes(), "zstd");
			worker.listeners().start("worker");
			List<String> handled = worker.bean(Texts.class).handled;
			await().until(() -> worker.size("jobs") == 0);
			assertThat(handled).containsExactly(LONG);
			assertThat(worker.size("dead-letters")).isEqualTo(3);
			assertThat(reason(worker, 1) + reason(worker, 2) + reason(worker, 3))
				.contains("more than 102400 bytes when it is decompressed");
		}
	}

	@Test
	void whenAnotherClientCompressesThenListenersGetWhatItWas() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Orders.class))) {
			publish(worker, gzip("{\"id\":\"1\",\"customer\":\"alice\",\"cents\":1}".getBytes()), "GZIP");
			await().until(() -> worker.size("results") == 1);
			MessageInfo result = worker.message("results", 1);
			assertThat(new String(result.getData())).isEqualTo("{\"id\":\"1\",\"customer\":\"alice\",\"cents\":1}");
			assertThat(result.getHeaders().getFirst("Content-Encoding")).isNull();
			assertThat(worker.bean(Orders.class).handled).containsExactly("1");
		}
	}

	@Test
	void whenAPayloadCantBeDecompressedThenItIsADeadLetter() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Texts.class),
				"jetstream.messaging.max-decompressed-size=10KB")) {
			publish(worker, gzip(new byte[1_000_000]), "gzip");
			publish(worker, "no gzip".getBytes(), "gzip");
			publish(worker, "unknown".getBytes(), "br");
			await().until(() -> worker.size("dead-letters") == 3);
			assertThat(List.of(reason(worker, 1), reason(worker, 2), reason(worker, 3)))
				.anySatisfy((reason) -> assertThat(reason).contains("more than 10240 bytes",
						"jetstream.messaging.max-decompressed-size"))
				.anySatisfy((reason) -> assertThat(reason).contains("Not in GZIP format"))
				.anySatisfy((reason) -> assertThat(reason).contains("an encoding other than gzip"));
			assertThat(worker.bean(Texts.class).handled).isEmpty();
		}
	}

	@Test
	void whenAnEncodingIsUnknownThenBytesAreLeftToTheListener() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Bytes.class))) {
			publish(worker, "unknown".getBytes(), "br");
			publish(worker, gzip("known".getBytes()), "gzip");
			List<String> handled = worker.bean(Bytes.class).handled;
			await().until(() -> handled.size() == 2);
			assertThat(handled).containsExactlyInAnyOrder("unknown", "known");
		}
	}

	@Test
	void whenAPayloadIsOfProtobufThenItTravelsInThatFormat() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Values.class))) {
			worker.listeners().stop("worker");
			worker.template().publish("jobs.a", StringValue.of("grün"));
			assertThat(worker.message("jobs", 1).getHeaders().getFirst("Content-Type"))
				.isEqualTo("application/x-protobuf");
			assertThat(worker.message("jobs", 1).getData()).isEqualTo(StringValue.of("grün").toByteArray());
			worker.listeners().start("worker");
			worker.template().publish("jobs.b", new byte[] { 1 });
			List<StringValue> handled = worker.bean(Values.class).handled;
			await().until(() -> handled.size() == 1 && worker.size("dead-letters") == 1);
			assertThat(handled).containsExactly(StringValue.of("grün"));
			assertThat(reason(worker, 1)).contains("it can't be read as com.google.protobuf.StringValue");
		}
	}

	private static void publish(Worker worker, byte[] payload, String encoding) {
		worker.template().message(payload).to("jobs.a").header(JetStreamHeaders.CONTENT_ENCODING, encoding).publish();
	}

	private static byte[] gzip(byte[] data) throws IOException {
		ByteArrayOutputStream compressed = new ByteArrayOutputStream();
		try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
			stream.write(data);
		}
		return compressed.toByteArray();
	}

	private static String reason(Worker worker, long sequence) throws Exception {
		return worker.message("dead-letters", sequence).getHeaders().getFirst(JetStreamHeaders.DEAD_LETTER_REASON);
	}

	static class Texts {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(String text) {
			this.handled.add(text);
		}

	}

	static class Bytes {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(byte[] bytes) {
			this.handled.add(new String(bytes));
		}

	}

	static class Values {

		final List<StringValue> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		void handle(StringValue value) {
			this.handled.add(value);
		}

	}

	static class Orders {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		@SendTo("results.a")
		Message<byte[]> handle(Message<byte[]> message, Order order) {
			this.handled.add(order.id());
			return message;
		}

	}

}
