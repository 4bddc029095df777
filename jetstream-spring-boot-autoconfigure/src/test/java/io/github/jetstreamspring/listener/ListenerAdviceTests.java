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

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerAdviceTests {

	@Test
	void whenTheDefaultsMeetAnOrdinaryConsumerThenThereIsNothingToSay() {
		assertThat(advice(ListenerOptions.NONE, 1000, Duration.ofHours(1))).isEmpty();
		assertThat(advice(ListenerOptions.NONE, -1, Duration.ZERO)).isEmpty();
	}

	@Test
	void whenThereAreMoreWorkersThanMessagesCanBeOutThenItIsSaid() {
		assertThat(advice(ListenerOptions.builder().concurrency(32).build(), 10, Duration.ZERO)).singleElement()
			.asString()
			.startsWith("concurrency is 32, but the consumer gives out 10 messages at once");
	}

	@Test
	void whenMessagesExpireBeforeTheirLastAttemptThenItIsSaid() {
		// 1 + 2 + 4 + ... + 256 seconds
		assertThat(advice(ListenerOptions.NONE, 1000, Duration.ofMinutes(5))).singleElement()
			.asString()
			.startsWith("the delays of its 10 attempts take 8.5 min, but the stream's max-age is 5m:");
		assertThat(advice(ListenerOptions.NONE, 1000, Duration.ofSeconds(511))).isEmpty();
	}

	@Test
	void whenRetriesWaitAsSchedulesThenTheAgeOfTheStreamIsNoLimit() {
		StreamConfiguration stream = StreamConfiguration.builder()
			.name("orders")
			.maxAge(Duration.ofMinutes(5))
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.allowMessageSchedules()
			.build();
		assertThat(ListenerAdvice.of(definition(ListenerOptions.NONE), ConsumerConfiguration.builder().build(),
				ListenerAdvice.maxAge(stream)))
			.isEmpty();
	}

	@Test
	void whenThereIsNoEndOfAttemptsThenTheirDelaysAreEndless() {
		RetryOptions endless = new RetryOptions(Long.MAX_VALUE, Duration.ofSeconds(1), 1.0, Duration.ofSeconds(1), 0.0);
		assertThat(advice(ListenerOptions.builder().retry(endless).build(), 1000, Duration.ofDays(365))).hasSize(1);
		RetryOptions none = new RetryOptions(Long.MAX_VALUE, Duration.ZERO, 2.0, Duration.ofSeconds(1), 0.0);
		assertThat(advice(ListenerOptions.builder().retry(none).build(), 1000, Duration.ofSeconds(1))).isEmpty();
	}

	private static List<String> advice(ListenerOptions options, long maxAckPending, Duration maxAge) {
		return ListenerAdvice.of(definition(options),
				ConsumerConfiguration.builder().maxAckPending(maxAckPending).build(),
				ListenerAdvice.maxAge(StreamConfiguration.builder().name("orders").maxAge(maxAge).build()));
	}

	private static ListenerDefinition definition(ListenerOptions options) {
		return ListenerDefinition.of("worker", "orders", "worker", options,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
	}

}
