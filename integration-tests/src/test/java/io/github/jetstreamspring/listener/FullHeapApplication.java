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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.Message;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ExceptionTypeFilter;

/**
 * Publishes and handles messages while its heap is full now and then, and says on its
 * standard output what has become of them. Runs in a JVM of its own, with a small heap.
 */
final class FullHeapApplication {

	static final int WORKERS = 4;

	private static final int PUBLISHERS = 2;

	private static final int MAX_JOBS = 1_000_000;

	private static final int TIMES = 8;

	private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(3);

	// Much longer than the timeout, as a full heap makes everything slow
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final long FULL_NANOS = Duration.ofMillis(400).toNanos();

	// Made beforehand, as there is no room for it later
	private final AtomicIntegerArray accepted = new AtomicIntegerArray(MAX_JOBS / Integer.SIZE + 1);

	private final AtomicIntegerArray done = new AtomicIntegerArray(MAX_JOBS / Integer.SIZE + 1);

	private final List<byte[]> hoard = new ArrayList<>(100_000);

	private final AtomicInteger last = new AtomicInteger();

	private final AtomicInteger published = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger full = new AtomicInteger();

	private final AtomicLong longest = new AtomicLong();

	private final CyclicBarrier allWorkers = new CyclicBarrier(WORKERS);

	private volatile boolean publishing = true;

	private volatile boolean meeting;

	private final Connection connection;

	private final String subject;

	private final JetStreamTemplate template;

	private final JetStreamListeners listeners;

	private FullHeapApplication(String url, String stream) throws Exception {
		this.connection = TestConnections.connect(TestQueue.options(url));
		this.subject = stream + ".job";
		PublisherOptions options = new PublisherOptions(PUBLISH_TIMEOUT, PublisherOptions.DEFAULTS.maxInFlight());
		this.template = new JetStreamTemplate(this.connection, JetStreamMessageConverters.json(JsonMapper.shared()),
				options, PublishObserver.NONE);
		this.listeners = JetStreamListeners.builder(this.connection).deadLetterHandler((deadLetter) -> {
			set(this.done, number(deadLetter.message()));
			return CompletableFuture.completedFuture(null);
		}).build();
		ListenerOptions listener = ListenerOptions.builder()
			.concurrency(WORKERS)
			.retry(new RetryOptions(5L, Duration.ofMillis(100), 1.0, Duration.ofMillis(100), 0.0))
			.build();
		this.listeners.register(ListenerDefinition.of(TestQueue.CONSUMER, stream, TestQueue.CONSUMER, listener,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> {
					handle(message);
					return null;
				}));
		this.listeners.start();
	}

	public static void main(String[] args) throws Exception {
		int status = 1;
		try {
			new FullHeapApplication(args[0], args[1]).run();
			status = 0;
		}
		catch (Throwable ex) {
			ex.printStackTrace();
		}
		finally {
			System.out.flush();
			Runtime.getRuntime().halt(status);
		}
	}

	private void run() throws Exception {
		List<Thread> publishers = new ArrayList<>();
		for (int i = 0; i < PUBLISHERS; i++) {
			Thread publisher = new Thread(this::publish, "publisher-" + i);
			publisher.start();
			publishers.add(publisher);
		}
		for (int i = 0; i < TIMES; i++) {
			TimeUnit.MILLISECONDS.sleep(300);
			fill();
		}
		TimeUnit.MILLISECONDS.sleep(300);
		this.publishing = false;
		for (Thread publisher : publishers) {
			publisher.join(PATIENCE.toMillis());
			check(!publisher.isAlive(), "a publish hangs");
		}
		System.out.printf("accepted %d, refused %d, out of memory %d times, longest publish %d ms%n",
				this.published.get(), this.refused.get(), this.full.get(), this.longest.get());
		check(this.longest.get() < PATIENCE.toMillis(), "a publish outlasted its timeout");
		long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
		while (missing() > 0 && System.nanoTime() < deadline) {
			TimeUnit.MILLISECONDS.sleep(100);
		}
		check(missing() == 0, missing() + " messages are neither handled nor dead letters");
		meet();
		System.out.println("all workers are alive");
	}

	private void fill() {
		List<byte[]> hoard = this.hoard;
		for (int size = 1 << 20; size >= 16; size /= 4) {
			try {
				while (hoard.size() < 99_000) {
					hoard.add(new byte[size]);
				}
			}
			catch (OutOfMemoryError ex) {
				this.full.incrementAndGet();
			}
		}
		long end = System.nanoTime() + FULL_NANOS;
		while (System.nanoTime() < end) {
			try {
				hoard.set(0, new byte[1 << 20]);
			}
			catch (OutOfMemoryError ex) {
				Thread.yield();
			}
		}
		hoard.clear();
	}

	private void publish() {
		while (this.publishing) {
			int number = this.last.incrementAndGet();
			long start = System.nanoTime();
			try {
				this.template.publish(this.subject, (Object) Integer.toString(number).getBytes());
				set(this.accepted, number);
				this.published.incrementAndGet();
			}
			catch (Throwable ex) {
				this.refused.incrementAndGet();
			}
			this.longest.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
		}
	}

	private void handle(Message message) throws Exception {
		int number = number(message);
		if (this.meeting && number < 0) {
			this.allWorkers.await(10, TimeUnit.SECONDS);
		}
		// Fails when the heap is full
		byte[] space = new byte[10_000];
		space[number & 1023] = 1;
		set(this.done, number);
	}

	/**
	 * Has all workers handle a message at the same time.
	 */
	private void meet() throws Exception {
		this.meeting = true;
		for (int i = 1; i <= WORKERS; i++) {
			publishAtLast(-i);
		}
		long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		while (this.allWorkers.isBroken() || this.connection.jetStreamManagement()
			.getStreamInfo(this.subject.substring(0, this.subject.indexOf('.')))
			.getStreamState()
			.getMsgCount() > 0) {
			check(!this.allWorkers.isBroken() && System.nanoTime() < deadline, "a worker is missing");
			TimeUnit.MILLISECONDS.sleep(50);
		}
		ListenerStatus status = this.listeners.status(TestQueue.CONSUMER);
		check(status.state() == ListenerState.RUNNING && status.reason() == null, "the listener is " + status);
	}

	/**
	 * Publishes a message, even if the connection has to be made again first.
	 */
	private void publishAtLast(int number) {
		MessageBuilder message = this.template.message((Object) Integer.toString(number).getBytes()).to(this.subject);
		for (int attempt = 1;; attempt++) {
			try {
				// Stored once, as it keeps its id
				message.publish();
				return;
			}
			catch (JetStreamException ex) {
				check(attempt < 10, "nothing can be published any more: " + ex);
			}
		}
	}

	private int missing() {
		int missing = 0;
		for (int i = 0; i < this.accepted.length(); i++) {
			missing += Integer.bitCount(this.accepted.get(i) & ~this.done.get(i));
		}
		return missing;
	}

	private static void set(AtomicIntegerArray bits, int number) {
		if (number > 0) {
			bits.accumulateAndGet(number / Integer.SIZE, 1 << (number % Integer.SIZE), (before, bit) -> before | bit);
		}
	}

	private static int number(Message message) {
		return Integer.parseInt(new String(message.getData()));
	}

	private static void check(boolean condition, String problem) {
		if (!condition) {
			throw new IllegalStateException(problem);
		}
	}

}
