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

package io.github.jetstreamspring.behaviour;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.ListenerConfigurationException;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Runs applications with one bean or a few.
 */
@EmbeddedNats
abstract class BehaviourTests {

	/**
	 * Two consumers in place of the one for all jobs.
	 */
	static final String[] TWO_CONSUMERS = { "jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.worker",
			"jetstream.streams.jobs.consumers.other.filter-subjects=jobs.other" };

	private EmbeddedNatsServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	final Worker run(Class<?> bean, String... properties) {
		return run(List.of(bean), properties);
	}

	final Worker run(List<Class<?>> beans, String... properties) {
		List<Class<?>> all = new ArrayList<>(beans);
		all.add(Notes.class);
		return Worker.run(this.server.url(), all, properties);
	}

	/**
	 * Starts an application that can't be, and returns what it says.
	 */
	final List<String> refused(Class<?> bean, String... properties) {
		ListenerConfigurationException failure = catchThrowableOfType(ListenerConfigurationException.class,
				() -> run(bean, properties).close());
		assertThat(failure).as("the application has started").isNotNull();
		return failure.getProblems().stream().map((problem) -> problem + " - " + problem.fix()).toList();
	}

	static void handles(Worker worker, Object... noted) {
		await().untilAsserted(() -> assertThat(notes(worker)).containsExactlyInAnyOrder(noted));
	}

	static List<Object> notes(Worker worker) {
		return worker.bean(Notes.class).all;
	}

	/**
	 * Waits until nothing is left to be done.
	 */
	static void done(Worker worker) {
		await().until(() -> worker.size("jobs") == 0);
	}

	static String reasonOfDeadLetter(Worker worker) throws Exception {
		await().until(() -> worker.size("dead-letters") > 0);
		return worker.message("dead-letters", worker.size("dead-letters")).getHeaders().getFirst("Dead-Letter-Reason");
	}

	/**
	 * Publishes as another client would.
	 */
	static void publish(Worker worker, String payload, String... headers) throws Exception {
		publishTo(worker, "jobs.worker", payload, headers);
	}

	static void publishTo(Worker worker, String subject, String payload, String... headers) throws Exception {
		Headers all = new Headers();
		for (int i = 0; i < headers.length; i += 2) {
			all.add(headers[i], headers[i + 1]);
		}
		worker.bean(Connection.class)
			.jetStream()
			.publish(NatsMessage.builder().subject(subject).headers(all).data(payload).build());
	}

	/**
	 * What handlers have seen.
	 */
	static class Notes {

		private final List<Object> all = new CopyOnWriteArrayList<>();

		void add(Object note) {
			this.all.add(note);
		}

	}

	/**
	 * A bean that notes what its listeners have got.
	 */
	static class Noting {

		private final Notes notes;

		Noting(Notes notes) {
			this.notes = notes;
		}

		void note(Object note) {
			this.notes.add(note);
		}

	}

}
