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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link BatchWork}.
 */
class BatchWorkTests {

	private static final Duration RETRY_DELAY = Duration.ofSeconds(7);

	private final Settler settler = TestDeliveries.settler();

	private final TestOwner owner = new TestOwner(this.settler).onDone((delivery) -> this.done.add(delivery));

	private final List<List<Long>> handled = new ArrayList<>();

	private final List<ReceivedDelivery> done = new CopyOnWriteArrayList<>();

	@Test
	void whenTheHandlerReturnsThenAllAreAcked() {
		List<ReceivedDelivery> batch = batch(3);
		run(batch, (values) -> null);
		assertThat(this.handled).containsExactly(List.of(1L, 2L, 3L));
		batch.forEach((delivery) -> verify(delivery.message()).ack());
		assertThat(this.done).containsExactlyElementsOf(batch);
	}

	@Test
	void whenTheHandlerThrowsThenAllAreRetried() {
		List<ReceivedDelivery> batch = batch(3);
		run(batch, (values) -> {
			throw new IllegalStateException("down");
		});
		batch.forEach((delivery) -> verify(delivery.message()).nakWithDelay(RETRY_DELAY));
		assertThat(this.done).containsExactlyElementsOf(batch);
	}

	@Test
	void whenOneFailsThenThoseBeforeItAreAckedAndThoseAfterItHandledAgain() {
		List<ReceivedDelivery> batch = batch(4);
		run(batch, (values) -> {
			if (values.contains(2L)) {
				throw BatchException.failedAt(1, new IllegalStateException("two"));
			}
			return null;
		});
		assertThat(this.handled).containsExactly(List.of(1L, 2L, 3L, 4L), List.of(3L, 4L));
		verify(batch.get(0).message()).ack();
		verify(batch.get(1).message()).nakWithDelay(RETRY_DELAY);
		verify(batch.get(2).message()).ack();
		verify(batch.get(3).message()).ack();
	}

	@Test
	void whenOneFailsLaterThenThoseAfterItAreHandledAgainToo() {
		List<ReceivedDelivery> batch = batch(3);
		CompletableFuture<Void> first = new CompletableFuture<>();
		CompletionStage<?> ended = run(batch, (values) -> values.contains(2L) ? first : null);
		first.completeExceptionally(BatchException.failedAt(1, new IllegalStateException("two")));
		assertThat(ended).isCompleted();
		assertThat(this.handled).containsExactly(List.of(1L, 2L, 3L), List.of(3L));
		verify(batch.get(0).message()).ack();
		verify(batch.get(1).message()).nakWithDelay(RETRY_DELAY);
		verify(batch.get(2).message()).ack();
	}

