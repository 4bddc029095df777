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

package io.github.jetstreamspring.annotation.handler;

import java.util.List;

import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for suspending functions of Kotlin.
 */
@EmbeddedNats
class SuspendingFunctionTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAFunctionReturnsOrThrowsThenItsMessageIsSettledAsThatOfAMethod() throws Exception {
		try (Worker worker = worker(SuspendingHandler.class)) {
			worker.template().message(job("a")).to("jobs.a").header("trace", "t").publish();
			worker.template().publish("jobs.b", job("retry"));
			worker.template().publish("jobs.c", job("give-up"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(SuspendingHandler.class).getDone()).containsExactlyInAnyOrder("a t", "retry null");
			assertThat(worker.message("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Reason"))
				.isEqualTo("never");
		}
	}

	@Test
	void whenABatchFailsAtOneThenTheOthersAreDone() throws Exception {
		try (Worker worker = worker(SuspendingBatchHandler.class)) {
			worker.publishTogether("jobs.order", job("a"), job("retry"), job("b"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(SuspendingBatchHandler.class).getDone()).containsExactlyInAnyOrder("a", "b",
					"retry");
		}
	}

	@Test
	void whenAFunctionRepliesThenItsResultIsPublished() throws Exception {
		try (Worker worker = worker(SuspendingReplier.class)) {
			worker.template().publish("jobs.a", job("nothing"));
			worker.template().publish("jobs.a", job("a"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.size("results")).isEqualTo(1);
			assertThat(new String(worker.message("results", 1).getData())).contains("\"name\":\"A\"");
		}
	}

	@Test
	void whenAFunctionTakesTooLongThenItIsCancelled() throws Exception {
		try (Worker worker = worker(EndlessHandler.class, "jetstream.listener.max-run-time=2s",
				"jetstream.listener.retry.max-attempts=1")) {
			worker.template().publish("jobs.a", job("a"));
			await().until(() -> worker.bean(EndlessHandler.class).getCancelled());
			await().until(() -> worker.size("dead-letters") == 1);
		}
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean), properties);
	}

	private static Job job(String name) {
		return new Job(name, "alice");
	}

}
