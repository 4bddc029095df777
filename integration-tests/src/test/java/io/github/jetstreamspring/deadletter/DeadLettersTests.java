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
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.impl.Headers;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Finding, counting and discarding dead letters on a real server.
 */
@EmbeddedNats
class DeadLettersTests {

	private EmbeddedNatsServer server;

	private LetterBox box;

	private DeadLetters letters;

	@BeforeEach
	void open(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	@AfterEach
	void close() throws Exception {
		if (this.box != null) {
			this.box.close();
		}
		TestStreams.deleteAll(this.server);
	}

	@ParameterizedTest
	@EnumSource(RetentionPolicy.class)
	void whenThereAreMoreThanFitThenThePagesHaveAllOfThemOnce(RetentionPolicy retention) throws Exception {
		box(retention);
		this.box.store("orders", "worker", 25);
		for (DeadLetterQuery query : List.of(DeadLetterQuery.all(), DeadLetterQuery.all().consumer("worker"))) {
			assertThat(pages(query.limit(10)))
				.containsExactlyElementsOf(LongStream.rangeClosed(1, 25).boxed().toList());
			assertThat(pages(query.limit(10).newestFirst()))
				.containsExactlyElementsOf(LongStream.rangeClosed(1, 25).map((i) -> 26 - i).boxed().toList());
		}
		assertThat(this.letters.count(DeadLetterQuery.all())).isEqualTo(25);
		assertThat(this.letters.find(DeadLetterQuery.all().limit(25)).next()).isEmpty();
		assertThat(this.box.connection()
			.jetStreamManagement()
			.getStreamInfo("dead-letters")
			.getStreamState()
			.getMsgCount()).isEqualTo(25);
	}

	private static DeadLetterPage page(DeadLetters letters, DeadLetterQuery query, OptionalLong from) {
		return letters.find(from.isPresent() ? query.from(from.getAsLong()) : query);
	}

	private List<Long> pages(DeadLetterQuery query) {
		List<Long> sequences = new ArrayList<>();
		OptionalLong next = OptionalLong.empty();
		do {
			DeadLetterPage page = page(this.letters, query, next);
			page.letters().forEach((letter) -> sequences.add(letter.sequence()));
			next = page.next();
		}
		while (next.isPresent());
		return sequences;
	}

	@Test
	void whenALetterIsReadThenItSaysAllThatIsKnown() throws Exception {
		box(RetentionPolicy.Limits);
		Headers headers = LetterBox.headers("orders", "worker", 4)
			.put("Dead-Letter-Message-Id", "order-4")
			.put("Dead-Letter-Redrives", "2")
			.put("Nats-Msg-Id", "dead-letter:4");
		this.box.connection().jetStream().publish("dead-letters.orders.worker", headers, "bread".getBytes());
		StoredDeadLetter letter = this.letters.get(1).orElseThrow();
		assertThat(letter.sequence()).isOne();
		assertThat(letter.originalStream()).isEqualTo("orders");
		assertThat(letter.originalSubject()).isEqualTo("orders.created");
		assertThat(letter.originalSequence()).isEqualTo(5);
		assertThat(letter.consumer()).isEqualTo("worker");
		assertThat(letter.messageId()).isEqualTo("order-4");
		assertThat(letter.publishedAt()).isEqualTo(LetterBox.START);
		assertThat(letter.attempts()).isEqualTo(10);
		assertThat(letter.reason()).isEqualTo("Failed 10 times, order 4");
		assertThat(letter.exception()).isEqualTo("com.example.Unreachable0Exception");
		assertThat(letter.exceptionMessage()).isEqualTo("Connection refused: host 4");
		assertThat(letter.time()).isEqualTo(LetterBox.START.plusSeconds(4));
		assertThat(letter.redrives()).isEqualTo(2);
		assertThat(letter.headers()).containsExactly(Map.entry("tenant", List.of("other")));
		assertThat(letter.payload()).asString().isEqualTo("bread");
		assertThat(this.letters.find(DeadLetterQuery.all()).letters()).singleElement()
			.usingRecursiveComparison()
			.isEqualTo(letter);
	}

	@Test
	void whenHeadersAreStoredInAnOrderThenTheyAreReadInIt() throws Exception {
		box(RetentionPolicy.Limits);
		try (RawNatsClient client = new RawNatsClient(this.server.url())) {
			client.store("dead-letters.orders.worker".getBytes(),
					"NATS/1.0\r\nzebra: 1\r\nDead-Letter-Reason: gone\r\napple: ä\r\nzebra: 2\r\nmango:3\r\n\r\n"
						.getBytes(StandardCharsets.UTF_8),
					"x".getBytes());
		}
		StoredDeadLetter letter = this.letters.find(DeadLetterQuery.all()).letters().get(0);
		assertThat(letter.headers().keySet()).containsExactly("zebra", "apple", "mango");
		assertThat(letter.headers().get("zebra")).containsExactly("1", "2");
		assertThat(letter.headers().get("apple")).containsExactly("ä");
		assertThat(letter.reason()).isEqualTo("gone");
	}

	@Test
	void whenSomebodyElsePutsAMessageInTheStreamThenItIsShown() throws Exception {
		box(RetentionPolicy.Limits);
		this.box.connection()
			.jetStream()
			.publish("dead-letters.x",
					new Headers().put("Dead-Letter-Sequence", "-7")
						.put("Dead-Letter-Time", "yesterday")
						.put("Dead-Letter-Redrives", "many"),
					null);
		StoredDeadLetter letter = this.letters.find(DeadLetterQuery.all()).letters().get(0);
		assertThat(letter.originalStream()).isNull();
		assertThat(letter.consumer()).isNull();
		assertThat(letter.originalSequence()).isZero();
		assertThat(letter.redrives()).isZero();
		assertThat(letter.time()).isAfter(LetterBox.START);
		assertThat(letter.payload()).isEmpty();
		assertThat(this.letters.summary().groups()).singleElement()
			.satisfies((group) -> assertThat(group.stream()).isNull());
	}

	@Test
	void whenThereAreFiltersThenAllOfThemHold() throws Exception {
		box(RetentionPolicy.Limits);
		this.box.store("orders", "worker", 12);
		this.box.store("orders", "audit", 6);
		this.box.store("mails", "worker", 3);
		assertThat(count(DeadLetterQuery.all())).isEqualTo(21);
		assertThat(count(DeadLetterQuery.all().stream("orders"))).isEqualTo(18);
		assertThat(count(DeadLetterQuery.all().consumer("worker"))).isEqualTo(15);
		assertThat(count(DeadLetterQuery.all().stream("orders").consumer("worker"))).isEqualTo(12);
		assertThat(count(DeadLetterQuery.all().subject("mails.>"))).isEqualTo(3);
		assertThat(count(DeadLetterQuery.all().subject("*.created"))).isEqualTo(21);
		assertThat(count(DeadLetterQuery.all().subject("*.deleted"))).isZero();
		assertThat(count(DeadLetterQuery.all().reason("ORDER 11"))).isOne();
		assertThat(count(DeadLetterQuery.all().reason("refused: HOST 5"))).isEqualTo(2);
		assertThat(count(DeadLetterQuery.all().exception("unreachable1"))).isEqualTo(10);
		assertThat(count(DeadLetterQuery.all().header("tenant", "acme"))).isEqualTo(7);
		assertThat(count(DeadLetterQuery.all().header("tenant", "acm"))).isZero();
		assertThat(count(DeadLetterQuery.all().header("Dead-Letter-Stream", "orders"))).isZero();
		assertThat(count(DeadLetterQuery.all().since(LetterBox.START.plusSeconds(10)))).isEqualTo(2);
		assertThat(count(DeadLetterQuery.all().until(LetterBox.START.plusSeconds(1)))).isEqualTo(6);
		assertThat(count(DeadLetterQuery.all().stream("orders").exception("0Ex").header("tenant", "acme")))
			.isEqualTo(3);
		assertThat(count(DeadLetterQuery.all().from(19))).isEqualTo(3);
		assertThat(count(DeadLetterQuery.all().from(3).newestFirst())).isEqualTo(3);
		assertThat(count(DeadLetterQuery.all().limit(4))).isEqualTo(4);
		for (long outside : new long[] { -1, 0, 22, Long.MAX_VALUE }) {
			assertThat(count(DeadLetterQuery.all().from(outside))).isZero();
			assertThat(this.letters.find(DeadLetterQuery.all().from(outside)).letters()).isEmpty();
			assertThat(this.letters.find(DeadLetterQuery.all().from(outside).newestFirst()).next()).isEmpty();
		}
	}

	private long count(DeadLetterQuery query) {
		long count = this.letters.count(query);
		assertThat(this.letters.find(query).letters()).hasSize((int) count);
		return count;
	}

	@Test
	void whenOneFilterFitsFewThenTheNewestOfThemAreFound() throws Exception {
		box(RetentionPolicy.Limits);
		this.box.store("rare", "worker", 3);
		this.box.store("orders", "worker", 9000);
		this.box.store("rare", "worker", 1);
		assertThat(this.letters.find(DeadLetterQuery.all().stream("rare").newestFirst()).letters())
			.extracting(StoredDeadLetter::sequence)
			.containsExactly(9004L, 3L, 2L, 1L);
		DeadLetterPage newest = this.letters.find(DeadLetterQuery.all().newestFirst());
		assertThat(newest.letters()).hasSize(100).first().extracting(StoredDeadLetter::sequence).isEqualTo(9004L);
		assertThat(newest.next()).hasValue(8904);
	}

	@Test
	void whenNoneOfTenThousandFitsThenThePageIsEmptyAndThereIsANextOne() throws Exception {
		box(RetentionPolicy.Limits);
		this.box.store("orders", "worker", 10_050);
		DeadLetterQuery query = DeadLetterQuery.all().reason("order 10049");
		DeadLetterPage first = this.letters.find(query);
		assertThat(first.letters()).isEmpty();
		assertThat(first.next()).hasValue(10_001);
		DeadLetterPage second = this.letters.find(query.from(10_001));
		assertThat(second.letters()).extracting(StoredDeadLetter::sequence).containsExactly(10_050L);
		assertThat(second.next()).isEmpty();
		assertThat(this.letters.find(DeadLetterQuery.all().limit(5000)).letters()).hasSize(1000);
	}

	@Test
	void whenPayloadsAreLargeThenAPageHasEightMegabytesOfThem() throws Exception {
		box(RetentionPolicy.Limits);
		for (int i = 0; i < 12; i++) {
			this.box.connection()
				.jetStream()
				.publish("dead-letters.orders.worker", LetterBox.headers("orders", "worker", i), new byte[900 * 1024]);
		}
		DeadLetterPage page = this.letters.find(DeadLetterQuery.all());
		assertThat(page.letters()).hasSize(9);
		assertThat(page.next()).hasValue(10);
		assertThat(pages(DeadLetterQuery.all())).hasSize(12);
	}

	@Test
	void whenLettersAreSummedUpThenNumbersMakeNoDifference() throws Exception {
		box(RetentionPolicy.Limits);
		this.box.store("orders", "worker", 10);
		this.box.store("mails", "mailer", 2);
		DeadLetterSummary summary = this.letters.summary();
		assertThat(summary.total()).isEqualTo(12);
		assertThat(summary.groups())
			.extracting(DeadLetterSummary.Group::stream, DeadLetterSummary.Group::consumer,
					DeadLetterSummary.Group::exception, DeadLetterSummary.Group::reason, DeadLetterSummary.Group::count)
			.containsExactly(
					tuple("mails", "mailer", "com.example.Unreachable0Exception", "Failed # times, order #", 1L),
					tuple("mails", "mailer", "com.example.Unreachable1Exception", "Failed # times, order #", 1L),
					tuple("orders", "worker", "com.example.Unreachable0Exception", "Failed # times, order #", 5L),
					tuple("orders", "worker", "com.example.Unreachable1Exception", "Failed # times, order #", 5L));
		assertThat(summary.groups().get(3).first()).isEqualTo(LetterBox.START.plusSeconds(1));
		assertThat(summary.groups().get(3).last()).isEqualTo(LetterBox.START.plusSeconds(9));
	}

	@Test
	void whenThereAreManyReasonsThenTheRarestAreInOneGroup() throws Exception {
		box(RetentionPolicy.Limits);
		List<Headers> all = IntStream.range(0, 120)
			.mapToObj((i) -> LetterBox.headers("orders", "worker", 0)
				.put("Dead-Letter-Reason", "reason " + (char) ('a' + i % 26) + (char) ('a' + i / 26)))
			.toList();
		for (Headers headers : all) {
			this.box.connection().jetStream().publish("dead-letters.orders.worker", headers, null);
		}
		this.box.connection().jetStream().publish("dead-letters.orders.worker", all.get(119), null);
		List<DeadLetterSummary.Group> groups = this.letters.summary().groups();
		assertThat(groups).hasSize(101);
		assertThat(groups.get(0).count()).isEqualTo(2);
		assertThat(groups.get(100).reason()).isEqualTo("others");
		assertThat(groups.get(100).count()).isEqualTo(20);
	}

	@Test
	void whenLettersAreDiscardedThenOnlyTheOthersAreLeft() throws Exception {
		box(RetentionPolicy.Limits);
		this.box.store("orders", "worker", 500);
		this.box.store("mails", "mailer", 3);
		assertThat(this.letters.discard(501)).isTrue();
		assertThat(this.letters.discard(501)).isFalse();
		assertThat(this.letters.get(501)).isEmpty();
		assertThat(this.letters.discard(DeadLetterQuery.all().stream("orders").limit(250).newestFirst()))
			.isEqualTo(250);
		assertThat(this.letters.count(DeadLetterQuery.all().stream("orders").from(251))).isZero();
		assertThat(this.letters.discard(DeadLetterQuery.all().stream("orders"))).isEqualTo(250);
		assertThat(this.letters.count(DeadLetterQuery.all())).isEqualTo(2);
	}

	@Test
	void whenThereIsNoStreamThenThatIsSaid() throws Exception {
		box(RetentionPolicy.Limits);
		this.box.connection().jetStreamManagement().deleteStream("dead-letters");
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> this.letters.find(DeadLetterQuery.all()),
				() -> this.letters.get(1), () -> this.letters.count(DeadLetterQuery.all()),
				() -> this.letters.summary(), () -> this.letters.discard(1),
				() -> this.letters.discard(DeadLetterQuery.all()))) {
			assertThatExceptionOfType(JetStreamException.class).isThrownBy(call)
				.withMessageContaining("'dead-letters'")
				.withMessageContaining("there is no such stream");
		}
	}

	@Test
	void whenThereAreManyThenPagesAndSummaryAreComplete() throws Exception {
		int count = Integer.getInteger("dead.letters", 20_000);
		box(RetentionPolicy.Limits);
		this.box.store("orders", "worker", count - 1000);
		this.box.store("orders", "audit", 1000);
		for (DeadLetterQuery query : List.of(DeadLetterQuery.all(), DeadLetterQuery.all().newestFirst(),
				DeadLetterQuery.all().consumer("audit"), DeadLetterQuery.all().from(count / 2),
				DeadLetterQuery.all().exception("Unreachable0").newestFirst())) {
			assertThat(this.letters.find(query).letters()).hasSize(100);
			System.out.println("a page took " + bestOf(5, () -> this.letters.find(query)));
		}
		// How long is for whoever looks at it on a quiet machine
		System.out.println(
				"the summary took " + bestOf(2, () -> assertThat(this.letters.summary().total()).isEqualTo(count)));
	}

	private static Duration bestOf(int times, Runnable action) {
		Duration best = Duration.ofDays(1);
		for (int i = 0; i < times; i++) {
			long start = System.nanoTime();
			action.run();
			Duration time = Duration.ofNanos(System.nanoTime() - start);
			best = (time.compareTo(best) < 0) ? time : best;
		}
		return best;
	}

	private void box(RetentionPolicy retention) throws Exception {
		this.box = new LetterBox(this.server.url(), retention);
		this.letters = this.box.letters();
		if (retention == RetentionPolicy.Interest) {
			// Without anybody interested, nothing is kept
			this.box.connection()
				.jetStreamManagement()
				.createConsumer("dead-letters", ConsumerConfiguration.builder().durable("keeper").build());
		}
	}

}
