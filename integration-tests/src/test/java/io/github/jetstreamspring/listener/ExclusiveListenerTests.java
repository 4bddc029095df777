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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.PublishAck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners of which one instance at a time gets messages.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ExclusiveListenerTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final int JOBS = 600;

	// Shared by the instances, so that its order is that of the fleet
	private final HandledJobs handled = new HandledJobs();

	private final List<Instance> instances = new ArrayList<>();

	private EmbeddedNatsServer server;

	private TestQueue queue;

	@BeforeEach
	void startServer(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	@AfterEach
	void close() throws Exception {
		if (this.queue != null) {
			this.queue.close();
		}
		for (Instance instance : this.instances) {
			instance.client.close();
		}
	}

	@Test
	@NeedsServer("2.11")
	void whenTwoInstancesRunThenOneWorksInOrderAndTheOtherStandsBy() throws Exception {
		createQueue(Duration.ofSeconds(30), Duration.ofSeconds(2));
		Instance one = new Instance(1, null);
		this.queue.publish(JOBS);
		this.handled.awaitJobs(10);
		Instance other = new Instance(1, null);
		assertThat(other.status().state()).isEqualTo(ListenerState.RUNNING);
		assertThat(other.status().reason()).contains("standing by");
		this.handled.awaitJobs(JOBS);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.order()).isEqualTo(IntStream.range(0, JOBS).boxed().toList());
		assertThat(one.runs.runs()).isEqualTo(JOBS);
		assertThat(other.runs.runs()).isZero();
		assertThat(one.status().reason()).isNull();
	}

	@Test
	@NeedsServer("2.11")
	void whenTheActiveInstanceStopsThenTheOtherTakesOverAtOnceInOrder() throws Exception {
		// One message out at a time: the server doesn't sort what was given back
		createQueue(Duration.ofSeconds(30), Duration.ofMinutes(2), 1);
		Instance one = new Instance(1, null);
		this.queue.publish(JOBS);
		this.handled.awaitJobs(20);
		Instance other = new Instance(1, null);
		one.listeners.stop(TestQueue.CONSUMER);
		assertThat(this.handled.awaitRunAfter(this.handled.runs(), LONG)).isLessThan(Duration.ofSeconds(2));
		await().until(() -> other.status().reason() == null);
		this.handled.awaitJobs(JOBS);
		assertThat(this.handled.order()).isEqualTo(IntStream.range(0, JOBS).boxed().toList());
		assertThat(other.runs.runs()).isPositive();
	}

	@Test
	@NeedsServer("2.11")
	void whenTheActiveInstanceIsPausedThenTheOtherTakesOverInOrder() throws Exception {
		createQueue(Duration.ofSeconds(30), Duration.ofSeconds(2), 1);
		Instance one = new Instance(1, null);
		this.queue.publish(JOBS);
		this.handled.awaitJobs(20);
		Instance other = new Instance(1, null);
		one.listeners.pause(TestQueue.CONSUMER);
		this.handled.awaitJobs(JOBS);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.order()).isEqualTo(IntStream.range(0, JOBS).boxed().toList());
		assertThat(other.runs.runs()).isPositive();
	}

	@Test
	@NeedsServer("2.11")
	void whenTheActiveInstanceDiesThenTheOtherTakesOverInOrder() throws Exception {
		// One message out at a time: the server doesn't sort what a dead one had in hand
		createQueue(Duration.ofSeconds(2), Duration.ofSeconds(2), 1);
		Instance one = new Instance(1, null);
		this.queue.publish(JOBS);
		this.handled.awaitJobs(20);
		Instance other = new Instance(1, null);
		one.die();
		// The priority timeout, and a second
		assertThat(this.handled.awaitRunAfter(this.handled.runs(), LONG)).isLessThan(Duration.ofSeconds(3));
		this.handled.awaitJobs(JOBS);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.order()).isSorted();
		// What was in hand when the instance died may run twice
		assertThat(this.handled.runs()).isBetween(JOBS, JOBS + 1);
		assertThat(other.runs.runs()).isPositive();
	}

	@Test
	@NeedsServer("2.11")
	void whenKeysAreInOrderThenAnInstanceThatJoinsChangesNothing() throws Exception {
		createQueue(Duration.ofSeconds(30), Duration.ofSeconds(2));
		OrderKey key = (delivery, message) -> job(message) % 5;
		new Instance(4, key);
		this.queue.publish(JOBS);
		this.handled.awaitJobs(40);
		Instance other = new Instance(4, key);
		this.handled.awaitJobs(JOBS);
		await().until(() -> this.queue.size() == 0);
		assertKeysInOrder();
		assertThat(this.handled.runs()).isEqualTo(JOBS);
		assertThat(other.runs.runs()).isZero();
	}

	@Test
	@NeedsServer("2.11")
	void whenKeysAreInOrderThenTheNextInstanceWaitsForWhatADeadOneHad() throws Exception {
		// The next one is chosen before the leases of the dead one have run out
		createQueue(Duration.ofSeconds(4), Duration.ofSeconds(1));
		this.queue.publish(100);
		takeAndDie(50);
		Instance next = new Instance(4, (delivery, message) -> job(message) % 5);
		this.handled.awaitJobs(100);
		await().until(() -> this.queue.size() == 0);
		assertKeysInOrder();
		assertThat(next.runs.runs()).isEqualTo(100);
	}

	@Test
	@NeedsServer("2.11")
	void whenTheServerChoosesAgainAndAgainThenAKeyStaysInOrder() throws Exception {
		createQueue(Duration.ofSeconds(30), Duration.ofMinutes(2));
		// What waits for its key is in hand: the one that was chosen has nearly all
		OrderKey key = (delivery, message) -> "all";
		Instance one = new Instance(2, key);
		Instance other = new Instance(2, key);
		for (int turn = 0; turn < 8; turn++) {
			publishJobs(turn * 60, 60);
			int some = turn * 60 + 10;
			await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> this.handled.runs() >= some);
			// As the server does when the consumer has another leader
			this.queue.management().unpinConsumer(this.queue.stream(), TestQueue.CONSUMER, "workers");
		}
		this.handled.awaitJobs(480);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.order()).isEqualTo(IntStream.range(0, 480).boxed().toList());
		assertThat(one.runs.runs()).isPositive();
		assertThat(other.runs.runs()).isPositive();
	}

	@Test
	@NeedsServer("2.11")
	void whenNobodyTakesAMessageBackThenItsKeyWaitsForItsLease() throws Exception {
		// Longer than a message takes that is given back
		createQueue(Duration.ofSeconds(8), Duration.ofMinutes(2));
		try (TcpProxy network = TcpProxy.to(this.server.port())) {
			network.loseNaks();
			String url = this.server.url().replaceFirst("\\d+$", Integer.toString(network.port()));
			Connection client = TestConnections.connect(TestQueue.options(url));
			this.queue.listener()
				.connection(client)
				.options(options(2))
				.orderedBy((delivery, message) -> job(message) % 2)
				.start((delivery, message) -> {
					if (job(message) == 0 && delivery.attempt() == 1) {
						throw new IllegalStateException("fails once");
					}
					this.handled.handle(delivery, message);
				});
			this.queue.publish(4);
			this.handled.awaitJobs(4);
			assertThat(this.handled.order()).containsExactly(1, 3, 0, 2);
			client.close();
		}
	}

	@Test
	@NeedsServer("2.11")
	void whenAnInstanceWithSeveralMessagesInHandStopsThenTheOtherDoesTheRestOnce() throws Exception {
		createQueue(Duration.ofSeconds(30), Duration.ofMinutes(2));
		OrderKey key = (delivery, message) -> job(message) % 5;
		Instance one = new Instance(4, key);
		this.queue.publish(JOBS);
		this.handled.awaitJobs(40);
		Instance other = new Instance(4, key);
		one.listeners.stop(TestQueue.CONSUMER);
		this.handled.awaitJobs(JOBS);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.runs()).isEqualTo(JOBS);
		assertThat(other.runs.runs()).isPositive();
	}

	@Test
	@NeedsServer("2.11")
	void whenAnInstanceWithSeveralMessagesInHandDiesThenTheOtherDoesThemAll() throws Exception {
		createQueue(Duration.ofSeconds(1), Duration.ofSeconds(2));
		Instance one = new Instance(4, null);
		this.queue.publish(JOBS);
		this.handled.awaitJobs(40);
		Instance other = new Instance(4, null);
		one.die();
		this.handled.awaitJobs(JOBS);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled.runs()).isBetween(JOBS, JOBS + 12);
		assertThat(other.runs.runs()).isPositive();
	}

	@Test
	@NeedsServer("2.11")
	void whenAHandlerTakesLongerThanThePriorityTimeoutThenNoOtherInstanceGoesOn() throws Exception {
		createQueue(Duration.ofSeconds(6), Duration.ofSeconds(2));
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Connection client = TestConnections.connect(TestQueue.options(this.server.url()));
		this.queue.listener().connection(client).options(options(1)).start((delivery, message) -> {
			begun.countDown();
			release.await();
			this.handled.handle(delivery, message);
		});
		this.queue.publish(2);
		begun.await();
		Instance other = new Instance(1, null);
		// Time enough for the other one to be chosen twice
		await().during(Duration.ofSeconds(5)).atMost(LONG).until(() -> other.runs.runs() == 0);
		release.countDown();
		this.handled.awaitJobs(2);
		assertThat(this.handled.order()).containsExactly(0, 1);
		client.close();
	}

	@Test
	@NeedsServer("2.11")
	void whenTheConsumerHasNoGroupThenTheListenerDoesNotStartAndSaysWhatIsMissing() throws Exception {
		this.queue = new TestQueue(this.server.url(), UnaryOperator.identity());
		assertThatExceptionOfType(ListenerStartException.class)
			.isThrownBy(() -> this.queue.listener().options(options(1)).start(this.handled))
			.withMessageContaining("priority-policy: pinned-client");
	}

	@Test
	void whenTheServerIsTooOldThenTheListenerDoesNotStartAndSaysSo() throws Exception {
		this.queue = new TestQueue(this.server.url(), UnaryOperator.identity());
		assumeOldServer();
		assertThatExceptionOfType(ListenerStartException.class)
			.isThrownBy(() -> this.queue.listener().options(options(1)).start(this.handled))
			.withMessageContaining("exclusive, which needs nats-server 2.11 or newer")
			.withMessageContaining(this.server.version());
	}

	private void publishJobs(int first, int count) throws Exception {
		JetStream stream = this.queue.connection().jetStream();
		List<CompletableFuture<PublishAck>> acks = IntStream.range(first, first + count)
			.mapToObj((job) -> stream.publishAsync(this.queue.stream() + ".job", Integer.toString(job).getBytes()))
			.toList();
		acks.forEach(CompletableFuture::join);
	}

	private void assertKeysInOrder() {
		for (int lane = 0; lane < 5; lane++) {
			int current = lane;
			assertThat(this.handled.order().stream().filter((job) -> job % 5 == current).toList()).as("key %d", lane)
				.isSorted();
		}
	}

	/**
	 * Gets messages as an instance does that ends without a word before it handles them.
	 */
	private void takeAndDie(int count) throws Exception {
		Connection client = TestConnections.connect(TestQueue.options(this.server.url()));
		String inbox = client.createInbox();
		Subscription messages = client.subscribe(inbox);
		client.publish("$JS.API.CONSUMER.MSG.NEXT." + this.queue.stream() + "." + TestQueue.CONSUMER, inbox,
				"{\"batch\":%d,\"expires\":10000000000,\"group\":\"workers\"}".formatted(count).getBytes());
		for (int i = 0; i < count; i++) {
			assertThat(messages.nextMessage(LONG)).isNotNull();
		}
		client.close();
	}

	private void createQueue(Duration ackWait, Duration priorityTimeout) throws Exception {
		createQueue(ackWait, priorityTimeout, 1000);
	}

	private void createQueue(Duration ackWait, Duration priorityTimeout, long maxAckPending) throws Exception {
		this.queue = new TestQueue(this.server.url(), UnaryOperator.identity());
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.createConsumer((consumer) -> consumer.ackWait(ackWait)
			.maxAckPending(maxAckPending)
			.priorityPolicy(PriorityPolicy.PinnedClient)
			.priorityGroups("workers")
			.priorityTimeout(priorityTimeout));
	}

	private void assumeOldServer() {
		assumeThat(this.queue.connection().getServerInfo().isSameOrNewerThanVersion("2.11.0"))
			.as("nats-server %s has priority groups", this.server.version())
			.isFalse();
	}

	private static ListenerOptions options(int concurrency) {
		return ListenerOptions.builder().concurrency(concurrency).exclusive(true).build();
	}

	private static int job(Message message) {
		return Integer.parseInt(new String(message.getData()));
	}

	/**
	 * An instance of an application, with a connection of its own.
	 */
	private final class Instance {

		private final HandledJobs runs = new HandledJobs();

		private final int concurrency;

		private final Connection client;

		private final JetStreamListeners listeners;

		private final CountDownLatch gone = new CountDownLatch(1);

		private volatile boolean dead;

		Instance(int concurrency, OrderKey orderKey) throws Exception {
			this.concurrency = concurrency;
			this.client = TestConnections.connect(TestQueue.options(ExclusiveListenerTests.this.server.url()));
			ExclusiveListenerTests.this.instances.add(this);
			this.listeners = ExclusiveListenerTests.this.queue.listener()
				.connection(this.client)
				.options(options(concurrency))
				.orderedBy(orderKey)
				.start(this::handle);
		}

		private void handle(Delivery delivery, Message message) throws Exception {
			// All jobs take some seconds, whatever the concurrency
			new CountDownLatch(1).await(5L * this.concurrency, TimeUnit.MILLISECONDS);
			synchronized (this) {
				if (!this.dead) {
					this.runs.handle(delivery, message);
					ExclusiveListenerTests.this.handled.handle(delivery, message);
					return;
				}
			}
			// To return would be to ack, as long as the connection is open
			this.gone.await();
		}

		ListenerStatus status() {
			return this.listeners.status(TestQueue.CONSUMER);
		}

		/**
		 * Ends without a word to the server and without a trace of what is in hand.
		 */
		void die() throws Exception {
			synchronized (this) {
				this.dead = true;
			}
			this.client.close();
			this.gone.countDown();
		}

	}

}
