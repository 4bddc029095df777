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

package io.github.jetstreamspring.docs;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterPage;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveFailure;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.deadletter.RedriveResult;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The snippets about finding and redriving dead letters.
 */
@EmbeddedNats
class RedriveSnippetTests {

	private final People people = new People();

	private DeadLetters deadLetters;

	@Test
	void lettersAreFoundAndRedriven(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--jetstream.streams.orders.subjects=orders.>",
					"--jetstream.streams.orders.consumers.order-worker.ack-wait=30s")) {
			this.deadLetters = context.getBean(DeadLetters.class);
			context.getBean(JetStreamTemplate.class).publish("orders.created", "bread");
			context.getBean(JetStreamTemplate.class).publish("orders.created", "butter");
			await().until(() -> this.deadLetters.count(DeadLetterQuery.all()) == 2);
			assertThat(find().letters()).hasSize(2);
			assertThat(this.people.told).containsExactly("2: declined", "1: declined");
			Worker worker = context.getBean(Worker.class);
			worker.declining = false;
			redrive();
			assertThat(this.people.told).contains("2 of 2, 0 failures");
			await().untilAsserted(() -> assertThat(worker.done).containsExactlyInAnyOrder("bread", "butter"));
		}
	}

	private DeadLetterPage find() {
		// tag::find[]
		DeadLetterQuery query = DeadLetterQuery.all().consumer("order-worker").reason("declined").newestFirst();
		DeadLetterPage page = this.deadLetters.find(query);
		for (StoredDeadLetter letter : page.letters()) {
			this.people.tell(letter.sequence(), letter.reason(), letter.payload());
		}
		if (page.next().isPresent()) {
			page = this.deadLetters.find(query.from(page.next().getAsLong()));
		}
		// end::find[]
		return page;
	}

	private void redrive() {
		// tag::redrive[]
		RedriveResult result = this.deadLetters.redrive(DeadLetterQuery.all().consumer("order-worker"),
				RedriveOptions.defaults().rate(500).limit(10_000));
		this.people.say(result.redriven() + " of " + result.matched(), result.failures());
		// end::redrive[]
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Worker.class)
	static class Application {

	}

	static class Worker {

		private final Queue<String> done = new ConcurrentLinkedQueue<>();

		private volatile boolean declining = true;

		@JetStreamListener("order-worker")
		void work(String order) {
			if (this.declining) {
				throw new DeadLetterException("declined");
			}
			this.done.add(order);
		}

	}

	static final class People {

		private final Queue<String> told = new ConcurrentLinkedQueue<>();

		void tell(long sequence, @Nullable String reason, byte[] payload) {
			this.told.add(sequence + ": " + reason);
		}

		void say(String what, List<RedriveFailure> failures) {
			this.told.add(what + ", " + failures.size() + " failures");
		}

	}

}
