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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.jetstreamspring.listener.DeadLetter;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A stream that is deleted and created again counts from 1 again: its messages are
 * others.
 */
@EmbeddedNats
class NewStreamTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenItsMessagesAreHandledThenTheirResultsAndDeadLettersAreStored() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Jobs.class))) {
			publish(worker, "first");
			await().atMost(LONG).until(() -> worker.size("results") == 2 && worker.size("dead-letters") == 1);
			makeAnew(worker);
			publish(worker, "second");
			await().atMost(LONG).until(() -> worker.size("results") == 4 && worker.size("dead-letters") == 2);
			assertThat(payloads(worker, "results", 4)).containsExactlyInAnyOrder("good first", "fine first",
					"good second", "fine second");
			assertThat(payloads(worker, "dead-letters", 2)).containsExactly("bad first", "bad second");
		}
	}

	@Test
	void whenAnOldMessageWasGivenUpOnThenANewOneWithItsNumberIsNot() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Jobs.class, NoPlace.class))) {
			NoPlace place = worker.bean(NoPlace.class);
			worker.template().publish("jobs.a", "bad first");
			await().atMost(LONG).until(() -> place.refused.contains("bad first"));
			makeAnew(worker);
			worker.template().publish("jobs.a", "later");
			await().atMost(LONG).until(() -> worker.size("results") == 1);
			assertThat(payloads(worker, "results", 1)).containsExactly("later");
			assertThat(place.refused).containsExactly("bad first");
		}
	}

	private static void publish(Worker worker, String run) {
		Stream.of("good", "bad", "fine").forEach((job) -> worker.template().publish("jobs.a", job + " " + run));
	}

	private static void makeAnew(Worker worker) throws Exception {
		JetStreamManagement management = worker.bean(JetStreamManagement.class);
		await().atMost(LONG)
			.until(() -> management.getConsumerInfo("jobs", "worker").getDelivered().getConsumerSequence() > 0);
		management.deleteStream("jobs");
		await().atMost(LONG)
			.ignoreExceptions()
			.until(() -> management.getStreamInfo("jobs").getStreamState().getLastSequence() == 0
					&& management.getConsumerInfo("jobs", "worker") != null
					&& worker.listeners().state("worker") == ListenerState.RUNNING);
	}

	private static List<String> payloads(Worker worker, String stream, int count) throws Exception {
		List<String> payloads = new ArrayList<>();
		for (int sequence = 1; sequence <= count; sequence++) {
			payloads.add(new String(worker.message(stream, sequence).getData()));
		}
		return payloads;
	}

	static class Jobs {

		@JetStreamListener("worker")
		@SendTo("results.done")
		String handle(String job, Delivery delivery) {
			if (job.startsWith("bad")) {
				throw new DeadLetterException("no good");
			}
			if (job.equals("later") && delivery.attempt() == 1) {
				throw new IllegalStateException("not yet");
			}
			return job;
		}

	}

	/**
	 * Keeps no dead letters.
	 */
	@Configuration(proxyBeanMethods = false)
	static class NoPlace {

		private final Set<String> refused = ConcurrentHashMap.newKeySet();

		@Bean
		DeadLetterHandler noPlaceForDeadLetters() {
			return this::refuse;
		}

		private CompletableFuture<?> refuse(DeadLetter deadLetter) {
			this.refused.add(new String(deadLetter.message().getData()));
			return CompletableFuture.failedFuture(new IllegalStateException("full"));
		}

	}

}
