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

package io.github.jetstreamspring.publisher;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Publishing while the server, the stream or the publisher goes away.
 */
@Timeout(60)
@EmbeddedNats(shared = false)
class PublishRecoveryTests {

	private static final String SUBJECT = PublishServer.SUBJECT;

	private static final String WRONG_SEQUENCE = """
			{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 2"},"stream":"fake","seq":0}""";

	private static final String TOO_MANY_REQUESTS = """
			{"error":{"code":429,"err_code":10167,"description":"too many requests"},"stream":"fake","seq":0}""";

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded).stream((stream) -> stream);
	}

	@Test
	void whenTheServerIsDownThenThePublishTimesOutWithAnIdToRepeatIt() throws Exception {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(1), 10));
		this.server.server().stop();
		assertThatExceptionOfType(PublishTimeoutException.class)
			.isThrownBy(() -> template.message("a").to(SUBJECT).id("o-1").publish())
			.withMessageContaining("it may or may not be stored")
			.satisfies((ex) -> assertThat(ex.getMessageId()).isEqualTo("o-1"));
		this.server.server().restart();
		await().until(() -> this.server.connection().getStatus() == Connection.Status.CONNECTED);
		this.server.template().message("a").to(SUBJECT).id("o-1").publish();
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	void whenTheServerRestartsThenEveryMessageIsConfirmedAndStoredOnce() throws Exception {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(30), 200));
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			if (i == 1000) {
				this.server.server().kill();
				// Off this thread, which soon waits for confirmations
				CompletableFuture.runAsync(this.server.server()::restart);
			}
			futures.add(template.message(Integer.toString(i)).to(SUBJECT).id("o-" + i).publishAsync());
		}
		futures.forEach(CompletableFuture::join);
		assertThat(this.server.count()).isEqualTo(3000);
	}

	@Test
	void whenAnAttemptWasNotAnsweredThenNoStreamDoesNotMeanNotStored() throws Exception {
		this.server.management().deleteStream(PublishServer.STREAM);
		this.server.stream((stream) -> stream.noAck(true));
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(4), 10));
		CompletableFuture<PublishResult> future = template.publishAsync(SUBJECT, "a");
		await().until(() -> this.server.count() == 1);
		this.server.management().deleteStream(PublishServer.STREAM);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
			.withCauseInstanceOf(PublishTimeoutException.class);
	}

	@Test
	void whenAnAttemptWasNotAnsweredThenAWrongSequenceDoesNotMeanNotStored() {
		AtomicInteger attempts = new AtomicInteger();
		this.server.connection().createDispatcher().subscribe("fake.stream", (request) -> {
			// A stream whose confirmation of the first attempt is lost
			if (attempts.incrementAndGet() > 1) {
				this.server.connection().publish(request.getReplyTo(), WRONG_SEQUENCE.getBytes(StandardCharsets.UTF_8));
			}
		});
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(3), 10));
		assertThatExceptionOfType(PublishTimeoutException.class)
			.isThrownBy(() -> template.message("a").to("fake.stream").expectLastSequence(1).publish());
		assertThat(attempts).hasValueGreaterThan(1);
	}

	@Test
	void whenTheServerHasTooMuchToDoThenTheSameMessageIsSentAgain() {
		Queue<String> ids = new ConcurrentLinkedQueue<>();
		this.server.connection().createDispatcher().subscribe("fake.stream", (request) -> {
			ids.add(request.getHeaders().getFirst("Nats-Msg-Id"));
			String answer = (ids.size() <= 3) ? TOO_MANY_REQUESTS : "{\"stream\":\"fake\",\"seq\":7}";
			this.server.connection().publish(request.getReplyTo(), answer.getBytes(StandardCharsets.UTF_8));
		});
		assertThat(this.server.template().publish("fake.stream", "a")).isEqualTo(new PublishResult("fake", 7, false));
		assertThat(ids).hasSizeGreaterThanOrEqualTo(4);
		assertThat(Set.copyOf(ids)).hasSize(1);
	}

	@Test
	void whenABuilderPublishesAgainThenTheMessageIsStoredOnce() throws Exception {
		MessageBuilder message = this.server.template().message("a").to(SUBJECT);
		assertThat(message.publish().duplicate()).isFalse();
		assertThat(message.publish().duplicate()).isTrue();
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	void whenTheServerForbidsARepetitionThenTheMessageMayBeStored() {
		AtomicInteger attempts = new AtomicInteger();
		this.server.connection().createDispatcher().subscribe("fake.stream", (request) -> attempts.incrementAndGet());
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(3), 10));
		CompletableFuture<PublishResult> future = template.publishAsync("fake.stream", "a");
		await().until(() -> attempts.get() > 1);
		template.serverReported("Permissions Violation for Publish to \"fake.stream\"");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
			.withCauseInstanceOf(PublishTimeoutException.class);
	}

	@Test
	void whenTheServerForbidsWhatWasSentBeforeAReconnectThenTheMessageMayBeStored() {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(5), 10));
		this.server.connection().createDispatcher().subscribe("fake.stream", (request) -> {
		});
		CompletableFuture<PublishResult> future = template.publishAsync("fake.stream", "a");
		this.server.server().restart();
		await().until(() -> this.server.connection().getStatistics().getReconnects() > 0);
		template.serverReported("Permissions Violation for Publish to \"fake.stream\"");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
			.withCauseInstanceOf(PublishTimeoutException.class);
	}

	@Test
	void whenAsManyAreInFlightAsMayBeThenTheNextWaitsForItsTurn() throws Exception {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(30), 2));
		this.server.server().stop();
		List<CompletableFuture<PublishResult>> inFlight = List.of(template.publishAsync(SUBJECT, "a"),
				template.publishAsync(SUBJECT, "b"));
		CompletableFuture<CompletableFuture<PublishResult>> next = CompletableFuture
			.supplyAsync(() -> template.publishAsync(SUBJECT, "c"));
		await().during(Duration.ofMillis(300)).until(() -> !next.isDone());
		assertThat(inFlight).noneMatch(CompletableFuture::isDone);
		this.server.server().restart();
		next.join().join();
		inFlight.forEach(CompletableFuture::join);
		assertThat(this.server.count()).isEqualTo(3);
	}

	@Test
	void whenThePublisherIsBusyForTheWholeTimeoutThenTheMessageIsNotSent() throws Exception {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofMillis(500), 1));
		this.server.server().stop();
		int callers = 6;
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
		ExecutorService executor = Executors.newFixedThreadPool(callers);
		try {
			List<Future<CompletableFuture<PublishResult>>> calls = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				calls.add(executor.submit(() -> template.publishAsync(SUBJECT, "a")));
			}
			for (Future<CompletableFuture<PublishResult>> call : calls) {
				futures.add(call.get());
			}
		}
		finally {
			executor.shutdownNow();
		}
		List<Throwable> failures = futures.stream().map((future) -> catchThrowable(future::join).getCause()).toList();
		assertThat(failures).hasAtLeastOneElementOfType(PublishTimeoutException.class)
			.hasAtLeastOneElementOfType(PublisherBusyException.class);
		assertThat(failures).filteredOn(PublisherBusyException.class::isInstance)
			.allSatisfy((failure) -> assertThat(failure).hasMessageContaining(
					"1 messages were in flight for 500ms, as many as jetstream.publisher.max-in-flight"));
	}

	@Test
	void whenTheConnectionIsClosedThenPublishingFailsAtOnce() throws Exception {
		JetStreamTemplate template = this.server.template();
		this.server.connection().close();
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> template.publish(SUBJECT, "a"))
			.withMessageContaining("because the connection is closed");
		template.destroy();
	}

	@Test
	void whenThePublisherIsClosedThenWhatIsInFlightFailsAndNothingIsSentAnyMore() throws Exception {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofMinutes(5), 10));
		this.server.server().stop();
		CompletableFuture<PublishResult> future = template.publishAsync(SUBJECT, "a");
		template.destroy();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
			.withCauseInstanceOf(PublishTimeoutException.class);
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> template.publish(SUBJECT, "b"))
			.withMessageContaining("because the publisher is closed");
	}

}
