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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Consumers in which somebody else has set a limit of deliveries or a backoff: a message
 * is never left to a server that delivers it to nobody any more.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class MaxDeliverTests {

	private static EmbeddedNatsServer server;

	private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

	private final List<Long> attempts = new CopyOnWriteArrayList<>();

	@AutoClose
	private TestQueue queue;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void theLastDeliveryThatTheServerAllowsIsTheLastAttempt() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(3));
		listener().start((delivery, message) -> {
			this.attempts.add(delivery.attempt());
			throw new IllegalStateException("never");
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).containsExactly(1L, 2L, 3L);
		assertThat(this.deadLetters).extracting(DeadLetter::reason)
			.singleElement()
			.asString()
			.contains("max_deliver", "(3)", "never");
	}

	@Test
	void whenTheHandlerWantsAnotherAttemptAfterTheLastThenTheMessageBecomesADeadLetter() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(2));
		listener().start((delivery, message) -> {
			this.attempts.add(delivery.attempt());
			delivery.retry(Duration.ZERO);
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).containsExactly(1L, 2L);
		assertThat(this.deadLetters).hasSize(1);
	}

	@Test
	void whenABatchFailsInItsLastDeliveryThenItsMessagesBecomeDeadLetters() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(2));
		listener().startAny(new FailingBatchHandler());
		this.queue.publish(5);
		await().until(() -> this.queue.size() == 0);
		await().untilAsserted(() -> assertThat(this.deadLetters).hasSize(5));
	}

	@Test
	void whenOrderedMessagesFailInTheirLastDeliveryThenTheyBecomeDeadLetters() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(2));
		listener().orderedBy((delivery, message) -> "one").start((delivery, message) -> {
			throw new IllegalStateException("never");
		});
		this.queue.publish(3);
		await().until(() -> this.queue.size() == 0);
		await().untilAsserted(() -> assertThat(this.deadLetters).hasSize(3));
	}

	@Test
	void whenAListenerStopsThenWhatItWouldGiveBackToNobodyBecomesADeadLetter() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(1));
		JetStreamListeners listeners = listener().options(patientBatches()).startAny(new FailingBatchHandler());
		this.queue.publish(5);
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 5);
		listeners.stop(TestQueue.CONSUMER);
		assertThat(this.deadLetters).hasSize(5)
			.allSatisfy((letter) -> assertThat(letter.reason()).contains("Not handled", "max_deliver"));
		await().until(() -> this.queue.size() == 0);
	}

	@Test
	void whenAListenerStopsThenWhatItGivesBackBeforeTheLastDeliveryComesAgain() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(2));
		JetStreamListeners listeners = listener().options(patientBatches()).startAny(new FailingBatchHandler());
		this.queue.publish(5);
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 5);
		listeners.stop(TestQueue.CONSUMER);
		assertThat(this.deadLetters).isEmpty();
		listener().start((delivery, message) -> this.attempts.add(delivery.attempt()));
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).containsOnly(2L).hasSize(5);
	}

	@Test
	void whenDeadLettersAreOffThenWhatWasNotHandledIsNotDiscardedByAStop() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(1));
		JetStreamListeners listeners = this.queue.listener()
			.options(patientBatches())
			.startAny(new FailingBatchHandler());
		this.queue.publish(5);
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 5);
		listeners.stop(TestQueue.CONSUMER);
		assertThat(this.queue.size()).isEqualTo(5);
	}

	@Test
	void whenAHandlerDoesNotEndWithItsListenerThenItsMessageBecomesADeadLetter() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(1));
		JetStreamListeners listeners = listener()
			.options(ListenerOptions.builder().shutdownTimeout(Duration.ofMillis(200)).build())
			.start((delivery, message) -> {
				this.attempts.add(delivery.attempt());
				new CountDownLatch(1).await();
			});
		this.queue.publish(1);
		await().until(() -> !this.attempts.isEmpty());
		listeners.stop(TestQueue.CONSUMER);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.deadLetters).hasSize(1);
	}

	@Test
	void whenTheDeadLetterOfTheLastDeliveryCantBeKeptThenItIsTriedAgain() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(1).ackWait(Duration.ofSeconds(1)));
		AtomicInteger tries = new AtomicInteger();
		List<Settlement> settlements = new CopyOnWriteArrayList<>();
		this.queue.listener()
			.options(options())
			.observer((listener, settlement, runTime, failure) -> settlements.add(settlement))
			.deadLetters((deadLetter) -> {
				this.deadLetters.add(deadLetter);
				return (tries.incrementAndGet() < 4) ? CompletableFuture.failedFuture(new IllegalStateException("full"))
						: CompletableFuture.completedFuture(null);
			})
			.start((delivery, message) -> {
				this.attempts.add(delivery.attempt());
				throw new IllegalStateException("never");
			});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(tries).hasValue(4);
		await().untilAsserted(() -> assertThat(settlements).containsExactly(Settlement.DEAD_LETTER_FAILED,
				Settlement.DEAD_LETTER_FAILED, Settlement.DEAD_LETTER_FAILED, Settlement.DEAD_LETTERED));
		assertThat(this.attempts).containsExactly(1L);
		assertThat(this.deadLetters)
			.allSatisfy((letter) -> assertThat(letter.reason()).contains("max_deliver", "never"));
	}

	@Test
	void whenTheLimitIsLoweredThenItHoldsForWhatComesNext() throws Exception {
		createQueue(UnaryOperator.identity());
		JetStreamListeners listeners = listener().lookEvery(Duration.ofSeconds(1)).start((delivery, message) -> {
			this.attempts.add(delivery.attempt());
			throw new IllegalStateException("never");
		});
		this.queue.management()
			.updateConsumer(this.queue.stream(),
					ConsumerConfiguration.builder(this.queue.consumer().getConsumerConfiguration())
						.maxDeliver(2)
						.build());
		await().atMost(Duration.ofSeconds(40))
			.until(() -> String.valueOf(listeners.status(TestQueue.CONSUMER).reason()).contains("max_deliver"));
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.attempts).containsExactly(1L, 2L);
		assertThat(this.deadLetters).hasSize(1);
	}

	@Test
	void whenTheConsumerHasABackoffThenRetriesWaitAsTheListenerSays() throws Exception {
		createQueue((consumer) -> consumer.maxDeliver(10).backoff(Duration.ofSeconds(1), Duration.ofSeconds(10)));
		List<Long> nanos = new CopyOnWriteArrayList<>();
		listener().start((delivery, message) -> {
			nanos.add(System.nanoTime());
			if (delivery.attempt() == 2) {
				throw new RetryException("later", Duration.ofSeconds(11));
			}
			if (delivery.attempt() == 1) {
				throw new RetryException("now", Duration.ZERO);
			}
		});
		this.queue.publish(1);
		await().atMost(Duration.ofSeconds(60)).until(() -> this.queue.size() == 0);
		// The server alone would have made twenty of it
		assertThat(Duration.ofNanos(nanos.get(2) - nanos.get(1))).isBetween(Duration.ofSeconds(10),
				Duration.ofSeconds(18));
	}

	private void createQueue(UnaryOperator<ConsumerConfiguration.Builder> consumer) throws Exception {
		this.queue = new TestQueue(server.url(), consumer);
	}

	private TestQueue.Setup listener() {
		return this.queue.listener().options(options()).deadLetters((deadLetter) -> {
			this.deadLetters.add(deadLetter);
			return CompletableFuture.completedFuture(null);
		});
	}

	private static ListenerOptions options() {
		return ListenerOptions.builder()
			.concurrency(1)
			.batch(new BatchOptions(5, Duration.ofMillis(100)))
			.retry(new RetryOptions(10L, Duration.ofMillis(20), 1.0, Duration.ofMillis(20), 0.0))
			.build();
	}

	/**
	 * Batches that don't become complete.
	 */
	private static ListenerOptions patientBatches() {
		return ListenerOptions.builder().batch(new BatchOptions(100, Duration.ofHours(1))).build();
	}

	/**
	 * Fails on every batch.
	 */
	private static final class FailingBatchHandler implements BatchHandler {

		@Override
		public Object read(Delivery delivery, Message message) {
			return delivery.streamSequence();
		}

		@Override
		public CompletionStage<?> handle(List<?> values) {
			throw new IllegalStateException("never");
		}

	}

}
