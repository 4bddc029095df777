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

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;

import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ExceptionTypeFilter;

/**
 * Publishes and handles messages all the time, a few at once, and counts its objects
 * before and after, when all messages are done. Messages are handled in all ways that
 * there are: by themselves, in order and in batches; some are retried and become dead
 * letters.
 */
final class LightLoadApplication {

	private static final String STREAM = "light";

	private static final List<String> CONSUMERS = List.of("plain", "ordered", "batches");

	private static final int PORTION = 20;

	private static final Duration PAUSE = Duration.ofMillis(20);

	// What the last messages may leave behind, of hundreds that each second brings
	private static final int TOLERANCE = 100;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final AtomicInteger done = new AtomicInteger();

	private int published;

	private final Connection connection;

	private final JetStreamTemplate template;

	private final JetStreamListeners listeners;

	private LightLoadApplication(String url) throws Exception {
		this.connection = TestConnections.connect(TestQueue.options(url));
		declare();
		this.template = new JetStreamTemplate(this.connection, JetStreamMessageConverters.json(JsonMapper.shared()),
				PublisherOptions.DEFAULTS, PublishObserver.NONE);
		this.listeners = JetStreamListeners.builder(this.connection).deadLetterHandler((deadLetter) -> {
			this.done.incrementAndGet();
			return CompletableFuture.completedFuture(null);
		}).build();
		register("plain", (DeliveryHandler) (delivery, message) -> handle(message)).run();
		register("ordered", (DeliveryHandler) (delivery, message) -> handle(message)).run();
		register("batches", new BatchHandler() {

			@Override
			public Object read(Delivery delivery, Message message) {
				return message;
			}

			@Override
			public CompletionStage<?> handle(List<?> batch) {
				LightLoadApplication.this.done.addAndGet(batch.size());
				return null;
			}

		}).run();
		this.listeners.start();
	}

	private void declare() throws Exception {
		TestConnections.management(this.connection)
			.addStream(StreamConfiguration.builder()
				.name(STREAM)
				.subjects(STREAM + ".>")
				.retentionPolicy(RetentionPolicy.WorkQueue)
				.duplicateWindow(1000)
				.build());
		for (String consumer : CONSUMERS) {
			TestConnections.management(this.connection)
				.createConsumer(STREAM,
						ConsumerConfiguration.builder()
							.durable(consumer)
							.filterSubject(STREAM + "." + consumer + ".>")
							.build());
		}
	}

	private Runnable register(String consumer, ListenerHandler handler) {
		ListenerOptions options = ListenerOptions.builder()
			.concurrency(4)
			.retry(new RetryOptions(3L, Duration.ofMillis(50), 1.0, Duration.ofMillis(50), 0.0))
			.batch(new BatchOptions(10, Duration.ofMillis(50)))
			.build();
		ListenerDefinition definition = ListenerDefinition.of(consumer, STREAM, consumer, options,
				new ExceptionTypeFilter(List.of(), List.of()), handler);
		return () -> this.listeners.register(consumer.equals("ordered")
				? definition.orderedBy((delivery, message) -> delivery.subject()) : definition);
	}

	public static void main(String[] args) throws Exception {
		int status = 1;
		try {
			new LightLoadApplication(args[0]).run(DurationStyle.detectAndParse(args[1]));
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

	private void run(Duration time) throws Exception {
		load(time.dividedBy(4));
		Map<String, Long> before = objectsAtRest();
		long heapBefore = heap();
		int publishedBefore = this.published;
		load(time);
		Map<String, Long> after = objectsAtRest();
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (grown(before, after) > TOLERANCE && System.nanoTime() < deadline) {
			after = objectsAtRest();
		}
		System.out.printf("%d messages; %d objects, then %d; %d KB of heap, then %d%n",
				this.published - publishedBefore, sum(before), sum(after), heapBefore, heap());
		Map<String, Long> more = new TreeMap<>();
		after.forEach((type, count) -> {
			long grown = count - before.getOrDefault(type, 0L);
			if (grown > 0) {
				more.put(type, grown);
			}
		});
		System.out.println(more);
		check(grown(before, after) <= TOLERANCE, "objects become more and more");
	}

	private static long grown(Map<String, Long> before, Map<String, Long> after) {
		return sum(after) - sum(before);
	}

	private static long sum(Map<String, Long> counts) {
		return counts.values().stream().mapToLong(Long::longValue).sum();
	}

	// All objects were counted just now, which collects the others
	private static long heap() {
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
	}

	// What has just been done may take a moment to be forgotten
	private static Map<String, Long> objectsAtRest() throws Exception {
		Map<String, Long> last = objects();
		while (true) {
			TimeUnit.SECONDS.sleep(1);
			Map<String, Long> next = objects();
			if (sum(next) >= sum(last) - TOLERANCE / 10) {
				return next;
			}
			last = next;
		}
	}

	private void load(Duration time) throws Exception {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			CompletableFuture<?>[] confirmations = new CompletableFuture<?>[PORTION];
			for (int i = 0; i < PORTION; i++) {
				int number = this.published++;
				confirmations[i] = this.template.publishAsync(
						"%s.%s.%d".formatted(STREAM, CONSUMERS.get(number % CONSUMERS.size()), number % 1000), number);
			}
			CompletableFuture.allOf(confirmations).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
		}
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (this.done.get() < this.published || stored() > 0) {
			check(System.nanoTime() < deadline,
					"only %d of %d messages are done".formatted(this.done.get(), this.published));
			TimeUnit.MILLISECONDS.sleep(50);
		}
	}

	private long stored() throws Exception {
		return TestConnections.management(this.connection).getStreamInfo(STREAM).getStreamState().getMsgCount();
	}

	private CompletionStage<?> handle(Message message) {
		int number = Integer.parseInt(new String(message.getData()));
		if (number % 50 == 0) {
			// Becomes a dead letter in the end
			throw new IllegalStateException("Expected by the test");
		}
		this.done.incrementAndGet();
		return null;
	}

	/**
	 * Returns how many objects there are of each class of this project and of the client,
	 * and of what the JDK keeps for them.
	 */
	private static Map<String, Long> objects() throws Exception {
		String histogram = (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		Map<String, Long> counts = new TreeMap<>();
		for (String line : histogram.split("\n")) {
			String[] words = line.strip().split("\\s+");
			if (words.length >= 4 && words[0].endsWith(":") && isCounted(words[3])) {
				counts.put(words[3], Long.valueOf(words[1]));
			}
		}
		check(!counts.isEmpty(), "the JVM doesn't count its objects");
		return counts;
	}

	private static boolean isCounted(String type) {
		return type.startsWith("io.github.jetstreamspring.") || type.startsWith("io.nats.")
				|| type.startsWith("java.util.concurrent.") || type.equals("java.util.HashMap$Node");
	}

	private static void check(boolean holds, String problem) {
		if (!holds) {
			throw new IllegalStateException(problem);
		}
	}

}
