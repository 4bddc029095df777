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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a message: ack, retry, dead letter, discard.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ListenerOutcomeTests {

	private final List<String> settlements = new CopyOnWriteArrayList<>();

	private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

	private final AtomicInteger runs = new AtomicInteger();

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
	}

	@Test
	void whenTheHandlerReturnsThenTheMessageIsAcked() throws Exception {
		listener(3).start((delivery, message) -> this.runs.incrementAndGet());
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(1);
		await().untilAsserted(() -> assertThat(this.settlements).containsExactly("worker HANDLED"));
	}

	@Test
	void whenTheHandlerFailsThenTheMessageIsRetriedWithTheServersCount() throws Exception {
		List<Long> attempts = new CopyOnWriteArrayList<>();
		listener(5).start((delivery, message) -> {
			attempts.add(delivery.attempt());
			if (delivery.attempt() < 3) {
				throw new IllegalStateException("not yet");
			}
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(attempts).containsExactly(1L, 2L, 3L);
		await().untilAsserted(() -> assertThat(this.settlements).containsExactly("worker RETRIED", "worker RETRIED",
				"worker HANDLED"));
	}

	@Test
	void whenTheHandlerThrowsAnErrorThenTheMessageIsRetriedToo() throws Exception {
		listener(5).start((delivery, message) -> {
			if (delivery.attempt() == 1) {
				throw new NoClassDefFoundError("com/acme/Gone");
			}
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
	}

	@Test
	void whenTheDelayIsLongThenTheMessageWaitsOnTheServer() throws Exception {
		listener(5).start((delivery, message) -> {
			if (this.runs.incrementAndGet() == 1) {
				throw new RetryException("much later", Duration.ofHours(1));
			}
		});
		this.queue.publish(2);
		await().until(() -> this.queue.size() == 1 && this.runs.get() == 2);
		assertThat(this.queue.consumer().getNumAckPending()).isOne();
	}

	@Test
	void whenAllAttemptsFailThenTheMessageBecomesADeadLetter() throws Exception {
		listener(3).start((delivery, message) -> {
			this.runs.incrementAndGet();
			throw new IllegalStateException("never");
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(3);
		assertThat(this.deadLetters).singleElement().satisfies((deadLetter) -> {
			assertThat(deadLetter.reason()).contains("Failed 3 times", "never");
			assertThat(deadLetter.failure()).isInstanceOf(IllegalStateException.class);
			assertThat(deadLetter.message().getData()).asString().isEqualTo("0");
		});
		await().untilAsserted(() -> assertThat(this.settlements).last().isEqualTo("worker DEAD_LETTERED"));
	}

	@Test
	void whenTheHandlerGivesUpThenTheMessageBecomesADeadLetterAtOnce() throws Exception {
		listener(10).start((delivery, message) -> {
			this.runs.incrementAndGet();
			throw new DeadLetterException("card expired");
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(1);
		assertThat(this.deadLetters).extracting(DeadLetter::reason).containsExactly("card expired");
	}

	@Test
	void whenTheExceptionIsNotToBeRetriedThenTheMessageBecomesADeadLetterAtOnce() throws Exception {
		listener(10).noRetryFor(UnsupportedOperationException.class).start((delivery, message) -> {
			this.runs.incrementAndGet();
			throw new UnsupportedOperationException("no such country");
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(1);
		assertThat(this.deadLetters).hasSize(1);
	}

	@Test
	void whenDeliveriesOfAMessageWereLostThenItIsHandledAllTheSame() throws Exception {
		this.queue.publish(1);
		lose(5);
		List<Long> attempts = new CopyOnWriteArrayList<>();
		listener(3).start((delivery, message) -> attempts.add(delivery.attempt()));
		await().until(() -> this.queue.size() == 0);
		assertThat(attempts).containsExactly(6L);
		assertThat(this.deadLetters).isEmpty();
	}

	@Test
	void whenAMessageFailsAfterMoreDeliveriesThanAttemptsThenItBecomesADeadLetter() throws Exception {
		this.queue.publish(1);
		lose(4);
		listener(3).start((delivery, message) -> {
			this.runs.incrementAndGet();
			throw new IllegalStateException("never");
		});
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(1);
		assertThat(this.deadLetters).extracting(DeadLetter::reason)
			.singleElement()
			.asString()
			.contains("delivery 5", "max-attempts (3)", "never");
	}

	@Test
	void whenTheHandlerWantsAnotherAttemptAfterTheLastThenTheMessageBecomesADeadLetter() throws Exception {
		listener(3).start((delivery, message) -> {
			this.runs.incrementAndGet();
			delivery.retry(Duration.ZERO);
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(3);
		assertThat(this.deadLetters).hasSize(1);
	}

	@Test
	void whenAMessageWasDeliveredTooOftenThenItsHandlerIsNotCalled() throws Exception {
		this.queue.publish(1);
		lose(6);
		listener(3).start((delivery, message) -> this.runs.incrementAndGet());
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(0);
		assertThat(this.deadLetters).extracting(DeadLetter::reason)
			.singleElement()
			.asString()
			.contains("delivery 7", "max-deliveries is 6");
	}

	@Test
	void howOftenAMessageMayBeDeliveredCanBeSaid() throws Exception {
		this.queue.publish(1);
		lose(3);
		this.queue.listener()
			.options(ListenerOptions.builder().retry(new RetryOptions(3L, null, null, null, null, null, 3L)).build())
			.deadLetters((deadLetter) -> {
				this.deadLetters.add(deadLetter);
				return CompletableFuture.completedFuture(null);
			})
			.start((delivery, message) -> this.runs.incrementAndGet());
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(0);
		assertThat(this.deadLetters).hasSize(1);
	}

	@Test
	void whenADeadLetterCantBeKeptThenItsMessageStaysInTheQueue() throws Exception {
		AtomicInteger tries = new AtomicInteger();
		this.queue.listener().options(options(2)).deadLetters((deadLetter) -> {
			this.deadLetters.add(deadLetter);
			return (tries.incrementAndGet() < 4) ? CompletableFuture.failedFuture(new IllegalStateException("full"))
					: CompletableFuture.completedFuture(null);
		}).start((delivery, message) -> {
			this.runs.incrementAndGet();
			throw new IllegalStateException("never");
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(tries).hasValue(4);
		assertThat(this.runs).as("handler runs, not more than max-attempts").hasValue(2);
		assertThat(this.deadLetters).hasSize(4)
			.allSatisfy((deadLetter) -> assertThat(deadLetter.reason()).contains("Failed 2 times", "never"));
	}

	@Test
	void whenKeepingADeadLetterNeverEndsThenThatIsSaidAndItIsTriedAgain() throws Exception {
		AtomicInteger tries = new AtomicInteger();
		JetStreamListeners listeners = this.queue.listener()
			.options(ListenerOptions.builder().retry(options(1).retry()).maxRunTime(Duration.ofSeconds(1)).build())
			.deadLetters((deadLetter) -> (tries.incrementAndGet() < 3) ? new CompletableFuture<>()
					: CompletableFuture.completedFuture(null))
			.start((delivery, message) -> {
				throw new DeadLetterException("never");
			});
		this.queue.publish(1);
		await().untilAsserted(() -> assertThat(listeners.status(TestQueue.CONSUMER).reason())
			.contains("the dead-letter handler has not ended within 1s"));
		await().atMost(Duration.ofSeconds(30)).until(() -> this.queue.size() == 0);
		assertThat(tries).hasValue(3);
	}

	@Test
	void whenADeadLetterCantBeKeptThenItsHandlerIsNotCalledAgain() throws Exception {
		AtomicInteger tries = new AtomicInteger();
		this.queue.listener().options(options(10)).deadLetters((deadLetter) -> {
			this.deadLetters.add(deadLetter);
			return (tries.incrementAndGet() < 2) ? CompletableFuture.failedFuture(new IllegalStateException("full"))
					: CompletableFuture.completedFuture(null);
		}).start((delivery, message) -> {
			this.runs.incrementAndGet();
			throw new DeadLetterException("card expired");
		});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.runs).hasValue(1);
		assertThat(this.deadLetters).extracting(DeadLetter::reason).containsExactly("card expired", "card expired");
	}

	@Test
	void whenThereIsNoPlaceForDeadLettersThenTheMessageIsDiscarded() throws Exception {
		this.queue.listener()
			.options(options(1))
			.observer((listener, settlement, runTime, failure) -> this.settlements.add(listener + " " + settlement))
			.start((delivery, message) -> {
				throw new IllegalStateException("never");
			});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		await().untilAsserted(() -> assertThat(this.settlements).containsExactly("worker DISCARDED"));
	}

	@Test
	void whenTheHandlerCallsAVerbThenItHasDecided() throws Exception {
		listener(5).start((delivery, message) -> {
			switch (new String(message.getData())) {
				case "ack" -> {
					delivery.ack();
					throw new IllegalStateException("after the decision");
				}
				case "retry" -> {
					if (delivery.attempt() == 1) {
						delivery.retry(Duration.ZERO);
					}
				}
				case "dead" -> delivery.deadLetter("by hand");
				default -> delivery.discard("not needed");
			}
		});
		for (String verb : List.of("ack", "retry", "dead", "discard")) {
			this.queue.publish(this.queue.message(verb).build());
		}
		await().until(() -> this.queue.size() == 0);
		await().untilAsserted(() -> assertThat(this.settlements).containsExactlyInAnyOrder("worker HANDLED",
				"worker RETRIED", "worker HANDLED", "worker DEAD_LETTERED", "worker DISCARDED"));
		assertThat(this.deadLetters).extracting(DeadLetter::reason).containsExactly("by hand");
	}

	@Test
	void aDeliveryIsSettledOnlyOnce() throws Exception {
		List<Throwable> refused = new CopyOnWriteArrayList<>();
		listener(5).start((delivery, message) -> {
			delivery.ack();
			assertThatIllegalStateException().isThrownBy(delivery::retry).satisfies(refused::add);
		});
		this.queue.publish(1);
		await().until(() -> !refused.isEmpty());
		assertThat(refused.get(0)).hasMessageContaining(this.queue.stream() + "#1");
		await().untilAsserted(() -> assertThat(this.settlements).containsExactly("worker HANDLED"));
	}

	@Test
	void whenAHandlerRunsTooLongThenItIsInterruptedAndTheMessageRetried() throws Exception {
		AtomicBoolean interrupted = new AtomicBoolean();
		this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(1)
				.maxRunTime(Duration.ofMillis(500))
				.retry(quickRetries(5))
				.build())
			.start((delivery, message) -> {
				if (this.runs.incrementAndGet() == 1) {
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						interrupted.set(true);
						throw ex;
					}
				}
			});
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(interrupted).isTrue();
	}

	/**
	 * Has the message delivered to workers that never handle it.
	 */
	private void lose(int deliveries) throws Exception {
		JetStreamSubscription dying = this.queue.connection()
			.jetStream()
			.subscribe(null, PullSubscribeOptions.bind(this.queue.stream(), TestQueue.CONSUMER));
		for (int i = 0; i < deliveries; i++) {
			List<Message> taken = dying.fetch(1, Duration.ofSeconds(5));
			assertThat(taken).hasSize(1);
			taken.get(0).nak();
		}
		dying.unsubscribe();
	}

	private TestQueue.Setup listener(long maxAttempts) {
		return this.queue.listener().options(options(maxAttempts)).deadLetters((deadLetter) -> {
			this.deadLetters.add(deadLetter);
			return CompletableFuture.completedFuture(null);
		}).observer((listener, settlement, runTime, failure) -> this.settlements.add(listener + " " + settlement));
	}

	private static ListenerOptions options(long maxAttempts) {
		return ListenerOptions.builder().concurrency(1).retry(quickRetries(maxAttempts)).build();
	}

	private static RetryOptions quickRetries(long maxAttempts) {
		return new RetryOptions(maxAttempts, Duration.ofMillis(20), 1.0, Duration.ofMillis(20), 0.0);
	}

}
