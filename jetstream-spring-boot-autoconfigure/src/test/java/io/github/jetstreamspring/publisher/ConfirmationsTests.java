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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Confirmations}.
 */
class ConfirmationsTests {

	private final FakeServer server = new FakeServer();

	private final BlockingQueue<Confirmations.Outcome> outcomes = new LinkedBlockingQueue<>();

	private Confirmations confirmations;

	private long timeoutMillis;

	// Whether there may be a stream in a moment
	private boolean declared = true;

	@AfterEach
	void close() {
		this.confirmations.close();
		this.server.close();
	}

	@Test
	void whenTheServerConfirmsThenTheMessageIsStored() throws Exception {
		confirmations(5000).send(publication("o-1"));
		this.server.answer(sent(0), FakeServer.stored(17));
		assertThat(outcome().result()).isEqualTo(new PublishResult("orders", 17, false));
		assertThat(this.confirmations.inFlight()).isZero();
		assertThat(this.server.published()).hasSize(1);
	}

	@Test
	void whenTheServerHasItAlreadyThenTheResultSaysSo() throws Exception {
		this.server.answering((message) -> FakeServer.duplicate(5));
		confirmations(5000).send(publication("o-1"));
		assertThat(outcome().result()).isEqualTo(new PublishResult("orders", 5, true));
	}

	@Test
	void whenTheServerCantStoreItForAMomentThenItIsSentAgainWithItsId() throws Exception {
		this.server.answering((message) -> (this.server.published().size() == 1)
				? FakeServer.refused(503, 10008, "JetStream system temporarily unavailable") : FakeServer.stored(1));
		confirmations(5000).send(publication("o-1"));
		assertThat(outcome().result()).isEqualTo(new PublishResult("orders", 1, false));
		assertThat(this.server.published())
			.extracting((message) -> message.getHeaders().getFirst(PublishHeaders.MESSAGE_ID))
			.containsExactly("o-1", "o-1");
	}

	@Test
	void whenTheServerIsStillStoringAnEarlierAttemptThenItIsSentAgainUntilOneIsStored() throws Exception {
		this.server.answering((message) -> switch (this.server.published().size()) {
			case 1 -> FakeServer.refused(503, 10008, "JetStream system temporarily unavailable");
			case 2 -> FakeServer.duplicate(0);
			default -> FakeServer.stored(7);
		});
		confirmations(5000).send(publication("o-1"));
		assertThat(outcome().result()).isEqualTo(new PublishResult("orders", 7, false));
		assertThat(this.server.published()).hasSize(3);
	}

	@Test
	void whenTheServerRefusesItForGoodThenItFailsAtOnce() throws Exception {
		this.server.answering((message) -> FakeServer.refused(503, 10077, "maximum messages exceeded"));
		confirmations(5000).send(publication("o-1"));
		assertThat(outcome().failure()).isInstanceOf(StreamFullException.class);
		assertThat(this.server.published()).hasSize(1);
	}

	@Test
	void whenTheAnswerIsNoConfirmationThenItFails() throws Exception {
		this.server.answering((message) -> FakeServer.json("{}"));
		confirmations(5000).send(publication("o-1"));
		assertThat(outcome().failure()).hasMessageContaining("is no confirmation");
	}

	@Test
	void whenNobodyListensAndTheServerKnowsNoStreamThenItSaysSo() throws Exception {
		this.server.answering((message) -> FakeServer.noResponders())
			.answeringRequests((subject) -> "{\"total\":0,\"streams\":null}");
		this.declared = false;
		confirmations(5000).send(publication("o-1"));
		assertThat(outcome().failure()).isInstanceOf(NoStreamException.class);
	}

	@Test
	void whenNobodyListensForAMomentButThereIsAStreamThenItIsSentAgain() throws Exception {
		this.server.answering(
				(message) -> (this.server.published().size() < 3) ? FakeServer.noResponders() : FakeServer.stored(1))
			.answeringRequests((subject) -> "{\"total\":1,\"streams\":[\"orders\"]}");
		this.declared = false;
		confirmations(5000).send(publication("o-1"));
		assertThat(outcome().result()).isEqualTo(new PublishResult("orders", 1, false));
		assertThat(this.server.published()).hasSize(3);
	}

	@Test
	void whenNobodyAnswersInTimeThenItMayOrMayNotBeStored() throws Exception {
		confirmations(50).send(publication("o-1"));
		assertThat(outcome().failure()).isInstanceOfSatisfying(PublishTimeoutException.class,
				(failure) -> assertThat(failure.getMessageId()).isEqualTo("o-1"));
		assertThat(this.confirmations.inFlight()).isZero();
	}

	@Test
	void whenNothingIsUnderWayThenNobodyLooksAllTheTime() throws Exception {
		this.server.answering((message) -> FakeServer.stored(1));
		confirmations(5000).send(publication("o-1"));
		outcome();
		await().until(() -> plannedLooks() == 0);
		this.server.answering((message) -> null);
		this.confirmations.send(publication("o-2"));
		await().until(() -> plannedLooks() == 1);
	}

