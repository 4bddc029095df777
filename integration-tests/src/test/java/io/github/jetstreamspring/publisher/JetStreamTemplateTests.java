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
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

@EmbeddedNats
class JetStreamTemplateTests {

	private static final String SUBJECT = PublishServer.SUBJECT;

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
	}

	@Test
	void whenPublishedThenTheResultSaysWhereItIsStored() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		assertThat(template.publish(SUBJECT, new Order("o-1"))).isEqualTo(new PublishResult("orders", 1, false));
		assertThat(template.publish(SUBJECT, "text")).isEqualTo(new PublishResult("orders", 2, false));
		assertThat(template.publish(SUBJECT, new byte[] { 1, 2 })).isEqualTo(new PublishResult("orders", 3, false));
		assertThat(this.server.message(1).getData()).asString().isEqualTo("{\"id\":\"o-1\"}");
		assertThat(this.server.message(2).getData()).asString().isEqualTo("text");
		assertThat(this.server.message(3).getData()).containsExactly(1, 2);
		await().untilAsserted(() -> assertThat(this.server.observed()).containsExactly("stored", "stored", "stored"));
	}

	@Test
	void whenPublishedAsynchronouslyThenAllAreConfirmedInOrder() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		List<Long> sequences = IntStream.range(0, 5000)
			.mapToObj((number) -> template.publishAsync(SUBJECT, Integer.toString(number)))
			.toList()
			.stream()
			.map((future) -> future.join().sequence())
			.toList();
		assertThat(sequences).hasSize(5000).isSorted().doesNotHaveDuplicates();
		assertThat(this.server.message(5000).getData()).asString().isEqualTo("4999");
	}

	@Test
	void everyMessageHasAnIdOfItsOwn() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		template.publish(SUBJECT, "a");
		template.publish(SUBJECT, "a");
		assertThat(id(1)).isNotBlank().isNotEqualTo(id(2));
	}

	@Test
	void whenTheIdIsKnownThenTheMessageIsADuplicate() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		assertThat(template.message("a").to(SUBJECT).id("o-1").publish().duplicate()).isFalse();
		assertThat(template.message("b").to(SUBJECT).id("o-1").publish())
			.isEqualTo(new PublishResult("orders", 1, true));
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	void headersAreStoredAndReservedOnesRefused() throws Exception {
		this.server.stream((stream) -> stream);
		MessageBuilder message = this.server.template().message("a").to(SUBJECT);
		message.header("tenant", "acme").header("tag", "a").header("tag", "b").publish();
		MessageInfo stored = this.server.message(1);
		assertThat(stored.getHeaders().get("tenant")).containsExactly("acme");
		assertThat(stored.getHeaders().get("tag")).containsExactly("a", "b");
		assertThatIllegalArgumentException().isThrownBy(() -> message.header("nats-msg-id", "1"))
			.withMessageContaining("reserved");
		assertThatIllegalArgumentException().isThrownBy(() -> message.header("a", "b\r\nNats-Msg-Id: 1"));
		assertThatIllegalArgumentException().isThrownBy(() -> message.header("a", null))
			.withMessageContaining("Header 'a' needs a value");
		assertThatIllegalArgumentException().isThrownBy(() -> message.header(null, "b"));
		assertThatIllegalArgumentException().isThrownBy(() -> message.id(null));
		assertThatIllegalArgumentException().isThrownBy(() -> message.header("a:b", "c"));
		assertThatIllegalArgumentException().isThrownBy(() -> message.id("a\nb"));
	}

	@Test
	void whenTheSubjectIsNotOneThenItIsRefused() {
		JetStreamTemplate template = this.server.template();
		for (String subject : List.of("", " ", "orders.*", "orders.>", "orders..a", ".a", "a.", "a b",
				"$JS.API.INFO")) {
			assertThatIllegalArgumentException().as(subject).isThrownBy(() -> template.publish(subject, "a"));
		}
		assertThatIllegalStateException().isThrownBy(() -> template.message("a").publish())
			.withMessageContaining("needs a subject");
	}

	@Test
	void whenTheSequenceIsAsExpectedThenTheMessageIsStored() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		assertThat(template.message("a").to(SUBJECT).expectLastSequence(0).publish().sequence()).isEqualTo(1);
		assertThat(template.message("b").to(SUBJECT).expectLastSequence(1).publish().sequence()).isEqualTo(2);
	}

	@Test
	void whenTheSequenceIsAnotherThenTheMessageIsNotStored() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		template.publish(SUBJECT, "a");
		assertThatExceptionOfType(UnexpectedSequenceException.class)
			.isThrownBy(() -> template.message("b").to(SUBJECT).expectLastSequence(0).publish())
			.withMessageContaining("Read the stream's state again")
			.satisfies((ex) -> assertThat(ex.getErrorCode()).isEqualTo(10071));
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	@NeedsServer("2.11")
	void whenTheMessageHasATtlThenItIsDeleted() throws Exception {
		this.server.stream((stream) -> stream.allowMessageTtl());
		this.server.template().message("a").to(SUBJECT).ttl(Duration.ofSeconds(3)).publish();
		assertThat(this.server.message(1).getHeaders().getFirst("Nats-TTL")).isEqualTo("3s");
		await().atMost(Duration.ofSeconds(30)).until(() -> this.server.count() == 0);
	}

	@Test
	@NeedsServer("2.11")
	void whenTheStreamAllowsNoTtlThenTheServersWordsAreReported() throws Exception {
		this.server.stream((stream) -> stream);
		assertThatExceptionOfType(PublishRefusedException.class)
			.isThrownBy(() -> this.server.template().message("a").to(SUBJECT).ttl(Duration.ofSeconds(1)).publish())
			.withMessageContaining("TTL");
	}

	@Test
	void whenTheServerKnowsNoTtlThenTheMessageIsRefused() throws Exception {
		assumeFalse(this.server.knows("2.11.0"), "nats-server 2.11 and newer know message TTL");
		this.server.stream((stream) -> stream);
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.server.template().message("a").to(SUBJECT).ttl(Duration.ofSeconds(1)).publish())
			.withMessageContaining("has a time to live, which needs nats-server 2.11");
		assertThat(this.server.count()).isZero();
	}

	@Test
	void whenNoStreamListensThenThatIsSaidWithAnyTimeout() {
		for (Duration timeout : List.of(Duration.ofSeconds(10), Duration.ofSeconds(2))) {
			JetStreamTemplate template = this.server.template(new PublisherOptions(timeout, 10));
			assertThatExceptionOfType(NoStreamException.class).isThrownBy(() -> template.publish("mails.sent", "a"))
				.withMessageContaining("No stream listens on subject 'mails.sent'. Add the subject to a stream");
		}
		await().untilAsserted(
				() -> assertThat(this.server.observed()).containsExactly("NoStreamException", "NoStreamException"));
	}

	@Test
	void whenTheStreamComesInTimeThenTheMessageIsStored() throws Exception {
		// Connected to the stream API by then
		assertThat(this.server.management().getStreamNames()).isEmpty();
		var future = this.server.template().publishAsync(SUBJECT, "a");
		this.server.stream((stream) -> stream);
		assertThat(future.join()).isEqualTo(new PublishResult("orders", 1, false));
	}

	@Test
	void whenTheStreamIsFullThenTheMessageIsNotStored() throws Exception {
		this.server.stream((stream) -> stream.maxMessages(1).discardPolicy(DiscardPolicy.New));
		JetStreamTemplate template = this.server.template();
		template.publish(SUBJECT, "a");
		assertThatExceptionOfType(StreamFullException.class).isThrownBy(() -> template.publish(SUBJECT, "b"))
			.withMessageContaining("because the stream is full (maximum messages exceeded)")
			.withMessageContaining("raise its limits");
	}

	@Test
	void whenTheMessageIsLargerThanTheStreamAllowsThenItIsNotStored() throws Exception {
		this.server.stream((stream) -> stream.maximumMessageSize(200));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.server.template().publish(SUBJECT, new byte[300]))
			.withMessageContaining("max-message-size of the stream");
	}

	@Test
	void whenTheMessageIsLargerThanTheServerAllowsThenItIsNotSent() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		int limit = (int) this.server.connection().getMaxPayload();
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> template.publish(SUBJECT, new byte[limit]))
			.withMessageContaining("max_payload of the server (" + limit + ")");
		// The connection is still there, which the server would have cut otherwise
		assertThat(template.publish(SUBJECT, new byte[limit - 1000]).sequence()).isEqualTo(1);
		assertThat(this.server.connection().getStatistics().getReconnects()).isZero();
	}

	@Test
	void whenThePayloadCantBeConvertedThenNothingIsSent() throws Exception {
		this.server.stream((stream) -> stream);
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.template().message(null));
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.server.template().publish(SUBJECT, new Broken()));
		assertThat(this.server.count()).isZero();
	}

	private String id(long sequence) throws Exception {
		return this.server.message(sequence).getHeaders().getFirst("Nats-Msg-Id");
	}

	record Order(String id) {
	}

	static final class Broken {

		public String getName() {
			throw new IllegalStateException("broken");
		}

	}

}
