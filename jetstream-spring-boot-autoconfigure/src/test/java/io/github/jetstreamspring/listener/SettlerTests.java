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

package io.github.jetstreamspring.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.ArgumentCaptor;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.AdditionalMatchers.aryEq;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Settler}, with a connection that goes nowhere.
 */
class SettlerTests {

	private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

	private static final Throwable FAILURE = new IllegalStateException("down");

	private final Connection connection = mock(Connection.class);

	private final List<Settlement> settlements = new CopyOnWriteArrayList<>();

	private final List<ReceivedDelivery> done = new CopyOnWriteArrayList<>();

	private final Queue<CompletionStage<?>> kept = new ConcurrentLinkedQueue<>();

	private final List<String> letters = new CopyOnWriteArrayList<>();

	private final UnstoredOutcomes unstoredOutcomes = new UnstoredOutcomes();

	private final UnstoredLetters unstored = new UnstoredLetters("worker", () -> {
	});

	private @Nullable ListenerEnvironment environment;

	@AfterEach
	void close() {
		if (this.environment != null) {
			this.environment.close();
		}
	}

	@Test
	void whenAMessageIsAckedThenTheServerIsToldAndItIsDone() {
		ReceivedDelivery delivery = delivery(settler(), 1);
		delivery.ack();
		verify(delivery.message()).ack();
		assertThat(this.settlements).containsExactly(Settlement.HANDLED);
		assertThat(this.done).containsExactly(delivery);
	}

	@Test
	void whenTheHandlerStillRunsThenAnAckedMessageIsDoneWhenItEnds() {
		ReceivedDelivery delivery = delivery(settler(), 1);
		delivery.begin(mock(Work.class));
		delivery.ack();
		assertThat(this.done).isEmpty();
		delivery.end();
		assertThat(this.done).containsExactly(delivery);
	}

	@Test
	void whenAcksAreConfirmedThenAMessageIsHandledWhenTheServerSaysSo() {
		CompletableFuture<Message> confirmation = new CompletableFuture<>();
		given(this.connection.requestWithTimeout(anyString(), any(byte[].class), any())).willReturn(confirmation);
		ReceivedDelivery delivery = delivery(settler(options().ack(AckMode.CONFIRMED).build()), 1);
		delivery.ack();
		assertThat(this.settlements).isEmpty();
		confirmation.complete(mock(Message.class));
		assertThat(this.settlements).containsExactly(Settlement.HANDLED);
	}

	@Test
	void whenAnAckIsNotConfirmedThenItIsSentAgainUntilItIs() {
		AtomicInteger asked = new AtomicInteger();
		given(this.connection.requestWithTimeout(anyString(), any(byte[].class), any()))
			.willAnswer((call) -> (asked.incrementAndGet() < 5) ? CompletableFuture.failedFuture(new TimeoutException())
					: CompletableFuture.completedFuture(mock(Message.class)));
		ReceivedDelivery delivery = delivery(settler(options().ack(AckMode.CONFIRMED).build()), 1);
		delivery.ack();
		assertThat(this.settlements).isEmpty();
		await().until(() -> !this.settlements.isEmpty());
		assertThat(asked).hasValue(5);
		assertThat(this.settlements).containsExactly(Settlement.HANDLED);
		assertThat(this.done).containsExactly(delivery);
	}

	@Test
	void whenTheConnectionIsClosedThenNoConfirmationIsWaitedFor() {
		given(this.connection.requestWithTimeout(anyString(), any(byte[].class), any()))
			.willReturn(CompletableFuture.failedFuture(new TimeoutException()));
		ReceivedDelivery delivery = delivery(settler(options().ack(AckMode.CONFIRMED).build()), 1);
		given(this.connection.getStatus()).willReturn(Connection.Status.CLOSED);
		delivery.ack();
		assertThat(this.settlements).containsExactly(Settlement.HANDLED);
	}

	@Test
	void acksThatNobodyHasConfirmedAreRepeated() {
		Settler settler = settler();
		ReceivedDelivery handled = delivery(settler, 1);
		handled.ack();
		ReceivedDelivery discarded = delivery(settler, 2);
		discarded.discard("unknown");
		delivery(settler, 3).retry();
		clearInvocations(this.connection);
		settler.acks().repeat();
		verify(this.connection).publish(eq(handled.message().getReplyTo()), aryEq("+ACK".getBytes()));
		verify(this.connection).publish(eq(discarded.message().getReplyTo()), aryEq("+TERM unknown".getBytes()));
		verify(this.connection, times(2)).publish(anyString(), any(byte[].class));
		settler.acks().recent().forget();
		settler.acks().repeat();
		verify(this.connection, times(2)).publish(anyString(), any(byte[].class));
	}

