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

package io.github.jetstreamspring.annotation.handler;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for methods that complete later.
 */
@EmbeddedNats
class AsyncMethodTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAStageIsPendingThenItsMessageIsNotAckedUntilItCompletes() throws Exception {
		try (Worker worker = worker(Stages.class)) {
			worker.template().publish("jobs.order", "a");
			Stages bean = worker.bean(Stages.class);
			await().until(() -> bean.pending.size() == 1);
			assertThat(worker.size("jobs")).isEqualTo(1);
			bean.pending.get(0).complete("done");
			await().until(() -> worker.size("jobs") == 0);
		}
	}

	@Test
	void whenStagesArePendingThenTheyCountTowardsTheConcurrency() throws Exception {
		try (Worker worker = worker(Stages.class, "jetstream.listener.concurrency=2")) {
			worker.publishTogether("jobs.order", "a", "b", "c", "d", "e");
			Stages bean = worker.bean(Stages.class);
			await().until(() -> bean.pending.size() == 2);
			await().during(Duration.ofMillis(300)).until(() -> bean.pending.size() == 2);
			bean.pending.get(0).complete(null);
			await().until(() -> bean.pending.size() == 3);
			await().until(() -> {
				bean.pending.forEach((stage) -> stage.complete(null));
				return worker.size("jobs") == 0;
			});
		}
	}

	@Test
	void whenAStageFailsThenTheMessageIsRetriedAndThenADeadLetter() throws Exception {
		try (Worker worker = worker(Stages.class)) {
			worker.template().publish("jobs.order", "a");
			Stages bean = worker.bean(Stages.class);
			for (int attempt = 1; attempt <= 3; attempt++) {
				int expected = attempt;
				await().until(() -> bean.pending.size() == expected);
				bean.pending.get(attempt - 1).completeExceptionally(new IllegalStateException("no"));
			}
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.message("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Exception"))
				.isEqualTo(IllegalStateException.class.getName());
		}
	}

	@Test
	void whenAStageIsNullThenTheMessageIsHandled() throws Exception {
		try (Worker worker = worker(Nothing.class)) {
			worker.template().publish("jobs.order", "a");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("dead-letters")).isZero();
		}
	}

	@Test
	void whenAMonoCompletesThenItWasSubscribedToOnceForEachAttempt() throws Exception {
		try (Worker worker = worker(Monos.class)) {
			worker.publishTogether("jobs.order", "ok", "empty", "retry", "give-up");
			await().until(() -> worker.size("jobs") == 0);
			Monos bean = worker.bean(Monos.class);
			// One attempt each, and a second one at what was to be retried
			assertThat(bean.subscriptions).hasValue(5);
			assertThat(worker.size("dead-letters")).isEqualTo(1);
			assertThat(new String(worker.message("dead-letters", 1).getData())).isEqualTo("give-up");
		}
	}

	@Test
	void whenAMonoTakesTooLongThenItsSubscriptionIsCancelled() throws Exception {
		try (Worker worker = worker(Endless.class, "jetstream.listener.max-run-time=2s",
				"jetstream.listener.retry.max-attempts=1")) {
			worker.template().publish("jobs.order", "a");
			Endless bean = worker.bean(Endless.class);
			await().until(() -> bean.cancelled.get() == 1);
			await().until(() -> worker.size("dead-letters") == 1);
		}
	}

	@Test
	void whenTheApplicationStopsThenPendingHandlersMayComplete() throws Exception {
		try (Worker worker = worker(Delayed.class)) {
			worker.template().publish("jobs.order", "a");
			Delayed bean = worker.bean(Delayed.class);
			await().until(() -> bean.started.get() == 1);
			worker.stop();
			assertThat(bean.completed).hasValue(1);
			try (Worker next = worker(Stages.class)) {
				// Its ack was sent before the connection was closed
				assertThat(next.size("jobs")).isZero();
			}
		}
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean), properties);
	}

	static class Stages {

		private final List<CompletableFuture<String>> pending = new CopyOnWriteArrayList<>();

		@JetStreamListener("worker")
		CompletionStage<String> handle(String job) {
			CompletableFuture<String> stage = new CompletableFuture<>();
			this.pending.add(stage);
			return stage;
		}

	}

	static class Nothing {

		@JetStreamListener("worker")
		CompletableFuture<Void> handle(String job) {
			return null;
		}

	}

	static class Monos {

		private final AtomicInteger subscriptions = new AtomicInteger();

		@JetStreamListener("worker")
		Mono<String> handle(String job, Delivery delivery) {
			return Mono.delay(Duration.ofMillis(10)).flatMap((tick) -> switch (job) {
				case "ok" -> Mono.just("done");
				case "retry" -> (delivery.attempt() > 1) ? Mono.just("done")
						: Mono.<String>error(new IllegalStateException("not yet"));
				case "give-up" -> Mono.<String>error(new DeadLetterException("never"));
				default -> Mono.<String>empty();
			}).doOnSubscribe((subscription) -> this.subscriptions.incrementAndGet());
		}

	}

	static class Endless {

		private final AtomicInteger cancelled = new AtomicInteger();

		@JetStreamListener("worker")
		Mono<Void> handle(String job) {
			return Mono.<Void>never().doOnCancel(this.cancelled::incrementAndGet);
		}

	}

	static class Delayed {

		private final AtomicInteger started = new AtomicInteger();

		private final AtomicInteger completed = new AtomicInteger();

		@JetStreamListener("worker")
		Mono<Long> handle(String job) {
			return Mono.delay(Duration.ofMillis(500))
				.doOnSubscribe((subscription) -> this.started.incrementAndGet())
				.doOnNext((tick) -> this.completed.incrementAndGet());
		}

	}

}
