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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.listener.pull.FakeServer.Request;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.support.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link PullFlow}, with a server that answers when the test says so.
 */
class PullFlowTests {

	private static final int WORKERS = 4;

	private static final ConsumerConfiguration CONSUMER = ConsumerConfiguration.builder().durable("worker").build();

	private final FakeServer server = new FakeServer();

	private final PullConnection connection = new PullConnection(this.server.connection, Runnable::run);

	private final Credit credit = new Credit(WORKERS, 1, 100, -1, this.connection);

	private final Receiver receiver = new Receiver(
			Receivers.unpooled(new CustomizableThreadFactory("receiver-"), new GuardedScheduler("scheduler-")), false);

	private final RecordedEvents events = new RecordedEvents();

	private final PullFlow flow = flow(CONSUMER);

	private final List<Message> received = new ArrayList<>();

	@Test
	void nothingIsAskedForBeforeItIsOpen() {
		this.flow.ask();
		assertThat(this.server.requests).isEmpty();
		assertThat(this.flow.isDelivering()).isFalse();
	}

	@Test
	void asManyMessagesAreAskedForAsThereAreWorkers() {
		this.flow.open(CONSUMER);
		assertThat(this.server.requests).singleElement().satisfies((request) -> {
			assertThat(request.subject()).isEqualTo("$JS.API.CONSUMER.MSG.NEXT.orders.worker");
			assertThat(request.batch()).isEqualTo(WORKERS);
		});
		assertThat(this.flow.isDelivering()).isTrue();
	}

	@Test
	void whenTheTimeIsOverThenNothingIsAskedForAnyMore() throws Exception {
		this.flow.expireAt(System.nanoTime() + Duration.ofHours(1).toNanos());
		this.flow.open(CONSUMER);
		this.server.deliver(this.server.lastRequest());
		receive();
		this.flow.expireAt(System.nanoTime());
		this.credit.settled();
		assertThat(this.flow.ask()).isFalse();
		assertThat(this.server.asked()).isEqualTo(WORKERS);
		this.flow.end();
		assertThat(this.flow.isDelivering()).isFalse();
	}

	@Test
	void whatComesIsCountedAndHandedOn() throws Exception {
		this.flow.open(CONSUMER);
		Message message = this.server.deliver(this.server.lastRequest());
		receive();
		assertThat(this.received).containsExactly(message);
		assertThat(this.credit.inHand()).isEqualTo(1);
		assertThat(this.events.all).containsExactly("received");
	}

	@Test
	void whenSomethingIsSettledThenOneMoreIsAskedFor() throws Exception {
		this.flow.open(CONSUMER);
		this.server.deliver(this.server.lastRequest());
		receive();
		this.credit.settled();
		this.flow.ask();
		assertThat(this.server.asked()).isEqualTo(WORKERS + 1);
	}

	@Test
	void whenTheCreditIsUsedUpThenNothingIsAskedFor() throws Exception {
		this.flow.open(CONSUMER);
		this.server.deliver(this.server.lastRequest());
		receive();
		this.flow.ask();
		assertThat(this.server.asked()).isEqualTo(WORKERS);
	}

	@Test
	void whenARequestExpiresThenWhatItHasNotBroughtIsAskedForAgain() throws Exception {
		this.flow.open(CONSUMER);
		Request first = this.server.lastRequest();
		this.server.deliver(first);
		receive();
		this.server.answer(first, 408, "Request Timeout", WORKERS - 1);
		receive();
		assertThat(this.server.lastRequest().batch()).isEqualTo(WORKERS - 1);
		assertThat(this.events.all).containsExactly("received", "answered");
	}

	@Test
	void anEndThatIsToldTwiceCountsOnce() throws Exception {
		this.flow.open(CONSUMER);
		Request first = this.server.lastRequest();
		this.server.answer(first, 408, "Request Timeout", WORKERS);
		this.server.answer(first, 408, "Request Timeout", WORKERS);
		receive();
		receive();
		assertThat(this.server.asked()).isEqualTo(2 * WORKERS);
	}

	@Test
	void whenTheServerIsSilentThenThatIsTroubleAfterSomeLooks() {
		this.flow.open(CONSUMER);
		look(5);
		assertThat(this.events.all).isEmpty();
		look(1);
		assertThat(this.events.all).singleElement().asString().contains("the server doesn't answer requests");
	}

	@Test
	void whenTheServerSaysThatRequestsWaitThenItIsNotSilent() throws Exception {
		this.flow.open(CONSUMER);
		for (int i = 0; i < 5; i++) {
			look(4);
			this.server.heartbeat(this.server.lastRequest());
			receive();
		}
		assertThat(this.events.all).containsOnly("answered");
	}

	@Test
	void whenNothingIsAwaitedThenNobodyIsSilent() throws Exception {
		this.flow.open(CONSUMER);
		for (int i = 0; i < WORKERS; i++) {
			this.server.deliver(this.server.lastRequest());
			receive();
		}
		look(20);
		assertThat(this.events.all).containsOnly("received");
	}

