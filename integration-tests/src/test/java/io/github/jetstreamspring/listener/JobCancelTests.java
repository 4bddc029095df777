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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Jobs that are cancelled while they are delayed, wait or run.
 */
@SpringBootTest(properties = { "jetstream.streams.jobs.subjects=jobs.>",
		"jetstream.streams.jobs.consumers.job-worker.filter-subjects=jobs.plain",
		"jetstream.streams.jobs.consumers.ordered-worker.filter-subjects=jobs.ordered",
		"jetstream.streams.jobs.consumers.batch-worker.filter-subjects=jobs.batch",
		"jetstream.streams.jobs.consumers.async-worker.filter-subjects=jobs.async",
		"jetstream.streams.jobs.consumers.stubborn-worker.filter-subjects=jobs.stubborn",
		"jetstream.listeners.stubborn-worker.shutdown-timeout=100ms",
		"jetstream.listeners.batch-worker.batch.timeout=100ms", "jetstream.listener.retry.delay=10ms" })
@EmbeddedNats
class JobCancelTests {

	@Autowired
	private JetStreamJobs jobs;

	@Autowired
	private JetStreamTemplate template;

	@Autowired
	private JetStreamListeners listeners;

	@Autowired
	private JetStreamManagement management;

	@Autowired
	private Handlers handlers;

	@BeforeEach
	void begin() {
		this.handlers.gate = new CountDownLatch(1);
		this.handlers.handled.clear();
		this.handlers.cancelled.clear();
	}

	@AfterEach
	void end() {
		this.handlers.gate.countDown();
		await().until(() -> this.management.getStreamInfo("jobs").getStreamState().getMsgCount() == 0);
	}

	@Test
	void aRunningJobIsInterruptedAndNotTriedAgain() {
		publish("jobs.plain", "r-a");
		await().until(() -> running("job-worker").contains("r-a"));
		assertThat(this.jobs.current("job-worker", 10)).singleElement().satisfies((job) -> {
			assertThat(job.subject()).isEqualTo("jobs.plain");
			assertThat(job.attempt()).isEqualTo(1);
			assertThat(job.started()).isNotNull();
			assertThat(job.cancelled()).isFalse();
		});
		assertThat(this.jobs.cancel("r-a")).isEqualTo(CancelResult.INTERRUPTED);
		await().until(() -> this.jobs.current("job-worker", 10).isEmpty());
		assertThat(this.handlers.cancelled).containsExactly("r-a");
		assertThat(this.handlers.handled).isEmpty();
		assertThat(this.jobs.cancel("r-a")).isEqualTo(CancelResult.NOT_FOUND);
	}

	@Test
	void anAsynchronousJobHasItsFutureCancelled() {
		publish("jobs.async", "f-a");
		await().until(() -> running("async-worker").contains("f-a"));
		CompletableFuture<Void> pending = this.handlers.pending.remove();
		assertThat(this.jobs.cancel("f-a")).isEqualTo(CancelResult.INTERRUPTED);
		await().until(pending::isCancelled);
		await().until(() -> this.jobs.current("async-worker", 10).isEmpty());
	}

	@Test
	void aJobWhoseFutureCanNotBeCancelledIsGoneAllTheSame() {
		publish("jobs.stubborn", "u-a");
		await().until(() -> running("stubborn-worker").contains("u-a"));
		assertThat(this.jobs.cancel("u-a")).isEqualTo(CancelResult.INTERRUPTED);
		await().until(() -> this.jobs.current("stubborn-worker", 10).isEmpty());
		await().until(() -> this.management.getStreamInfo("jobs").getStreamState().getMsgCount() == 0);
	}

	@Test
	void whenAListenerStopsWhoseFutureCanNotBeCancelledThenItCanBeStartedAgain() {
		publish("jobs.stubborn", "u-b");
		await().until(() -> running("stubborn-worker").contains("u-b"));
		this.listeners.stop("stubborn-worker");
		assertThat(this.listeners.state("stubborn-worker")).isEqualTo(ListenerState.STOPPED);
		this.listeners.start("stubborn-worker");
		await().until(() -> running("stubborn-worker").contains("u-b"));
		assertThat(this.jobs.cancel("u-b")).isEqualTo(CancelResult.INTERRUPTED);
	}

	@Test
	void aJobThatWaitsInTheQueueIsRemoved() {
		this.listeners.stop("job-worker");
		try {
			publish("jobs.plain", "q-a");
			publish("jobs.plain", "q-b");
			assertThat(this.jobs.cancel("q-a")).isEqualTo(CancelResult.REMOVED);
			assertThat(this.jobs.cancel("q-a")).isEqualTo(CancelResult.NOT_FOUND);
		}
		finally {
			this.handlers.gate.countDown();
			this.listeners.start("job-worker");
		}
		await().until(() -> this.handlers.handled.contains("q-b"));
		assertThat(this.handlers.handled).containsExactly("q-b");
	}

