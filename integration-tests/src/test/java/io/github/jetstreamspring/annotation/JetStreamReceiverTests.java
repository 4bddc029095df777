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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ReceivedMessage;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.api.ConsumerInfo;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.context.Lifecycle;
import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Messages that are received by hand.
 */
@EmbeddedNats
class JetStreamReceiverTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration SHORT = Duration.ofMillis(200);

	@AutoClose
	private Worker worker;

	private JetStreamReceiver receiver;

	@BeforeEach
	void start(EmbeddedNatsServer server) {
		start(server, "jetstream.listener.shutdown-timeout=1s");
	}

	private void start(EmbeddedNatsServer server, String... properties) {
		this.worker = Worker.run(server.url(), List.of(), properties);
		this.receiver = this.worker.bean(JetStreamReceiver.class);
	}

	@Test
	void whenAMessageIsThereThenItIsConvertedAndItsVerbsSettleIt() throws Exception {
		this.worker.template().message(Order.of("a")).to("jobs.a").header("tenant", "acme").publish();
		try (ReceivedMessage<Order> message = receive(Order.class, LONG).orElseThrow()) {
			assertThat(message.payload()).isEqualTo(Order.of("a"));
			assertThat(message.delivery().subject()).isEqualTo("jobs.a");
			assertThat(message.delivery().attempt()).isOne();
			assertThat(message.delivery().headers().getFirst("tenant")).isEqualTo("acme");
			assertThat(this.worker.size("jobs")).isOne();
			message.delivery().ack();
			assertThatIllegalStateException().isThrownBy(message.delivery()::retry);
		}
		await().until(() -> this.worker.size("jobs") == 0);
	}

	@Test
	void whenAMessageIsPublishedLaterThenItIsWaitedFor() {
		CompletableFuture<Optional<ReceivedMessage<String>>> waiting = CompletableFuture
			.supplyAsync(() -> receive(String.class, LONG));
		await().until(() -> consumer().getNumWaiting() == 1);
		this.worker.template().publish("jobs.a", "late");
		assertThat(waiting.join().orElseThrow()).satisfies((message) -> {
			assertThat(message.payload()).isEqualTo("late");
			message.delivery().ack();
		});
	}

	@Test
	void whateverTypeIsWantedThenItIsMadeOfTheMessage() {
		IntStream.range(0, 4).forEach((i) -> this.worker.template().publish("jobs.a", "7"));
		assertThat(receive(byte[].class, LONG).orElseThrow().payload()).isEqualTo(new byte[] { '7' });
		assertThat(receive(int.class, LONG).orElseThrow().payload()).isEqualTo(7);
		assertThat(receive(io.nats.client.Message.class, LONG).orElseThrow().payload().getData()).hasSize(1);
		assertThat(receive(Message.class, LONG).orElseThrow().payload().getHeaders()).containsEntry("nats_subject",
				"jobs.a");
	}

	@Test
	void whenAMessageIsClosedWithoutAVerbThenItComesAgainAtOnceUntilItsLastAttempt() throws Exception {
		this.worker.template().publish("jobs.a", "a");
		long start = System.nanoTime();
		for (int attempt = 1; attempt <= 3; attempt++) {
			try (ReceivedMessage<String> message = receive(String.class, LONG).orElseThrow()) {
				assertThat(message.delivery().attempt()).isEqualTo(attempt);
			}
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
		await().until(() -> this.worker.size("dead-letters") == 1);
		assertThat(deadLetterReason(1)).isEqualTo("Failed 3 times, the last time closed without a verb");
	}

	@Test
	void whenAMessageCannotBeConvertedOrIsInvalidThenItIsADeadLetterAndTheNextOneIsTaken() throws Exception {
		this.worker.template().publish("jobs.a", "no order");
		this.worker.template().publish("jobs.a", new Order("b", "alice", -1));
		this.worker.template().publish("jobs.a", new byte[0]);
		this.worker.template().publish("jobs.a", Order.of("c"));
		ReceivedMessage<Order> message = receive(Order.class, LONG).orElseThrow();
		assertThat(message.payload().id()).isEqualTo("c");
		await().until(() -> this.worker.size("dead-letters") == 3);
		assertThat(List.of(deadLetterReason(1), deadLetterReason(2), deadLetterReason(3)))
			.anySatisfy((reason) -> assertThat(reason).startsWith("The payload can't be converted"))
			.anySatisfy((reason) -> assertThat(reason).isEqualTo("The payload is not valid: cents (Positive)"))
			.anySatisfy((reason) -> assertThat(reason).isEqualTo("The payload is empty"));
		message.delivery().ack();
		await().until(() -> this.worker.size("jobs") == 0);
	}

	@Test
	void whenSeveralAreWantedThenTheyComeInOrderAndNoMoreThanThat() throws Exception {
		IntStream.range(0, 50).forEach((i) -> this.worker.template().publish("jobs.a", Integer.toString(i)));
		List<ReceivedMessage<Integer>> messages = receiveMany(30, LONG);
		assertThat(messages).extracting(ReceivedMessage::payload)
			.containsExactlyElementsOf(IntStream.range(0, 30).boxed().toList());
		assertThat(consumer().getNumAckPending()).isEqualTo(30);
		messages.forEach((message) -> message.delivery().ack());
		messages = receiveMany(30, Duration.ofSeconds(1));
		assertThat(messages).hasSize(20);
		assertThat(consumer().getNumAckPending()).isEqualTo(20);
		messages.forEach((message) -> message.delivery().ack());
		await().until(() -> this.worker.size("jobs") == 0);
	}

	@Test
	void whenNoMessageComesThenTheWaitEndsAndNothingIsAskedForAnyMore() throws Exception {
		assertThat(this.worker.size("jobs")).isZero();
		receive(String.class, Duration.ZERO);
		long start = System.nanoTime();
		assertThat(receive(String.class, Duration.ofMillis(700))).isEmpty();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(700),
				Duration.ofMillis(1600));
		assertThat(consumer().getNumWaiting()).isZero();
		this.worker.template().publish("jobs.a", "a");
		assertThat(consumer().getNumAckPending()).isZero();
		assertThat(receive(String.class, Duration.ZERO)).isPresent();
	}

	@Test
	void whenMessagesComeJustWhenTheWaitEndsThenNoneIsLeftInFlight() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		CompletableFuture<Integer> publishing = CompletableFuture.supplyAsync(() -> {
			int count = 0;
			while (!over.get()) {
				this.worker.template().publish("jobs.a", "a");
				count++;
			}
			return count;
		});
		int received = 0;
		for (int i = 0; i < 40; i++) {
			List<ReceivedMessage<String>> messages = this.receiver.receiveMany("jobs", "worker", String.class, 1000,
					Duration.ofMillis(60));
			assertThat(messages).allSatisfy((message) -> assertThat(message.delivery().attempt()).isOne());
			messages.forEach((message) -> message.delivery().ack());
			received += messages.size();
		}
		over.set(true);
		int left = publishing.join() - received;
		await().until(() -> consumer().getNumAckPending() == 0);
		assertThat(this.worker.size("jobs")).isEqualTo(left);
	}

	@Test
	void whenThereIsNoSuchConsumerOrStreamThenTheErrorSaysSo() {
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.receiver.receive("jobs", "nobody", String.class, LONG))
			.withMessageContaining("consumer 'nobody' of stream 'jobs' can't be used: consumer not found")
			.withMessageContaining("jetstream.streams.<stream>.consumers");
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.receiver.receive("nothing", "worker", String.class, LONG))
			.withMessageContaining("consumer 'worker' of stream 'nothing' can't be used: stream not found");
	}

	@Test
	void whenAnArgumentIsWrongThenItIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> receive(String.class, Duration.ofSeconds(-1)))
			.withMessageContaining("'timeout'");
		assertThatIllegalArgumentException().isThrownBy(() -> receiveMany(0, LONG))
			.withMessageContaining("'maxMessages'");
		assertThatIllegalArgumentException().isThrownBy(() -> this.receiver.receive("", "worker", String.class, LONG))
			.withMessageContaining("'stream'");
	}

	@Test
	void whenNoPayloadCanBeOfTheTypeThenNoMessageIsTaken() throws Exception {
		this.worker.template().publish("jobs.a", Order.of("a"));
		assertThatIllegalArgumentException().isThrownBy(() -> receive(Part.class, SHORT))
			.withMessageContaining("No payload can be read as " + Part.class.getName());
		try (ReceivedMessage<Order> message = receive(Order.class, LONG).orElseThrow()) {
			assertThat(message.delivery().attempt()).isOne();
			message.delivery().ack();
		}
		assertThat(this.worker.size("dead-letters")).isZero();
	}

	@Test
	void whenTheConsumerIsDeletedWhileSomebodyWaitsThenItIsDeclaredAgain() throws Exception {
		CompletableFuture<Optional<ReceivedMessage<String>>> waiting = CompletableFuture
			.supplyAsync(() -> receive(String.class, LONG));
		await().until(() -> consumer().getNumWaiting() == 1);
		this.worker.bean(Connection.class).jetStreamManagement().deleteConsumer("jobs", "worker");
		this.worker.template().publish("jobs.a", "a");
		assertThat(waiting.join()).isPresent();
	}

	@Test
	void whenTheThreadIsInterruptedThenTheWaitEndsAndItStillIs() throws Exception {
		AtomicBoolean interrupted = new AtomicBoolean();
		CompletableFuture<Optional<ReceivedMessage<String>>> result = new CompletableFuture<>();
		Thread waiting = new Thread(() -> {
			result.complete(receive(String.class, LONG));
			interrupted.set(Thread.interrupted());
		});
		waiting.start();
		await().until(() -> consumer().getNumWaiting() == 1);
		waiting.interrupt();
		waiting.join();
		assertThat(result.join()).isEmpty();
		assertThat(interrupted).isTrue();
		assertThat(consumer().getNumWaiting()).isZero();
	}

	@Test
	void whenSomebodyIsAtWorkThenTheLeaseIsExtended(EmbeddedNatsServer server) {
		this.worker.close();
		start(server, "jetstream.streams.jobs.consumers.worker.ack-wait=1s");
		this.worker.template().publish("jobs.a", "a");
		ReceivedMessage<String> message = receive(String.class, LONG).orElseThrow();
		assertThat(receive(String.class, Duration.ofSeconds(3))).isEmpty();
		message.delivery().ack();
		await().until(() -> this.worker.size("jobs") == 0);
	}

	@Test
	void whenNobodySettlesAMessageWithinMaxRunTimeThenItIsRetried(EmbeddedNatsServer server) {
		this.worker.close();
		start(server, "jetstream.listeners.worker.max-run-time=1s");
		this.worker.template().publish("jobs.a", "a");
		ReceivedMessage<String> forgotten = receive(String.class, LONG).orElseThrow();
		try (ReceivedMessage<String> again = receive(String.class, LONG).orElseThrow()) {
			assertThat(again.delivery().attempt()).isEqualTo(2);
			assertThatIllegalStateException().isThrownBy(forgotten.delivery()::ack);
			again.delivery().ack();
		}
	}

	@Test
	void whenTheContextIsStoppedThenWaitsEndAndItGoesOnWhenItIsStarted() throws Exception {
		CompletableFuture<Optional<ReceivedMessage<String>>> waiting = CompletableFuture
			.supplyAsync(() -> receive(String.class, LONG));
		await().until(() -> consumer().getNumWaiting() == 1);
		this.worker.context().stop();
		assertThat(waiting.join()).isEmpty();
		assertThatIllegalStateException().isThrownBy(() -> receive(String.class, LONG))
			.withMessageContaining("the application context is stopped");
		this.worker.context().start();
		this.worker.template().publish("jobs.a", "a");
		receive(String.class, LONG).orElseThrow().delivery().ack();
		await().until(() -> this.worker.size("jobs") == 0);
	}

	@Test
	void whenTheContextIsStoppedThenWhatIsInHandMayBeSettledUntilShutdownTimeout() throws Exception {
		IntStream.range(0, 2).forEach((i) -> this.worker.template().publish("jobs.a", "7"));
		List<ReceivedMessage<Integer>> messages = receiveMany(2, LONG);
		CompletableFuture<Void> stopping = CompletableFuture.runAsync(this.worker.context()::stop);
		await().until(() -> !((Lifecycle) this.receiver).isRunning());
		messages.get(0).delivery().ack();
		stopping.join();
		assertThatIllegalStateException().isThrownBy(messages.get(1).delivery()::ack);
		messages.get(1).close();
		this.worker.context().start();
		// Given back when the time was over, not when its lease was
		assertThat(receiveMany(2, Duration.ofSeconds(3))).singleElement().satisfies((message) -> {
			assertThat(message.delivery().attempt()).isEqualTo(2);
			message.delivery().ack();
		});
	}

	@Test
	void whenManyReceiveAtOnceThenEachMessageIsReceivedOnce() throws Exception {
		int count = 400;
		IntStream.range(0, count).forEach((i) -> this.worker.template().publish("jobs.a", Integer.toString(i)));
		Queue<Integer> received = new ConcurrentLinkedQueue<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			threads.add(new Thread(() -> {
				for (Optional<ReceivedMessage<Integer>> next = next(); next.isPresent(); next = next()) {
					received.add(next.get().payload());
					next.get().delivery().ack();
				}
			}));
		}
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(received).containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).boxed().toList());
	}

	@Test
	void whenMoreIsWantedThanTheConsumerMayHaveOutThenThatIsAll(EmbeddedNatsServer server) {
		this.worker.close();
		start(server, "jetstream.streams.jobs.consumers.worker.max-ack-pending=3");
		IntStream.range(0, 5).forEach((i) -> this.worker.template().publish("jobs.a", "7"));
		List<ReceivedMessage<Integer>> messages = receiveMany(5, Duration.ofHours(1));
		assertThat(messages).hasSize(3);
		messages.forEach((message) -> message.delivery().ack());
	}

	@Test
	void whenAConnectionIsNamedThenItsReceiverIsQualified(EmbeddedNatsServer server) {
		try (EmbeddedNatsServer warehouse = EmbeddedNatsServer.start()) {
			this.worker.close();
			start(server, "jetstream.connections.warehouse.servers=" + warehouse.url(),
					"jetstream.connections.warehouse.streams.crates.subjects=crates.>",
					"jetstream.connections.warehouse.streams.crates.consumers.packer.ack-wait=5s");
			qualified(JetStreamTemplate.class).publish("crates.a", Order.of("a"));
			ReceivedMessage<Order> message = qualified(JetStreamReceiver.class)
				.receive("crates", "packer", Order.class, LONG)
				.orElseThrow();
			assertThat(message.payload()).isEqualTo(Order.of("a"));
			message.delivery().ack();
			assertThatExceptionOfType(JetStreamException.class)
				.isThrownBy(() -> this.receiver.receive("crates", "packer", Order.class, LONG));
			this.worker.close();
		}
	}

	private <T> T qualified(Class<T> type) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.worker.context().getBeanFactory(), type,
				"warehouse");
	}

	private Optional<ReceivedMessage<Integer>> next() {
		return this.receiver.receive("jobs", "worker", Integer.class, Duration.ofMillis(500));
	}

	private <T> Optional<ReceivedMessage<T>> receive(Class<T> type, Duration timeout) {
		return this.receiver.receive("jobs", "worker", type, timeout);
	}

	private List<ReceivedMessage<Integer>> receiveMany(int count, Duration timeout) {
		return this.receiver.receiveMany("jobs", "worker", Integer.class, count, timeout);
	}

	private String deadLetterReason(long sequence) throws Exception {
		return this.worker.message("dead-letters", sequence).getHeaders().getFirst("Dead-Letter-Reason");
	}

	private ConsumerInfo consumer() throws Exception {
		return this.worker.bean(Connection.class).jetStreamManagement().getConsumerInfo("jobs", "worker");
	}

	interface Part {

		String getId();

	}

}
