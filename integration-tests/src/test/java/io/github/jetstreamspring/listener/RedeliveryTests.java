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
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages that the server sends again while the listener has them in hand.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class RedeliveryTests {

	private static final String FENCE = "what was sent before has come";

	private static EmbeddedNatsServer server;

	private final List<String> runs = new CopyOnWriteArrayList<>();

	private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	private final CountDownLatch fence = new CountDownLatch(1);

	private TestQueue queue;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@BeforeEach
	void createQueue() throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.ackWait(Duration.ofSeconds(30)));
	}

	@AfterEach
	void closeQueue() throws Exception {
		this.end.countDown();
		this.queue.close();
	}

	@Test
	void whenAckWaitIsShortenedThenTheMessageAtWorkGetsNoSecondHandlerAndItsLeaseIsExtended() throws Exception {
		JetStreamListeners listeners = listener(2).start(this::handle);
		this.queue.publish(1);
		await().until(() -> this.runs.size() == 1);
		shortenAckWait();
		awaitDeliveries(2);
		// From then on the lease is the new one
		await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(10)).until(() -> deliveries() <= 4);
		assertThat(this.runs).containsExactly("0, attempt 1");
		this.end.countDown();
		await().until(() -> this.queue.size() == 0);
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).containsExactly("0, attempt 1", "0, attempt 1");
		assertThat(this.deadLetters).isEmpty();
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 0);
	}

	@Test
	void whenAMessageCameAgainWhileItWasAtWorkThenThatIsNoAttempt() throws Exception {
		listener(2).start((delivery, message) -> {
			if (handle(delivery, message) && this.runs.size() < 3) {
				throw new IllegalStateException("not yet");
			}
		});
		this.queue.publish(1);
		await().until(() -> this.runs.size() == 1);
		shortenAckWait();
		awaitDeliveries(2);
		this.end.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).containsExactly("0, attempt 1", "0, attempt 2", "0, attempt 3");
		assertThat(this.deadLetters).isEmpty();
	}

	@Test
	void whenAMessageThatCameAgainFailsInTheLastDeliveryOfItsConsumerThenItBecomesADeadLetter() throws Exception {
		update((consumer) -> consumer.maxDeliver(2));
		listener(2).start((delivery, message) -> {
			if (handle(delivery, message)) {
				throw new IllegalStateException("never");
			}
		});
		this.queue.publish(1);
		await().until(() -> this.runs.size() == 1);
		shortenAckWait();
		awaitDeliveries(2);
		this.end.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).containsExactly("0, attempt 1");
		assertThat(this.deadLetters).extracting(DeadLetter::reason).singleElement().asString().contains("max_deliver");
	}

	@Test
	void whenTheMessageOfAKeyComesAgainThenItsOrderIsKept() throws Exception {
		listener(2).orderedBy((delivery, message) -> isFence(message) ? "fence" : "one").start((delivery, message) -> {
			if (handle(delivery, message) && this.runs.size() == 1) {
				throw new IllegalStateException("not yet");
			}
		});
		this.queue.publish(3);
		await().until(() -> this.runs.size() == 1);
		shortenAckWait();
		awaitDeliveries(4);
		this.end.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).containsExactly("0, attempt 1", "0, attempt 2", "1, attempt 1", "2, attempt 1");
	}

	@Test
	void whenMessagesOfABatchComeAgainThenTheyAreInNoOtherBatch() throws Exception {
		listener(2).startAny(new Batches());
		this.queue.publish(5);
		await().until(() -> this.runs.size() == 5);
		shortenAckWait();
		awaitDeliveries(10);
		this.end.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasSize(5);
	}

	@Test
	void whenAMessageWaitsForItsDeadLetterThenOneThatComesAgainMakesNoSecondOne() throws Exception {
		CompletableFuture<?> kept = new CompletableFuture<>();
		listener(2).deadLetters((letter) -> {
			this.deadLetters.add(letter);
			return kept;
		}).start((delivery, message) -> {
			if (!isFence(message)) {
				delivery.deadLetter("bad");
			}
			this.end.await();
		});
		this.queue.publish(1);
		await().until(() -> this.deadLetters.size() == 1);
		shortenAckWait();
		awaitDeliveries(2);
		kept.complete(null);
		this.end.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(this.deadLetters).hasSize(1);
	}

	@Test
	void whenTheConsumerIsMadeAnewThenWhatIsAtWorkGetsNoSecondHandler() throws Exception {
		listener(3).start((delivery, message) -> {
			if (handle(delivery, message) && delivery.attempt() == 1 && new String(message.getData()).equals("1")) {
				throw new IllegalStateException("not yet");
			}
		});
		this.queue.publish(2);
		await().until(() -> this.runs.size() == 2);
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.createConsumer((consumer) -> consumer.ackWait(Duration.ofSeconds(30)));
		awaitDeliveries(2);
		this.end.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).containsExactlyInAnyOrder("0, attempt 1", "1, attempt 1", "1, attempt 2");
	}

	private boolean handle(Delivery delivery, Message message) throws Exception {
		if (!isFence(message)) {
			this.runs.add(new String(message.getData()) + ", attempt " + delivery.attempt());
		}
		this.end.await();
		return !isFence(message);
	}

	private boolean isFence(Message message) {
		boolean fence = new String(message.getData()).equals(FENCE);
		if (fence) {
			this.fence.countDown();
		}
		return fence;
	}

	private TestQueue.Setup listener(int concurrency) {
		return this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(concurrency)
				.retry(new RetryOptions(3L, Duration.ofMillis(50), 1.0, Duration.ofMillis(50), 0.0))
				.build())
			.deadLetters((letter) -> {
				this.deadLetters.add(letter);
				return CompletableFuture.completedFuture(null);
			});
	}

	private void shortenAckWait() throws Exception {
		update((consumer) -> consumer.ackWait(Duration.ofSeconds(1)));
	}

	private void update(UnaryOperator<ConsumerConfiguration.Builder> change) throws Exception {
		this.queue.management()
			.addOrUpdateConsumer(this.queue.stream(),
					change.apply(ConsumerConfiguration.builder(this.queue.consumer().getConsumerConfiguration()))
						.build());
	}

	/**
	 * Waits until the server has sent so many messages and the listener has taken them.
	 */
	private void awaitDeliveries(int count) throws Exception {
		await().until(() -> deliveries() >= count);
		this.queue.publish(this.queue.message(FENCE).build());
		assertThat(this.fence.await(20, TimeUnit.SECONDS)).isTrue();
	}

	private long deliveries() throws Exception {
		return this.queue.consumer().getDelivered().getConsumerSequence();
	}

	private final class Batches implements BatchHandler {

		@Override
		public Object read(Delivery delivery, Message message) {
			return message;
		}

		@Override
		public @Nullable CompletionStage<?> handle(List<?> batch) throws Exception {
			for (Object message : batch) {
				if (!isFence((Message) message)) {
					RedeliveryTests.this.runs.add(new String(((Message) message).getData()));
				}
			}
			RedeliveryTests.this.end.await();
			return null;
		}

	}

}
