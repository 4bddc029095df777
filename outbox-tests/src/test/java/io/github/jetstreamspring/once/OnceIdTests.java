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

package io.github.jetstreamspring.once;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.nats.client.Nats;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the ids of messages that are handled once.
 */
@EmbeddedNats(shared = false)
class OnceIdTests extends OnceApplicationTests {

	@Test
	void idsAreAsLongAndOddAsTheyLike() throws IOException {
		run(Writing.class, "jetstream.listeners.worker.once=message-id");
		settled().lost.set(100);
		List<String> ids = List.of("x".repeat(10_000), "x".repeat(10_001), "it's", "a\"b", "\u00fc\u4e16", "\u00fc",
				"a b", "A b", "a\\b", "%s", "${id}", "'; DROP TABLE jobs; --", "a\u0000b", "a\u0001b", "/sha256/1",
				"x:1:2");
		for (int i = 0; i < ids.size(); i++) {
			publishRaw(ids.get(i), "j" + (10 + i));
		}
		await().atMost(PATIENCE)
			.until(() -> settled().settlements.stream().filter(Settlement.SKIPPED::equals).count() == ids.size());
		assertThat(jobs()).hasSize(ids.size()).doesNotHaveDuplicates();
		assertThat(rows()).hasSize(ids.size());
	}

	@Test
	void whenAMessageHasNoIdThenItIsTheSameAfterARedrive() throws Exception {
		run(Writing.class, "jetstream.listeners.worker.once=message-id", "jetstream.listener.retry.max-attempts=1");
		this.context.getBean(LossyCommits.class).left.set(1);
		publish(null, "a");
		awaitSettlement(Settlement.DEAD_LETTERED);
		assertThat(this.context.getBean(DeadLetters.class)
			.redrive(DeadLetterQuery.all(), RedriveOptions.defaults())
			.redriven()).isEqualTo(1);
		awaitSettlement(Settlement.SKIPPED);
		assertThat(jobs()).containsExactly("a");
		assertThat(rows()).singleElement().asString().startsWith("worker jobs:1:");
	}

	@Test
	void whenABatchHasTheSameIdTwiceThenTheSecondIsSkipped() throws Exception {
		run(Batches.class, "jetstream.streams.jobs.duplicate-window=100ms", "jetstream.listener.batch.size=3",
				"jetstream.listener.batch.timeout=20s", "jetstream.listeners.worker.once=message-id");
		publish("one", "a");
		await().atMost(PATIENCE).until(() -> publish("one", "b") > 0);
		publish("two", "c");
		await().atMost(PATIENCE).until(() -> messages("jobs") == 0);
		assertThat(sorted(jobs())).containsExactly("a", "c");
		assertThat(settled().settlements).containsExactlyInAnyOrder(Settlement.HANDLED, Settlement.HANDLED,
				Settlement.SKIPPED);
	}

	@Test
	void theSameIdInAnotherStreamOrForAnotherListenerIsAnotherMessage() {
		run(Three.class, "jetstream.streams.jobs.retention=limits",
				"jetstream.streams.jobs.consumers.audit.filter-subjects=jobs.>",
				"jetstream.streams.more.subjects=more.>",
				"jetstream.streams.more.consumers.more.filter-subjects=more.>");
		template().message("a").to("jobs.new").id("same").publish();
		template().message("b").to("more.new").id("same").publish();
		await().atMost(PATIENCE).until(() -> settled().settlements.size() == 3);
		assertThat(sorted(jobs())).containsExactly("audit a", "more b", "worker a");
		assertThat(rows()).containsExactlyInAnyOrder("worker jobs/same", "audit jobs/same", "more more/same");
	}

	// Returns the sequence, or 0 for a duplicate
	private long publish(@Nullable String id, String job) throws Exception {
		PublishAck ack = this.context.getBean(io.nats.client.Connection.class)
			.jetStream()
			.publish("jobs.new", (id != null) ? new Headers().put("Nats-Msg-Id", id) : null, job.getBytes());
		return ack.isDuplicate() ? 0 : ack.getSeqno();
	}

	// As the client would refuse some ids
	private void publishRaw(String id, String job) throws IOException {
		String headers = "NATS/1.0\r\nNats-Msg-Id: " + id + "\r\n\r\n";
		int length = headers.getBytes(StandardCharsets.UTF_8).length;
		URI address = URI.create(this.server.url());
		try (Socket socket = new Socket(address.getHost(), address.getPort())) {
			socket.getOutputStream()
				.write("CONNECT {\"headers\":true,\"verbose\":false}\r\nHPUB jobs.new %d %d\r\n%s%s\r\nPING\r\n"
					.formatted(length, length + job.length(), headers, job)
					.getBytes(StandardCharsets.UTF_8));
			BufferedReader lines = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
			assertThat(lines.lines().skip(1).findFirst()).hasValue("PONG");
		}
	}

	record Batches(JdbcClient database) {

		@JetStreamListener(value = "worker", once = "message-id", batch = true)
		void handle(List<String> jobs) {
			jobs.forEach((job) -> this.database.sql("INSERT INTO jobs VALUES (?)").param(job).update());
		}

	}

	record Three(JdbcClient database) {

		@JetStreamListener(value = "worker", once = "message-id")
		void handle(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param("worker " + job).update();
		}

		@JetStreamListener(value = "audit", once = "message-id")
		void audit(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param("audit " + job).update();
		}

		@JetStreamListener(value = "more", once = "message-id")
		void more(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param("more " + job).update();
		}

	}

}
