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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Letters that no listener has written, and dead-letter streams that aren't what they
 * were: nothing is redriven that shouldn't be, and nothing is removed that nobody has
 * looked at.
 */
@EmbeddedNats
class ForeignLetterTests {

	private static final String WORK_QUEUE = "dead-letters-redrive";

	private EmbeddedNatsServer server;

	private LetterBox box;

	private DeadLetters letters;

	private JetStreamManagement management;

	@BeforeEach
	void setUp(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.box = new LetterBox(embedded.url());
		this.letters = this.box.letters();
		this.management = this.box.connection().jetStreamManagement();
		this.management.addStream(StreamConfiguration.builder()
			.name("orders")
			.subjects("orders.>")
			.retentionPolicy(RetentionPolicy.Limits)
			.build());
		this.management.createConsumer("orders", ConsumerConfiguration.builder().durable("worker").build());
	}

	@AfterEach
	void close() throws Exception {
		this.box.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenALetterIsOnASubjectForOthersThenItIsNotRedriven() throws Exception {
		// Whoever may publish to dead-letters.other.> must not speak for the worker
		publish("dead-letters.other.orders.worker", LetterBox.headers("orders", "worker", 1));
		publish("dead-letters.orders.x.worker", LetterBox.headers("orders.x", "worker", 1));
		publish("dead-letters.orders.x.worker", LetterBox.headers("orders", "x.worker", 1));
		publish("dead-letters.*.worker", LetterBox.headers("*", "worker", 1));
		RedriveResult result = this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
		assertThat(result.failures()).hasSize(4)
			.extracting(RedriveFailure::reason)
			.allSatisfy((reason) -> assertThat(reason).contains("no listener has written it"));
		assertThat(result.redriven()).isZero();
		assertThat(this.letters.count(DeadLetterQuery.all())).isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "none", "99999999999999999999" })
	void whenALetterDoesNotSayHowManyPartsItHasThenItStays(String parts) throws Exception {
		publish("dead-letters.orders.worker", LetterBox.headers("orders", "worker", 1).put("Dead-Letter-Parts", parts));
		RedriveResult result = this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults());
		assertThat(result.failures()).singleElement()
			.extracting(RedriveFailure::reason)
			.asString()
			.contains("it doesn't say how many parts it has");
		assertThat(this.letters.count(DeadLetterQuery.all())).isOne();
	}

	@Test
	void whenTheStreamIsMadeAgainDuringARedriveThenItsNewLettersStay() throws Exception {
		this.box.store("orders", "worker", 1500);
		makeAgainDuring((redriven) -> this.letters
			.redrive(DeadLetterQuery.all(),
					RedriveOptions.defaults().rate(400).onProgress((result) -> redriven.set(result.redriven())))
			.redriven());
	}

	@Test
	void whenTheStreamIsMadeAgainDuringARedriveOfSomeThenItsNewLettersStay() throws Exception {
		this.box.store("orders", "worker", 1500);
		makeAgainDuring((redriven) -> this.letters
			.redrive(DeadLetterQuery.all().reason("order"),
					RedriveOptions.defaults().rate(400).onProgress((result) -> redriven.set(result.redriven())))
			.redriven());
	}

	private void makeAgainDuring(ToLongFunction<AtomicLong> redrive) throws Exception {
		AtomicLong redriven = new AtomicLong();
		CompletableFuture<Long> running = CompletableFuture.supplyAsync(() -> redrive.applyAsLong(redriven));
		await().atMost(Duration.ofSeconds(30)).until(() -> redriven.get() > 0);
		StreamConfiguration configuration = this.management.getStreamInfo("dead-letters").getConfiguration();
		long left = 1;
		while (left > 0) {
			// Right after it was deleted, it can have its old messages back
			this.management.deleteStream("dead-letters");
			left = this.management.addStream(configuration).getStreamState().getLastSequence();
		}
		// Others, with the sequences that are redriven now
		this.box.store("mails", "mailer", 1500);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(running::join)
			.havingCause()
			.isInstanceOf(JetStreamException.class)
			.withMessageContaining("deleted and made again");
		assertThat(this.letters.count(DeadLetterQuery.all())).isEqualTo(1500);
		assertThat(this.management.getStreamInfo("dead-letters-redrive").getStreamState().getMsgCount())
			.isLessThan(1500);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "order" })
	void whenTheWorkQueueIsMadeAgainDuringARedriveThenLettersStayUntilTheyAreOnTheirWay(String reason)
			throws Exception {
		this.box.store("orders", "worker", 900);
		DeadLetterQuery query = reason.isEmpty() ? DeadLetterQuery.all() : DeadLetterQuery.all().reason(reason);
		CompletableFuture<RedriveResult> running = CompletableFuture
			.supplyAsync(() -> this.letters.redrive(query, RedriveOptions.defaults().rate(400)));
		await().atMost(Duration.ofSeconds(30)).until(() -> this.management.getStreamNames().contains(WORK_QUEUE));
		await().atMost(Duration.ofSeconds(30)).until(() -> waiting() > 0);
		StreamConfiguration configuration = this.management.getStreamInfo(WORK_QUEUE).getConfiguration();
		long left = 1;
		while (left > 0) {
			this.management.deleteStream(WORK_QUEUE);
			left = this.management.addStream(configuration).getStreamState().getLastSequence();
		}
		assertThatExceptionOfType(CompletionException.class).isThrownBy(running::join)
			.havingCause()
			.isInstanceOf(JetStreamException.class)
			.withMessageContaining("made again");
		// Nobody would handle those that are in the new one
		Set<Long> there = this.letters.find(DeadLetterQuery.all().limit(900))
			.letters()
			.stream()
			.map(StoredDeadLetter::originalSequence)
			.collect(Collectors.toSet());
		long last = this.management.getStreamInfo(WORK_QUEUE).getStreamState().getLastSequence();
		for (long sequence = 1; sequence <= last; sequence++) {
			assertThat(there).contains(Long.valueOf(
					this.management.getMessage(WORK_QUEUE, sequence).getHeaders().getFirst("Dead-Letter-Sequence")));
		}
		assertThat(this.letters.redrive(query, RedriveOptions.defaults()).redriven()).isEqualTo(there.size());
		assertThat(waiting()).isEqualTo(last + there.size());
	}

	private long waiting() throws Exception {
		return this.management.getStreamInfo(WORK_QUEUE).getStreamState().getMsgCount();
	}

	@Test
	void whenTwoRedriveAtOnceThenEachLetterIsOnItsWayOnce() throws Exception {
		this.box.store("orders", "worker", 1000);
		List<CompletableFuture<RedriveResult>> redrives = List.of(
				CompletableFuture
					.supplyAsync(() -> this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults())),
				CompletableFuture.supplyAsync(
						() -> this.letters.redrive(DeadLetterQuery.all().newestFirst(), RedriveOptions.defaults())));
		redrives.forEach(CompletableFuture::join);
		assertThat(this.letters.count(DeadLetterQuery.all())).isZero();
		assertThat(this.management.getStreamInfo("dead-letters-redrive").getStreamState().getMsgCount())
			.isEqualTo(1000);
	}

	@Test
	void whenLettersAreDiscardedDuringARedriveThenEachIsGoneOrOnItsWay() throws Exception {
		this.box.store("orders", "worker", 1000);
		CompletableFuture<RedriveResult> redrive = CompletableFuture
			.supplyAsync(() -> this.letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults()));
		long discarded = this.letters.discard(DeadLetterQuery.all().newestFirst());
		redrive.join();
		assertThat(this.letters.count(DeadLetterQuery.all())).isZero();
		assertThat(this.management.getStreamInfo("dead-letters-redrive").getStreamState().getMsgCount() + discarded)
			.isGreaterThanOrEqualTo(1000);
	}

	private void publish(String subject, Headers headers) throws Exception {
		this.box.connection().publish(NatsMessage.builder().subject(subject).headers(headers).data("forged").build());
		this.box.connection().flush(Duration.ofSeconds(5));
	}

}
