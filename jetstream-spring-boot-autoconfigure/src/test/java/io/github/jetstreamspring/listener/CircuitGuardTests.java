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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a circuit guard decides, and when.
 */
class CircuitGuardTests {

	private static final Throwable FAILURE = new IllegalStateException("down");

	private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

	private final List<String> decisions = new CopyOnWriteArrayList<>();

	@AfterEach
	void stopScheduler() {
		this.scheduler.shutdownNow();
	}

	@Test
	void whenHandlersFailThenItOpensAndTriesOutAfterItsPauseAndClosesWhenTheyDoNot() {
		CircuitGuard guard = guard(Duration.ofMillis(1));
		guard.ran(1, 1, FAILURE);
		guard.ran(1, 1, FAILURE);
		await().untilAsserted(() -> assertThat(this.decisions).containsExactly("open", "try out"));
		guard.ran(1, 1, null);
		assertThat(this.decisions).containsExactly("open", "try out", "close");
	}

	@Test
	void whenSomethingIsDoneUndisturbedThenNoDecisionComesBetween() {
		CircuitGuard guard = guard(Duration.ofMillis(1));
		guard.undisturbed(() -> {
			guard.ran(1, 1, FAILURE);
			guard.ran(1, 1, FAILURE);
			// Its pause is over long before
			await().during(Duration.ofMillis(200)).until(() -> this.decisions.equals(List.of("open")));
		});
		await().untilAsserted(() -> assertThat(this.decisions).containsExactly("open", "try out"));
	}

	@Test
	void whenItGoesOnByHandThenItTriesOutAtOnce() {
		CircuitGuard guard = guard(Duration.ofMinutes(5));
		guard.ran(1, 1, FAILURE);
		guard.ran(1, 1, FAILURE);
		guard.goOn(() -> this.decisions.add("resume"));
		assertThat(this.decisions).containsExactly("open", "try out", "resume");
	}

	@Test
	void whenItHasEndedThenItDecidesNothing() {
		CircuitGuard guard = guard(Duration.ofMillis(1));
		guard.ran(1, 1, FAILURE);
		guard.end();
		guard.ran(1, 1, FAILURE);
		assertThat(this.decisions).isEmpty();
	}

	private CircuitGuard guard(Duration pause) {
		ListenerDefinition definition = ListenerDefinition.of("worker", "orders", "worker",
				ListenerOptions.builder().circuitBreaker(new CircuitBreakerOptions(true, 1.0, 2, pause, 1)).build(),
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
		return new CircuitGuard(definition, this.scheduler, new RecordingCircuit());
	}

	private final class RecordingCircuit implements CircuitGuard.Circuit {

		@Override
		public void open(String reason) {
			CircuitGuardTests.this.decisions.add("open");
		}

		@Override
		public void tryOut() {
			CircuitGuardTests.this.decisions.add("try out");
		}

		@Override
		public void close() {
			CircuitGuardTests.this.decisions.add("close");
		}

	}

}
