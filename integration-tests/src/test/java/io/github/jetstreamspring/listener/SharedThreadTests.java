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

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners whose handlers block in all ways that there are, take long, fail and are
 * flooded, while some are stopped, started and paused, and the server is killed: they
 * share threads, and nothing is lost all the same.
 */
class SharedThreadTests {

	private static final String STREAM = "shared";

	private static final int LISTENERS = 3 * Manner.values().length;

	private static final int FLOOD = 3000;

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final EmbeddedNatsServer server = EmbeddedNatsServer.start();

	private final Set<Integer> published = ConcurrentHashMap.newKeySet();

	private final Set<Integer> handled = ConcurrentHashMap.newKeySet();

	private final AtomicInteger last = new AtomicInteger();

	private final CountDownLatch release = new CountDownLatch(1);

	private final Places places = new Places();

	private Connection connection;

	private JetStreamTemplate template;

	private JetStreamListeners listeners;

	private volatile boolean going = true;

	@BeforeEach
	void declare() throws Exception {
		this.connection = TestConnections.connect(TestQueue.options(this.server.url()));
		JetStreamManagement management = TestConnections.management(this.connection);
		management.addStream(StreamConfiguration.builder()
			.name(STREAM)
			.subjects(STREAM + ".>")
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.build());
		for (int i = 0; i < LISTENERS; i++) {
			management.createConsumer(STREAM,
					ConsumerConfiguration.builder()
						.durable("w" + i)
						.filterSubject(STREAM + "." + i)
						// What a killed server has forgotten comes again
						.ackWait(Duration.ofSeconds(5))
						.build());
		}
		this.template = new JetStreamTemplate(this.connection, new StringMessageConverter(),
				new PublisherOptions(Duration.ofSeconds(20), 100), PublishObserver.NONE);
	}

