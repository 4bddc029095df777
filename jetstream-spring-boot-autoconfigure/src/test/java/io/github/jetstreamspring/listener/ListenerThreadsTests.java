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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.OwnThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ListenerThreads}.
 */
class ListenerThreadsTests {

	private final GuardedScheduler scheduler = new GuardedScheduler("listener-threads-test-");

	private final ListenerThreads shared = ListenerThreads.shared(this.scheduler, Duration.ofMillis(50));

	@AfterEach
	void close() {
		this.shared.close();
		this.scheduler.shutdownNow();
	}

	@Test
	void aThreadBearsTheNameOfTheListenerWhoseHandlerItRuns() {
		assertThat(nameOnWorker("orders")).matches("orders-\\d+");
		assertThat(nameOnWorker("mails")).matches("mails-\\d+");
	}

	@Test
	void listenersShareTheirThreadsWhereOneIsFree() {
		ListenerThreads lasting = ListenerThreads.shared(this.scheduler, Duration.ofMinutes(1));
		List<Thread> threads = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 10; i++) {
			Thread thread = run(lasting.workers("listener" + i), Thread::currentThread);
			threads.add(thread);
			await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		}
		assertThat(threads).containsOnly(threads.get(0));
		lasting.close();
	}

	@Test
	void whenNoThreadIsFreeThenAnotherOneIsMade() throws Exception {
		Executor workers = this.shared.workers("orders");
		CyclicBarrier all = new CyclicBarrier(21);
		for (int i = 0; i < 20; i++) {
			workers.execute(() -> meet(all));
		}
		all.await(20, TimeUnit.SECONDS);
	}

	@Test
	void whenThereIsNoWorkForAWhileThenTheThreadsEnd() {
		Thread thread = run(this.shared.workers("orders"), Thread::currentThread);
		await().until(() -> !thread.isAlive());
	}

	@Test
	void aThreadOfAListenerIsKnownAsOneAndKeepsTheApplicationAlive() {
		assertThat(run(this.shared.workers("orders"), OwnThreads::isOne)).isTrue();
		assertThat(run(this.shared.workers("orders"), Thread::currentThread).isDaemon()).isFalse();
	}

	@Test
	void aThreadInheritsNothingFromTheOneThatNeedsIt() throws Exception {
		ClassLoader own = Thread.currentThread().getContextClassLoader();
		InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
		List<Object> seen = new CopyOnWriteArrayList<>();
		Thread other = new Thread(() -> {
			inherited.set("secret");
			seen.add(run(this.shared.workers("orders"), () -> Thread.currentThread().getContextClassLoader()));
			seen.add(run(this.shared.workers("orders"), () -> Optional.ofNullable(inherited.get())));
		});
		other.setContextClassLoader(ClassLoader.getPlatformClassLoader());
		other.start();
		other.join();
		assertThat(seen).containsExactly(own, Optional.empty());
	}

	@Test
	void whenEachRunsOnAThreadOfItsOwnThenThatEndsWithIt() {
		ListenerThreads each = ListenerThreads.each(CustomizableThreadFactory::new, this.scheduler);
		Thread first = run(each.workers("orders"), Thread::currentThread);
		Thread second = run(each.workers("orders"), Thread::currentThread);
		assertThat(first).isNotSameAs(second);
		assertThat(first.getName()).startsWith("orders-");
		assertThat(run(each.workers("orders"), OwnThreads::isOne)).isTrue();
		await().until(() -> !first.isAlive() && !second.isAlive());
		each.close();
	}

	@Test
	void aThreadOfSomebodyElseKeepsItsName() throws Exception {
		CountDownLatch named = new CountDownLatch(1);
		Thread other = new Thread(() -> {
			ListenerThreads.nameAfter("orders");
			named.countDown();
		}, "other");
		other.start();
		assertThat(named.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(other.getName()).isEqualTo("other");
	}

	private String nameOnWorker(String listener) {
		return run(this.shared.workers(listener), () -> Thread.currentThread().getName());
	}

	private static <T> T run(Executor executor, Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, executor).orTimeout(20, TimeUnit.SECONDS).join();
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
