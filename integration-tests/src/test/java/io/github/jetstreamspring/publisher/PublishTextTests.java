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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Headers and ids that are any text, read from the wire by somebody else.
 */
@Timeout(60)
@EmbeddedNats
class PublishTextTests {

	private static final String TEXT = "Müller 日本 🙂";

	private PublishServer server;

	private RawNatsClient raw;

	private JetStreamTemplate template;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
		this.raw = new RawNatsClient(this.server.server().url());
		this.template = this.server.template();
	}

	@AfterEach
	void stop() throws Exception {
		this.raw.close();
		this.server.close();
	}

	private void createStream() throws Exception {
		this.server.stream((stream) -> stream);
	}

	@Test
	void headerValuesAreUtf8() throws Exception {
		createStream();
		this.raw.subscribe(PublishServer.SUBJECT);
		this.template.message("a")
			.to(PublishServer.SUBJECT)
			.header("X-Name", TEXT)
			.header("X-Name", "zwei")
			.header("plain", "1")
			.id("order-1")
			.publish();
		assertThat(this.raw.receive().headerText())
			.isEqualTo("NATS/1.0\r\nX-Name:" + TEXT + "\r\nX-Name:zwei\r\nplain:1\r\nNats-Msg-Id:order-1\r\n\r\n");
	}

	@Test
	void idsAreAnyText() throws Exception {
		createStream();
		this.raw.subscribe(PublishServer.SUBJECT);
		MessageBuilder message = this.template.message("a").to(PublishServer.SUBJECT).id("receipt-ä-" + TEXT);
		assertThat(message.publish().duplicate()).isFalse();
		assertThat(this.raw.receive().header("Nats-Msg-Id")).isEqualTo("receipt-ä-" + TEXT);
		assertThat(message.publish().duplicate()).isTrue();
		assertThat(this.template.message("b")
			.to(PublishServer.SUBJECT)
			.expectLastMessageId("receipt-ä-" + TEXT)
			.publish()
			.sequence()).isEqualTo(2);
		assertThatExceptionOfType(UnexpectedMessageIdException.class).isThrownBy(
				() -> this.template.message("c").to(PublishServer.SUBJECT).expectLastMessageId("größer").publish());
	}

	@Test
	@NeedsServer("2.12.1")
	void messagesThatArePublishedTogetherHaveThem() throws Exception {
		this.server.stream((stream) -> stream.allowAtomicPublish());
		List<MessageBuilder> messages = List.of(
				this.template.message("a").to(PublishServer.SUBJECT).header("X-Name", TEXT).id("ä-1"),
				this.template.message("b").to(PublishServer.SUBJECT).header("X-Name", TEXT).id("ä-2"));
		assertThat(this.template.publishAtomically(messages)).hasSize(2);
		RawNatsClient.Received stored = this.raw.stored(PublishServer.STREAM, PublishServer.SUBJECT);
		assertThat(stored.header("X-Name")).isEqualTo(TEXT);
		assertThat(stored.header("Nats-Msg-Id")).isEqualTo("ä-2");
		assertThat(this.template.publishAtomically(messages)).allMatch(PublishResult::duplicate);
	}

	@Test
	@NeedsServer("2.12")
	void delayedJobsHaveThem() throws Exception {
		this.server.stream((stream) -> stream.subjects("orders.>", "_schedules.orders.>").allowMessageSchedules());
		this.template.message("a")
			.to("orders.größe")
			.header("X-Name", TEXT)
			.id("ä-1")
			.delay(Duration.ofHours(1))
			.publish();
		assertThat(this.template.cancel("ä-1")).isTrue();
		this.template.message("b")
			.to("orders.größe")
			.header("X-Name", TEXT)
			.id("ä-2")
			.delay(Duration.ofMillis(10))
			.publish();
		// The server delivers it as a message of the stream's own
		await().atMost(Duration.ofSeconds(20))
			.until(() -> this.server.count() == 1 && this.raw.isStored(PublishServer.STREAM, "orders.größe"));
		RawNatsClient.Received delivered = this.raw.stored(PublishServer.STREAM, "orders.größe");
		assertThat(delivered.header("X-Name")).isEqualTo(TEXT);
		assertThat(delivered.header("Job-Id")).isEqualTo("ä-2");
		assertThat(delivered.payload()).asString().isEqualTo("b");
	}

}