	@Test
	void whenAnObserverLeavesAnInterruptBehindThenTheHandlerOfTheRestIsNotInterrupted() {
		List<ReceivedDelivery> batch = batch(2);
		List<Boolean> interrupted = new ArrayList<>();
		willAnswer((call) -> {
			Thread.currentThread().interrupt();
			return null;
		}).given(this.settler).settle(eq(batch.get(0)), any());
		run(batch, (values) -> {
			interrupted.add(Thread.currentThread().isInterrupted());
			if (values.contains(1L)) {
				throw BatchException.failedAt(0, new IllegalStateException("one"));
			}
			return null;
		});
		assertThat(interrupted).containsExactly(false, false);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void whenARunIsInterruptedThenTheHandlerOfTheRestIsTooAsItsTimeIsUp() {
		List<ReceivedDelivery> batch = batch(2);
		List<Boolean> interrupted = new ArrayList<>();
		run(batch, (values) -> {
			interrupted.add(Thread.currentThread().isInterrupted());
			if (values.contains(1L)) {
				batch.get(1).run().interrupt();
				throw BatchException.failedAt(0, new IllegalStateException("one"));
			}
			return null;
		});
		assertThat(interrupted).containsExactly(false, true);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void whenTheIndexIsNoneOfTheBatchThenAllAreRetried() {
		List<ReceivedDelivery> batch = batch(2);
		run(batch, (values) -> {
			throw BatchException.failedAt(2, new IllegalStateException("off by one"));
		});
		batch.forEach((delivery) -> verify(delivery.message()).nakWithDelay(RETRY_DELAY));
	}

	@Test
	void whenOneCannotBeReadThenItAloneIsGivenUpOn() {
		List<ReceivedDelivery> batch = batch(3);
		run(batch, (values) -> null, 2);
		assertThat(this.handled).containsExactly(List.of(1L, 3L));
		verify(this.settler).settle(any(), outcome(UnprocessableMessageException.class));
		verify(batch.get(1).message(), never()).ack();
		await().untilAsserted(() -> assertThat(this.done).containsExactlyInAnyOrderElementsOf(batch));
	}

	@Test
	void whenOneWasDeliveredTooOftenThenItDoesNotReachTheHandler() {
		ReceivedDelivery exhausted = new ReceivedDelivery(TestDeliveries.message(1, 7), this.owner);
		run(List.of(exhausted), (values) -> null);
		assertThat(this.handled).isEmpty();
		verify(this.settler).settle(any(), any(Outcome.GiveUp.class));
	}

	@Test
	void whenDeliveriesOfOneWereLostThenItIsHandledAndItsFailureIsTheLast() {
		ReceivedDelivery late = new ReceivedDelivery(TestDeliveries.message(1, 6), this.owner);
		run(List.of(late), (values) -> {
			throw new IllegalStateException("down");
		});
		assertThat(this.handled).containsExactly(List.of(1L));
		verify(this.settler).settle(any(), outcome(IllegalStateException.class));
	}

	@Test
	void whenTheHandlerDecidesAboutOneThenTheOutcomeChangesNothingForIt() {
		List<ReceivedDelivery> batch = batch(2);
		run(batch, (values) -> {
			batch.get(0).discard("seen before");
			throw new IllegalStateException("down");
		});
		verify(batch.get(0).message(), never()).nakWithDelay(any(Duration.class));
		verify(batch.get(1).message()).nakWithDelay(RETRY_DELAY);
	}

	private List<ReceivedDelivery> batch(int size) {
		return IntStream.rangeClosed(1, size)
			.mapToObj((sequence) -> TestDeliveries.delivery(sequence, this.owner))
			.toList();
	}

	private @Nullable CompletionStage<?> run(List<ReceivedDelivery> batch, Handler handler, long... unreadable) {
		BatchHandler batchHandler = new BatchHandler() {

			@Override
			public Object read(Delivery delivery, Message message) {
				if (IntStream.range(0, unreadable.length).anyMatch((i) -> unreadable[i] == delivery.streamSequence())) {
					throw new UnprocessableMessageException("no JSON", null);
				}
				return delivery.streamSequence();
			}

			@Override
			public @Nullable CompletionStage<?> handle(List<?> values) throws Exception {
				List<Long> sequences = values.stream().map(Long.class::cast).toList();
				BatchWorkTests.this.handled.add(sequences);
				return handler.handle(sequences);
			}

		};
		return new BatchWork(batch, batchHandler, new Interceptors(List.of()), Runnable::run,
				new OutcomeDecider(TestDeliveries.limits(), new ExceptionTypeFilter(List.of(), List.of()),
						new UnstoredOutcomes()),
				this.settler, (nanos, deliveries, failure) -> {
				}, new FollowedRuns("worker", DeliveryObserver.NONE), null)
			.run();
	}

	@FunctionalInterface
	private interface Handler {

		@Nullable CompletionStage<?> handle(List<Long> sequences) throws Exception;

	}

	private static Outcome outcome(Class<? extends Throwable> failure) {
		return argThat((outcome) -> outcome instanceof Outcome.GiveUp giveUp && failure.isInstance(giveUp.failure()));
	}

}
