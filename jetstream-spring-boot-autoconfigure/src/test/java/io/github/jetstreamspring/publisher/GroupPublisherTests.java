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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.Message;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link GroupPublisher}.
 */
class GroupPublisherTests {

	private static final PublisherOptions OPTIONS = new PublisherOptions(Duration.ofSeconds(5), 10_000);

	private final List<String> observed = Collections.synchronizedList(new ArrayList<>());

	private FakeServer server = new FakeServer().storing();

	private Sender sender;

	@AfterEach
	void close() {
		if (this.sender != null) {
			this.sender.close();
		}
		this.server.close();
	}

	@Test
	void whenTheStreamStoresBatchesThenTheMessagesAreOne() throws Exception {
		this.server.answering(GroupPublisherTests::batch);
		assertThat(publisher(true).publish(messages("o-1", "o-2"))).extracting(PublishResult::sequence)
			.containsExactly(1L, 2L);
		assertThat(this.server.published()).allSatisfy((message) -> assertThat(isOfBatch(message)).isTrue());
		assertThat(this.observed).containsExactly("orders.created 1", "orders.created 2");
	}

	@Test
	void whenTheStreamStoresNoBatchesThenTheyGoOneByOne() throws Exception {
		assertThat(publisher(false).publish(messages("o-1", "o-2", "o-3"))).extracting(PublishResult::sequence)
			.containsExactly(1L, 2L, 3L);
		assertThat(this.server.published()).noneSatisfy((message) -> assertThat(isOfBatch(message)).isTrue());
		assertThat(this.observed).hasSize(3);
	}

