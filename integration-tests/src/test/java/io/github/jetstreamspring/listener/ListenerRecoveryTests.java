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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a listener does when its connection, its stream or its consumer goes away.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ListenerRecoveryTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final HandledJobs handled = new HandledJobs();

	private final List<ListenerStateChangedEvent> events = new CopyOnWriteArrayList<>();

	private EmbeddedNatsServer server;

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		// As an application has it by default
		Options options = new Options.Builder(TestQueue.options(this.server.url())).reconnectWait(Duration.ofSeconds(1))
			.build();
		this.queue = new TestQueue(options, 1, UnaryOperator.identity());
	}

	@Test
	void whenTheConnectionIsMadeAnewThenNoMoreIsInHandThanBefore() throws Exception {
		AtomicInteger most = new AtomicInteger();
		AtomicInteger inHand = new AtomicInteger();
		JetStreamListeners listeners = this.queue.listener()
			.options(ListenerOptions.builder().concurrency(5).maxBuffer(0).build())
			.onStateChange(this.events::add)
			.start((delivery, message) -> {
				this.handled.handle(delivery, message);
				new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
			});
		// Requests wait on the server when the connection breaks
		await().until(() -> this.queue.consumer().getNumWaiting() > 0);
		this.queue.connection().forceReconnect();
		await().until(() -> states().contains(ListenerState.RECOVERING));
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING
				&& this.queue.consumer().getNumWaiting() > 0);
		this.queue.publish(100);
		await().pollInterval(Duration.ofMillis(5)).until(() -> {
			inHand.set(listeners.status(TestQueue.CONSUMER).inHand());
			most.accumulateAndGet(inHand.get(), Math::max);
			return this.handled.runs() >= 100;
		});
		assertThat(most.get()).isBetween(1, 5);
		assertThat(this.handled.runs()).isEqualTo(100);
	}

	@Test
	void whenTheConsumerIsDeletedThenWorkInHandIsFinishedAndNothingIsLost() throws Exception {
		CountDownLatch running = new CountDownLatch(3);
		CountDownLatch release = new CountDownLatch(1);
		JetStreamListeners listeners = listener(3).start((delivery, message) -> {
			this.handled.handle(delivery, message);
			running.countDown();
			release.await();
		});
		this.queue.publish(20);
		running.await();
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		// Nothing is asked for, so it is a look now and then that tells
		await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		await().untilAsserted(() -> assertThat(listeners.status(TestQueue.CONSUMER).reason())
			.contains("consumer not found", "jetstream.topology.mode"));
		release.countDown();
		await().until(() -> listeners.status(TestQueue.CONSUMER).inHand() == 0);
		int before = this.handled.runs();
		this.queue.createConsumer(UnaryOperator.identity());
		assertThat(this.handled.awaitRunAfter(before, LONG)).isLessThan(Duration.ofSeconds(5));
		this.handled.awaitJobs(20);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.runs()).as("the acks of three were for a consumer that was gone").isBetween(20, 23);
	}

	@Test
	void whenSeveralListenersLoseTheirConsumerThenAllComeBack() throws Exception {
		JetStreamListeners listeners = listener(1).start(this.handled);
		for (int i = 0; i < 5; i++) {
			listeners.register(
					ListenerDefinition.of("other" + i, this.queue.stream(), TestQueue.CONSUMER, ListenerOptions.NONE,
							new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> {
								this.handled.handle(delivery, message);
								return null;
							}));
		}
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		await().until(
				() -> listeners.statuses().stream().allMatch((status) -> status.state() == ListenerState.RECOVERING));
		this.queue.createConsumer(UnaryOperator.identity());
		await().atMost(Duration.ofSeconds(5))
			.until(() -> listeners.statuses().stream().allMatch((status) -> status.state() == ListenerState.RUNNING));
		this.queue.publish(100);
		this.handled.awaitJobs(100);
	}

	@Test
	void whenTheStreamIsDeletedAndMadeAnewThenAcksOfTheOldOneDoNoHarm() throws Exception {
		CountDownLatch running = new CountDownLatch(2);
		CountDownLatch release = new CountDownLatch(1);
		JetStreamListeners listeners = listener(2).lookEvery(Duration.ofSeconds(1)).start((delivery, message) -> {
			this.handled.handle(delivery, message);
			running.countDown();
			release.await();
		});
		this.queue.publish(2);
		running.await();
		this.queue.management().deleteStream(this.queue.stream());
		await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		await().untilAsserted(
				() -> assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains("stream not found"));
		this.queue.createStream();
		this.queue.createConsumer(UnaryOperator.identity());
		await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		// Another worker has the messages with the numbers of those in hand here
		this.queue.publish(2);
		Message first = next();
		Message second = next();
		release.countDown();
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 0);
		this.queue.connection().flush(Duration.ofSeconds(2));
		assertThat(this.queue.size()).isEqualTo(2);
		first.ack();
		second.ack();
		await().until(() -> this.queue.size() == 0);
		this.queue.publish(3);
		this.handled.awaitJobs(3);
	}

	private Message next() throws Exception {
		Message message = this.queue.connection()
			.getStreamContext(this.queue.stream())
			.getConsumerContext(TestQueue.CONSUMER)
			.next(Duration.ofSeconds(10));
		assertThat(message).isNotNull();
		return message;
	}

	@Test
	void whenTheConsumerIsMadeAnewWithOtherSettingsThenTheListenerFollowsThem() throws Exception {
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.createConsumer((consumer) -> consumer.ackWait(Duration.ofSeconds(30)));
		JetStreamListeners listeners = listener(20).start((delivery, message) -> {
			this.handled.handle(delivery, message);
			// More than two leases of the new consumer
			new CountDownLatch(1).await(5, TimeUnit.SECONDS);
		});
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.createConsumer((consumer) -> consumer.ackWait(Duration.ofSeconds(2))
			.maxAckPending(4)
			.maxBatch(2)
			.maxExpires(Duration.ofSeconds(2))
			.filterSubject(this.queue.stream() + ".job"));
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		this.queue.publish(8);
		this.queue.connection().jetStream().publish(this.queue.stream() + ".other", "99".getBytes());
		await().until(() -> listeners.status(TestQueue.CONSUMER).busy() == 4);
		await().atMost(LONG).until(() -> this.queue.size() == 1);
		assertThat(this.handled.runs()).isEqualTo(8);
		assertThat(this.handled.jobs()).doesNotContain(99);
	}

	@Test
	void whenTheAckWaitIsUpdatedThenTheListenerFollowsIt() throws Exception {
		JetStreamListeners listeners = listener(1).start((delivery, message) -> {
			this.handled.handle(delivery, message);
			new CountDownLatch(1).await(2, TimeUnit.SECONDS);
		});
		ConsumerConfiguration current = this.queue.consumer().getConsumerConfiguration();
		this.queue.management()
			.addOrUpdateConsumer(this.queue.stream(),
					ConsumerConfiguration.builder(current).ackWait(Duration.ofMillis(700)).build());
		// It looks for changes when it is resumed, and every few seconds
		listeners.pause(TestQueue.CONSUMER);
		listeners.resume(TestQueue.CONSUMER);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		this.queue.publish(2);
		await().atMost(LONG).until(() -> this.queue.size() == 0);
		assertThat(this.handled.runs()).isLessThanOrEqualTo(3);
	}

	@Test
	void whenTheConsumerIsReplacedByOneThatCanNotBeUsedThenTheListenerHasFailedUntilItCan() throws Exception {
		JetStreamListeners listeners = listener(2).start(this.handled);
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.createConsumer((consumer) -> consumer.deliverSubject("somewhere"));
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.FAILED);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains("push consumer", "nats consumer rm");
		this.queue.publish(5);
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.createConsumer(UnaryOperator.identity());
		await().atMost(LONG).until(() -> this.queue.size() == 0);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		assertThat(this.handled.runs()).isEqualTo(5);
	}

	@Test
	void whenAnInstanceStartsOnAConsumerThatCanNotBeUsedThenItSaysWhy() throws Exception {
		this.queue.management().deleteStream(this.queue.stream());
		this.queue.management()
			.addStream(StreamConfiguration.builder()
				.name(this.queue.stream())
				.subjects(this.queue.stream() + ".>")
				.build());
		this.queue.createConsumer((consumer) -> consumer.ackPolicy(AckPolicy.All));
		assertThatExceptionOfType(ListenerStartException.class).isThrownBy(() -> listener(1).start(this.handled))
			.withMessageContaining("ack policy is 'all'");
	}

	@Test
	void whenTheConnectionIsClosedForGoodThenTheListenerHasFailed() throws Exception {
		JetStreamListeners listeners = listener(2).start(this.handled);
		this.queue.connection().close();
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.FAILED);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains("closed for good", "max-reconnects");
		await()
			.untilAsserted(() -> assertThat(this.events).filteredOn((event) -> event.getState() == ListenerState.FAILED)
				.hasSize(1));
	}

	@Test
	void whenTheServerGoesOnRefusingThenEachReasonIsToldOnce() throws Exception {
		AtomicInteger attempts = new AtomicInteger();
		JetStreamListeners listeners = listener(2).recovery((stream, consumer) -> {
			attempts.incrementAndGet();
			throw new IllegalStateException("no quorum");
		}).start(this.handled);
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		await().atMost(LONG).until(() -> attempts.get() >= 5);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains("can't be declared again: no quorum");
		assertThat(this.events).filteredOn((event) -> event.getState() == ListenerState.RECOVERING)
			.extracting(ListenerStateChangedEvent::getReason)
			.doesNotHaveDuplicates()
			.hasSizeBetween(1, 2);
	}

	@Test
	void whenTheConsumerIsGoneThenTheRecoveryBringsItBack() throws Exception {
		JetStreamListeners listeners = listener(2)
			.recovery((stream, consumer) -> this.queue.createConsumer(UnaryOperator.identity()))
			.start(this.handled);
		this.queue.publish(5);
		this.handled.awaitJobs(5);
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		await().until(() -> states().contains(ListenerState.RECOVERING));
		await().atMost(Duration.ofSeconds(5)).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		this.queue.publish(5);
		await().until(() -> this.handled.runs() == 10);
	}

	/**
	 * Returns the states, without changes of the reason alone.
	 */
	private List<ListenerState> states() {
		List<ListenerState> states = new ArrayList<>();
		for (ListenerStateChangedEvent event : this.events) {
			if (states.isEmpty() || states.get(states.size() - 1) != event.getState()) {
				states.add(event.getState());
			}
		}
		return states;
	}

	private TestQueue.Setup listener(int concurrency) {
		return this.queue.listener()
			.options(ListenerOptions.builder().concurrency(concurrency).maxBuffer(0).build())
			.onStateChange(this.events::add);
	}

}
