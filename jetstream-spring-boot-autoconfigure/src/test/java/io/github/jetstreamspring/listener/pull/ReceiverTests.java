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

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final Receivers shared = Receivers.pooled((task) -> {
		Thread thread = new Thread(task);
		this.threads.add(thread);
		return thread;
	}, this.scheduler);

	private final Incoming incoming = new Incoming();

	private final List<Thread> receivers = new CopyOnWriteArrayList<>();

	private final CountDownLatch release = new CountDownLatch(1);

	private final Receiver receiver = new Receiver(this.shared, false);

	@AfterEach
	void stop() {
		this.receiver.stop();
		this.release.countDown();
		this.shared.close();
	}

	@Test
	void whatHasComeIsReceivedOneAfterTheOther() {
		this.receiver.start(this.incoming);
		List<Integer> received = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 1000; i++) {
			int number = i;
			come(() -> received.add(number));
		}
		await().until(() -> received.size() == 1000);
		assertThat(received).isSorted();
	}

	@Test
	void whenNothingComesThenNoThreadIsKept() throws Exception {
		this.receiver.start(this.incoming);
		for (int i = 0; i < 20; i++) {
			Receiver other = new Receiver(this.shared, false);
			other.start(new Incoming());
		}
		receiveQuick();
		assertThat(this.threads).hasSizeLessThanOrEqualTo(8);
	}

	@Test
	void whenAHandlerIsSlowThenAnotherThreadReceives() {
		this.receiver.start(this.incoming);
		come(this::waitForRelease);
		look();
		look();
		receiveQuick();
		assertThat(this.receivers.get(1)).isNotSameAs(this.receivers.get(0));
	}

	@Test
	void whenManyHandlersAreSlowThenOthersReceiveAllTheSame() {
		for (int i = 0; i < 20; i++) {
			Receiver slow = new Receiver(this.shared, false);
			Incoming messages = new Incoming();
			slow.start(messages);
			messages.add(this::waitForRelease);
			slow.ready();
		}
		await().until(() -> {
			lookIfAny();
			return this.receivers.size() == 20;
		});
		this.receiver.start(this.incoming);
		come(() -> {
		});
		await().until(() -> {
			lookIfAny();
			return this.receivers.size() == 21;
		});
	}

	@Test
	void whenMessagesHaveAnOrderThenTheyWaitForASlowOneAndOthersDont() {
		Receiver ordered = new Receiver(this.shared, true);
		Incoming messages = new Incoming();
		ordered.start(messages);
		messages.add(this::waitForRelease);
		messages.add(() -> {
		});
		ordered.ready();
		look();
		look();
		look();
		this.receiver.start(this.incoming);
		receiveQuick();
		assertThat(messages.hasMore()).isTrue();
		this.release.countDown();
		await().until(() -> !messages.hasMore());
		ordered.stop();
	}

	@Test
	void whenAnOrderedMessageIsGivenUpOnThenTheNextIsReceived() {
		Receiver ordered = new Receiver(this.shared, true);
		Incoming messages = new Incoming();
		ordered.start(messages);
		messages.add(this::waitForRelease);
		messages.add(() -> {
		});
		ordered.ready();
		await().until(() -> this.receivers.size() == 1);
		ordered.replace();
		await().until(() -> !messages.hasMore());
		ordered.stop();
	}

	@Test
	void whenASlowHandlerHasEndedThenItsThreadReceivesNoMore() {
		this.receiver.start(this.incoming);
		come(this::waitForRelease);
		look();
		look();
		CountDownLatch kept = new CountDownLatch(1);
		come(() -> awaitLatch(kept));
		await().until(() -> this.receivers.size() == 2);
		this.release.countDown();
		await().until(() -> this.receivers.get(0).getState() != Thread.State.RUNNABLE);
		come(() -> {
		});
		assertThat(this.receivers).hasSize(2);
		kept.countDown();
		await().until(() -> this.receivers.size() == 3);
	}

	@Test
	void whenHandlingGoesOnForLongButEachHandlerIsQuickThenTheThreadStays() {
		this.receiver.start(this.incoming);
		CountDownLatch all = new CountDownLatch(5);
		come(() -> {
			for (int i = 0; i < 5; i++) {
				come(() -> {
					look();
					all.countDown();
				});
			}
		});
		await().until(() -> all.getCount() == 0);
		assertThat(this.receivers).hasSize(6).containsOnly(this.receivers.get(0));
	}

	@Test
	void whenItIsStoppedThenItReceivesNoMore() {
		this.receiver.start(this.incoming);
		receiveQuick();
		this.receiver.stop();
		come(() -> {
		});
		this.receiver.check();
		assertThat(this.receivers).hasSize(1);
		assertThat(this.incoming.hasMore()).isTrue();
	}

	@Test
	void whenAllHaveStoppedThenTheThreadsEnd() {
		this.receiver.start(this.incoming);
		receiveQuick();
		this.receiver.stop();
		this.receiver.stop();
		await().until(() -> this.threads.stream().noneMatch(Thread::isAlive));
		Receiver next = new Receiver(this.shared, false);
		next.start(this.incoming);
		this.incoming.add(() -> {
		});
		next.ready();
		await().until(() -> this.receivers.size() == 2);
		next.stop();
	}

	@Test
	void whenReceivingFailsThenItGoesOn() {
		this.receiver.start(this.incoming);
		come(() -> {
			throw new IllegalStateException("Expected by the test");
		});
		receiveQuick();
		assertThat(this.receivers).hasSize(2);
	}

	@Test
	void whenNobodyWasToldThatSomethingHasComeThenACheckFindsIt() {
		this.receiver.start(this.incoming);
		// It looks once by itself
		await().until(() -> this.incoming.foundNothing);
		this.incoming.add(() -> {
		});
		assertThat(this.receivers).isEmpty();
		await().until(() -> {
			this.receiver.check();
			return this.receivers.size() == 1;
		});
	}

	@Test
	void whenThereIsNoThreadThenACheckTriesAgain() {
		AtomicBoolean failing = new AtomicBoolean(true);
		Receivers scarce = Receivers.unpooled((task) -> {
			if (failing.get()) {
				throw new OutOfMemoryError("Expected by the test");
			}
			return new Thread(task);
		}, this.scheduler);
		Receiver own = new Receiver(scarce, false);
		own.start(this.incoming);
		this.incoming.add(() -> {
		});
		own.ready();
		failing.set(false);
		own.check();
		await().until(() -> this.receivers.size() == 1);
		own.stop();
	}

	@Test
	void whenATurnIsLostThenAnotherOneTakesItsPlace() {
		AtomicBoolean losing = new AtomicBoolean(true);
		Receivers lossy = Receivers.unpooled((task) -> new Thread(losing.getAndSet(false) ? () -> {
		} : task), this.scheduler);
		Receiver own = new Receiver(lossy, false);
		this.incoming.add(() -> {
		});
		own.start(this.incoming);
		own.check();
		own.check();
		await().until(() -> this.receivers.size() == 1);
		own.stop();
	}

	@Test
	void whenNothingIsHandedOnThenNobodyIsWokenUpToLookAfterTheThread() {
		this.incoming.heartbeats = true;
		this.receiver.start(this.incoming);
		receiveQuick();
		assertThat(this.looks).isEmpty();
	}

	@Test
	void whenAHeartbeatKeepsAThreadThenACheckSeesToIt() {
		this.incoming.heartbeats = true;
		this.receiver.start(this.incoming);
		come(this::waitForRelease);
		await().until(() -> this.receivers.size() == 1);
		this.receiver.check();
		look();
		look();
		receiveQuick();
		assertThat(this.receivers.get(1)).isNotSameAs(this.receivers.get(0));
	}

	@Test
	void whenNobodyCouldBeToldToLookAfterASlowHandlerThenACheckDoes() {
		this.failingToSchedule.set(true);
		this.receiver.start(this.incoming);
		come(this::waitForRelease);
		await().until(() -> this.receivers.size() == 1);
		assertThat(this.looks).isEmpty();
		this.failingToSchedule.set(false);
		this.receiver.check();
		look();
		look();
		receiveQuick();
		assertThat(this.receivers.get(1)).isNotSameAs(this.receivers.get(0));
	}

	@Test
	void whenEachTurnHasAThreadOfItsOwnThenItEndsWithTheMessages() {
		Receivers own = Receivers.unpooled((task) -> {
			Thread thread = new Thread(task);
			this.threads.add(thread);
			return thread;
		}, this.scheduler);
		Receiver other = new Receiver(own, false);
		other.start(this.incoming);
		this.incoming.add(() -> {
		});
		other.ready();
		await().until(() -> this.receivers.size() == 1 && this.threads.stream().noneMatch(Thread::isAlive));
		other.stop();
	}

	private void receiveQuick() {
		int before = this.receivers.size();
		come(() -> {
		});
		await().until(() -> this.receivers.size() > before && !this.incoming.hasMore());
	}

	private void come(Runnable handler) {
		this.incoming.add(handler);
		this.receiver.ready();
	}

	private void look() {
		await().until(() -> !this.looks.isEmpty());
		this.looks.remove().run();
	}

	private void lookIfAny() {
		Runnable look = this.looks.poll();
		if (look != null) {
			look.run();
		}
	}

	private void waitForRelease() {
		awaitLatch(this.release);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private final class Incoming implements Receiver.Source {

		private final BlockingQueue<Runnable> messages = new LinkedBlockingQueue<>();

		private volatile boolean heartbeats;

		private volatile boolean foundNothing;

		void add(Runnable message) {
			this.messages.add(message);
		}

		@Override
		public boolean receive(boolean wait) throws InterruptedException {
			Runnable next = wait ? this.messages.poll(Receivers.LINGER_NANOS, TimeUnit.NANOSECONDS)
					: this.messages.poll();
			if (next == null) {
				this.foundNothing = true;
				return false;
			}
			ReceiverTests.this.receivers.add(Thread.currentThread());
			if (!this.heartbeats) {
				ReceiverTests.this.receiver.handing();
			}
			next.run();
			return true;
		}

		@Override
		public boolean hasMore() {
			return !this.messages.isEmpty();
		}

	}

}
