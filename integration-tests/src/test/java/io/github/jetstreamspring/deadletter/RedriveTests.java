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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Redriving dead letters to listeners on a real server.
 */
@EmbeddedNats
class RedriveTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private EmbeddedNatsServer server;

	private ConfigurableApplicationContext context;

	private DeadLetters letters;

	private Worker worker;

	private JetStreamTemplate template;

	private JetStreamManagement management;

	@BeforeEach
	void setUp(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
		TestStreams.deleteAll(this.server);
	}

	private void start(String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.servers=" + this.server.url(),
				"jetstream.streams.orders.subjects=orders.>", "jetstream.streams.orders.retention=limits",
				"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.>",
				"jetstream.streams.orders.consumers.order-worker.ack-wait=5s",
				"jetstream.streams.orders.consumers.audit.filter-subjects=orders.>",
				"jetstream.listener.retry.delay=50ms", "jetstream.listener.retry.max-attempts=2"));
		all.addAll(List.of(properties));
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
		this.letters = this.context.getBean(DeadLetters.class);
		this.worker = this.context.getBean(Worker.class);
		this.template = this.context.getBean(JetStreamTemplate.class);
		this.management = this.context.getBean(JetStreamManagement.class);
	}

	private StoredDeadLetter awaitLetter() {
		await().atMost(PATIENCE).until(() -> this.letters.count(DeadLetterQuery.all()) == 1);
		return this.letters.find(DeadLetterQuery.all()).letters().get(0);
	}

	@Test
	void whenALetterIsRedrivenThenOnlyTheConsumerThatGaveUpOnItGetsItAsItWas() throws Exception {
		start();
		this.template
			.send(NatsMessage.builder()
				.subject("orders.created")
				.headers(new Headers().put("Nats-Msg-Id", "order-1").put("tenant", "acme", "globex").put("Empty", ""))
				.data("bread \u00e4")
				.build())
			.join();
		StoredDeadLetter letter = awaitLetter();
		assertThat(letter.messageId()).isEqualTo("order-1");
		assertThat(letter.publishedAt()).isNotNull();
		assertThat(letter.redrives()).isZero();
		this.worker.failures = 0;
		PublishResult result = this.letters.redrive(letter.sequence());
		assertThat(result.duplicate()).isFalse();
		Seen seen = this.worker.await(3);
		assertThat(seen.attempt()).isOne();
		assertThat(seen.redrives()).isOne();
		assertThat(seen.subject()).isEqualTo("orders.created");
		assertThat(seen.stream()).isEqualTo("orders");
		assertThat(seen.consumer()).isEqualTo("order-worker");
		assertThat(seen.sequence()).isOne();
		assertThat(seen.payload()).isEqualTo("bread \u00e4".getBytes(StandardCharsets.UTF_8));
		assertThat(seen.headers().keySet()).containsExactlyInAnyOrder("tenant", "Empty");
		assertThat(seen.headers().get("tenant")).containsExactly("acme", "globex");
		assertThat(this.letters.count(DeadLetterQuery.all())).isZero();
		assertThatExceptionOfType(DeadLetterNotFoundException.class)
			.isThrownBy(() -> this.letters.redrive(letter.sequence()));
		await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
		assertThat(messages("orders")).isOne();
		assertThat(this.management.getConsumerInfo("orders", "audit").getNumPending()).isOne();
	}

	@Test
	void whenARedrivenMessageFailsAgainThenItIsAnotherLetterThatSaysSo() {
		start();
		this.template.publish("orders.created", "bread");
		StoredDeadLetter first = awaitLetter();
		for (int redrives = 1; redrives <= 3; redrives++) {
			StoredDeadLetter letter = awaitLetter();
			RedriveResult result = this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
			assertThat(result).isEqualTo(new RedriveResult(1, 1, 0, List.of(), 0));
			this.worker.await(2 + 2 * redrives);
			StoredDeadLetter next = awaitLetter();
			assertThat(next.sequence()).isGreaterThan(letter.sequence());
			assertThat(next.redrives()).isEqualTo(redrives);
			assertThat(next.attempts()).isEqualTo(2);
			assertThat(next.originalSequence()).isEqualTo(first.originalSequence());
			assertThat(next.publishedAt()).isEqualTo(first.publishedAt());
			assertThat(next.originalSubject()).isEqualTo("orders.created");
			assertThat(next.originalStream()).isEqualTo("orders");
			assertThat(next.payload()).isEqualTo(first.payload());
		}
		assertThat(this.worker.seen).extracting(Seen::redrives).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
		assertThat(this.worker.seen).extracting(Seen::attempt).containsExactly(1L, 2L, 1L, 2L, 1L, 2L, 1L, 2L);
	}

	@Test
	void whenTheOriginalIsAsLargeAsAllowedThenItIsRedrivenAsItWas() throws Exception {
		start();
		byte[] payload = new byte[(int) this.template.connection().getMaxPayload() - 100];
		new Random(17).nextBytes(payload);
		this.template
			.send(NatsMessage.builder()
				.subject("orders.created")
				.headers(new Headers().put("tenant", "acme"))
				.data(payload)
				.build())
			.join();
		awaitLetter();
		this.worker.failures = 1;
		assertThat(this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults()).redriven()).isOne();
		this.worker.await(4);
		assertThat(this.worker.seen).allSatisfy((seen) -> {
			assertThat(Arrays.equals(seen.payload(), payload)).isTrue();
			assertThat(seen.headers()).containsEntry("tenant", List.of("acme"));
		});
		await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
		assertThat(messages("dead-letters")).isZero();
	}

	@Test
	void whenTheListenerIsPausedThenWhatIsRedrivenWaits() throws Exception {
		start();
		this.template.publish("orders.created", "bread");
		awaitLetter();
		this.worker.failures = 0;
		JetStreamListeners listeners = this.context.getBean(JetStreamListeners.class);
		listeners.pause("order-worker");
		this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
		await().pollDelay(Duration.ofSeconds(1)).until(() -> messages("dead-letters-redrive") == 1);
		assertThat(this.worker.seen).hasSize(2);
		listeners.resume("order-worker");
		this.worker.await(3);
		listeners.stop("order-worker");
		await().atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 0);
	}

	@Test
	void whenSomethingIsGoneThenTheLetterStaysAndTheResultSaysWhy() throws Exception {
		start();
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 1);
		LetterBoxes.store(this.template.connection(), "orders", "nobody", 1);
		LetterBoxes.store(this.template.connection(), "nowhere", "order-worker", 1);
		this.template.connection()
			.jetStream()
			.publish("dead-letters.orders.audit", LetterBox.headers("orders", "order-worker", 1), null);
		this.template.connection().jetStream().publish("dead-letters.orders.audit", null);
		RedriveResult result = this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
		assertThat(result.matched()).isEqualTo(5);
		assertThat(result.redriven()).isOne();
		assertThat(result.failed()).isEqualTo(4);
		assertThat(result.failures()).extracting(RedriveFailure::sequence).containsExactly(2L, 3L, 4L, 5L);
		assertThat(result.failures()).extracting(RedriveFailure::reason)
			.satisfiesExactly((reason) -> assertThat(reason).isEqualTo("Consumer 'nobody' of stream 'orders' is gone"),
					(reason) -> assertThat(reason).isEqualTo("Its stream 'nowhere' is gone"),
					(reason) -> assertThat(reason).contains("no listener has written it"),
					(reason) -> assertThat(reason).contains("no listener has written it"));
		assertThat(this.letters.count(DeadLetterQuery.all())).isEqualTo(4);
		assertThatIllegalStateException().isThrownBy(() -> this.letters.redrive(2))
			.withMessageContaining("Dead letter 2 can't be redriven. Consumer 'nobody' of stream 'orders' is gone");
		this.management.updateConsumer("orders",
				ConsumerConfiguration
					.builder(this.management.getConsumerInfo("orders", "order-worker").getConsumerConfiguration())
					.filterSubject("orders.deleted")
					.build());
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 1);
		assertThatIllegalStateException().isThrownBy(() -> this.letters.redrive(6))
			.withMessageContaining("gets no messages with the subject 'orders.created' any more");
	}

	@Test
	void whenSomebodyForgesARedrivenMessageThenNoListenerTakesIt() throws Exception {
		start();
		this.template.publish("orders.created", "bread");
		awaitLetter();
		this.worker.failures = 0;
		this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
		this.worker.await(3);
		Headers forged = new Headers().put("Dead-Letter-Stream", "orders")
			.put("Dead-Letter-Consumer", "order-worker")
			.put("Dead-Letter-Subject", "orders.created")
			.put("Dead-Letter-Redrives", "1");
		this.template.connection().jetStream().publish("dead-letters-redrive.orders.order-worker.x", forged, null);
		this.template.connection()
			.jetStream()
			.publish("dead-letters-redrive.orders.order-worker.y",
					new Headers(forged).put("Dead-Letter-Signature", "x"), null);
		this.template
			.send(NatsMessage.builder().subject("orders.created").headers(new Headers(forged)).data("butter").build())
			.join();
		Seen seen = this.worker.await(4);
		assertThat(seen.payload()).asString().isEqualTo("butter");
		assertThat(seen.redrives()).isZero();
		await().pollDelay(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> messages("dead-letters-redrive") == 2);
		assertThat(this.worker.seen).hasSize(4);
	}

	@Test
	void whenSomeOfManyCantBeRedrivenThenOnlyTheseStay() throws Exception {
		start();
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 1200);
		LetterBoxes.store(this.template.connection(), "orders", "nobody", 2);
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 700);
		this.template.connection().jetStream().publish("dead-letters.orders.order-worker", null);
		this.template.connection()
			.jetStream()
			.publish("dead-letters.orders.order-worker", new Headers().put("Dead-Letter-Part", "1/2"), null);
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 700);
		RedriveResult result = this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
		assertThat(result.redriven()).isEqualTo(2600);
		assertThat(result.failed()).isEqualTo(3);
		assertThat(messages("dead-letters")).isEqualTo(4);
		assertThat(messages("dead-letters-redrive")).isEqualTo(2600);
		assertThat(this.letters.find(DeadLetterQuery.all()).letters()).extracting(StoredDeadLetter::sequence)
			.containsExactly(1201L, 1202L, 1903L);
	}

	@Test
	void whenItIsADryRunThenNothingChanges() throws Exception {
		start();
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 3);
		LetterBoxes.store(this.template.connection(), "orders", "nobody", 1);
		List<RedriveResult> progress = new ArrayList<>();
		RedriveResult result = this.letters.redrive(DeadLetterQuery.all(),
				RedriveOptions.defaults().dryRun().onProgress(progress::add));
		assertThat(result.matched()).isEqualTo(4);
		assertThat(result.redriven()).isZero();
		assertThat(result.failed()).isOne();
		assertThat(progress).contains(result);
		assertThat(this.management.getStreamNames()).doesNotContain("dead-letters-redrive");
		assertThat(messages("dead-letters")).isEqualTo(4);
	}

	@Test
	void whenThereIsALimitThenTheSmallerOneHolds() throws Exception {
		start();
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 10);
		RedriveOptions three = RedriveOptions.defaults().limit(3);
		assertThat(this.letters.redrive(DeadLetterQuery.all().limit(5), three).redriven()).isEqualTo(3);
		assertThat(this.letters.redrive(DeadLetterQuery.all().limit(2).newestFirst(), three).redriven()).isEqualTo(2);
		assertThat(this.letters.find(DeadLetterQuery.all()).letters()).extracting(StoredDeadLetter::sequence)
			.containsExactly(4L, 5L, 6L, 7L, 8L);
	}

	@Test
	void whenThereIsARateThenItIsKept() throws Exception {
		start();
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 40);
		long start = System.nanoTime();
		List<RedriveResult> progress = new CopyOnWriteArrayList<>();
		RedriveResult result = this.letters.redrive(DeadLetterQuery.all(),
				RedriveOptions.defaults().rate(20).onProgress(progress::add));
		assertThat(result.redriven()).isEqualTo(40);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1900),
				Duration.ofSeconds(10));
		assertThat(progress).hasSizeGreaterThan(1).last().isEqualTo(result);
	}

	@Test
	void whenTheTimeIsUpThenTheRestIsCounted() throws Exception {
		start();
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 100);
		RedriveResult result = this.letters.redrive(DeadLetterQuery.all(),
				RedriveOptions.defaults().rate(20).within(Duration.ofSeconds(2)));
		assertThat(result.matched()).isEqualTo(100);
		assertThat(result.redriven()).isBetween(1L, 60L);
		assertThat(result.remaining()).isEqualTo(100 - result.redriven());
		assertThat(messages("dead-letters")).isEqualTo(result.remaining());
	}

	@Test
	void whenTheThreadIsInterruptedThenWhatIsDoneIsWhole() throws Exception {
		start();
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		LetterBoxes.store(this.template.connection(), "orders", "order-worker", 500);
		List<RedriveResult> results = new CopyOnWriteArrayList<>();
		Thread thread = new Thread(() -> {
			results.add(this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults().rate(100)));
			results.add(new RedriveResult(Thread.currentThread().isInterrupted() ? 1 : 0, 0, 0, List.of(), 0));
		});
		thread.start();
		await().until(() -> messages("dead-letters") < 450);
		thread.interrupt();
		thread.join();
		assertThat(results.get(1).matched()).isOne();
		assertThat(results.get(0).redriven()).isBetween(50L, 499L);
		assertThat(messages("dead-letters-redrive")).isEqualTo(results.get(0).redriven());
		assertThat(messages("dead-letters")).isEqualTo(500 - results.get(0).redriven());
	}

	@Test
	void whenTheStreamOfTheLanesMayNotBeCreatedThenThatIsSaid() throws Exception {
		start();
		this.context.close();
		start("jetstream.topology.mode=none");
		this.template.publish("orders.created", "bread");
		StoredDeadLetter letter = awaitLetter();
		assertThatIllegalStateException().isThrownBy(() -> this.letters.redrive(letter.sequence()))
			.withMessageContaining("without stream 'dead-letters-redrive', which this application may not create");
		assertThat(this.letters.count(DeadLetterQuery.all())).isOne();
	}

	@Test
	void whenHeadersAreNotAsciiThenTheyArriveAsTheyWere() throws Exception {
		start();
		try (RawNatsClient client = new RawNatsClient(this.server.url())) {
			client.store("orders.created".getBytes(),
					"NATS/1.0\r\nk\u00e4se: gouda \u2713\r\nDead-Letter-Redrives: 7\r\nk\u00e4se: \r\n\r\n"
						.getBytes(StandardCharsets.UTF_8),
					"x".getBytes());
		}
		awaitLetter();
		this.worker.failures = 0;
		this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
		Seen seen = this.worker.await(3);
		assertThat(seen.redrives()).isOne();
		assertThat(seen.headers()).containsOnly(Map.entry("k\u00e4se", List.of("gouda \u2713", "")));
	}

	private long messages(String stream) throws Exception {
		return this.management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Worker.class)
	static class Application {

	}

	record Seen(long attempt, int redrives, String subject, String stream, String consumer, long sequence,
			Map<String, List<String>> headers, byte[] payload) {

	}

	static class Worker {

		private final List<Seen> seen = new CopyOnWriteArrayList<>();

		private volatile int failures = Integer.MAX_VALUE;

		@JetStreamListener("order-worker")
		void work(Message message, Delivery delivery) {
			Map<String, List<String>> headers = new LinkedHashMap<>();
			delivery.headers().forEach((name, values) -> {
				if (!name.startsWith("Nats-")) {
					headers.put(name, List.copyOf(values));
				}
			});
			this.seen.add(new Seen(delivery.attempt(), delivery.redrives(), delivery.subject(), delivery.stream(),
					delivery.consumer(), delivery.streamSequence(), headers, message.getData()));
			if (this.failures-- > 0) {
				throw new IllegalStateException("no");
			}
		}

		Seen await(int count) {
			org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> this.seen.size() >= count);
			return this.seen.get(count - 1);
		}

	}

}
