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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens to messages that are handled in batches.
 */
@EmbeddedNats
class ListenerBatchTests {

	private static EmbeddedNatsServer server;

	private final List<List<String>> batches = new CopyOnWriteArrayList<>();

	private final List<String> deadLetters = new CopyOnWriteArrayList<>();

	@AutoClose
	private TestQueue queue;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void aBatchIsAsLargeAsItsSize() throws Exception {
		createQueue(1_000);
		this.queue.publish(1_000);
		start(2, 100, (batch) -> this.batches.add(batch));
		await().until(() -> this.queue.size() == 0);
		assertThat(this.batches).hasSize(10).allSatisfy((batch) -> assertThat(batch).hasSize(100));
	}

	@Test
	void anIncompleteBatchIsHandledWhenItsTimeHasCome() throws Exception {
		createQueue(1_000);
		this.queue.publish(7);
		start(1, 100, (batch) -> this.batches.add(batch));
		await().until(() -> this.queue.size() == 0);
		assertThat(this.batches).containsExactly(List.of("0", "1", "2", "3", "4", "5", "6"));
	}

	@Test
	void whenTheConsumerLimitsPendingAcksThenBatchesAreSmaller() throws Exception {
		createQueue(10);
		this.queue.publish(30);
		start(1, 100, (batch) -> this.batches.add(batch));
		await().until(() -> this.queue.size() == 0);
		assertThat(this.batches).allSatisfy((batch) -> assertThat(batch).hasSizeLessThanOrEqualTo(10));
	}

	@Test
	void whenOneOfABatchFailsForGoodThenItAloneIsADeadLetter() throws Exception {
		createQueue(1_000);
		this.queue.publish(20);
		Set<String> handled = ConcurrentHashMap.newKeySet();
		start(1, 10, (batch) -> {
			int bad = batch.indexOf("13");
			handled.addAll((bad >= 0) ? batch.subList(0, bad) : batch);
			if (bad >= 0) {
				throw BatchException.failedAt(bad, new DeadLetterException("13 is unlucky"));
			}
		});
		await().until(() -> this.queue.size() == 0);
		assertThat(handled).hasSize(19).doesNotContain("13");
		assertThat(this.deadLetters).containsExactly("13: 13 is unlucky");
	}

	@Test
	void whenOneOfABatchCannotBeReadThenItAloneIsADeadLetter() throws Exception {
		createQueue(1_000);
		this.queue.publish(5);
		this.queue.publish(this.queue.message("unreadable").build());
		start(1, 6, (batch) -> this.batches.add(batch));
		await().until(() -> this.queue.size() == 0);
		assertThat(this.batches).containsExactly(List.of("0", "1", "2", "3", "4"));
		assertThat(this.deadLetters).containsExactly("unreadable: no number");
	}

	@Test
	void whenTheListenerStopsThenAnIncompleteBatchGoesBack() throws Exception {
		createQueue(1_000);
		JetStreamListeners listeners = this.queue.listener()
			.options(options(1, 100, Duration.ofMinutes(5)))
			.startAny(new NumberHandler((batch) -> this.batches.add(batch)));
		this.queue.publish(3);
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 3);
		listeners.stop();
		assertThat(this.batches).isEmpty();
		start(1, 3, (batch) -> this.batches.add(batch));
		// At once, not after the lease
		await().atMost(Duration.ofSeconds(4)).until(() -> this.queue.size() == 0);
		assertThat(this.batches).containsExactly(List.of("0", "1", "2"));
	}

	private void createQueue(long maxAckPending) throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.maxAckPending(maxAckPending));
	}

	private void start(int concurrency, int size, Batches handler) {
		this.queue.listener().options(options(concurrency, size, Duration.ofSeconds(2))).deadLetters((deadLetter) -> {
			this.deadLetters.add(new String(deadLetter.message().getData()) + ": " + deadLetter.reason());
			return CompletableFuture.completedFuture(null);
		}).startAny(new NumberHandler(handler));
	}

	private static ListenerOptions options(int concurrency, int size, Duration timeout) {
		return ListenerOptions.builder()
			.concurrency(concurrency)
			.retry(new RetryOptions(3L, Duration.ofMillis(100), 1.0, Duration.ofMillis(100), 0.0))
			.batch(new BatchOptions(size, timeout))
			.build();
	}

	/**
	 * Handles a batch of numbers.
	 */
	private interface Batches {

		void handle(List<String> batch) throws Exception;

	}

	/**
	 * Reads numbers.
	 */
	private record NumberHandler(Batches batches) implements BatchHandler {

		@Override
		public Object read(Delivery delivery, Message message) {
			String text = new String(message.getData());
			if (!text.matches("\\d+")) {
				throw new UnprocessableMessageException("no number", null);
			}
			return text;
		}

		@Override
		public @Nullable CompletionStage<?> handle(List<?> batch) throws Exception {
			this.batches.handle(batch.stream().map(String.class::cast).toList());
			return null;
		}

	}

}
