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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How messages reach their handlers: each once, as many at a time as wanted, and none
 * while it is still being worked on.
 */
@EmbeddedNats
class ListenerDeliveryTests {

	private static EmbeddedNatsServer server;

	@AutoClose
	private TestQueue queue;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void tenThousandMessagesAreHandledOnceEach() throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
		this.queue.publish(10_000);
		Map<Long, LongAdder> runs = new ConcurrentHashMap<>();
		this.queue.listener()
			.options(concurrency(10))
			.start((delivery, message) -> runs.computeIfAbsent(delivery.streamSequence(), (key) -> new LongAdder())
				.increment());
		await().atMost(Duration.ofSeconds(60)).until(() -> this.queue.size() == 0);
		assertThat(runs).hasSize(10_000);
		assertThat(runs.values()).allMatch((count) -> count.sum() == 1);
		await().until(() -> this.queue.consumer().getNumAckPending() == 0);
	}

	@Test
	void confirmedAcksEmptyTheQueueToo() throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
		this.queue.publish(500);
		LongAdder runs = new LongAdder();
		this.queue.listener()
			.options(ListenerOptions.builder().concurrency(4).ack(AckMode.CONFIRMED).build())
			.start((delivery, message) -> runs.increment());
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(runs.sum()).isEqualTo(500);
	}

	@Test
	void noMessageRunsTwiceBecauseItWaitedInTheWorker() throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.ackWait(Duration.ofSeconds(3)));
		this.queue.publish(100);
		LongAdder runs = new LongAdder();
		this.queue.listener().options(concurrency(4)).start((delivery, message) -> {
			runs.increment();
			work(Duration.ofMillis(100));
		});
		await().atMost(Duration.ofSeconds(60)).until(() -> this.queue.size() == 0);
		assertThat(runs.sum()).isEqualTo(100);
	}

	@Test
	void aHandlerThatRunsThreeLeasesRunsOnce() throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.ackWait(Duration.ofSeconds(2)));
		this.queue.publish(1);
		LongAdder runs = new LongAdder();
		this.queue.listener().options(concurrency(4)).start((delivery, message) -> {
			runs.increment();
			work(Duration.ofSeconds(6));
		});
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(runs.sum()).isOne();
		assertThat(this.queue.consumer().getDelivered().getConsumerSequence()).isOne();
	}

	@Test
	void asManyHandlersRunAtOnceAsConcurrencySays() throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
		this.queue.publish(50);
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger running = new AtomicInteger();
		JetStreamListeners listeners = this.queue.listener().options(concurrency(7)).start((delivery, message) -> {
			running.incrementAndGet();
			release.await();
		});
		await().until(() -> running.get() == 7);
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 7);
		// What the others could do is not hoarded
		assertThat(this.queue.consumer().getNumAckPending()).isEqualTo(7);
		release.countDown();
		await().until(() -> this.queue.size() == 0);
		assertThat(running).hasValue(50);
	}

	@Test
	void whenTheConsumerDropsRequestsThenNoWorkerIsForgotten() throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.maxPullWaiting(4));
		List<ListenerState> states = new CopyOnWriteArrayList<>();
		JetStreamListeners listeners = this.queue.listener()
			.options(ListenerOptions.builder().concurrency(8).maxBuffer(0).build())
			.onStateChange((event) -> states.add(event.getState()))
			// Not all of them end at the same time, or too many requests would come at
			// once
			.start((delivery, message) -> work(Duration.ofMillis(50 + 13 * delivery.streamSequence() % 100)));
		// Each is followed by a request of its own, and no more than four may wait
		for (int i = 0; i < 8; i++) {
			workOff(1);
		}
		this.queue.publish(1500);
		await().atMost(Duration.ofSeconds(60)).until(() -> listeners.status(TestQueue.CONSUMER).busy() == 8);
		assertThat(states).containsExactly(ListenerState.STARTING, ListenerState.RUNNING);
	}

	@Test
	void whenAListenerIsIdleThenFewOfItsRequestsWait() throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
		this.queue.listener()
			.options(ListenerOptions.builder().concurrency(60).maxBuffer(0).build())
			.start((delivery, message) -> work(Duration.ofMillis(20)));
		workOff(60);
		await().until(() -> this.queue.consumer().getNumWaiting() > 25);
		await().atMost(Duration.ofSeconds(20))
			.during(Duration.ofSeconds(1))
			.until(() -> this.queue.consumer().getNumWaiting() <= 20);
	}

	@Test
	void workersOfTwoInstancesShareTheQueue() throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
		AtomicInteger first = new AtomicInteger();
		AtomicInteger second = new AtomicInteger();
		this.queue.listener().options(concurrency(2)).start((delivery, message) -> {
			first.incrementAndGet();
			work(Duration.ofMillis(20));
		});
		this.queue.listener().options(concurrency(2)).start((delivery, message) -> {
			second.incrementAndGet();
			work(Duration.ofMillis(20));
		});
		this.queue.publish(100);
		await().until(() -> this.queue.size() == 0);
		assertThat(first.get() + second.get()).isEqualTo(100);
		assertThat(List.of(first.get(), second.get())).allMatch((count) -> count >= 20);
	}

	@Test
	void aDeliveryTellsWhatTheServerKnows() throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
		this.queue
			.publish(this.queue.message("x").headers(new io.nats.client.impl.Headers().put("Tenant", "acme")).build());
		this.queue.publish(2);
		Map<Long, String> seen = new ConcurrentHashMap<>();
		this.queue.listener().options(concurrency(1)).start((delivery, message) -> {
			assertThat(delivery.timestamp()).isNotNull();
			seen.put(delivery.streamSequence(),
					"%s %s %s %d %d %s".formatted(delivery.subject(), delivery.stream(), delivery.consumer(),
							delivery.attempt(), delivery.pending(), delivery.headers().getFirst("Tenant")));
		});
		await().until(() -> this.queue.size() == 0);
		String stream = this.queue.stream();
		assertThat(seen.get(1L)).isEqualTo("%s.job %s worker 1 2 acme".formatted(stream, stream));
		assertThat(seen.get(3L)).isEqualTo("%s.job %s worker 1 0 null".formatted(stream, stream));
	}

	private void workOff(int jobs) throws Exception {
		this.queue.publish(jobs);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.queue.size() == 0);
	}

	private static ListenerOptions concurrency(int concurrency) {
		return ListenerOptions.builder().concurrency(concurrency).build();
	}

	// Stands for work that takes a while; nothing is asserted about how long
	private static void work(Duration time) throws InterruptedException {
		new CountDownLatch(1).await(time.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
	}

}
