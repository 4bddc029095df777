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

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.listener.ListenerOptions.Batch;
import io.github.jetstreamspring.listener.ListenerOptions.CircuitBreaker;
import io.github.jetstreamspring.listener.ListenerOptions.Retry;
import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ListenerOptionsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final ListenerOptions WRONG = ListenerOptions.builder()
		.concurrency(0)
		.maxBuffer(-1)
		.maxRunTime(Duration.ofNanos(1))
		.shutdownTimeout(Duration.ofDays(40_000))
		.minPending(0L)
		.minAckPending(0L)
		.replySubjects(List.of("replies.>", " "))
		.listenerGroup(" ")
		.idleEventInterval(Duration.ZERO)
		.retry(new Retry(0L, SECOND.negated(), 0.5, Duration.ofDays(40_000), Double.NaN, SECOND.negated(), 0L, null))
		.batch(new Batch(0, Duration.ZERO))
		.circuitBreaker(new CircuitBreaker(true, 0.0, 0, Duration.ZERO, 0))
		.build();

	@Test
	void whenNothingIsSetThenNothingIsInvalid() {
		assertThat(ListenerOptions.NONE.invalid()).isEmpty();
		assertThat(ListenerOptions.DEFAULTS.invalid()).isEmpty();
	}

	@Test
	void whenOptionsAreOutOfTheirRangesThenAllAreNamed() {
		assertThat(WRONG.invalid()).extracting(InvalidOption::key)
			.containsExactlyInAnyOrder("concurrency", "max-buffer", "max-run-time", "shutdown-timeout", "min-pending",
					"min-ack-pending", "reply-subjects", "listener-group", "idle-event-interval", "retry.max-attempts",
					"retry.delay", "retry.multiplier", "retry.max-delay", "retry.jitter", "retry.schedule-after",
					"retry.max-deliveries", "batch.size", "batch.timeout", "circuit-breaker.failure-rate",
					"circuit-breaker.window", "circuit-breaker.pause", "circuit-breaker.trials");
	}

	@Test
	void whenOptionsDontGoTogetherThenTheyAreNamed() {
		ListenerOptions options = ListenerOptions.builder()
			.priority(1)
			.minPending(2L)
			.retry(new Retry(5L, SECOND, null, SECOND.dividedBy(2), null, null, 4L, null))
			.build();
		assertThat(options.invalid()).extracting(InvalidOption::key)
			.containsExactlyInAnyOrder("priority", "retry.max-delay", "retry.max-deliveries");
	}

	@Test
	void whenAListenerIsDefinedWithInvalidOptionsThenItIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> definition(WRONG.orElse(ListenerOptions.NONE)))
			.withMessageContaining("'max-attempts' must be at least 1, but is 0")
			.withMessageContaining("'multiplier' must be at least 1, but is 0.5");
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> definition(ListenerOptions.builder().concurrency(100_001).batch(new Batch(0, null)).build()))
			.withMessageContaining("'concurrency' must be at most 100000, as each handler that runs has a thread, but")
			.withMessageContaining("'batch.size' must be at least 1, but is 0");
	}

	@Test
	void whenOptionsAreMergedThenGroupsAreMergedOneByOne() {
		ListenerOptions options = ListenerOptions.builder()
			.retry(new RetryOptions(3L, null, null, null, null))
			.batch(new BatchOptions(null, SECOND))
			.circuitBreaker(new CircuitBreakerOptions(true, null, null, null, null))
			.build()
			.orElse(ListenerOptions.DEFAULTS);
		assertThat(options.retry())
			.isEqualTo(new Retry(3L, SECOND, 2.0, Duration.ofMinutes(5), 0.25, Duration.ofSeconds(30), null, null));
		assertThat(options.batch()).isEqualTo(new Batch(100, SECOND));
		assertThat(options.circuitBreaker()).isEqualTo(new CircuitBreaker(true, 0.5, 100, Duration.ofSeconds(30), 5));
	}

	private static ListenerDefinition definition(ListenerOptions options) {
		return ListenerDefinition.of("worker", "orders", "worker", options,
				new ExceptionTypeFilter(List.of(), List.of()),
				(DeliveryHandler) (delivery, message) -> CompletableFuture.completedFuture(null));
	}

	@Test
	void eachOptionThatIsSetHasAValue() {
		Set<String> components = new TreeSet<>();
		for (RecordComponent component : ListenerOptions.class.getRecordComponents()) {
			if (component.getType().isRecord()) {
				for (RecordComponent nested : component.getType().getRecordComponents()) {
					components.add(key(component) + "." + key(nested));
				}
			}
			else {
				components.add(key(component));
			}
		}
		ListenerOptions all = WRONG.orElse(ListenerOptions.DEFAULTS)
			.orElse(ListenerOptions.builder()
				.priority(1)
				.converter("converter")
				.interceptors(List.of("interceptor"))
				.errorHandler("errorHandler")
				.retry(RetryOptions.policy("policy"))
				.build());
		assertThat(all.values().keySet()).containsExactlyInAnyOrderElementsOf(components);
		assertThat(ListenerOptions.NONE.values()).isEmpty();
	}

	private static String key(RecordComponent component) {
		return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

}
