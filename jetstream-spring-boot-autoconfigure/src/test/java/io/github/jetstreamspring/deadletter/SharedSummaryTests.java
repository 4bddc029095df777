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
package io.github.jetstreamspring.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SharedSummary}.
 */
class SharedSummaryTests {

	private final SharedSummary shared = new SharedSummary();

	private final ExecutorService people = Executors.newCachedThreadPool();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch end = new CountDownLatch(1);

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void stop() {
		this.people.shutdownNow();
	}

	@Test
	void allWhoAskWhileOneRunsShareTheNext() throws Exception {
		Future<DeadLetterSummary> first = ask(this::slow);
		this.begun.await();
		List<Future<DeadLetterSummary>> others = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			others.add(ask(this::quick));
		}
		awaitWaiting(20);
		this.end.countDown();
		assertThat(first.get().total()).isEqualTo(1);
		for (Future<DeadLetterSummary> other : others) {
			assertThat(other.get().total()).isEqualTo(2);
		}
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void whoAsksLaterGetsAnother() throws Exception {
		assertThat(ask(this::quick).get().total()).isEqualTo(1);
		assertThat(ask(this::quick).get().total()).isEqualTo(2);
	}

	@Test
	void aFailureIsForAllWhoShareIt() throws Exception {
		Future<DeadLetterSummary> first = ask(this::slow);
		this.begun.await();
		List<Future<DeadLetterSummary>> others = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			others.add(ask(() -> {
				this.runs.incrementAndGet();
				throw new IllegalStateException("no stream");
			}));
		}
		awaitWaiting(3);
		this.end.countDown();
		first.get();
		assertThat(others).allSatisfy((other) -> assertThatThrownBy(other::get).hasMessageContaining("no stream"));
		assertThat(this.runs).hasValue(2);
		assertThat(ask(this::quick).get().total()).isEqualTo(3);
	}

	@Test
	void whoIsInterruptedLeavesItToTheOthers() throws Exception {
		Future<DeadLetterSummary> first = ask(this::slow);
		this.begun.await();
		CountDownLatch second = new CountDownLatch(1);
		Future<DeadLetterSummary> interrupted = ask(() -> {
			second.countDown();
			new CountDownLatch(1).await();
			return this.quick();
		});
		awaitWaiting(1);
		Future<DeadLetterSummary> other = ask(this::quick);
		awaitWaiting(2);
		this.end.countDown();
		first.get();
		second.await();
		interrupted.cancel(true);
		assertThat(other.get().total()).isEqualTo(2);
	}

	private DeadLetterSummary slow() throws InterruptedException {
		this.begun.countDown();
		this.end.await();
		return quick();
	}

	private DeadLetterSummary quick() {
		return new DeadLetterSummary(this.runs.incrementAndGet(), List.of());
	}

	private Future<DeadLetterSummary> ask(SharedSummary.Letters letters) {
		Callable<DeadLetterSummary> question = () -> this.shared.get(letters);
		return this.people.submit(question);
	}

	private void awaitWaiting(int count) {
		await().until(() -> this.shared.waiting() == count);
	}

}