	@Test
	void whenNobodyCanAskForAConfirmationThenTheMessageComesAgain() {
		given(this.connection.requestWithTimeout(anyString(), any(byte[].class), any()))
			.willReturn(CompletableFuture.failedFuture(new TimeoutException()));
		ReceivedDelivery delivery = delivery(settler(options().ack(AckMode.CONFIRMED).build()), 1);
		willThrow(new OutOfMemoryError("Expected by the test")).given(this.connection).getStatus();
		delivery.ack();
		verify(delivery.message()).nakWithDelay(Duration.ofSeconds(1));
		assertThat(this.settlements).containsExactly(Settlement.RETRIED);
	}

	@Test
	void whenAMessageIsRetriedThenItComesAgainAfterTheDelayOfThePolicyOrItsOwn() {
		Settler settler = settler();
		ReceivedDelivery first = delivery(settler, 1);
		first.retry();
		verify(first.message()).nakWithDelay(RETRY_DELAY);
		ReceivedDelivery second = delivery(settler, 1);
		second.retry(Duration.ofMinutes(1));
		verify(second.message()).nakWithDelay(Duration.ofMinutes(1));
		ReceivedDelivery third = delivery(settler, 1);
		third.retry(Duration.ZERO);
		verify(third.message()).nak();
		assertThat(this.settlements).containsOnly(Settlement.RETRIED).hasSize(3);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenAnAttemptFailsThenTheLogSaysInAboutHowLongTheNextOneFollows(CapturedOutput output) {
		Settler settler = settler();
		settler.settle(delivery(settler, 1), new Outcome.Retry(Duration.ofMillis(2125), FAILURE));
		assertThat(output).contains("Listener 'worker': attempt 1 of ", "failed, the next one follows in 2.1 s: ");
	}

	@Test
	void whenTheIntakeHoldsRetriesThenTheServerIsToldWhenTheIntakeSaysSo() {
		CompletableFuture<Consumer<Duration>> held = new CompletableFuture<>();
		Settler settler = settler();
		ReceivedDelivery delivery = new ReceivedDelivery(TestDeliveries.message(1, 1),
				new TestOwner(settler).intake(new Intake() {

					@Override
					public void accept(ReceivedDelivery accepted) {
					}

					@Override
					public void retry(ReceivedDelivery retried, Duration delay, Consumer<Duration> nak) {
						held.complete(nak);
					}

				}));
		delivery.retry();
		assertThat(this.settlements).isEmpty();
		held.join().accept(Duration.ZERO);
		verify(delivery.message()).nak();
		assertThat(this.settlements).containsExactly(Settlement.RETRIED);
	}

	@Test
	void whenTheLastAttemptIsToBeRetriedThenItBecomesADeadLetter() {
		this.kept.add(CompletableFuture.completedFuture(null));
		ReceivedDelivery delivery = delivery(settler(), 3);
		delivery.retry();
		await().until(() -> this.done.contains(delivery));
		assertThat(this.letters).singleElement()
			.asString()
			.isEqualTo("Failed 3 times; Delivery.retry() asked for one more attempt");
		assertThat(terminated(delivery)).contains("+TERM Failed 3 times");
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTERED);
	}

	@Test
	void aMessageLeavesItsQueueOnlyWhenItsDeadLetterIsKept() {
		CompletableFuture<Object> keeping = new CompletableFuture<>();
		this.kept.add(keeping);
		ReceivedDelivery delivery = delivery(settler(), 1);
		delivery.deadLetter("no customer");
		await().until(() -> !this.letters.isEmpty());
		assertThat(this.settlements).isEmpty();
		verify(this.connection, never()).publish(anyString(), any(byte[].class));
		keeping.complete("stored");
		await().until(() -> this.done.contains(delivery));
		assertThat(terminated(delivery)).isEqualTo("+TERM no customer");
	}

