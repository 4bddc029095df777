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

package io.github.jetstreamspring.test.slice;

import java.util.List;
import java.util.Set;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.test.JetStreamTest;
import io.github.jetstreamspring.test.ListenerHarness;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for listeners that handle messages once, without their database.
 */
@JetStreamTest(listeners = OnceSliceTests.Ledger.class,
		properties = "spring.config.location=classpath:slice/application.yml")
class OnceSliceTests {

	@Autowired
	private ListenerHarness harness;

	@Test
	void whenTheHandlerReturnsThenItIsAcked() {
		assertThat(this.harness.deliver("ledger", new Order("o-1", 1)).send()).isAcked();
		assertThat(this.harness.published()).hasSize(1);
		assertThat(this.harness.deliver("ledger", new Order("o-1", 1)).send()).isAcked();
	}

	@Test
	void verbsTakeEffectWithTheEndOfTheHandler() {
		assertThat(this.harness.deliver("ledger", new Order("declined", 1)).send()).isDeadLettered("declined");
		assertThat(this.harness.deliver("ledger", new Order("dropped", 1)).send()).isDiscarded();
		assertThat(this.harness.deliver("ledger", new Order("fails", 1)).send()).isRetried();
	}

	@Nested
	@Import(Known.class)
	class WhenItWasHandledBefore {

		@Test
		void thenTheHandlerIsNotCalled() {
			assertThat(OnceSliceTests.this.harness.deliver("ledger", new Order("o-1", 1)).send().toString())
				.contains("acked without its handler, as it was handled before");
			assertThat(OnceSliceTests.this.harness.published()).isEmpty();
		}

	}

	// Not a configuration, which would be one of all these tests
	static class Known {

		@Bean
		HandledMessages handledMessages() {
			return (listener, messages, handler) -> Set.copyOf(messages);
		}

	}

	static class Ledger {

		@JetStreamListener(stream = "orders", consumer = "ledger", subjects = "orders.ledger", once = "true")
		@SendTo("orders.booked")
		List<String> book(Order order, Delivery delivery) {
			switch (order.number()) {
				case "declined" -> delivery.deadLetter("declined");
				case "dropped" -> delivery.discard("dropped");
				case "fails" -> throw new IllegalStateException("fails");
				default -> {
				}
			}
			return List.of(order.number());
		}

	}

}
