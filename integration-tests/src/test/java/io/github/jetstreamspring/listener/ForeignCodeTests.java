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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever an application's code throws, wherever it is called: the listener works on,
 * and the message is retried or becomes a dead letter.
 */
@EmbeddedNats
class ForeignCodeTests {

	private static final int FAULTS = Fault.values().length;

	private static final int JOBS = 60;

	private final Set<Integer> handled = ConcurrentHashMap.newKeySet();

	private final Set<Integer> deadLetters = ConcurrentHashMap.newKeySet();

	// By place, thrown once for each message
	private final Set<Integer> thrown = ConcurrentHashMap.newKeySet();

	private final ConcurrentLinkedQueue<Settlement> settlements = new ConcurrentLinkedQueue<>();

	// Handlers that were handed an interrupt which was meant for nobody
	private final Set<Integer> interrupted = ConcurrentHashMap.newKeySet();

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), (consumer) -> consumer.ackWait(Duration.ofSeconds(3)));
	}

	@ParameterizedTest
	@EnumSource
	void whateverIsThrownTheListenerWorksOnAndNothingIsLost(Place place) throws Exception {
		this.queue.publish(JOBS);
		TestQueue.Setup setup = this.queue.listener()
			.noRetryFor(UnsupportedOperationException.class)
			.options(ListenerOptions.builder()
				.concurrency(2)
				.retry(new RetryOptions(3L, Duration.ofMillis(20), 1.0, Duration.ofMillis(20), 0.0))
				.build())
			.deadLetters((deadLetter) -> {
				this.deadLetters.add(number(deadLetter.message()));
				return CompletableFuture.completedFuture(null);
			})
			.interceptor(new DeliveryInterceptor() {

				@Override
				public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
					ForeignCodeTests.this.settlements.add(settlement);
				}

			});
		JetStreamListeners listeners = place.start(this, setup);
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(
					() -> assertThat(this.queue.size()).as("left in the queue, handled: %s", this.handled).isZero());
		assertThat(this.thrown).hasSize(FAULTS);
		assertThat(this.interrupted).isEmpty();
		assertThat(this.handled.size() + this.deadLetters.size()).isGreaterThanOrEqualTo(JOBS);
		assertThatAllIsGivenBack(listeners);
		// And once more, with all workers
		this.handled.clear();
		this.queue.publish(JOBS);
		await().atMost(Duration.ofSeconds(60)).until(() -> this.queue.size() == 0);
		assertThatAllIsGivenBack(listeners);
	}

	private void assertThatAllIsGivenBack(JetStreamListeners listeners) {
		await().untilAsserted(() -> {
			ListenerStatus status = listeners.status(TestQueue.CONSUMER);
			assertThat(status.busy()).as("busy").isZero();
			assertThat(status.inHand()).as("in hand").isZero();
			assertThat(status.state()).isEqualTo(ListenerState.RUNNING);
		});
	}

	private void fault(Message message) {
		int number = number(message);
		if (number < FAULTS && this.thrown.add(number)) {
			Fault.values()[number].throwIt();
		}
	}

	private void handle(Message message) {
		this.handled.add(number(message));
		if (Thread.currentThread().isInterrupted()) {
			this.interrupted.add(number(message));
		}
	}

	private static int number(Message message) {
		return Integer.parseInt(new String(message.getData()));
	}

	private static Message message(Delivery delivery) {
		return ((ReceivedDelivery) delivery).message();
	}

	/**
	 * Where it is thrown.
	 */
	enum Place {

		HANDLER {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.start((delivery, message) -> {
					test.fault(message);
					test.handle(message);
				});
			}

		},

		STAGE {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.startAsync((delivery, message) -> {
					CompletableFuture<Object> future = new CompletableFuture<>();
					ForkJoinPool.commonPool().execute(() -> {
						try {
							test.fault(message);
							test.handle(message);
							future.complete(null);
						}
						catch (Throwable ex) {
							future.completeExceptionally(ex);
						}
						finally {
							// Not a thread of ours, and one that reads a failure's
							// text may be interrupted by that
							Thread.interrupted();
						}
					});
					return future;
				});
			}

		},

		STAGE_THAT_DOES_NOT_WORK {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.startAsync((delivery, message) -> {
					int number = number(message);
					if (number < FAULTS && test.thrown.add(number)) {
						return new BrokenStage(Fault.values()[number], number % 2 == 0);
					}
					test.handle(message);
					return null;
				});
			}

		},

		INTERCEPTOR {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.interceptor(new DeliveryInterceptor() {

					@Override
					public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
						test.fault(message(delivery));
						return next.proceed();
					}

				}).start((delivery, message) -> test.handle(message));
			}

		},

		INTERCEPTOR_WHEN_SETTLED {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.interceptor(new DeliveryInterceptor() {

					@Override
					public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
						test.fault(message(delivery));
					}

				}).start((delivery, message) -> test.handle(message));
			}

		},

		OBSERVER {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.observer((listener, settlement, runTime, failure) -> {
					for (Fault fault : Fault.values()) {
						if (test.thrown.add(fault.ordinal())) {
							fault.throwIt();
						}
					}
				}).start((delivery, message) -> test.handle(message));
			}

		},

		ORDER_KEY {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.orderedBy((delivery, message) -> {
					test.fault(message);
					return number(message) % 7;
				}).start((delivery, message) -> test.handle(message));
			}

		},

		HASH_CODE_OF_KEY {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.orderedBy((delivery, message) -> new FaultyKey(test, message))
					.start((delivery, message) -> test.handle(message));
			}

		},

		DEAD_LETTER_HANDLER {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.deadLetters((deadLetter) -> {
					test.fault(deadLetter.message());
					test.deadLetters.add(number(deadLetter.message()));
					return CompletableFuture.completedFuture(null);
				}).start((delivery, message) -> giveUpOnFaulty(test, message));
			}

		},

		DEAD_LETTER_STAGE {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.deadLetters((deadLetter) -> {
					int number = number(deadLetter.message());
					if (test.thrown.add(number)) {
						Fault fault = Fault.values()[number];
						return switch (number % 3) {
							case 0 -> null;
							case 1 -> new BrokenStage(fault, true);
							default -> fault.failedFuture();
						};
					}
					test.deadLetters.add(number);
					return CompletableFuture.completedFuture(null);
				}).start((delivery, message) -> giveUpOnFaulty(test, message));
			}

		},

		BATCH {

			@Override
			JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup) {
				return setup.startAny(new BatchHandler() {

					@Override
					public Object read(Delivery delivery, Message message) {
						if (number(message) % 2 == 0) {
							test.fault(message);
						}
						return message;
					}

					@Override
					public @Nullable CompletionStage<?> handle(List<?> batch) {
						for (int i = 0; i < batch.size(); i++) {
							try {
								test.fault((Message) batch.get(i));
							}
							catch (Throwable ex) {
								throw BatchException.failedAt(i, ex);
							}
							test.handle((Message) batch.get(i));
						}
						return ThreadLocalRandom.current().nextBoolean() ? null : CompletableFuture.runAsync(() -> {
						}, ForkJoinPool.commonPool());
					}

				});
			}

		};

		abstract JetStreamListeners start(ForeignCodeTests test, TestQueue.Setup setup);

		private static void giveUpOnFaulty(ForeignCodeTests test, Message message) {
			if (number(message) < FAULTS && !test.deadLetters.contains(number(message))) {
				throw new DeadLetterException("never");
			}
			test.handle(message);
		}

	}

	/**
	 * A stage whose methods throw, or do nothing where they should.
	 */
	private static final class BrokenStage extends CompletableFuture<Object> {

		private final Fault fault;

		private final boolean everywhere;

		BrokenStage(Fault fault, boolean everywhere) {
			this.fault = fault;
			this.everywhere = everywhere;
			completeExceptionally(new IllegalStateException("fault"));
		}

		@Override
		public CompletableFuture<Object> whenComplete(
				java.util.function.BiConsumer<? super Object, ? super Throwable> action) {
			if (this.everywhere) {
				this.fault.throwIt();
			}
			return super.whenComplete(action);
		}

		@Override
		public <U> CompletableFuture<U> handle(
				java.util.function.BiFunction<? super Object, Throwable, ? extends U> fn) {
			this.fault.throwIt();
			return super.handle(fn);
		}

		@Override
		public CompletableFuture<Object> toCompletableFuture() {
			this.fault.throwIt();
			return this;
		}

	}

	/**
	 * A key that can't be put in a map at first.
	 */
	private static final class FaultyKey {

		private final ForeignCodeTests test;

		private final Message message;

		FaultyKey(ForeignCodeTests test, Message message) {
			this.test = test;
			this.message = message;
		}

		@Override
		public int hashCode() {
			this.test.fault(this.message);
			return number(this.message) % 7;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof FaultyKey key && number(key.message) % 7 == number(this.message) % 7;
		}

	}

}
