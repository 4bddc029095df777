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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Once}: what becomes of messages whose handler runs in a transaction.
 */
class OnceTests {

	private static final Duration RETRY_DELAY = Duration.ofSeconds(7);

	private final RememberedMessages handled = new RememberedMessages();

	private final Settler settler = TestDeliveries.settler();

	private final List<ReceivedDelivery> done = new CopyOnWriteArrayList<>();

	private final TestOwner owner = new TestOwner(this.settler).onDone((delivery) -> this.done.add(delivery));

	private final OutcomeDecider decider = new OutcomeDecider(TestDeliveries.limits(),
			new ExceptionTypeFilter(List.of(), List.of()), new UnstoredOutcomes());

	private final List<List<Long>> batches = new ArrayList<>();

	private List<DeliveryInterceptor> interceptors = List.of();

	private Once once = new Once("worker", false, this.handled);

	@Test
	void whenTheHandlerReturnsThenTheMessageIsAckedAfterTheCommit() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			verify(delivery.message(), never()).ack();
			return null;
		});
		assertThat(this.handled.ends).containsExactly("commit");
		verify(delivery.message()).ack();
		assertThat(this.done).containsExactly(delivery);
	}

	@Test
	void whenTheMessageWasHandledBeforeThenItIsAckedWithoutItsHandler() {
		run(delivery(1), (handling) -> null);
		ReceivedDelivery again = delivery(1);
		List<Delivery> calls = new ArrayList<>();
		run(again, (handling) -> {
			calls.add(handling);
			return null;
		});
		assertThat(calls).isEmpty();
		verify(again.message()).ack();
		verify(this.settler).settle(again, Outcome.SKIP);
		assertThat(again.run().decided()).isEqualTo(Settlement.SKIPPED);
	}

	@Test
	void whenTheHandlerThrowsThenTheTransactionIsRolledBackAndTheMessageRetried() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			throw new IllegalStateException("down");
		});
		assertThat(this.handled.ends).containsExactly("rollback");
		verify(delivery.message()).nakWithDelay(RETRY_DELAY);
	}

	@Test
	void whenTheCommitFailsThenTheMessageIsRetriedWhateverItsVerbSays() {
		this.handled.failCommits(new IllegalStateException("connection lost"));
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			handling.ack();
			return null;
		});
		verify(delivery.message(), never()).ack();
		verify(delivery.message()).nakWithDelay(RETRY_DELAY);
	}

	@Test
	void whenTheHandlerAcksThenThatTakesEffectAfterTheCommit() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			handling.ack();
			verify(delivery.message(), never()).ack();
			assertThatIllegalStateException().isThrownBy(handling::ack);
			return null;
		});
		assertThat(this.handled.ends).containsExactly("commit");
		verify(delivery.message()).ack();
	}

	@Test
	void whenTheHandlerAcksAndThrowsThenNothingIsAcked() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			handling.ack();
			throw new IllegalStateException("after all");
		});
		verify(delivery.message(), never()).ack();
		verify(delivery.message()).nakWithDelay(RETRY_DELAY);
	}

	@Test
	void whenTheHandlerDiscardsThenTheTransactionIsCommitted() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			handling.discard("not wanted");
			return null;
		});
		assertThat(this.handled.ends).containsExactly("commit");
		verify(this.settler).settle(eq(delivery), any(Outcome.Discard.class));
		assertThat(delivery.run().decided()).isEqualTo(Settlement.DISCARDED);
	}

	@Test
	void whenTheHandlerAsksForARetryThenTheTransactionIsRolledBack() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			handling.retry(Duration.ofSeconds(3));
			verify(delivery.message(), never()).nakWithDelay(any(Duration.class));
			return null;
		});
		assertThat(this.handled.ends).containsExactly("rollback");
		assertThat(delivery.isDeclined()).isTrue();
		verify(delivery.message()).nakWithDelay(Duration.ofSeconds(3));
	}

	@Test
	void whenTheHandlerGivesUpAndThrowsThenItsReasonCounts() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			handling.deadLetter("declined");
			throw new IllegalStateException("as well");
		});
		assertThat(this.handled.ends).containsExactly("rollback");
		verify(this.settler).settle(eq(delivery),
				argThat((outcome) -> outcome instanceof Outcome.GiveUp giveUp && giveUp.reason().equals("declined")));
	}

	@Test
	void whenAVerbIsCalledAfterTheHandlerThenItTakesEffectAtOnce() {
		ReceivedDelivery delivery = delivery(1);
		this.interceptors = List.of(new DeliveryInterceptor() {

			@Override
			public @Nullable CompletionStage<?> intercept(Delivery handling, Invocation next) throws Exception {
				next.proceed();
				handling.discard("by the interceptor");
				return null;
			}

		});
		run(delivery, (handling) -> null);
		assertThat(delivery.run().decided()).isEqualTo(Settlement.DISCARDED);
		verify(delivery.message(), never()).ack();
	}

	@Test
	void whenTheHandlerPublishesItsResultThenTheTransactionWaitsForIt() {
		ReceivedDelivery delivery = delivery(1);
		CompletableFuture<Object> published = new CompletableFuture<>();
		CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> published.complete("stored"));
		run(delivery, (handling) -> published);
		assertThat(published).isCompleted();
		verify(delivery.message()).ack();
		ReceivedDelivery other = delivery(2);
		run(other, (handling) -> CompletableFuture.failedFuture(new IllegalStateException("not stored")));
		assertThat(this.handled.ends).containsExactly("commit", "rollback");
		verify(other.message()).nakWithDelay(RETRY_DELAY);
	}

	@Test
	void whenTheListenerHasSettledItMeanwhileThenVerbsAreRefused() {
		ReceivedDelivery delivery = delivery(1);
		run(delivery, (handling) -> {
			assertThat(delivery.claim()).isTrue();
			assertThatIllegalStateException().isThrownBy(handling::ack).withMessageContaining("settled already");
			return null;
		});
		verify(delivery.message(), never()).ack();
		assertThat(this.handled.ends).containsExactly("commit");
	}

	@Test
	void aMessageKeepsItsIdentityWhileItWaitsAsASchedule() {
		Instant published = Instant.parse("2026-01-31T12:00:00.000000001Z");
		this.owner.history((message) -> new RetryHistory(3, 1, published, null, null, null));
		String waited = this.once.key(delivery(7));
		this.owner.history((message) -> RetryHistory.NONE);
		assertThat(waited).isEqualTo(this.once.key(delivery(1))).isEqualTo("orders:1:1769860800000000001");
	}

	@Test
	void headersDontChooseTheIdentity() {
		assertThat(this.once.key(withId(1, "chosen"))).isEqualTo(this.once.key(delivery(1)));
	}

	@Test
	void byMessageIdThePublisherChoosesIt() {
		this.once = new Once("worker", true, this.handled);
		assertThat(this.once.key(withId(1, "order-42"))).isEqualTo(this.once.key(withId(2, "order-42")))
			.isEqualTo("orders/order-42");
		assertThat(this.once.key(delivery(1))).isEqualTo("orders:1:1769860800000000001");
		assertThat(this.once.key(withId(1, ""))).isEqualTo("orders:1:1769860800000000001");
	}

	@Test
	void byMessageIdTheIdIsThatOfTheFirstTime() {
		this.once = new Once("worker", true, this.handled);
		Instant published = Instant.parse("2026-01-31T12:00:00Z");
		this.owner.history((message) -> new RetryHistory(3, 1, published, "order-42", null, null));
		assertThat(this.once.key(withId(7, "of-the-schedule"))).isEqualTo("orders/order-42");
		this.owner.history((message) -> new RetryHistory(3, 1, published, null, null, null));
		assertThat(this.once.key(withId(7, "of-the-schedule"))).isEqualTo("orders:1:1769860800000000000");
	}

	@Test
	void whatDatabasesMightNotTellApartIsHashed() {
		this.once = new Once("worker", true, this.handled);
		List<String> ids = List.of("größe", "grösse", "a b", "a b ", "x".repeat(300), "x".repeat(301), "a\u0000");
		assertThat(ids.stream().map(this::keyOfId).distinct()).hasSameSizeAs(ids)
			.allSatisfy((key) -> assertThat(key).startsWith("/sha256/").hasSize(72));
	}

	@Test
	void aBatchIsCommittedAsAWhole() {
		List<ReceivedDelivery> batch = batch(1, 2, 3);
		runBatch(batch, (values) -> {
			batch.get(0).ack();
			batch.get(1).discard("not wanted");
		});
		assertThat(this.handled.ends).containsExactly("commit");
		assertThat(this.handled.committed).hasSize(3);
		verify(batch.get(0).message()).ack();
		assertThat(batch.get(1).run().decided()).isEqualTo(Settlement.DISCARDED);
		verify(batch.get(2).message()).ack();
		assertThat(this.done).containsExactlyInAnyOrderElementsOf(batch);
	}

	@Test
	void whenABatchFailsThenAllOfItIsRetried() {
		List<ReceivedDelivery> batch = batch(1, 2);
		runBatch(batch, (values) -> {
			batch.get(0).ack();
			throw new IllegalStateException("down");
		});
		assertThat(this.handled.committed).isEmpty();
		batch.forEach((delivery) -> verify(delivery.message()).nakWithDelay(RETRY_DELAY));
	}

	@Test
	void whenOneOfABatchFailsThenAllOthersAreHandledAgain() {
		List<ReceivedDelivery> batch = batch(1, 2, 3);
		runBatch(batch, (values) -> {
			if (values.contains(2L)) {
				throw BatchException.failedAt(1, new IllegalStateException("two"));
			}
		});
		assertThat(this.batches).containsExactly(List.of(1L, 2L, 3L), List.of(1L, 3L));
		assertThat(this.handled.ends).containsExactly("rollback", "commit");
		verify(batch.get(0).message()).ack();
		verify(batch.get(1).message()).nakWithDelay(RETRY_DELAY);
		verify(batch.get(2).message()).ack();
		assertThat(this.done).containsExactlyInAnyOrderElementsOf(batch);
	}

	@Test
	void whenOneOfABatchIsDeclinedThenAllOthersAreHandledAgain() {
		List<ReceivedDelivery> batch = batch(1, 2, 3);
		runBatch(batch, (values) -> {
			if (values.contains(3L)) {
				batch.get(0).ack();
				batch.get(2).deadLetter("declined");
			}
		});
		assertThat(this.batches).containsExactly(List.of(1L, 2L, 3L), List.of(1L, 2L));
		assertThat(this.handled.ends).containsExactly("rollback", "commit");
		assertThat(batch.get(0).run().decided()).isEqualTo(Settlement.HANDLED);
		assertThat(batch.get(1).run().decided()).isEqualTo(Settlement.HANDLED);
		assertThat(batch.get(2).run().decided()).isEqualTo(Settlement.DEAD_LETTERED);
	}

	@Test
	void whenSomeOfABatchWereHandledBeforeThenTheOthersAreHandled() {
		runBatch(batch(2, 3), (values) -> {
		});
		List<ReceivedDelivery> batch = batch(1, 2, 3, 4);
		runBatch(batch, (values) -> {
		});
		assertThat(this.batches).containsExactly(List.of(2L, 3L), List.of(1L, 4L));
		assertThat(batch.stream().map((delivery) -> delivery.run().decided())).containsExactly(Settlement.HANDLED,
				Settlement.SKIPPED, Settlement.SKIPPED, Settlement.HANDLED);
	}

	@Test
	void whenABatchHasAMessageTwiceThenItIsHandledOnce() {
		this.once = new Once("worker", true, this.handled);
		List<ReceivedDelivery> batch = List.of(withId(1, "a"), withId(2, "b"), withId(3, "a"));
		runBatch(batch, (values) -> {
		});
		assertThat(this.batches).containsExactly(List.of(1L, 2L));
		assertThat(batch.stream().map((delivery) -> delivery.run().decided())).containsExactly(Settlement.HANDLED,
				Settlement.HANDLED, Settlement.SKIPPED);
	}

	@Test
	void whenTheFirstOfTwoInABatchFailsThenTheSecondIsHandled() {
		this.once = new Once("worker", true, this.handled);
		List<ReceivedDelivery> batch = List.of(withId(1, "a"), withId(2, "b"), withId(3, "a"));
		runBatch(batch, (values) -> {
			if (values.contains(1L)) {
				throw BatchException.failedAt(0, new IllegalStateException("one"));
			}
		});
		assertThat(this.batches).containsExactly(List.of(1L, 2L), List.of(2L, 3L));
		assertThat(batch.stream().map((delivery) -> delivery.run().decided())).containsExactly(Settlement.RETRIED,
				Settlement.HANDLED, Settlement.HANDLED);
	}

	private ReceivedDelivery delivery(long sequence) {
		return TestDeliveries.delivery(sequence, this.owner);
	}

	private String keyOfId(String id) {
		this.owner.history((message) -> new RetryHistory(3, 1, Instant.EPOCH, id, null, null));
		return this.once.key(delivery(1));
	}

	private ReceivedDelivery withId(long sequence, String id) {
		Message message = TestDeliveries.message(sequence, 1);
		given(message.getHeaders()).willReturn(new Headers().put("Nats-Msg-Id", id));
		return new ReceivedDelivery(message, this.owner);
	}

	private List<ReceivedDelivery> batch(long... sequences) {
		return IntStream.range(0, sequences.length).mapToObj((i) -> delivery(sequences[i])).toList();
	}

	private WorkFactory work() {
		return new WorkFactory(new Interceptors(this.interceptors), this.decider, this.settler,
				new Workers(1, mock(ExecutorService.class)), (nanos, deliveries, failure) -> {
				}, new FollowedRuns("worker", DeliveryObserver.NONE), this.once);
	}

	private void run(ReceivedDelivery delivery, SingleHandler handler) {
		work().single((handling, message) -> handler.handle(handling)).apply(delivery).run();
	}

	private void runBatch(List<ReceivedDelivery> batch, SequencesHandler handler) {
		BatchHandler batchHandler = new BatchHandler() {

			@Override
			public Object read(Delivery delivery, Message message) {
				return delivery.streamSequence();
			}

			@Override
			public @Nullable CompletionStage<?> handle(List<?> values) throws Exception {
				List<Long> sequences = values.stream().map(Long.class::cast).toList();
				OnceTests.this.batches.add(sequences);
				handler.handle(sequences);
				return null;
			}

		};
		work().batch(batchHandler).apply(batch).run();
	}

	@FunctionalInterface
	private interface SingleHandler {

		@Nullable CompletionStage<?> handle(Delivery delivery) throws Exception;

	}

	@FunctionalInterface
	private interface SequencesHandler {

		void handle(List<Long> sequences) throws Exception;

	}

}
