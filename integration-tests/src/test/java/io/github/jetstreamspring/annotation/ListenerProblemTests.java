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

import java.util.List;

import io.github.jetstreamspring.annotation.handler.SeveralResults;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for methods that can't be listeners.
 */
@EmbeddedNats
class ListenerProblemTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenMethodsCantBeListenersThenAllOfThemAreReportedWithTheirFixes() {
		assertThat(problems(Broken.class)).satisfiesExactlyInAnyOrder(
				(problem) -> assertThat(problem).contains("'flux'", "returns Flux", "flux.then()"),
				(problem) -> assertThat(problem).contains("'single'", "no parameter is a List", "List<Order>"),
				(problem) -> assertThat(problem).contains("'list'", "'orders' is a list of Order", "batch = true"),
				(problem) -> assertThat(problem).contains("'ordered'", "takes batches", "Remove batch = true"),
				(problem) -> assertThat(problem).contains("'expression'", "'customer' is unknown", "payload.customer"),
				(problem) -> assertThat(problem).contains("'reply'", "orders.*", "without wildcards"));
	}

	@Test
	void whenASuspendingFunctionHasSeveralResultsThenItIsRefused() {
		assertThat(problems(SeveralResults.class)).hasSize(2)
			.allSatisfy((problem) -> assertThat(problem).contains("returns Flow"));
	}

	private static List<String> problems(Class<?> bean) {
		ListenerConfigurationException failure = catchThrowableOfType(ListenerConfigurationException.class,
				() -> Worker.run(server.url(), List.of(bean)));
		return failure.getProblems().stream().map((problem) -> problem + " - " + problem.fix()).toList();
	}

	static class Broken {

		@JetStreamListener(value = "worker", id = "flux")
		Flux<String> flux(Order order) {
			return Flux.empty();
		}

		@JetStreamListener(value = "worker", id = "single", batch = true)
		void single(Order order) {
		}

		@JetStreamListener(value = "worker", id = "list")
		void list(List<Order> orders) {
		}

		@JetStreamListener(value = "worker", id = "ordered", batch = true, orderedBy = "token(2)")
		void ordered(List<Order> orders) {
		}

		@JetStreamListener(value = "worker", id = "expression", orderedBy = "customer")
		void expression(Order order) {
		}

		@JetStreamListener(value = "worker", id = "reply")
		@SendTo("orders.*")
		Order reply(Order order) {
			return order;
		}

	}

}
