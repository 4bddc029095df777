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

package io.github.jetstreamspring.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetter;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.listener.Settlement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ListenerHarnessTests {

	private static final String[] QUEUE = { "--jetstream.enabled=false", "--jetstream.streams.jobs.subjects=jobs",
			"--jetstream.streams.jobs.consumers.worker.ack-wait=30s",
			"--jetstream.streams.jobs.consumers.batch.ack-wait=30s", "--jetstream.listeners.batch.batch.size=2" };

	@Test
	void whenDeadLettersAreOffThenWhatIsGivenUpOnIsDiscarded() {
		run(Worker.class, (context, harness) -> {
			HandledDelivery handled = harness.deliver("worker", "{").attempt(10).send();
			assertThat(handled).isDiscarded().failure().hasMessage("no");
			assertThat(handled.reason()).isNull();
		}, "--jetstream.dead-letter.enabled=false");
	}

	@Test
	void whenTheApplicationKeepsDeadLettersItselfThenItIsAsked() {
		run(OwnDeadLetters.class, (context, harness) -> {
			OwnDeadLetters own = context.getBean(OwnDeadLetters.class);
			assertThat(harness.deliver("worker", "x").attempt(10).send()).isDeadLettered("Failed 10 times");
			assertThat(own.last.reason()).contains("Failed 10 times");
			own.failure = new IllegalStateException("disk full");
			HandledDelivery handled = harness.deliver("worker", "x").attempt(10).send();
			assertThat(handled.settlement()).isEqualTo(Settlement.DEAD_LETTER_FAILED);
			assertThat(handled.delay()).isPositive();
			assertThat(handled).hasToString(
					"jobs#2 (jobs): given up on (Failed 10 times, the last time with java.lang.IllegalStateException: no),"
							+ " but its dead letter could not be kept, as the handler threw java.lang.IllegalStateException: disk full");
		});
	}

	@Test
	void whenTheApplicationHasARetryPolicyThenItsDelayIsTaken() {
		run(OwnPolicy.class, (context, harness) -> assertThat(harness.deliver("worker", "x").attempt(2).send())
			.isRetriedAfter(Duration.ofMinutes(2)));
	}

	@Test
	void whenABatchIsLargerThanTheListenersThenItComesInSeveral() {
		run(Worker.class, (context, harness) -> {
			assertThat(harness.deliverBatch("batch", List.of("1", "2", "3", "4", "5")).send()).hasSize(5)
				.allSatisfy((handled) -> assertThat(handled).isAcked());
			assertThat(context.getBean(Worker.class).sizes).containsExactly(2, 2, 1);
			assertThat(harness.deliver("batch", "6").send()).isAcked();
		});
	}

	@Test
	void whenTheHandlerDoesNotEndThenItIsInterruptedAndItsPlaceIsSaid() {
		run(Worker.class, (context, harness) -> {
			ListenerHarness impatient = new ListenerHarness(
					new HarnessListeners(context.getBean(JetStreamListeners.class), context.getBeanFactory()),
					context.getBean(WireFormat.class), context.getBean(RecordingServer.class), Duration.ofMillis(100));
			assertThatIllegalStateException().isThrownBy(() -> impatient.deliver("worker", "hang").send())
				.withMessageContaining("Listener 'worker' has not ended with message jobs#1 (jobs) within 100ms")
				.satisfies((failure) -> assertThat(failure.getCause().getStackTrace())
					.anySatisfy((frame) -> assertThat(frame.getClassName()).isEqualTo(Worker.class.getName())));
			assertThat(context.getBean(Worker.class).interrupted.await(5, TimeUnit.SECONDS)).isTrue();
		});
	}

	@Test
	void whatIsNotTrueIsSaidWithWhatHappened() {
		run(Worker.class, (context, harness) -> {
			HandledDelivery retried = harness.deliver("worker", "x").send();
			assertFails(() -> assertThat(retried).isAcked(),
					"Expected the message to be acked, but: jobs#1 (jobs): retried after PT1S, as the handler threw java.lang.IllegalStateException: no");
			assertFails(() -> assertThat(retried).isRetriedAfter(Duration.ofSeconds(2)), "to be retried after PT2S");
			assertFails(() -> assertThat(retried).isDeadLettered(), "to be a dead letter");
			assertFails(() -> assertThat(retried).isDiscarded(), "to be discarded");
			HandledDelivery acked = harness.deliver("worker", "fine").send();
			assertFails(() -> assertThat(acked).isRetried(), "to be retried, but: jobs#2 (jobs): acked");
			assertFails(() -> assertThat(acked).failure(), "Expected the handler to throw something");
			HandledDelivery letter = harness.deliver("worker", "x").attempt(10).send();
			assertFails(() -> assertThat(letter).isDeadLettered("sold out"), "whose reason contains 'sold out'");
		});
	}

	@Test
	void whatNoMessageCanHaveIsRefused() {
		run(Worker.class, (context, harness) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> harness.deliver("worker", "x").attempt(0));
			assertThatIllegalArgumentException().isThrownBy(() -> harness.deliver("worker", "x").subject("jobs.>"));
			assertThatIllegalArgumentException().isThrownBy(() -> harness.deliver("worker", "x").header("a b", "x"));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> harness.deliver("worker", "x").header("Nats-TTL", "1s").send())
				.withMessageContaining("reserved");
		});
	}

	private static void run(Class<?> application, Check check, String... arguments) {
		String[] all = Stream.of(QUEUE, arguments).flatMap(Stream::of).toArray(String[]::new);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
			.web(WebApplicationType.NONE)
			.run(all)) {
			check.accept(context, context.getBean(ListenerHarness.class));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertFails(ThrowingCallable call, String text) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(call).withMessageContaining(text);
	}

	@FunctionalInterface
	interface Check {

		void accept(ConfigurableApplicationContext context, ListenerHarness harness) throws Exception;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigureJetStream
	static class Worker {

		final List<Integer> sizes = new CopyOnWriteArrayList<>();

		final CountDownLatch interrupted = new CountDownLatch(1);

		@JetStreamListener("worker")
		void handle(String text) {
			if (text.equals("hang")) {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					this.interrupted.countDown();
				}
			}
			if (!text.equals("fine")) {
				throw new IllegalStateException("no");
			}
		}

		@JetStreamListener(value = "batch", batch = true)
		void batch(List<String> texts) {
			this.sizes.add(texts.size());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDeadLetters extends Worker implements DeadLetterHandler {

		volatile DeadLetter last;

		volatile RuntimeException failure;

		@Override
		public CompletableFuture<?> handle(DeadLetter deadLetter) {
			this.last = deadLetter;
			return (this.failure != null) ? CompletableFuture.failedFuture(this.failure)
					: CompletableFuture.completedFuture(null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPolicy extends Worker {

		@Bean
		RetryPolicy retryPolicy() {
			return new RetryPolicy() {

				@Override
				public long maxAttempts() {
					return 3;
				}

				@Override
				public Duration delayAfter(long attempt) {
					return Duration.ofMinutes(attempt);
				}

			};
		}

	}

}
