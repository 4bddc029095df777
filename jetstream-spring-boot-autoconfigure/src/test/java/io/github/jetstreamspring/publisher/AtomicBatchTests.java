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

import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AtomicBatch}.
 */
class AtomicBatchTests {

	private static final int IN_FLIGHT = 2;

	private final FakeServer server = new FakeServer();

	private Sender sender;

	// Whether there may be a stream in a moment
	private boolean declared = true;

	@AfterEach
	void close() {
		assertThat(this.sender.permits().availablePermits()).as("permits that came back").isEqualTo(IN_FLIGHT);
		this.sender.close();
		this.server.close();
	}

	@Test
	void whenTheServerConfirmsTheLastMessageThenAllAreStoredOneAfterTheOther() {
		this.server.answering((message) -> isLast(message) ? confirmed(12, 3) : heldBack());
		assertThat(batch(5000).publish()).extracting(PublishResult::sequence).containsExactly(10L, 11L, 12L);
		assertThat(headers("Nats-Batch-Sequence")).containsExactly("1", "2", "3");
		assertThat(headers("Nats-Batch-Commit")).containsExactly(null, null, "1");
		assertThat(headers("Nats-Batch-Id")).doesNotContainNull().containsOnly(headers("Nats-Batch-Id").get(0));
	}

	@Test
	void whenTheFirstMessageIsRefusedThenNoOtherOneIsSent() {
		this.server.answering((message) -> FakeServer.refused(400, 10071, "wrong last sequence: 7"));
		assertThatExceptionOfType(UnexpectedSequenceException.class).isThrownBy(batch(5000)::publish);
		assertThat(this.server.published()).hasSize(1);
	}