	@Test
	void whenSomethingKeepsMessagesFromBeingReceivedThenTheServerIsNotBlamed() {
		this.flow.open(CONSUMER);
		for (int i = 0; i < 20; i++) {
			this.flow.look(System.nanoTime(), 1, "busy");
		}
		assertThat(this.events.all).containsOnly("kept waiting: busy");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenTheServerTakesNoMoreRequestsThenItIsAskedAgainLaterAndSaysSo(CapturedOutput output) throws Exception {
		this.flow.open(CONSUMER);
		this.server.deliver(this.server.lastRequest());
		receive();
		this.credit.settled();
		this.flow.ask();
		this.server.answer(this.server.lastRequest(), 409, "Exceeded MaxWaiting", -1);
		receive();
		assertThat(this.server.requests).hasSize(2);
		look(1);
		assertThat(this.server.requests).hasSize(3);
		assertThat(this.events.all).containsExactly("received");
		assertThat(output).contains("the server has dropped requests for 1 message(s)");
	}

	@Test
	void whenTheServerAnswersAnythingElseThenThatIsTrouble() throws Exception {
		this.flow.open(CONSUMER);
		this.server.answer(this.server.lastRequest(), 409, "Consumer Deleted", -1);
		receive();
		assertThat(this.events.all).singleElement().asString().contains("Consumer Deleted");
	}

	@Test
	void whenARequestCantBeSentThenThatIsTroubleAndItsCreditComesBack() {
		this.server.breakDown();
		this.flow.open(CONSUMER);
		assertThat(this.events.all).singleElement()
			.asString()
			.contains("the connection takes no requests: Unable to queue");
		assertThat(this.credit.isAwaiting()).isFalse();
	}

	@Test
	void whenTheNextMessageIsLargerThanTheRequestThenALargerOneFollows() throws Exception {
		this.flow.open(CONSUMER);
		this.server.answer(this.server.lastRequest(), 409, Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES, WORKERS);
		receive();
		assertThat(this.events.all).containsExactly("answered");
		assertThat(maxBytes(this.server.lastRequest())).isGreaterThan(maxBytes(this.server.requests.get(0)));
	}

	@Test
	void whenTheNextMessageIsLargerThanTheConsumerAllowsThenNothingCanBeHad() throws Exception {
		ConsumerConfiguration limited = ConsumerConfiguration.builder().maxBytes(2000).build();
		PullFlow own = flow(limited);
		own.open(limited);
		this.server.answer(this.server.lastRequest(), 409, Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES, WORKERS);
		receive(own);
		assertThat(this.events.all).containsExactly("blocked at 2000");
	}

	@Test
	void whenItIsStoppedThenNothingIsAskedForAndWhatComesIsStillTaken() throws Exception {
		this.flow.open(CONSUMER);
		this.flow.stopAsking();
		Message late = this.server.deliver(this.server.lastRequest());
		receive();
		this.credit.settled();
		this.flow.ask();
		assertThat(this.received).containsExactly(late);
		assertThat(this.server.requests).hasSize(1);
	}

	@Test
	void whenItIsWithdrawnThenTheServerForgetsItsRequestsAndWhatWasOnItsWayIsTaken() throws Exception {
		this.flow.open(CONSUMER);
		Request first = this.server.lastRequest();
		this.flow.withdraw(Duration.ofSeconds(2), Runnable::run);
		assertThat(this.server.isListening(first)).isFalse();
		this.flow.open(CONSUMER);
		Message late = this.server.deliver(first);
		receive();
		assertThat(this.received).containsExactly(late);
	}

	@Test
	void whenItIsOpenedAfreshThenWhatTheLastRequestsBringIsTakenBesidesTheNewOnes() throws Exception {
		this.flow.open(CONSUMER);
		Request first = this.server.lastRequest();
		this.flow.open(CONSUMER);
		assertThat(this.server.asked()).isEqualTo(2 * WORKERS);
		Message late = this.server.deliver(first);
		this.server.answer(first, 408, "Request Timeout", WORKERS - 1);
		receive();
		assertThat(this.received).containsExactly(late);
		// What ended is not one of the requests of now
		assertThat(this.events.all).isEmpty();
	}

	@Test
	void whenItIsOpenedThenAReceiverThatWaitsForAnInboxWakesUp() throws Exception {
		long start = System.nanoTime();
		for (int i = 0; i < 20; i++) {
			CompletableFuture<?> receiving = CompletableFuture.runAsync(() -> {
				try {
					receive();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			});
			this.flow.open(CONSUMER);
			receiving.join();
			this.flow.lost();
		}
		// It would wait for 200 ms each time
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
	}

	@Test
	void whenTheConnectionIsLostThenNobodyListensToOldRequests() {
		this.flow.open(CONSUMER);
		Request first = this.server.lastRequest();
		this.flow.lost();
		assertThat(this.server.isListening(first)).isFalse();
		this.flow.open(CONSUMER);
		assertThat(this.server.lastRequest().replyTo()).isNotEqualTo(first.replyTo());
	}

	@Test
	void whenTheClientTripsOverAnInboxThatIsClosedJustNowThenItCountsAsEmpty() throws Exception {
		this.flow.open(CONSUMER);
		this.server.trip(this.server.lastRequest());
		this.flow.open(CONSUMER);
		receive();
		this.flow.lost();
		assertThat(this.received).isEmpty();
	}

	@Test
	void whenTheConnectionIsLostThenWhatHadComeInTimeIsStillTaken() throws Exception {
		this.flow.open(CONSUMER);
		Message message = this.server.deliver(this.server.lastRequest());
		this.flow.lost();
		receive();
		assertThat(this.received).containsExactly(message);
	}

	@Test
	void whenTheServerWithholdsMessagesThenNoneWouldComeUntilItDoesNoMore() {
		this.flow.open(CONSUMER);
		assertThat(this.flow.withhold(true)).isFalse();
		assertThat(this.flow.isDelivering()).isFalse();
		assertThat(this.flow.withhold(false)).isTrue();
		assertThat(this.flow.isDelivering()).isTrue();
		assertThat(this.flow.withhold(false)).isFalse();
	}

	@Test
	void whenSomethingFailsOnItsWayThenTheMessageIsHandedOnNevertheless() {
		this.flow.open(CONSUMER);
		Message message = this.server.deliver(this.server.lastRequest());
		this.events.failing = true;
		assertThatIllegalStateException().isThrownBy(this::receive);
		assertThat(this.received).containsExactly(message);
	}

	@Test
	void whenOneClientAloneGetsMessagesThenItsRequestsNameItUntilItLosesThem() throws Exception {
		ConsumerConfiguration pinned = ConsumerConfiguration.builder()
			.priorityPolicy(PriorityPolicy.PinnedClient)
			.priorityGroups("workers")
			.build();
		PullFlow own = flow(pinned);
		own.open(pinned);
		this.server.deliver(this.server.lastRequest(), Map.of("Nats-Pin-Id", "me"));
		receive(own);
		assertThat(own.pinId()).isEqualTo("me");
		this.credit.settled();
		own.ask();
		assertThat(this.server.lastRequest().body()).contains("\"id\":\"me\"");
		this.server.answer(this.server.lastRequest(), Status.PIN_ERROR_CODE, "Nats-Wrong-Pin-Id", 1);
		receive(own);
		assertThat(own.pinId()).isNull();
		assertThat(this.server.lastRequest().body()).doesNotContain("\"id\"");
	}

	@Test
	void whenTheServerRefusesAnEarlierIdThenTheClientKeepsItsNewOne() throws Exception {
		ConsumerConfiguration pinned = ConsumerConfiguration.builder()
			.priorityPolicy(PriorityPolicy.PinnedClient)
			.priorityGroups("workers")
			.build();
		PullFlow own = flow(pinned);
		own.open(pinned);
		Request first = this.server.lastRequest();
		this.server.deliver(first, Map.of("Nats-Pin-Id", "earlier"));
		receive(own);
		this.credit.settled();
		own.ask();
		Request second = this.server.lastRequest();
		this.server.deliver(first, Map.of("Nats-Pin-Id", "now"));
		receive(own);
		this.server.answer(second, Status.PIN_ERROR_CODE, "Nats-Wrong-Pin-Id", 1);
		receive(own);
		assertThat(own.pinId()).isEqualTo("now");
		assertThat(this.server.lastRequest().body()).contains("\"id\":\"now\"");
	}

	@Test
	void whenTheConnectionIsGoneThenAnEndWaitsForNobody() throws Exception {
		this.flow.open(CONSUMER);
		given(this.server.connection.getStatus()).willReturn(Connection.Status.RECONNECTING);
		this.flow.close(Duration.ofSeconds(2));
		assertThat(this.server.isListening(this.server.lastRequest())).isFalse();
		assertThat(this.flow.awaitServer(Duration.ofSeconds(2))).isTrue();
	}

	private PullFlow flow(ConsumerConfiguration consumer) {
		return new PullFlow(this.connection, new PullSource("orders", "worker", Precedence.NONE), consumer, this.credit,
				this.receiver, this.events);
	}

	private void receive() throws InterruptedException {
		receive(this.flow);
	}

	private void receive(PullFlow from) throws InterruptedException {
		from.into(this.received::add).receive(false);
	}

	private void look(int times) {
		for (int i = 0; i < times; i++) {
			this.flow.look(System.nanoTime(), 1, null);
		}
	}

	private static long maxBytes(Request request) {
		return Long.parseLong(request.body().replaceAll(".*\"max_bytes\":(\\d+).*", "$1"));
	}

	private static final class RecordedEvents implements PullFlow.Events {

		private final List<String> all = new ArrayList<>();

		private boolean failing;

		@Override
		public void answered() {
			this.all.add("answered");
		}

		@Override
		public void received() {
			if (this.failing) {
				throw new IllegalStateException("Expected by the test");
			}
			this.all.add("received");
		}

		@Override
		public void keptWaiting(String reason) {
			this.all.add("kept waiting: " + reason);
		}

		@Override
		public void blocked(long maxBytes) {
			this.all.add("blocked at " + maxBytes);
		}

		@Override
		public void trouble(String reason) {
			this.all.add("trouble: " + reason);
		}

	}

}