	// Without the check that comes once a second whatever happens
	private long plannedLooks() {
		return this.confirmations.scheduler()
			.getQueue()
			.stream()
			.filter((task) -> !((RunnableScheduledFuture<?>) task).isPeriodic())
			.count();
	}

	@Test
	void whenTheServerForbidsASubjectThenOnlyMessagesToItFail() throws Exception {
		confirmations(5000).send(publication("o-1"));
		this.confirmations.send(publication("mails", "m-1"));
		this.confirmations.forbidden("orders");
		assertThat(outcome().failure()).isInstanceOf(PublishForbiddenException.class);
		assertThat(this.confirmations.inFlight()).isOne();
	}

	@Test
	void whenTheConnectionIsClosedThenItIsNotSent() throws Exception {
		confirmations(5000);
		this.server.status(Connection.Status.CLOSED);
		this.confirmations.send(publication("o-1"));
		assertThat(outcome().failure()).hasMessageContaining("was not sent, because the connection is closed");
	}

	@Test
	void whenItIsClosedThenWhatIsInFlightIsReportedAndNothingIsSentAnyMore() throws Exception {
		confirmations(5000).send(publication("o-1"));
		this.confirmations.close();
		assertThat(outcome().failure()).isInstanceOf(PublishTimeoutException.class);
		this.confirmations.send(publication("o-2"));
		assertThat(outcome().failure()).hasMessageContaining("was not sent, because the publisher is closed");
		assertThat(this.server.published()).hasSize(1);
	}

	@Test
	void whenAnAnswerMayBeTheSecondOneToAnotherMessageThenTheMessageIsSentAgain() throws Exception {
		this.server.storing();
		confirmations(5000);
		for (String id : List.of("o-1", "o-2")) {
			this.confirmations.send(publication(id));
			outcome();
		}
		this.server.answering(
				(message) -> (this.server.published().size() == 3) ? FakeServer.stored(2) : FakeServer.duplicate(3));
		this.confirmations.send(publication("o-3"));
		assertThat(sent(2).getReplyTo()).isEqualTo(sent(1).getReplyTo());
		assertThat(outcome().result()).isEqualTo(new PublishResult("orders", 3, true));
		assertThat(sent(3).getReplyTo()).isNotEqualTo(sent(1).getReplyTo());
		assertThat(this.server.published()).hasSize(4);
	}

	@Test
	void whenNobodyCanBeToldOfAConfirmationThenTheMessageIsNotForgotten() throws Exception {
		AtomicInteger told = new AtomicInteger();
		this.server.storing();
		confirmations(300, (publication, outcome) -> {
			if (told.getAndIncrement() == 0) {
				throw new OutOfMemoryError("Expected by the test");
			}
			this.outcomes.add(outcome);
		}).send(publication("o-1"));
		assertThat(outcome().failure()).isInstanceOf(PublishTimeoutException.class);
	}

	@Test
	void whenAConfirmationIsTakenInThenTheThreadKnowsThatOthersWaitForIt() throws Exception {
		List<Boolean> own = new ArrayList<>();
		this.server.storing();
		confirmations(5000, (publication, outcome) -> {
			own.add(this.confirmations.isOwnThread());
			this.outcomes.add(outcome);
		}).send(publication("o-1"));
		outcome();
		assertThat(own).containsExactly(true);
		assertThat(this.confirmations.isOwnThread()).isFalse();
	}

	private Confirmations confirmations(long timeoutMillis) {
		return confirmations(timeoutMillis, (publication, outcome) -> this.outcomes.add(outcome));
	}

	private Confirmations confirmations(long timeoutMillis, BiConsumer<Publication, Confirmations.Outcome> onDone) {
		this.confirmations = new Confirmations(this.server.connection(), Duration.ofMillis(timeoutMillis),
				new MissingStreams(this.server.connection(), () -> this.declared), onDone);
		this.timeoutMillis = timeoutMillis;
		return this.confirmations;
	}

	private Publication publication(String id) {
		return publication("orders", id);
	}

	private Publication publication(String subject, String id) {
		IdentifiedMessage message = IdentifiedMessage.of(subject, new HeaderFields().put(PublishHeaders.MESSAGE_ID, id),
				new byte[0]);
		return new Publication(message, TimeUnit.MILLISECONDS.toNanos(this.timeoutMillis), null, null);
	}

	private Message sent(int number) {
		return this.server.published().get(number);
	}

	private Confirmations.Outcome outcome() throws InterruptedException {
		Confirmations.Outcome outcome = this.outcomes.poll(10, TimeUnit.SECONDS);
		assertThat(outcome).isNotNull();
		return outcome;
	}

}