	@Test
	void aJobThatWaitsForItsTurnInAnOrderIsSkippedAndThoseBehindItGoOn() {
		publish("jobs.ordered", "o-a");
		publish("jobs.ordered", "o-b");
		publish("jobs.ordered", "o-c");
		await().until(() -> this.jobs.current("ordered-worker", 10).size() == 3);
		assertThat(running("ordered-worker")).containsExactly("o-a");
		assertThat(this.jobs.cancel("o-b")).isEqualTo(CancelResult.REMOVED);
		assertThat(this.jobs.current("ordered-worker", 1)).hasSize(1);
		this.handlers.gate.countDown();
		await().until(() -> this.handlers.handled.contains("o-c"));
		assertThat(this.handlers.handled).containsExactly("o-a", "o-c");
	}

	@Test
	void whenTheListenerStopsThenACancelledJobThatWaitsIsGoneToo() throws Exception {
		publish("jobs.ordered", "s-a");
		publish("jobs.ordered", "s-b");
		await().until(() -> this.jobs.current("ordered-worker", 10).size() == 2);
		assertThat(this.jobs.cancel("s-b")).isEqualTo(CancelResult.REMOVED);
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> this.listeners.stop("ordered-worker"));
		await().until(() -> this.management.getStreamInfo("jobs").getStreamState().getMsgCount() == 1);
		this.handlers.gate.countDown();
		stopped.get();
		this.listeners.start("ordered-worker");
		assertThat(this.handlers.handled).containsExactly("s-a");
	}

	@Test
	void oneOfABatchThatHasNotStartedIsLeftOut() {
		publish("jobs.batch", "b-a");
		await().until(() -> running("batch-worker").contains("b-a"));
		publish("jobs.batch", "b-b");
		publish("jobs.batch", "b-c");
		await().until(() -> this.jobs.current("batch-worker", 10).size() == 3);
		assertThat(this.jobs.cancel("b-b")).isEqualTo(CancelResult.REMOVED);
		this.handlers.gate.countDown();
		await().until(() -> this.handlers.handled.contains("b-c"));
		assertThat(this.handlers.handled).containsExactly("b-a", "b-c");
	}

	@Test
	void whatAHandlerHasDecidedCanNotBeCancelled() {
		publish("jobs.plain", "decided");
		await().until(() -> this.handlers.handled.contains("decided"));
		assertThat(this.jobs.cancel("decided")).isEqualTo(CancelResult.TOO_LATE);
	}

	@Test
	@NeedsServer("2.12")
	void aDelayedJobIsRemoved() throws Exception {
		this.management.addStream(StreamConfiguration.builder()
			.name("timers")
			.subjects("timers.>", "_schedules.timers.>")
			.allowMessageSchedules()
			.build());
		this.template.message("later".getBytes()).to("timers.one").id("later").delay(Duration.ofHours(1)).publish();
		assertThat(this.jobs.cancel("later")).isEqualTo(CancelResult.REMOVED);
		assertThat(this.jobs.cancel("later")).isEqualTo(CancelResult.NOT_FOUND);
	}

	@Test
	void anUnknownListenerIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.current("nobody", 10));
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.cancel(" "));
	}

	// Each test has ids of its own: the server remembers those of jobs that are done
	private void publish(String subject, String id) {
		this.template.message(id.getBytes()).to(subject).id(id).publish();
	}

	private List<String> running(String listener) {
		return this.jobs.current(listener, 10)
			.stream()
			.filter((job) -> job.started() != null)
			.map((job) -> String.valueOf(job.id()))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Handlers {

		private final Queue<String> handled = new ConcurrentLinkedQueue<>();

		private final Queue<String> cancelled = new ConcurrentLinkedQueue<>();

		private final Queue<CompletableFuture<Void>> pending = new ConcurrentLinkedQueue<>();

		private volatile CountDownLatch gate = new CountDownLatch(1);

		@JetStreamListener(consumer = "job-worker", stream = "jobs", concurrency = "1")
		void handle(byte[] job, Delivery delivery) throws InterruptedException {
			if (new String(job).equals("decided")) {
				delivery.ack();
				this.handled.add("decided");
				this.gate.await();
				return;
			}
			work(job, delivery);
		}

		@JetStreamListener(consumer = "ordered-worker", stream = "jobs", concurrency = "4", orderedBy = "'all'")
		void handleInOrder(byte[] job, Delivery delivery) throws InterruptedException {
			work(job, delivery);
		}

		@JetStreamListener(consumer = "batch-worker", stream = "jobs", concurrency = "1", batch = true)
		void handleBatch(List<byte[]> batch) throws InterruptedException {
			this.gate.await();
			batch.forEach((job) -> this.handled.add(new String(job)));
		}

		@JetStreamListener(consumer = "async-worker", stream = "jobs", concurrency = "1")
		CompletableFuture<Void> handleLater(byte[] job) {
			CompletableFuture<Void> later = new CompletableFuture<>();
			this.pending.add(later);
			return later;
		}

		@JetStreamListener(consumer = "stubborn-worker", stream = "jobs", concurrency = "1")
		CompletableFuture<Void> handleStubbornly(byte[] job) {
			return new CompletableFuture<>() {

				@Override
				public boolean cancel(boolean mayInterruptIfRunning) {
					throw new UnsupportedOperationException("Can't be cancelled");
				}

			};
		}

		private void work(byte[] job, Delivery delivery) throws InterruptedException {
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				if (delivery.isCancelled()) {
					this.cancelled.add(new String(job));
				}
				throw ex;
			}
			this.handled.add(new String(job));
		}

	}

}
