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

package io.github.jetstreamspring.listener.pull;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Receiver}.
 */
class ReceiverTests {

	private final AtomicBoolean failingToSchedule = new AtomicBoolean();

	// Looks that are to happen a while later
	private final BlockingQueue<Runnable> looks = new LinkedBlockingQueue<>();

	private final ScheduledExecutorService scheduler = mock((invocation) -> {
		if (invocation.getMethod().getName().equals("schedule")) {
			if (this.failingToSchedule.get()) {
				throw new OutOfMemoryError("Expected by the test");
			}
			this.looks.add(invocation.getArgument(0));
		}
		return null;
	});

	private final BlockingQueue<Runnable> incoming = new LinkedBlockingQueue<>();

	private final List<Thread> receivers = new CopyOnWriteArrayList<>();

	private final CountDownLatch release = new CountDownLatch(1);

	private final Receiver receiver = new Receiver(new CustomizableThreadFactory("worker-"), this.scheduler);

	@AfterEach
	void stop() {
		this.receiver.stop();
		this.release.countDown();
	}

	@Test
	void oneThreadReceivesOneAfterTheOther() {
		this.receiver.start(this::receive);
		receiveQuick();
		receiveQuick();
		assertThat(this.receivers).hasSize(2).containsOnly(this.receivers.get(0));
	}

	@Test
	void whenAHandlerIsSlowThenAnotherThreadReceives() {
		this.receiver.start(this::receive);
		this.incoming.add(() -> handle(this::waitForRelease));
		look();
		look();
		receiveQuick();
		assertThat(this.receivers.get(1)).isNotSameAs(this.receivers.get(0));
	}

	@Test
	void whenASlowHandlerHasEndedThenItsThreadReceivesNoMore() throws Exception {
		this.receiver.start(this::receive);
		this.incoming.add(() -> handle(this::waitForRelease));
		look();
		look();
		receiveQuick();
		Thread replaced = this.receivers.get(0);
		this.release.countDown();
		replaced.join(TimeUnit.SECONDS.toMillis(20));
		assertThat(replaced.isAlive()).isFalse();
		receiveQuick();
		assertThat(this.receivers.get(2)).isSameAs(this.receivers.get(1));
	}

	@Test
	void whenHandlingGoesOnForLongButEachHandlerIsQuickThenTheThreadStays() {
		this.receiver.start(this::receive);
		for (int i = 0; i < 5; i++) {
			this.incoming.add(() -> handle(this::look));
		}
		await().until(() -> this.receivers.size() == 5 && this.incoming.isEmpty());
		receiveQuick();
		assertThat(this.receivers).hasSize(6).containsOnly(this.receivers.get(0));
	}

	@Test
	void whenItIsStoppedThenItReceivesNoMore() {
		this.receiver.start(this::receive);
		receiveQuick();
		Thread thread = this.receivers.get(0);
		this.incoming.add(this.receiver::stop);
		await().until(() -> !thread.isAlive());
	}

	@Test
	void whenReceivingFailsThenItGoesOn() {
		this.receiver.start(this::receive);
		this.incoming.add(() -> {
			throw new IllegalStateException("Expected by the test");
		});
		receiveQuick();
		assertThat(this.receivers).hasSize(2).containsOnly(this.receivers.get(0));
	}

	@Test
	void whenItsThreadHasEndedThenAnotherOneTakesItsPlace() {
		AtomicBoolean ending = new AtomicBoolean(true);
		List<Thread> threads = new CopyOnWriteArrayList<>();
		Receiver own = new Receiver((task) -> {
			Thread thread = new Thread(ending.getAndSet(false) ? () -> {
			} : task);
			threads.add(thread);
			return thread;
		}, this.scheduler);
		own.start(this::receive);
		await().until(() -> !threads.get(0).isAlive());
		own.check();
		own.check();
		receiveQuick();
		assertThat(threads).hasSize(2);
		assertThat(this.receivers).containsExactly(threads.get(1));
		own.stop();
	}

	@Test
	void whenItIsStoppedThenNobodyTakesThePlaceOfItsThread() {
		this.receiver.start(this::receive);
		receiveQuick();
		Thread thread = this.receivers.get(0);
		this.incoming.add(this.receiver::stop);
		await().until(() -> !thread.isAlive());
		this.receiver.check();
		this.incoming.add(() -> {
		});
		assertThat(this.incoming).hasSize(1);
	}

	@Test
	void whenNobodyCouldBeToldToLookAfterASlowHandlerThenACheckDoes() {
		this.failingToSchedule.set(true);
		this.receiver.start(this::receive);
		this.incoming.add(() -> handle(this::waitForRelease));
		await().until(() -> this.receivers.size() == 1);
		assertThat(this.looks).isEmpty();
		this.failingToSchedule.set(false);
		this.receiver.check();
		look();
		look();
		receiveQuick();
		assertThat(this.receivers.get(1)).isNotSameAs(this.receivers.get(0));
	}

	private void receiveQuick() {
		int before = this.receivers.size();
		this.incoming.add(() -> handle(() -> {
		}));
		await().until(() -> this.receivers.size() > before && this.incoming.isEmpty());
	}

	private void handle(Runnable handler) {
		this.receiver.leave();
		try {
			handler.run();
		}
		finally {
			this.receiver.comeBack();
		}
	}

	private void look() {
		await().until(() -> !this.looks.isEmpty());
		this.looks.remove().run();
	}

	private void waitForRelease() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void receive() throws InterruptedException {
		Runnable next = this.incoming.poll(20, TimeUnit.MILLISECONDS);
		if (next != null) {
			this.receivers.add(Thread.currentThread());
			next.run();
		}
	}

}
