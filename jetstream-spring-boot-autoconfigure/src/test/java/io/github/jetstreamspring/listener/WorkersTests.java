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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Workers}.
 */
class WorkersTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Workers workers = new Workers(2, this.threads);

	private final AtomicInteger ended = new AtomicInteger();

	private final List<CountDownLatch> releases = new ArrayList<>();

	@AfterEach
	void stop() {
		this.workers.stop();
		this.threads.shutdown();
		this.releases.forEach(CountDownLatch::countDown);
	}

	@Test
	void asMuchRunsAtOnceAsConcurrencySays() {
		TestWork first = execute(new TestWork());
		TestWork second = execute(new TestWork());
		TestWork third = execute(new TestWork());
		first.awaitStarted();
		second.awaitStarted();
		assertThat(third.isStarted()).isFalse();
		first.release();
		third.awaitStarted();
		assertThat(this.workers.busy()).isEqualTo(2);
	}

	@Test
	void whenTheNumberAtOnceIsLimitedThenTheRestWaits() {
		this.workers.limit(0);
		TestWork first = execute(new TestWork());
		TestWork second = execute(new TestWork());
		assertThat(this.workers.runHere(new TestWork())).isFalse();
		assertThat(this.workers.busy()).isZero();
		this.workers.limit(1);
		first.awaitStarted();
		assertThat(this.workers.busy()).isOne();
		this.workers.limit(Integer.MAX_VALUE);
		second.awaitStarted();
		this.workers.limit(1);
		TestWork third = execute(new TestWork());
		first.release();
		await().until(() -> this.workers.busy() == 1);
		assertThat(third.isStarted()).isFalse();
		second.release();
		third.awaitStarted();
	}

	@Test
	void whenAHandlerGoesOnWithoutItsThreadThenItCountsUntilItHasEnded() {
		CompletableFuture<Void> pending = new CompletableFuture<>();
		this.workers.execute(new AsyncWork(pending));
		this.workers.execute(new AsyncWork(pending));
		TestWork third = execute(new TestWork());
		assertThat(this.workers.busy()).isEqualTo(2);
		assertThat(third.isStarted()).isFalse();
		pending.complete(null);
		third.awaitStarted();
		third.release();
		await().until(() -> this.workers.busy() == 0);
	}

	@Test
	void whenConcurrencyGrowsThenWhatWaitsStarts() {
		execute(new TestWork()).awaitStarted();
		execute(new TestWork()).awaitStarted();
		TestWork third = execute(new TestWork());
		this.workers.resize(3);
		third.awaitStarted();
		assertThat(this.workers.busy()).isEqualTo(3);
	}

	@Test
	void whenConcurrencyShrinksThenRunningHandlersFinishAndFewerStart() {
		TestWork first = execute(new TestWork());
		TestWork second = execute(new TestWork());
		first.awaitStarted();
		second.awaitStarted();
		TestWork third = execute(new TestWork());
		this.workers.resize(1);
		first.release();
		await().until(() -> this.workers.busy() == 1);
		assertThat(third.isStarted()).isFalse();
		second.release();
		third.awaitStarted();
	}

	@Test
	void whenAHandlerIsGivenUpOnThenAnotherWorkerTakesItsPlace() {
		TestWork stuck = execute(new TestWork());
		execute(new TestWork()).awaitStarted();
		stuck.awaitStarted();
		TestWork next = execute(new TestWork());
		this.workers.abandon(stuck);
		next.awaitStarted();
		assertThat(this.workers.busy()).isEqualTo(2);
		// When it ends after all, it takes nothing more
		TestWork waiting = execute(new TestWork());
		stuck.release();
		await().until(() -> this.ended.get() == 1);
		assertThat(waiting.isStarted()).isFalse();
		next.release();
		waiting.awaitStarted();
		assertThat(this.workers.busy()).isEqualTo(2);
	}

	@Test
	void whenItStopsThenWhatHasNotStartedIsReturned() throws Exception {
		TestWork first = execute(new TestWork());
		TestWork second = execute(new TestWork());
		first.awaitStarted();
		second.awaitStarted();
		TestWork third = execute(new TestWork());
		assertThat(this.workers.stop()).containsExactly(third);
		assertThat(this.workers.await(Duration.ZERO)).isFalse();
		first.release();
		second.release();
		assertThat(this.workers.await(Duration.ofSeconds(30))).isTrue();
		assertThat(third.isStarted()).isFalse();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> execute(new TestWork()));
	}

	private TestWork execute(TestWork work) {
		this.releases.add(work.release);
		this.workers.execute(work);
		return work;
	}

	private final class TestWork extends Work {

		private final CountDownLatch started = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		TestWork() {
			super(TestDeliveries.settler());
		}

		@Override
		List<ReceivedDelivery> deliveries() {
			return List.of();
		}

		@Override
		protected @Nullable CompletableFuture<?> handle() {
			this.started.countDown();
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			WorkersTests.this.ended.incrementAndGet();
			return null;
		}

		boolean isStarted() {
			return this.started.getCount() == 0;
		}

		void awaitStarted() {
			await().until(this::isStarted);
		}

		void release() {
			this.release.countDown();
		}

	}

	private static final class AsyncWork extends Work {

		private final CompletableFuture<?> pending;

		AsyncWork(CompletableFuture<?> pending) {
			super(TestDeliveries.settler());
			this.pending = pending;
		}

		@Override
		List<ReceivedDelivery> deliveries() {
			return List.of();
		}

		@Override
		protected CompletableFuture<?> handle() {
			return this.pending;
		}

	}

}