	@AfterEach
	void close() throws Exception {
		this.going = false;
		this.release.countDown();
		if (this.listeners != null) {
			this.listeners.destroy();
		}
		this.template.destroy();
		this.connection.close();
		this.server.close();
		this.places.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whateverHandlersDoNothingIsLostAndOthersGoOn(boolean ownThreads) throws Exception {
		JetStreamListenersBuilder builder = JetStreamListeners.builder(this.connection);
		if (ownThreads) {
			builder.threadFactories((prefix) -> (Runtime.version().feature() >= 21)
					? new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory() : Thread::new);
		}
		this.listeners = builder.build();
		for (int i = 0; i < LISTENERS; i++) {
			register(i, Manner.values()[i % Manner.values().length]);
		}
		this.listeners.start();
		List<Thread> crowd = new CopyOnWriteArrayList<>();
		crowd.add(start(() -> publish((random) -> random.nextInt(LISTENERS), Integer.MAX_VALUE)));
		crowd.add(start(() -> publish((random) -> 0, FLOOD)));
		crowd.add(start(this::disturb));
		crowd.add(start(this::disturb));
		for (int kills = 0; kills < 2; kills++) {
			awaitHandled(300);
			this.server.kill();
			this.server.restart();
		}
		awaitHandled(300);
		this.going = false;
		for (Thread thread : crowd) {
			thread.join();
		}
		this.listeners.ids().forEach((id) -> {
			this.listeners.start(id);
			this.listeners.resume(id);
		});
		int hanging = LISTENERS / Manner.values().length;
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(missing()).hasSizeLessThanOrEqualTo(hanging));
		this.release.countDown();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(missing()).isEmpty());
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.listeners.statuses())
				.allMatch((status) -> status.inHand() == 0 && status.busy() == 0));
	}

	private void awaitHandled(int more) {
		int before = this.handled.size();
		await().atMost(PATIENCE).until(() -> this.handled.size() >= before + more);
	}

	private Set<Integer> missing() {
		Set<Integer> missing = ConcurrentHashMap.newKeySet();
		missing.addAll(this.published);
		missing.removeAll(this.handled);
		return missing;
	}

	private void register(int number, Manner manner) {
		ListenerOptions options = ListenerOptions.builder()
			.concurrency(3)
			.shutdownTimeout(Duration.ofMillis(500))
			.retry(new RetryOptions(1000L, Duration.ofMillis(50), 1.0, Duration.ofMillis(50), 0.0))
			.build();
		Map<Integer, Boolean> seen = new ConcurrentHashMap<>();
		AtomicInteger runs = new AtomicInteger();
		this.listeners.register(ListenerDefinition.of("w" + number, STREAM, "w" + number, options,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> {
					int job = Integer.parseInt(new String(message.getData()));
					boolean first = seen.putIfAbsent(job, true) == null;
					manner.handle(this, first, runs.incrementAndGet());
					this.handled.add(job);
					return null;
				}));
	}

	private void publish(ToIntFunction<Random> listener, int count) {
		Random random = new Random();
		for (int i = 0; i < count && this.going; i++) {
			int job = this.last.incrementAndGet();
			try {
				this.template.publish(STREAM + "." + listener.applyAsInt(random), Integer.toString(job));
				this.published.add(job);
			}
			catch (RuntimeException ex) {
				// May or may not be stored
			}
		}
	}

	// Starts, stops and pauses whichever listeners
	private void disturb() {
		Random random = new Random();
		while (this.going) {
			String id = "w" + random.nextInt(LISTENERS);
			switch (random.nextInt(4)) {
				case 0 -> this.listeners.stop(id);
				case 1 -> this.listeners.pause(id);
				case 2 -> this.listeners.resume(id);
				default -> startAtLast(id);
			}
			LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
		}
	}

	private void startAtLast(String id) {
		try {
			this.listeners.start(id);
		}
		catch (IllegalStateException ex) {
			// There is no server at the moment
		}
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.start();
		return thread;
	}

	/**
	 * What handlers do.
	 */
	private enum Manner {

		QUICK {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) {
			}

		},

		SLEEPING {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) throws Exception {
				TimeUnit.MILLISECONDS.sleep(20);
			}

		},

		/**
		 * One waits for the other.
		 */
		SYNCHRONIZED {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) throws Exception {
				synchronized (test.places) {
					TimeUnit.MILLISECONDS.sleep(5);
				}
			}

		},

		PARKING {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) {
				LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
			}

		},

		READING {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) throws Exception {
				test.places.read();
			}

		},

		SPINNING {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) {
				long end = System.nanoTime() + Duration.ofMillis(3).toNanos();
				while (System.nanoTime() < end) {
					Thread.onSpinWait();
				}
			}

		},

		FAILING {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) {
				if (first) {
					Fault.values()[run % Fault.values().length].throwIt();
				}
			}

		},

		/**
		 * Quick, so that it runs on the thread that receives, and then one hangs.
		 */
		HANGING {

			@Override
			void handle(SharedThreadTests test, boolean first, int run) throws Exception {
				if (run == 50) {
					test.release.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
				}
			}

		};

		abstract void handle(SharedThreadTests test, boolean first, int run) throws Exception;

	}

	/**
	 * Sockets on which somebody answers after a while.
	 */
	private static final class Places implements AutoCloseable {

		private final ServerSocket socket;

		Places() {
			try {
				this.socket = new ServerSocket(0);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
			Thread answers = new Thread(this::answer);
			answers.setDaemon(true);
			answers.start();
		}

		private void answer() {
			try {
				while (true) {
					Socket accepted = this.socket.accept();
					TimeUnit.MILLISECONDS.sleep(2);
					accepted.getOutputStream().write(1);
					accepted.close();
				}
			}
			catch (Exception ex) {
				// Closed
			}
		}

		void read() throws Exception {
			try (Socket asked = new Socket("localhost", this.socket.getLocalPort())) {
				asked.getInputStream().read();
			}
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
