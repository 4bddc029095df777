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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.Connection;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

@Timeout(90)
@EmbeddedNats(shared = false)
class PublishAllTests {

	private static final String COMMIT = "Nats-Batch-Commit";

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheStreamAllowsItThenTheMessagesAreOneBatch() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		template.publish("orders.first", "before");
		List<PublishResult> results = template
			.publishAll(List.of(template.message("a").to("orders.a").header("tenant", "acme").id("o-1"),
					template.message(new Order("o-2")).to("orders.b"), template.message("c").to("orders.c")));
		assertThat(results).containsExactly(new PublishResult("orders", 2, false),
				new PublishResult("orders", 3, false), new PublishResult("orders", 4, false));
		MessageInfo first = this.server.message(2);
		assertThat(first.getSubject()).isEqualTo("orders.a");
		assertThat(first.getHeaders().getFirst("tenant")).isEqualTo("acme");
		assertThat(first.getHeaders().getFirst("Nats-Msg-Id")).isEqualTo("o-1");
		assertThat(this.server.message(3).getData()).asString().isEqualTo("{\"id\":\"o-2\"}");
		assertThat(this.server.message(4).getHeaders().getFirst(COMMIT)).isEqualTo("1");
		await().untilAsserted(
				() -> assertThat(this.server.observed()).containsExactly("stored", "stored", "stored", "stored"));
	}

	@Test
	@NeedsServer("2.12.1")
	void whenOneMessageOfABatchIsRefusedThenNoneIsStored() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		template.publish("orders.b", "before");
		PublishAllException failure = catchThrowableOfType(PublishAllException.class,
				() -> template.publishAll(List.of(template.message("a").to("orders.a"),
						template.message("b").to("orders.b").id("o-2").expectLastSubjectSequence(0),
						template.message("c").to("orders.c"))));
		assertThat(failure).hasMessageStartingWith("None of 3 messages to stream 'orders' was stored:")
			.hasCauseInstanceOf(UnexpectedSequenceException.class);
		assertThat(failure.isAtomic()).isTrue();
		assertThat(failure.getOutcomes()).hasSize(3)
			.allMatch((outcome) -> !outcome.isStored() && outcome.failure() instanceof UnexpectedSequenceException);
		assertThat(failure.getOutcomes().get(1).messageId()).isEqualTo("o-2");
		assertThat(this.server.count()).isEqualTo(1);
		// Nothing of it is left in the server
		template.publishAll(List.of(template.message("a").to("orders.a"), template.message("b").to("orders.b")));
		assertThat(this.server.count()).isEqualTo(3);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenAMessageIsDelayedOrUniqueThenNothingIsSent() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		assertThatIllegalStateException()
			.isThrownBy(() -> template.publishAll(List.of(template.message("a").to("orders.a"),
					template.message("b").to("orders.b").delay(Duration.ofMinutes(1)))))
			.withMessageContaining("delayed");
		assertThatIllegalStateException().isThrownBy(() -> template.publishAtomically(List
			.of(template.message("a").to("orders.a"), template.message("b").to("orders.b").uniqueUntilDone("b"))))
			.withMessageContaining("unique");
		assertThatIllegalStateException().isThrownBy(
				() -> template.message("b").to("orders.b").uniqueUntilDone("b").delay(Duration.ofMinutes(1)).publish())
			.withMessageContaining("delayed can't be unique");
		assertThat(this.server.count()).isZero();
	}

	@Test
	@NeedsServer("2.12.1")
	void whenExpectationsAreMetThenTheBatchIsStored() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		long last = template.publish("orders.b", "before").sequence();
		List<PublishResult> results = template.publishAtomically(
				List.of(template.message("a").to("orders.a").expectLastSequence(last).expectStream("orders"),
						template.message("b").to("orders.b").expectLastSubjectSequence(last)));
		assertThat(results).extracting(PublishResult::sequence).containsExactly(last + 1, last + 2);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheSameMessagesArePublishedAgainThenTheyAreStoredOnce() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		List<MessageBuilder> messages = messages(template, 20);
		List<PublishResult> first = template.publishAll(messages);
		template.publish("orders.other", "other");
		List<PublishResult> second = template.publishAll(messages);
		assertThat(second).allMatch(PublishResult::duplicate)
			.extracting(PublishResult::sequence)
			.containsExactlyElementsOf(first.stream().map(PublishResult::sequence).toList());
		assertThat(this.server.count()).isEqualTo(21);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenSomeOfTheIdsAreKnownThenNoneIsStored() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		template.message("b").to("orders.b").id("o-2").publish();
		assertThatExceptionOfType(PublishAllException.class)
			.isThrownBy(() -> template.publishAll(List.of(template.message("a").to("orders.a").id("o-1"),
					template.message("b").to("orders.b").id("o-2"))))
			.withMessageContaining("because it has 1 of their ids already, such as 'o-2'");
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheConfirmationGetsLostThenTheBatchIsStoredOnceAndConfirmed() throws Exception {
		atomicStream();
		AtomicInteger commits = new AtomicInteger();
		Connection connection = UnansweredConnection.of(this.server.connection(),
				(headers) -> headers.containsKey(COMMIT) && commits.getAndIncrement() == 0);
		JetStreamTemplate template = this.server.template(connection,
				new PublisherOptions(Duration.ofSeconds(30), 1000));
		List<PublishResult> results = template.publishAtomically(messages(template, 10));
		assertThat(commits).hasValueGreaterThanOrEqualTo(2);
		assertThat(results).allMatch(PublishResult::duplicate)
			.extracting(PublishResult::sequence)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
		assertThat(this.server.count()).isEqualTo(10);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenNobodyAnswersAfterTheCommitThenItIsSaidThatAllOrNoneAreStored() throws Exception {
		atomicStream();
		AtomicInteger commits = new AtomicInteger();
		Connection connection = UnansweredConnection.of(this.server.connection(),
				(headers) -> headers.containsKey(COMMIT) ? commits.getAndIncrement() >= 0 : commits.get() > 0);
		JetStreamTemplate template = this.server.template(connection,
				new PublisherOptions(Duration.ofSeconds(3), 1000));
		List<MessageBuilder> messages = messages(template, 10);
		PublishAllException failure = catchThrowableOfType(PublishAllException.class,
				() -> template.publishAll(messages));
		assertThat(failure).hasMessageContaining("all of them may be stored, or none")
			.hasCauseInstanceOf(PublishTimeoutException.class);
		assertThat(failure.getOutcomes())
			.allMatch((outcome) -> outcome.failure() instanceof PublishTimeoutException timeout
					&& timeout.getMessageId().equals(outcome.messageId()))
			.extracting(PublishOutcome::messageId)
			.doesNotHaveDuplicates();
		assertThat(this.server.count()).isEqualTo(10);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenNothingIsAnsweredBeforeTheCommitThenNothingIsStored() throws Exception {
		atomicStream();
		Connection connection = UnansweredConnection.of(this.server.connection(),
				(headers) -> headers.containsKey("Nats-Batch-Id"));
		JetStreamTemplate template = this.server.template(connection,
				new PublisherOptions(Duration.ofSeconds(3), 1000));
		assertThatExceptionOfType(PublishAllException.class)
			.isThrownBy(() -> template.publishAll(messages(template, 10)))
			.withMessageContaining("None of 10 messages to stream 'orders' was stored within");
		assertThat(this.server.count()).isZero();
	}

	@Test
	@NeedsServer("2.12.1")
	void whenFewMayBeInFlightThenABatchIsStoredAllTheSame() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(30), 3));
		for (int i = 0; i < 5; i++) {
			assertThat(template.publishAtomically(messages(template, 1000))).hasSize(1000);
		}
		assertThat(this.server.count()).isEqualTo(5000);
		template.publish("orders.a", "a");
	}

	@Test
	@NeedsServer("2.12.1")
	void whenManyPublishBatchesThenTheirMessagesAreNotMixed() throws Exception {
		atomicStream();
		// More than the server takes at once for a stream
		int callers = 60;
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(60), 1000));
		ExecutorService executor = Executors.newFixedThreadPool(callers);
		try {
			List<CompletableFuture<List<PublishResult>>> calls = IntStream.range(0, callers)
				.mapToObj((caller) -> CompletableFuture
					.supplyAsync(() -> template.publishAtomically(messages(template, 50)), executor))
				.toList();
			for (CompletableFuture<List<PublishResult>> call : calls) {
				long first = call.join().get(0).sequence();
				assertThat(call.join()).extracting(PublishResult::sequence)
					.containsExactlyElementsOf(LongStream.range(first, first + 50).boxed().toList());
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(this.server.count()).isEqualTo(callers * 50);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheServerRestartsThenEachBatchIsStoredOnceAndWhole() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(40), 1000));
		CompletableFuture<Void> restarts = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 2; i++) {
				this.server.server().kill();
				this.server.server().restart();
				await().until(() -> this.server.connection().getStatus() == Connection.Status.CONNECTED);
			}
		});
		int batches = 0;
		while (!restarts.isDone() || batches < 20) {
			template.publishAtomically(messages(template, 100));
			batches++;
		}
		restarts.join();
		assertThat(this.server.count()).isEqualTo(batches * 100L);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenThereAreMoreThanTheServerTakesThenTheyArePublishedOneByOne() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		assertThat(template.publishAll(messages(template, 1001))).hasSize(1001);
		assertThat(this.server.message(1).getHeaders().containsKey("Nats-Batch-Id")).isFalse();
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> template.publishAtomically(messages(template, 1001)))
			.withMessageContaining("1001 messages can't be stored all or nothing, as the server takes 1000 at most");
		assertThat(this.server.count()).isEqualTo(1001);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheStreamDoesNotAllowItThenTheMessagesArePublishedOneByOne() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		assertThat(template.publishAll(messages(template, 3))).extracting(PublishResult::sequence)
			.containsExactly(1L, 2L, 3L);
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> template.publishAtomically(messages(template, 3)))
			.withMessageContaining("Set jetstream.streams.orders.allow-atomic-publish: true");
		assertThat(this.server.count()).isEqualTo(3);
		// Once it does, the next call sees that
		this.server.management()
			.updateStream(StreamConfiguration.builder(config("orders")).allowAtomicPublish(true).build());
		assertThat(template.publishAtomically(messages(template, 3))).hasSize(3);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheStreamNoLongerAllowsItThenTheMessagesArePublishedOneByOne() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		template.publishAll(messages(template, 2));
		this.server.management()
			.updateStream(StreamConfiguration.builder(config("orders")).allowAtomicPublish(false).build());
		assertThat(template.publishAll(messages(template, 2))).extracting(PublishResult::sequence)
			.containsExactly(3L, 4L);
		assertThat(this.server.count()).isEqualTo(4);
	}

	@Test
	void whenTheServerIsTooOldThenThatIsSaid() throws Exception {
		assumeFalse(this.server.knows("2.12.1"), "nats-server 2.12.1 and newer know atomic batches");
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> template.publishAtomically(messages(template, 3)))
			.withMessageContaining("needs nats-server 2.12.1, but 2.");
		assertThat(this.server.count()).isZero();
		assertThat(template.publishAll(messages(template, 3))).hasSize(3);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheMessagesAreForSeveralStreamsThenTheyArePublishedOneByOne() throws Exception {
		atomicStream();
		this.server.management()
			.addStream(StreamConfiguration.builder().name("mails").subjects("mails.*").allowAtomicPublish().build());
		JetStreamTemplate template = this.server.template();
		assertThat(
				template.publishAll(List.of(template.message("a").to("orders.a"), template.message("b").to("mails.b"))))
			.containsExactly(new PublishResult("orders", 1, false), new PublishResult("mails", 1, false));
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> template
				.publishAtomically(List.of(template.message("a").to("orders.a"), template.message("b").to("mails.b"))))
			.withMessageContaining("stream 'orders' of subject 'orders.a' doesn't listen on 'mails.b'");
	}

	@Test
	void whenSomeOfThemFailOneByOneThenItIsSaidWhich() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		PublishAllException failure = catchThrowableOfType(PublishAllException.class,
				() -> template.publishAll(List.of(template.message("a").to("orders.a"),
						template.message("b").to("orders.b").expectStream("others"),
						template.message("c").to("orders.c").expectLastMessageId("o-0"),
						template.message("d").to("orders.d"))));
		assertThat(failure).hasMessageStartingWith("2 of 4 messages were not stored")
			.hasMessageContaining("another stream than the expected one");
		assertThat(failure.isAtomic()).isFalse();
		assertThat(failure.getOutcomes()).extracting(PublishOutcome::isStored)
			.containsExactly(true, false, false, true);
		assertThat(failure.getOutcomes().get(1).failure()).isInstanceOf(WrongStreamException.class);
		assertThat(failure.getOutcomes().get(2).failure()).isInstanceOf(UnexpectedMessageIdException.class);
		assertThat(failure.getOutcomes().get(3).result()).isNotNull();
		assertThat(this.server.count()).isEqualTo(2);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenAnIdIsExpectedThenItCantBeAllOrNothing() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		List<MessageBuilder> messages = List.of(template.message("a").to("orders.a").id("o-1"),
				template.message("b").to("orders.b").expectLastMessageId("o-1"));
		assertThatExceptionOfType(AtomicPublishUnsupportedException.class)
			.isThrownBy(() -> template.publishAtomically(messages))
			.withMessageContaining("expects a last message id");
		assertThat(template.publishAll(messages)).hasSize(2);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenNoStreamListensThenThatIsSaid() {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(2), 100));
		PublishAllException failure = catchThrowableOfType(PublishAllException.class,
				() -> template.publishAll(messages(template, 2)));
		assertThat(failure.getOutcomes()).hasSize(2)
			.allMatch((outcome) -> outcome.failure() instanceof NoStreamException);
		assertThatExceptionOfType(NoStreamException.class)
			.isThrownBy(() -> template.publishAtomically(messages(template, 2)));
	}

	@Test
	void whenOneMessageCantBeSentThenNoneIs() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		MessageBuilder good = template.message("a").to("orders.a");
		int limit = (int) this.server.connection().getMaxPayload();
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> template.publishAll(List.of(good, template.message(new byte[limit]).to("orders.b"))));
		assertThatIllegalStateException().isThrownBy(() -> template.publishAll(List.of(good, template.message("b"))));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> template.publishAll(List.of(template.message("a").to("orders.a").id("o-1"),
					template.message("b").to("orders.b").id("o-1"))))
			.withMessageContaining("Two of the messages have the id 'o-1'");
		assertThat(this.server.count()).isZero();
	}

	@Test
	void whenThereAreNoMessagesThenThereAreNoResults() {
		JetStreamTemplate template = this.server.template();
		assertThat(template.publishAll(List.of())).isEmpty();
		assertThat(template.publishAtomically(List.of())).isEmpty();
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheThreadIsInterruptedThenNothingIsStored() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		template.publishAll(messages(template, 2));
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(PublishAllException.class)
				.isThrownBy(() -> template.publishAll(messages(template, 2)))
				.withMessageContaining("the thread was interrupted");
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(this.server.count()).isEqualTo(2);
		// No permit is lost
		assertThat(template.publishAtomically(messages(template, 1000))).hasSize(1000);
	}

	@Test
	@NeedsServer("2.12.1")
	void whenTheConnectionIsClosedThenNothingIsStored() throws Exception {
		atomicStream();
		JetStreamTemplate template = this.server.template();
		template.publishAll(messages(template, 2));
		this.server.connection().close();
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> template.publishAll(messages(template, 2)))
			.withMessageContaining("because the connection is closed");
	}

	private void atomicStream() throws Exception {
		this.server.stream((stream) -> stream.allowAtomicPublish());
	}

	private StreamConfiguration config(String stream) throws Exception {
		return this.server.management().getStreamInfo(stream).getConfiguration();
	}

	private static List<MessageBuilder> messages(JetStreamTemplate template, int count) {
		List<MessageBuilder> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			messages.add(template.message(Integer.toString(i)).to("orders." + i));
		}
		return messages;
	}

	record Order(String id) {
	}

}