	@Test
	void whenADeadLetterCantBeKeptThenTheMessageComesAgainAndIsKnown() {
		this.kept.add(CompletableFuture.failedFuture(new IllegalStateException("stream full")));
		ReceivedDelivery delivery = delivery(settler(), 1);
		delivery.deadLetter("no customer");
		await().until(() -> this.done.contains(delivery));
		verify(delivery.message()).nakWithDelay(RETRY_DELAY);
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTER_FAILED);
		assertThat(this.unstored.count()).isEqualTo(1);
		assertThat(this.unstored.reason()).contains("stream full");
		Outcome.GiveUp known = this.unstoredOutcomes.recall(delivery);
		assertThat(known).isNotNull();
		assertThat(known.reason()).isEqualTo("no customer");
	}

	@Test
	void whenTheDeadLetterHandlerReturnsNullThenThatIsSaid() {
		ReceivedDelivery delivery = delivery(
				settler(options().build(), (letter) -> null, ConsumerConfiguration.builder().build()), 1);
		delivery.deadLetter("no customer");
		await().until(() -> this.done.contains(delivery));
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTER_FAILED);
		assertThat(this.unstored.reason()).contains("returned null, but has to return a stage");
	}

	@Test
	void whenADeadLetterIsKeptAfterAllThenNothingIsToldOfItAnyMore() {
		this.kept.add(CompletableFuture.failedFuture(new IllegalStateException("stream full")));
		this.kept.add(CompletableFuture.completedFuture(null));
		Settler settler = settler();
		ReceivedDelivery first = delivery(settler, 1);
		first.deadLetter("no customer");
		await().until(() -> this.done.contains(first));
		ReceivedDelivery second = delivery(settler, 2);
		second.deadLetter("no customer");
		await().until(() -> this.done.contains(second));
		assertThat(this.unstored.count()).isZero();
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTER_FAILED, Settlement.DEAD_LETTERED);
	}

	@Test
	void whenAMessageIsGivenBackThenItsDeadLetterIsStillToBeStored() {
		this.kept.add(CompletableFuture.failedFuture(new IllegalStateException("stream full")));
		Settler settler = settler();
		ReceivedDelivery first = delivery(settler, 1);
		first.deadLetter("no customer");
		await().until(() -> this.done.contains(first));
		settler.giveBack(delivery(settler, 2));
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTER_FAILED, Settlement.RETURNED);
		assertThat(this.unstored.count()).isEqualTo(1);
	}

	@Test
	void whenKeepingADeadLetterNeverEndsThenItCountsAsNotKept() {
		this.kept.add(new CompletableFuture<>());
		ReceivedDelivery delivery = delivery(settler(options().maxRunTime(Duration.ofMillis(100)).build()), 1);
		delivery.deadLetter("no customer");
		await().until(() -> this.done.contains(delivery));
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTER_FAILED);
		assertThat(this.unstored.reason()).contains("the dead-letter handler has not ended within");
	}

	@Test
	void whenKeepingADeadLetterThrowsThenItCountsAsNotKept() {
		ReceivedDelivery delivery = delivery(settler(options().build(), (letter) -> {
			throw new StackOverflowError();
		}, ConsumerConfiguration.builder().build()), 1);
		delivery.deadLetter("no customer");
		await().until(() -> this.done.contains(delivery));
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTER_FAILED);
	}

	@Test
	void whenDeadLettersAreOffThenAMessageThatIsGivenUpOnIsDiscarded() {
		ReceivedDelivery delivery = delivery(settler(options().build(), null, ConsumerConfiguration.builder().build()),
				1);
		delivery.deadLetter("no customer");
		assertThat(this.settlements).containsExactly(Settlement.DISCARDED);
		assertThat(terminated(delivery)).isEqualTo("+TERM no customer");
	}

	@Test
	void whatIsGivenBackComesAgainAtOnceUnlessItIsClaimed() {
		Settler settler = settler();
		ReceivedDelivery waiting = delivery(settler, 1);
		settler.giveBack(waiting);
		verify(waiting.message()).nak();
		assertThat(this.settlements).containsExactly(Settlement.RETURNED);
		ReceivedDelivery claimed = delivery(settler, 1);
		claimed.claim();
		settler.giveBack(claimed);
		verify(claimed.message(), never()).nak();
	}

	@Test
	void whatTheServerWouldDeliverToNobodyIsNotGivenBackButBecomesADeadLetter() {
		this.kept.add(CompletableFuture.completedFuture(null));
		Settler settler = settler(1);
		ReceivedDelivery delivery = delivery(settler, 1);
		settler.giveBack(delivery);
		await().until(() -> this.done.contains(delivery));
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTERED);
		verify(delivery.message(), never()).nak();
	}

	@Test
	void whatTheServerWouldDeliverToNobodyStaysInHandUntilItsDeadLetterIsKept() {
		this.kept.add(CompletableFuture.failedFuture(new IllegalStateException("stream full")));
		this.kept.add(CompletableFuture.completedFuture(null));
		Settler settler = settler(1);
		ReceivedDelivery delivery = delivery(settler, 1);
		delivery.deadLetter("no customer");
		await().until(() -> this.done.contains(delivery));
		assertThat(this.letters).hasSize(2);
		assertThat(this.settlements).containsExactly(Settlement.DEAD_LETTER_FAILED, Settlement.DEAD_LETTERED);
		verify(delivery.message(), never()).nakWithDelay(any(Duration.class));
	}

	@Test
	void whenTheStreamIsGoneThenTheServerIsNotTold() {
		Settler settler = settler(options().ack(AckMode.CONFIRMED).build());
		ReceivedDelivery acked = delivery(settler, 1);
		acked.disown();
		acked.ack();
		ReceivedDelivery retried = delivery(settler, 1);
		retried.disown();
		retried.retry();
		ReceivedDelivery discarded = delivery(settler, 1);
		discarded.disown();
		discarded.discard("seen before");
		assertThat(this.settlements).containsExactly(Settlement.HANDLED, Settlement.RETRIED, Settlement.DISCARDED);
		verify(retried.message(), never()).nakWithDelay(any(Duration.class));
		verify(this.connection, never()).requestWithTimeout(anyString(), any(byte[].class), any());
		verify(this.connection, never()).publish(anyString(), any(byte[].class));
	}

	@Test
	void whenTheConnectionTakesNoMoreAcksThenTheDeliveryIsDoneAndTheServerDeliversItAgain() {
		ReceivedDelivery delivery = delivery(settler(), 1);
		willThrow(new IllegalStateException("closed")).given(delivery.message()).ack();
		delivery.ack();
		assertThat(this.done).containsExactly(delivery);
	}

	@Test
	void whenAnObserverThrowsThenTheDeliveryIsDoneAllTheSame() {
		this.environment = JetStreamListeners.builder(this.connection).observer((id, how, time, failure) -> {
			throw new StackOverflowError();
		}).environment((listener, state, reason) -> {
		});
		ReceivedDelivery delivery = delivery(settler(options().build(), this.environment, 0), 1);
		delivery.ack();
		verify(delivery.message()).ack();
		assertThat(this.done).containsExactly(delivery);
	}

	@Test
	void whatCantBeSettledBecauseOfAnErrorComesAgain() {
		ReceivedDelivery delivery = delivery(settler(), 1);
		willThrow(new StackOverflowError()).given(this.connection).publish(anyString(), any(byte[].class));
		delivery.claim();
		delivery.owner().settler().rescue(delivery, FAILURE);
		verify(delivery.message()).nakWithDelay(Duration.ofSeconds(1));
		assertThat(this.settlements).containsExactly(Settlement.RETRIED);
	}

	@Test
	void anOutcomeIsCarriedOutOnce() {
		Settler settler = settler();
		ReceivedDelivery delivery = delivery(settler, 1);
		delivery.claim();
		settler.settle(delivery, Outcome.ACK);
		settler.settle(delivery, new Outcome.Retry(null, FAILURE));
		assertThat(this.settlements).containsExactly(Settlement.HANDLED);
		assertThat(this.done).containsExactly(delivery);
	}

	private static ListenerOptions.Builder options() {
		return ListenerOptions.builder().retry(new RetryOptions(3L, RETRY_DELAY, 1.0, RETRY_DELAY, 0.0));
	}

	private Settler settler() {
		return settler(options().build());
	}

	private Settler settler(ListenerOptions options) {
		return settler(options, this::keep, ConsumerConfiguration.builder().build());
	}

	private Settler settler(int maxDeliver) {
		return settler(options().build(), this::keep, ConsumerConfiguration.builder().maxDeliver(maxDeliver).build());
	}

	private CompletionStage<?> keep(DeadLetter letter) {
		this.letters.add(letter.reason());
		return this.kept.remove();
	}

	private Settler settler(ListenerOptions options, @Nullable DeadLetterHandler handler,
			ConsumerConfiguration consumer) {
		this.environment = JetStreamListeners.builder(this.connection)
			.deadLetterHandler(handler)
			.observer((listener, settlement, runTime, failure) -> this.settlements.add(settlement))
			.environment((listener, state, reason) -> {
			});
		return settler(options, this.environment, consumer.getMaxDeliver());
	}

	private Settler settler(ListenerOptions options, ListenerEnvironment in, long maxDeliver) {
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		ListenerDefinition definition = ListenerDefinition.of("worker", "orders", "worker", options,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
		RetryPolicy policy = RetryPolicy.exponential(3, RETRY_DELAY, 1, RETRY_DELAY, 0);
		DeliveryLimits limits = new DeliveryLimits(policy,
				ConsumerConfiguration.builder().maxDeliver(maxDeliver).build());
		return new Settler(definition, in, limits, this.unstoredOutcomes, this.unstored,
				DeadLetterKeeper.of(definition, in, new WholeMessages(definition, this.connection)), null);
	}

	private ReceivedDelivery delivery(Settler settler, long attempt) {
		return new ReceivedDelivery(TestDeliveries.message(1, attempt), new TestOwner(settler).onDone(this.done::add));
	}

	private String terminated(ReceivedDelivery delivery) {
		ArgumentCaptor<byte[]> sent = ArgumentCaptor.forClass(byte[].class);
		verify(this.connection).publish(eq(delivery.message().getReplyTo()), sent.capture());
		return new String(sent.getValue(), StandardCharsets.UTF_8);
	}

}
