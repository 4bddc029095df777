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
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How dead letters are read, whatever somebody has put in their stream, and whatever is
 * removed meanwhile.
 */
@EmbeddedNats
class LetterReadingTests {

	private static final int MANY = 5000;

	private EmbeddedNatsServer server;

	private LetterBox box;

	private DeadLetters letters;

	@BeforeEach
	void open(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.box = new LetterBox(embedded.url());
		this.letters = this.box.letters();
	}

	@AfterEach
	void close() throws Exception {
		this.box.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenLettersVanishWhileTheyAreSummedUpThenThoseThatStayAreCountedOnce() throws Exception {
		this.box.store("orders", "worker", MANY);
		this.box.store("orders", "audit", MANY);
		JetStreamManagement management = this.box.connection().jetStreamManagement();
		AtomicBoolean begun = new AtomicBoolean();
		CompletableFuture<Void> removal = CompletableFuture.runAsync(() -> {
			for (long sequence = 2; sequence <= MANY; sequence += 2) {
				this.letters.discard(sequence);
				begun.set(true);
			}
		});
		while (!removal.isDone()) {
			DeadLetterSummary summary = this.letters.summary();
			assertThat(summary.total()).isBetween(MANY * 3L / 2, MANY * 2L);
			assertThat(count(summary, "audit")).isEqualTo(MANY);
			assertThat(count(summary, "worker")).isEqualTo(summary.total() - MANY);
		}
		removal.join();
		assertThat(begun).isTrue();
		assertThat(count(this.letters.summary(), "worker")).isEqualTo(MANY / 2);
		management.purgeStream("dead-letters", PurgeOptions.builder().sequence(MANY + 1).build());
		assertThat(this.letters.summary().total()).isEqualTo(MANY);
		management.purgeStream("dead-letters");
		assertThat(this.letters.summary().total()).isZero();
	}

	private static long count(DeadLetterSummary summary, String consumer) {
		return summary.groups()
			.stream()
			.filter((group) -> consumer.equals(group.consumer()))
			.mapToLong(DeadLetterSummary.Group::count)
			.sum();
	}

	@Test
	void whateverSomebodyElsePutsThereThenAllIsCountedAsWhatItIs() throws Exception {
		// Beyond what is read at once, where headers aren't parsed any more
		this.box.store("orders", "worker", MANY);
		publish(null, "hello");
		publish(null, "");
		publish(null, "no headers: at all\r\n\r\n");
		publish(new Headers(), "bread");
		try (RawNatsClient client = new RawNatsClient(this.server.url())) {
			client.store("dead-letters.orders.audit".getBytes(StandardCharsets.UTF_8),
					"NATS/1.0\r\nDead-Letter-Consumer: audit\r\nDead-Letter-Reason: M\u00fcller\r\ntenant: acme\r\n\r\n"
						.getBytes(StandardCharsets.UTF_8),
					"butter".getBytes(StandardCharsets.UTF_8));
		}
		publish(LetterBox.headers("orders", "audit", 0), "x".repeat(900_000));
		publish(LetterBox.headers("orders", "audit", 0), "");
		DeadLetterSummary summary = this.letters.summary();
		assertThat(summary.total()).isEqualTo(MANY + 7);
		assertThat(count(summary, "audit")).isEqualTo(3);
		assertThat(count(summary, "worker")).isEqualTo(MANY);
		assertThat(summary.groups()).filteredOn((group) -> group.consumer() == null)
			.singleElement()
			.satisfies((group) -> assertThat(group.count()).isEqualTo(4));
		assertThat(this.letters.count(DeadLetterQuery.all().reason("m\u00fcller"))).isOne();
		assertThat(this.letters.count(DeadLetterQuery.all().header("tenant", "acme"))).isEqualTo((MANY + 2) / 3 + 3);
	}

	@Test
	void whenFewAmongManyAreLargeThenAPageIsNoLargerThanOthers() throws Exception {
		for (int i = 0; i < 12; i++) {
			publish(LetterBox.headers("orders", "audit", i), "x".repeat(900_000));
		}
		this.box.store("orders", "worker", 9000);
		DeadLetterPage page = this.letters.find(DeadLetterQuery.all());
		assertThat(page.letters()).hasSize(9);
		assertThat(page.next()).hasValue(10);
		DeadLetterPage newest = this.letters
			.find(DeadLetterQuery.all().exception("Unreach").consumer("audit").newestFirst());
		assertThat(newest.letters()).hasSize(9);
		assertThat(newest.next()).hasValue(3);
	}

	@Test
	void whenHeadersAreLargeThenTheyCountForThePage() throws Exception {
		int count = 400;
		for (int i = 0; i < count; i++) {
			publish(LetterBox.headers("orders", "worker", i).put("big", "x".repeat(60_000)), "bread");
		}
		List<Long> oldest = LongStream.rangeClosed(1, count).boxed().toList();
		assertThat(pages(DeadLetterQuery.all().limit(1000))).containsExactlyElementsOf(oldest);
		List<Long> newest = LongStream.rangeClosed(1, count).map((i) -> count + 1 - i).boxed().toList();
		assertThat(pages(DeadLetterQuery.all().limit(1000).newestFirst())).containsExactlyElementsOf(newest);
	}

	private List<Long> pages(DeadLetterQuery query) {
		List<Long> sequences = new ArrayList<>();
		OptionalLong next = OptionalLong.empty();
		do {
			DeadLetterPage page = this.letters.find(next.isPresent() ? query.from(next.getAsLong()) : query);
			assertThat(page.letters()).hasSizeBetween(1, 140);
			page.letters().forEach((letter) -> sequences.add(letter.sequence()));
			next = page.next();
		}
		while (next.isPresent());
		return sequences;
	}

	private void publish(Headers headers, String payload) throws Exception {
		String consumer = (headers != null) ? headers.getFirst("Dead-Letter-Consumer") : null;
		this.box.connection()
			.jetStream()
			.publish("dead-letters.orders." + consumer, headers, payload.getBytes(StandardCharsets.UTF_8));
	}

}
