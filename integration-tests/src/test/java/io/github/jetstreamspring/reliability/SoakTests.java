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

package io.github.jetstreamspring.reliability;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.RetryOptions;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/**
 * Work under random failures and server restarts, with every message counted. Takes
 * twenty seconds; {@code -Dsoak.time=10m} makes a soak of it.
 */
@EmbeddedNats(shared = false)
class SoakTests {

	private static final Log logger = LogFactory.getLog(SoakTests.class);

	private static final Duration TIME = DurationStyle.detectAndParse(System.getProperty("soak.time", "20s"));

	private static final Duration BETWEEN_RESTARTS = DurationStyle
		.detectAndParse(System.getProperty("soak.restarts", "7s"));

	private static final long MAX_HEAP_GROWTH = 24 * 1024 * 1024;

	private final BitSet confirmed = new BitSet();

	private final BitSet handled = new BitSet();

	private final AtomicInteger answered = new AtomicInteger();

	private EmbeddedNatsServer server;

	private Connection connection;

	private JetStreamManagement management;

	@BeforeEach
	void createQueue(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.connection = TestConnections.connect(Options.builder()
			.server(this.server.url())
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(100))
			.build());
		this.management = this.connection.jetStreamManagement();
		this.management.addStream(StreamConfiguration.builder()
			.name("jobs")
			.subjects("jobs.>")
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.build());
		this.management.createConsumer("jobs",
				ConsumerConfiguration.builder()
					.durable("worker")
					.ackPolicy(AckPolicy.Explicit)
					.ackWait(Duration.ofSeconds(5))
					.build());
		this.management.addStream(StreamConfiguration.builder().name("dead").subjects("dead.>").build());
	}

	@AfterEach
	void stopServer() throws Exception {
		this.connection.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void everyMessageIsAccountedForAndNothingPilesUp() throws Exception {
		JetStreamTemplate template = new JetStreamTemplate(this.connection, JetStreamMessageConverters.text(),
				new PublisherOptions(Duration.ofSeconds(30), 1000), PublishObserver.NONE);
		JetStreamListeners listeners = listeners(template);
		Instant end = Instant.now().plus(TIME);
		Instant settled = Instant.now().plus(TIME.dividedBy(4));
		long baseHeap = 0;
		int baseThreads = 0;
		CompletableFuture<Void> restarts = CompletableFuture.runAsync(() -> restartUntil(end));
		int published = 0;
		while (Instant.now().isBefore(end)) {
			publish(template, published++);
			if (published % 5 == 0) {
				pause(Duration.ofMillis(5));
			}
			if (baseThreads == 0 && Instant.now().isAfter(settled)) {
				baseHeap = usedHeap();
				baseThreads = threads();
			}
		}
		restarts.join();
		await().atMost(Duration.ofMinutes(1)).untilAtomic(this.answered, equalTo(published));
		BitSet lost = copy(this.confirmed);
		await().atMost(Duration.ofMinutes(2))
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(unfinished()).as("messages left; %s", state(listeners)).isZero());
		BitSet accountedFor = jobs("dead");
		synchronized (this.handled) {
			accountedFor.or(this.handled);
		}
		lost.andNot(accountedFor);
		assertThat(lost.stream()).as("confirmed, but neither handled nor a dead letter").isEmpty();
		// A server that is killed can keep messages that it has taken the acks of
		BitSet left = jobs("jobs");
		int kept = left.cardinality();
		left.andNot(accountedFor);
		assertThat(left.stream()).as("left in the stream, and neither handled nor a dead letter").isEmpty();
		assertThat(accountedFor.length()).as("jobs that nobody published").isLessThanOrEqualTo(published);
		assertThat(cardinality(this.confirmed)).isGreaterThan(published / 2);
		int mostThreads = baseThreads + 4;
		// Threads that an outage has brought end when they have been idle for a minute
		await().pollInSameThread()
			.atMost(Duration.ofSeconds(90))
			.untilAsserted(() -> assertThat(threads()).as("threads").isLessThanOrEqualTo(mostThreads));
		assertThat(usedHeap()).as("heap").isLessThan(baseHeap + MAX_HEAP_GROWTH);
		listeners.destroy();
		template.destroy();
		logger.info(String.format(
				"Soak of %s: %d published, %d confirmed, %d handled, %d dead letters, %d handled but kept by the server, heap %d -> %d KiB, threads %d -> %d",
				TIME, published, cardinality(this.confirmed), cardinality(this.handled),
				this.management.getStreamInfo("dead").getStreamState().getMsgCount(), kept, baseHeap / 1024,
				usedHeap() / 1024, baseThreads, threads()));
	}

	private JetStreamListeners listeners(JetStreamTemplate template) {
		JetStreamListeners listeners = JetStreamListeners.builder(this.connection)
			.deadLetterHandler(DeadLetterHandler.publishing(template, "dead", "dead"))
			.build();
		ListenerOptions options = ListenerOptions.builder()
			.concurrency(8)
			.retry(new RetryOptions(1000L, Duration.ofMillis(50), 2.0, Duration.ofSeconds(1), 0.25))
			.build();
		listeners.register(ListenerDefinition.of("worker", "jobs", "worker", options,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> {
					handle(delivery, message);
					return null;
				}));
		listeners.start();
		return listeners;
	}

	private void handle(Delivery delivery, Message message) throws Exception {
		int job = Integer.parseInt(new String(message.getData()));
		switch (ThreadLocalRandom.current().nextInt(100)) {
			case 0 -> throw new DeadLetterException("hopeless");
			case 1, 2, 3, 4, 5 -> throw new IllegalStateException("bad luck");
			case 6, 7 -> {
				delivery.retry(Duration.ofMillis(100));
				return;
			}
			case 8 -> pause(Duration.ofMillis(300));
			default -> {
			}
		}
		synchronized (this.handled) {
			this.handled.set(job);
		}
	}

	private void publish(JetStreamTemplate template, int job) {
		template.message(Integer.toString(job)).to("jobs.new").publishAsync().whenComplete((result, failure) -> {
			if (failure == null) {
				synchronized (this.confirmed) {
					this.confirmed.set(job);
				}
			}
			this.answered.incrementAndGet();
		});
	}

	/**
	 * Stops and kills the server in turns.
	 */
	private void restartUntil(Instant end) {
		boolean kill = false;
		while (Instant.now().plus(BETWEEN_RESTARTS).isBefore(end)) {
			pause(BETWEEN_RESTARTS);
			if (kill) {
				this.server.kill();
			}
			else {
				this.server.stop();
			}
			this.server.restart();
			kill = !kill;
		}
	}

	/**
	 * Returns the jobs that a stream holds.
	 */
	private BitSet jobs(String stream) throws Exception {
		BitSet jobs = new BitSet();
		StreamState state = this.management.getStreamInfo(stream).getStreamState();
		long sequence = state.getFirstSequence();
		for (long left = state.getMsgCount(); left > 0; left--) {
			MessageInfo message = this.management.getNextMessage(stream, sequence, ">");
			jobs.set(Integer.parseInt(new String(message.getData())));
			sequence = message.getSeq() + 1;
		}
		return jobs;
	}

	private long unfinished() throws Exception {
		ConsumerInfo consumer = this.management.getConsumerInfo("jobs", "worker");
		return consumer.getNumPending() + consumer.getNumAckPending();
	}

	/**
	 * Says who has what is left: the listener, the consumer, or nobody.
	 */
	private String state(JetStreamListeners listeners) throws Exception {
		ConsumerInfo consumer = this.management.getConsumerInfo("jobs", "worker");
		StreamState stream = this.management.getStreamInfo("jobs").getStreamState();
		return "%s; consumer: %d pending, %d ack pending, %d waiting, delivered %d, ack floor %d; stream: %d to %d"
			.formatted(listeners.status("worker"), consumer.getNumPending(), consumer.getNumAckPending(),
					consumer.getNumWaiting(), consumer.getDelivered().getStreamSequence(),
					consumer.getAckFloor().getStreamSequence(), stream.getFirstSequence(), stream.getLastSequence());
	}

	private static int cardinality(BitSet jobs) {
		return copy(jobs).cardinality();
	}

	private static BitSet copy(BitSet jobs) {
		synchronized (jobs) {
			return (BitSet) jobs.clone();
		}
	}

	private static int threads() {
		return ManagementFactory.getThreadMXBean().getThreadCount();
	}

	private static long usedHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	// The pace of the load, and of what disturbs it; nothing is asserted about it
	private static void pause(Duration time) {
		try {
			new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