	@Test
	void whenTheStreamTakesNoBatchesThenThatIsSaid() {
		this.server.answering((message) -> FakeServer.refused(400, 10174, "atomic publish is disabled"));
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class).isThrownBy(batch(5000)::publish);
	}

	@Test
	void whenTheServerCantStoreItForAMomentThenItIsSentAgainAsAnotherBatch() {
		this.server.answering((message) -> switch (this.server.published().size()) {
			case 1 -> FakeServer.noResponders();
			case 2 -> FakeServer.refused(503, 10008, "JetStream system temporarily unavailable");
			default -> isLast(message) ? confirmed(3, 3) : heldBack();
		});
		assertThat(batch(5000).publish()).hasSize(3);
		assertThat(headers("Nats-Batch-Id")).hasSize(5).doesNotContainNull();
		assertThat(headers("Nats-Batch-Id").stream().distinct()).hasSize(3);
		assertThat(headers(PublishHeaders.MESSAGE_ID)).containsExactly("o-1", "o-1", "o-1", "o-2", "o-3");
	}

	@Test
	void whenTheStreamKnowsAllIdsThenTheyWereStoredBefore() {
		this.server.answering((message) -> isQuestion(message) ? FakeServer.duplicate(number(message) + 40)
				: FakeServer.refused(400, 10201, "atomic publish contains duplicate message id"));
		assertThat(batch(5000).publish()).containsExactly(new PublishResult("orders", 41, true),
				new PublishResult("orders", 42, true), new PublishResult("orders", 43, true));
	}

	@Test
	void whenTheStreamKnowsSomeIdsThenNothingIsStoredAndOneOfThemIsNamed() {
		this.server.answering((message) -> {
			if (!isQuestion(message)) {
				return FakeServer.refused(400, 10201, "atomic publish contains duplicate message id");
			}
			return (number(message) == 2) ? FakeServer.duplicate(42)
					: FakeServer.refused(400, 10070, "wrong last msg ID: o-9");
		});
		assertThatExceptionOfType(PublishRefusedException.class).isThrownBy(batch(5000)::publish)
			.withMessageContaining("it has 1 of their ids already, such as 'o-2'");
	}

	@Test
	void whenTheLastMessageIsNotAnsweredThenTheBatchMayOrMayNotBeStored() {
		this.server.answering((message) -> isLast(message) ? null : heldBack());
		assertThatExceptionOfType(PublishTimeoutException.class).isThrownBy(batch(500)::publish)
			.satisfies((failure) -> assertThat(failure.getMessageId()).isEqualTo("o-1"));
	}

	@Test
	void whenTheLastMessageWasNotSentThenNoneIsStored() {
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(batch(500)::publish)
			.isNotInstanceOf(PublishTimeoutException.class)
			.withMessageContaining("None of 3 messages to stream 'orders' was stored within")
			.withMessageContaining("(500ms, connection CONNECTED): the server didn't answer");
		assertThat(headers("Nats-Batch-Commit")).containsOnlyNulls();
	}

	@Test
	void whenTheConnectionIsClosedThenNothingIsSent() {
		AtomicBatch batch = batch(5000);
		this.server.status(Connection.Status.CLOSED);
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(batch::publish)
			.withMessageContaining("were not sent, because the connection is closed");
		assertThat(this.server.published()).isEmpty();
	}

	@Test
	void whenTheConnectionIsLostThenItIsWaitedFor() {
		AtomicBatch batch = batch(300);
		this.server.status(Connection.Status.RECONNECTING);
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(batch::publish)
			.withMessageContaining("the connection was lost");
		assertThat(this.server.published()).isEmpty();
	}

	@Test
	void whenNobodyListensAndTheServerKnowsNoStreamThenThatIsSaid() {
		this.server.answering((message) -> FakeServer.noResponders())
			.answeringRequests((subject) -> "{\"total\":0,\"streams\":null}");
		this.declared = false;
		assertThatExceptionOfType(NoStreamException.class).isThrownBy(batch(5000)::publish);
	}

	@Test
	void whenAServerStoresOneMessageOnlyThenThatIsSaid() {
		this.server.answering((message) -> isLast(message) ? FakeServer.stored(3) : heldBack());
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(batch(5000)::publish)
			.withMessageContaining("confirmed 1 of 3 messages", "older than 2.12");
	}

	@Test
	void whenTheThreadIsInterruptedAfterTheLastMessageThenTheBatchMayOrMayNotBeStored() {
		this.server.answering((message) -> {
			if (isLast(message)) {
				Thread.currentThread().interrupt();
				return null;
			}
			return heldBack();
		});
		assertThatExceptionOfType(PublishTimeoutException.class).isThrownBy(batch(5000)::publish);
		assertThat(Thread.interrupted()).isTrue();
	}

	private AtomicBatch batch(long timeoutMillis) {
		PublisherOptions options = new PublisherOptions(Duration.ofMillis(timeoutMillis), IN_FLIGHT);
		this.sender = new Sender(this.server.connection(),
				new MissingStreams(this.server.connection(), () -> this.declared), options,
				(subject, time, result, failure) -> {
				});
		List<IdentifiedMessage> messages = IntStream.rangeClosed(1, 3)
			.mapToObj((number) -> IdentifiedMessage.of("orders.created",
					new HeaderFields().put(PublishHeaders.MESSAGE_ID, "o-" + number), new byte[0]))
			.toList();
		return new AtomicBatch(this.server.connection(), this.sender, options, "orders", messages, System.nanoTime());
	}

	private List<String> headers(String name) {
		return this.server.published().stream().map((message) -> message.getHeaders().getFirst(name)).toList();
	}

	private static boolean isLast(Message message) {
		return message.getHeaders().containsKey("Nats-Batch-Commit");
	}

	// Which ids does the stream know?
	private static boolean isQuestion(Message message) {
		return message.getHeaders().containsKey(PublishHeaders.EXPECTED_LAST_ID);
	}

	private static int number(Message message) {
		return Integer.parseInt(message.getHeaders().getFirst(PublishHeaders.MESSAGE_ID).substring(2));
	}

	private static Message heldBack() {
		return FakeServer.json("");
	}

	private static Message confirmed(long sequence, int count) {
		return FakeServer
			.json("{\"stream\":\"orders\",\"seq\":%d,\"batch\":\"b\",\"count\":%d}".formatted(sequence, count));
	}

}
