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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Redriving to every kind of consumer and listener, of which only the one that gave up on
 * a message gets it again, though a foreign consumer is on the same stream.
 */
@EmbeddedNats
class RedriveKindsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int COUNT = 20;

	private static EmbeddedNatsServer server;

	private static EmbeddedNatsServer warehouse;

	private static ConfigurableApplicationContext context;

	private static JetStreamTemplate template;

	private static JetStreamManagement management;

	private static DeadLetters letters;

	private static Jobs jobs;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
		warehouse = EmbeddedNatsServer.start();
		context = run("jetstream.listeners.pinned.auto-startup=false");
		template = context.getBean(JetStreamTemplate.class);
		management = context.getBean(JetStreamManagement.class);
		letters = context.getBean(DeadLetters.class);
		jobs = context.getBean(Jobs.class);
	}

	private static ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.servers=" + server.url(),
				"jetstream.connections.warehouse.servers=" + warehouse.url(),
				"jetstream.connections.warehouse.streams.jobs.subjects=jobs.>",
				"jetstream.connections.warehouse.streams.jobs.retention=limits",
				"jetstream.connections.warehouse.streams.jobs.consumers.foreign.filter-subjects=jobs.>",
				"jetstream.streams.jobs.subjects=jobs.>", "jetstream.streams.jobs.retention=limits",
				"jetstream.streams.jobs.consumers.foreign.filter-subjects=jobs.>",
				"jetstream.streams.jobs.consumers.slim.filter-subjects=jobs.slim",
				"jetstream.streams.jobs.consumers.slim.headers-only=true",
				"jetstream.streams.jobs.consumers.several.filter-subjects=jobs.first.*,jobs.second,jobs.third.>",
				"jetstream.listener.retry.delay=10ms", "jetstream.listener.batch.timeout=100ms"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@AfterAll
	static void stop() {
		context.close();
		warehouse.close();
		TestStreams.deleteAll(server);
	}

	@BeforeEach
	void empty() throws Exception {
		jobs.clear();
		if (management.getStreamNames().contains("dead-letters")) {
			management.purgeStream("dead-letters");
		}
		management.purgeStream("jobs");
	}

	@Test
	void whenAListenerKeepsAnOrderThenWhatIsRedrivenKeepsIt() throws Exception {
		giveUp("ordered", IntStream.range(0, COUNT).mapToObj((i) -> "jobs.ordered." + (i % 3)).toList());
		redrive("ordered");
		for (int key = 0; key < 3; key++) {
			String subject = "jobs.ordered." + key;
			assertThat(jobs.handled.stream().filter((job) -> job.subject().equals(subject)).map(Job::payload))
				.isEqualTo(IntStream.range(0, COUNT)
					.filter((i) -> ("jobs.ordered." + (i % 3)).equals(subject))
					.mapToObj(Integer::toString)
					.toList());
		}
		assertThat(jobs.together).hasValue(0);
	}

	@Test
	void whenAListenerTakesBatchesThenWhatIsRedrivenComesInBatches() throws Exception {
		giveUp("batched", subjects("jobs.batched"));
		redrive("batched");
		assertThat(jobs.largestBatch.get()).isGreaterThan(1);
	}

	@Test
	void whenAConsumerDeliversHeadersOnlyThenWhatIsRedrivenHasThePayload() throws Exception {
		giveUp("slim", subjects("jobs.slim"));
		// Whoever puts up with headers gets what there is
		redrive("slim");
	}

	@Test
	void whenAConsumerHasSeveralFiltersThenAllOfTheirSubjectsAreRedriven() throws Exception {
		giveUp("several",
				IntStream.range(0, COUNT)
					.mapToObj((i) -> List.of("jobs.first.x", "jobs.second", "jobs.third.x.y").get(i % 3))
					.toList());
		redrive("several");
		assertThat(jobs.handled).extracting(Job::subject)
			.contains("jobs.first.x", "jobs.second", "jobs.third.x.y")
			.doesNotContainNull();
	}

	@Test
	void whenAListenerIsOnANamedConnectionThenItsLettersGoThere() throws Exception {
		JetStreamTemplate elsewhere = named(JetStreamTemplate.class);
		DeadLetters there = named(DeadLetters.class);
		for (int i = 0; i < COUNT; i++) {
			elsewhere.publish("jobs.remote", Integer.toString(i));
		}
		await().atMost(PATIENCE)
			.until(() -> there.count(DeadLetterQuery.all().consumer("remote")) == COUNT && letters.count(all()) == 0);
		jobs.failing = false;
		assertThat(there.redrive(all(), RedriveOptions.defaults()).redriven()).isEqualTo(COUNT);
		awaitEachOnce("remote");
		JetStreamManagement there2 = named(JetStreamManagement.class);
		await().atMost(PATIENCE)
			.until(() -> there2.getStreamInfo("dead-letters-redrive").getStreamState().getMsgCount() == 0);
		assertThat(there2.getConsumerInfo("jobs", "foreign").getNumPending()).isEqualTo(COUNT);
		assertThat(management.getStreamInfo("jobs").getStreamState().getMsgCount()).isZero();
	}

	@Test
	void whenAListenerIsStoppedThenWhatIsRedrivenWaitsEvenIfItsConsumerIsDeletedMeanwhile() throws Exception {
		giveUp("plain", subjects("jobs.plain"));
		JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
		listeners.stop("plain");
		assertThat(letters.redrive(all(), RedriveOptions.defaults()).redriven()).isEqualTo(COUNT);
		assertThat(messages("dead-letters-redrive")).isEqualTo(COUNT);
		management.deleteConsumer("jobs", "plain");
		// What it had before would come again, as a consumer that is made again knows
		// nothing
		management.purgeStream("jobs", PurgeOptions.subject("jobs.plain"));
		jobs.failing = false;
		listeners.start("plain");
		awaitEachOnce("plain");
		await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
	}

	@Test
	void whenAConsumerIsGoneThenItsLettersStayUntilItIsBack() throws Exception {
		giveUp("plain", subjects("jobs.plain"));
		JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
		listeners.stop("plain");
		management.deleteConsumer("jobs", "plain");
		RedriveResult result = letters.redrive(all(), RedriveOptions.defaults());
		assertThat(result.failed()).isEqualTo(COUNT);
		assertThat(result.failures()).extracting(RedriveFailure::reason)
			.containsOnly("Consumer 'plain' of stream 'jobs' is gone");
		assertThat(letters.count(all())).isEqualTo(COUNT);
		management.purgeStream("jobs", PurgeOptions.subject("jobs.plain"));
		listeners.start("plain");
		await().atMost(PATIENCE).until(() -> listeners.state("plain") == ListenerState.RUNNING);
		jobs.failing = false;
		assertThat(letters.redrive(all(), RedriveOptions.defaults()).redriven()).isEqualTo(COUNT);
		awaitEachOnce("plain");
		await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
	}

	@Test
	@NeedsServer("2.11")
	void whenAListenerIsExclusiveThenOnlyTheInstanceThatWorksGetsWhatIsRedriven() throws Exception {
		JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
		String pinned = "jetstream.listeners.pinned.exclusive=true";
		try (ConfigurableApplicationContext one = run(pinned); ConfigurableApplicationContext other = run(pinned)) {
			assertThat(listeners.state("pinned")).isEqualTo(ListenerState.STOPPED);
			for (int i = 0; i < COUNT; i++) {
				template.publish("jobs.pinned", Integer.toString(i));
			}
			await().atMost(PATIENCE).until(() -> letters.count(all()) == COUNT);
			one.getBean(Jobs.class).failing = false;
			other.getBean(Jobs.class).failing = false;
			boolean oneWorks = one.getBean(JetStreamListeners.class).status("pinned").reason() == null;
			Jobs working = oneWorks ? one.getBean(Jobs.class) : other.getBean(Jobs.class);
			Jobs waiting = oneWorks ? other.getBean(Jobs.class) : one.getBean(Jobs.class);
			assertThat(letters.redrive(all(), RedriveOptions.defaults()).redriven()).isEqualTo(COUNT);
			await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
			assertThat(working.handled).extracting(Job::payload).containsExactlyInAnyOrderElementsOf(payloads());
			assertThat(waiting.handled).isEmpty();
		}
		finally {
			management.deleteConsumer("jobs", "pinned");
		}
	}

	private static void giveUp(String consumer, List<String> subjects) throws Exception {
		for (int i = 0; i < subjects.size(); i++) {
			template.publish(subjects.get(i), Integer.toString(i));
		}
		await().atMost(PATIENCE).until(() -> letters.count(all().consumer(consumer)) == COUNT);
		await().atMost(PATIENCE).until(() -> management.getConsumerInfo("jobs", consumer).getNumAckPending() == 0);
	}

	private static void redrive(String consumer) throws Exception {
		jobs.failing = false;
		RedriveResult result = letters.redrive(all(), RedriveOptions.defaults());
		assertThat(result).isEqualTo(new RedriveResult(COUNT, COUNT, 0, List.of(), 0));
		awaitEachOnce(consumer);
		await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
		assertThat(letters.count(all())).isZero();
		assertThat(management.getConsumerInfo("jobs", "foreign").getNumPending()).isEqualTo(COUNT);
		assertThat(messages("jobs")).isEqualTo(COUNT);
	}

	private static void awaitEachOnce(String consumer) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(jobs.handled).hasSize(COUNT)
				.allSatisfy((job) -> assertThat(job.listener()).isEqualTo(consumer))
				.allSatisfy((job) -> assertThat(job.redrives()).isOne())
				.extracting(Job::payload)
				.containsExactlyInAnyOrderElementsOf(payloads()));
	}

	private static List<String> subjects(String subject) {
		return IntStream.range(0, COUNT).mapToObj((i) -> subject).toList();
	}

	private static List<String> payloads() {
		return IntStream.range(0, COUNT).mapToObj(Integer::toString).toList();
	}

	private static DeadLetterQuery all() {
		return DeadLetterQuery.all();
	}

	private static <T> T named(Class<T> type) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, "warehouse");
	}

	private static long messages(String stream) throws Exception {
		return management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Jobs.class)
	static class Application {

	}

	record Job(String listener, String subject, String payload, int redrives) {

	}

	static class Jobs {

		private final List<Job> handled = new CopyOnWriteArrayList<>();

		private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

		private final AtomicInteger together = new AtomicInteger();

		private final AtomicInteger largestBatch = new AtomicInteger();

		private volatile boolean failing = true;

		void clear() {
			this.handled.clear();
			this.together.set(0);
			this.largestBatch.set(0);
			this.failing = true;
		}

		@JetStreamListener(stream = "jobs", consumer = "plain", subjects = "jobs.plain")
		void plain(Message message, Delivery delivery) {
			handle("plain", message, delivery);
		}

		@JetStreamListener(stream = "jobs", consumer = "ordered", subjects = "jobs.ordered.*", orderedBy = "token(3)",
				concurrency = "4")
		void ordered(Message message, Delivery delivery) {
			AtomicInteger running = this.running.computeIfAbsent(delivery.subject(), (absent) -> new AtomicInteger());
			if (running.incrementAndGet() > 1) {
				this.together.incrementAndGet();
			}
			try {
				handle("ordered", message, delivery);
			}
			finally {
				running.decrementAndGet();
			}
		}

		@JetStreamListener(stream = "jobs", consumer = "batched", subjects = "jobs.batched", batch = true)
		void batched(List<Message> messages, List<Delivery> deliveries) {
			if (this.failing) {
				deliveries.forEach((delivery) -> delivery.deadLetter("no"));
				return;
			}
			this.largestBatch.accumulateAndGet(messages.size(), Math::max);
			for (int i = 0; i < messages.size(); i++) {
				handle("batched", messages.get(i), deliveries.get(i));
			}
		}

		@JetStreamListener("slim")
		void slim(Message message, Delivery delivery) {
			handle("slim", message, delivery);
		}

		@JetStreamListener("several")
		void several(Message message, Delivery delivery) {
			handle("several", message, delivery);
		}

		@JetStreamListener(connection = "warehouse", stream = "jobs", consumer = "remote", subjects = "jobs.remote")
		void remote(Message message, Delivery delivery) {
			handle("remote", message, delivery);
		}

		@JetStreamListener(stream = "jobs", consumer = "pinned", subjects = "jobs.pinned")
		void pinned(Message message, Delivery delivery) {
			handle("pinned", message, delivery);
		}

		private void handle(String listener, Message message, Delivery delivery) {
			if (this.failing) {
				throw new DeadLetterException("no");
			}
			this.handled.add(new Job(listener, delivery.subject(), new String(message.getData()), delivery.redrives()));
		}

	}

}