	@Test
	void whenAllOrNothingIsAskedForThenAStreamWithoutBatchesIsNamedWithTheKeyToSet() throws Exception {
		GroupPublisher publisher = publisher(false);
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> publisher.publishAtomically(messages("o-1", "o-2")))
			.withMessageContaining("jetstream.streams.orders.allow-atomic-publish: true");
		assertThat(this.server.published()).isEmpty();
	}

	@Test
	void whenTheServerIsTooOldThenAllOrNothingIsRefusedAndOthersGoOneByOne() throws Exception {
		this.server.close();
		this.server = new FakeServer("2.12.0").storing();
		GroupPublisher publisher = publisher(true);
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> publisher.publishAtomically(messages("o-1", "o-2")))
			.withMessageContaining("2.12.0 is connected");
		assertThat(publisher.publish(messages("o-1", "o-2"))).hasSize(2);
	}

	@Test
	void whenThereAreMoreThanTheServerTakesThenTheyGoOneByOne() throws Exception {
		List<IdentifiedMessage> messages = messages(IntStream.rangeClosed(0, AtomicBatch.MAX_SIZE)
			.mapToObj((number) -> "o-" + number)
			.toArray(String[]::new));
		GroupPublisher publisher = publisher(true);
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> publisher.publishAtomically(messages))
			.withMessageContaining("the server takes 1000 at most");
		assertThat(publisher.publish(messages)).hasSize(1001);
	}

	@Test
	void whenAMessageGoesToAnotherStreamThenTheyGoOneByOne() throws Exception {
		List<IdentifiedMessage> messages = new ArrayList<>(messages("o-1"));
		messages.add(message("mails.sent", "m-1"));
		GroupPublisher publisher = publisher(true);
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> publisher.publishAtomically(messages))
			.withMessageContaining("doesn't listen on 'mails.sent'");
		assertThat(publisher.publish(messages)).hasSize(2);
	}

	@Test
	void whenAMessageExpectsALastIdThenItCantBePartOfABatch() throws Exception {
		List<IdentifiedMessage> messages = new ArrayList<>(messages("o-1"));
		messages.add(IdentifiedMessage.of("orders.created",
				new HeaderFields().put(PublishHeaders.EXPECTED_LAST_ID, "o-1"), new byte[0]));
		GroupPublisher publisher = publisher(true);
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> publisher.publishAtomically(messages))
			.withMessageContaining("expects a last message id");
	}

	@Test
	void whenTwoMessagesHaveTheSameIdThenNoneIsSent() throws Exception {
		GroupPublisher publisher = publisher(true);
		assertThatIllegalArgumentException().isThrownBy(() -> publisher.publish(messages("o-1", "o-1")))
			.withMessageContaining("have the id 'o-1'");
		assertThat(this.server.published()).isEmpty();
	}

	@Test
	void whenSomeMessagesFailThenTheOutcomesSayWhich() throws Exception {
		this.server.answering((message) -> id(message).equals("o-2")
				? FakeServer.refused(400, 10109, "invalid operation on sealed stream") : FakeServer.stored(7));
		GroupPublisher publisher = publisher(false);
		assertThatExceptionOfType(PublishAllException.class).isThrownBy(() -> publisher.publish(messages("o-1", "o-2")))
			.withMessageContaining("1 of 2 messages were not stored")
			.satisfies((failure) -> assertThat(failure.getOutcomes()).extracting(PublishOutcome::isStored)
				.containsExactly(true, false));
	}

	@Test
	void whenABatchIsRefusedThenEachMessageHasFailedAndTheObserverIsTold() throws Exception {
		this.server.answering((message) -> FakeServer.refused(503, 10077, "maximum messages exceeded"));
		GroupPublisher publisher = publisher(true);
		assertThatExceptionOfType(PublishAllException.class)
			.isThrownBy(() -> publisher.publishAtomically(messages("o-1", "o-2")))
			.withMessageContaining("None of 2 messages to stream 'orders' was stored")
			.satisfies((failure) -> assertThat(failure.getOutcomes())
				.allSatisfy((outcome) -> assertThat(outcome.failure()).isInstanceOf(StreamFullException.class)));
		assertThat(this.observed).containsExactly("orders.created failed", "orders.created failed");
	}

	@Test
	void whenTheStreamStoresNoBatchesAnyMoreThenTheyGoOneByOne() throws Exception {
		this.server.answering((message) -> isOfBatch(message)
				? FakeServer.refused(400, 10174, "atomic publish is disabled") : FakeServer.stored(1));
		assertThat(publisher(true).publish(messages("o-1", "o-2"))).hasSize(2);
	}

	private GroupPublisher publisher(boolean atomic) throws Exception {
		this.server
			.with(StreamConfiguration.builder().name("orders").subjects("orders.>").allowAtomicPublish(atomic).build());
		MissingStreams missingStreams = new MissingStreams(this.server.connection(), () -> true);
		PublishObserver observer = (subject, time, result, failure) -> this.observed
			.add(subject + " " + ((result != null) ? result.sequence() : "failed"));
		this.sender = new Sender(this.server.connection(), missingStreams, OPTIONS, observer);
		return new GroupPublisher(this.server.connection(), this.sender, OPTIONS, observer,
				new StreamLookup(this.server.connection(), missingStreams, OPTIONS.timeout()));
	}

	private static List<IdentifiedMessage> messages(String... ids) {
		return List.of(ids).stream().map((id) -> message("orders.created", id)).toList();
	}

	private static IdentifiedMessage message(String subject, String id) {
		return IdentifiedMessage.of(subject, new HeaderFields().put(PublishHeaders.MESSAGE_ID, id), new byte[0]);
	}

	private static String id(Message message) {
		return message.getHeaders().getFirst(PublishHeaders.MESSAGE_ID);
	}

	private static boolean isOfBatch(Message message) {
		return message.getHeaders().containsKey("Nats-Batch-Id");
	}

	private static Message batch(Message message) {
		return message.getHeaders().containsKey("Nats-Batch-Commit")
				? FakeServer.json("{\"stream\":\"orders\",\"seq\":2,\"batch\":\"b\",\"count\":2}")
				: FakeServer.json("");
	}

}
