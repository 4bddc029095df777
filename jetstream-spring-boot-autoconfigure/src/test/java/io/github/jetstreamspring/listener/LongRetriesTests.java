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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.SubjectTransform;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

class LongRetriesTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final Connection connection = mock(Connection.class);

	private final JetStreamTemplate template = mock(JetStreamTemplate.class);

	private final CompletableFuture<PublishResult> stored = new CompletableFuture<>();

	private final CompletableFuture<Message> removed = new CompletableFuture<>();

	@Test
	void onlyWorkQueuesThatKeepSchedulesOfTheirOwnMessagesHaveLongRetries() {
		assertThat(LongRetries.areIn(stream((stream) -> stream))).isTrue();
		assertThat(LongRetries.areIn(stream((stream) -> stream.retentionPolicy(RetentionPolicy.Limits)))).isFalse();
		assertThat(LongRetries.areIn(stream((stream) -> stream.retentionPolicy(RetentionPolicy.Interest)))).isFalse();
		assertThat(LongRetries.areIn(stream((stream) -> stream.allowMessageSchedules(false)))).isFalse();
		assertThat(LongRetries.areIn(stream((stream) -> stream.subjects("orders.>")))).isFalse();
		assertThat(
				LongRetries.areIn(stream((stream) -> stream.addSource(Source.builder().sourceName("other").build()))))
			.isFalse();
		assertThat(LongRetries.areIn(stream((stream) -> stream.subjectTransform(new SubjectTransform("a.>", "b.>")))))
			.isFalse();
	}

	@Test
	void whenTheDelayIsLongThenTheMessageIsScheduled() {
		LongRetries retries = LongRetries.of(definition(ListenerOptions.NONE), environment());
		assertThat(retries).isNotNull();
		assertThat(retries.isFor(delivery(1), Duration.ofSeconds(30))).isFalse();
		assertThat(retries.isFor(delivery(1), Duration.ofSeconds(31))).isTrue();
		LongRetries quick = LongRetries.of(definition(ListenerOptions.builder()
			.retry(new RetryOptions(null, null, null, null, null, Duration.ofSeconds(2)))
			.build()), environment());
		assertThat(quick).isNotNull();
		assertThat(quick.isFor(delivery(1), Duration.ofSeconds(3))).isTrue();
	}

	@Test
	void whenTheMessageHasATimeToLiveThenItStaysWithItsConsumer() {
		LongRetries retries = LongRetries.of(definition(ListenerOptions.NONE), environment());
		ReceivedDelivery delivery = delivery(1);
		given(delivery.message().getHeaders()).willReturn(new Headers().put("Nats-TTL", "60s"));
		assertThat(retries).isNotNull();
		assertThat(retries.isFor(delivery, MINUTE)).isFalse();
	}

	@Test
	void whenAnOrderDependsOnItThenMessagesStayWithTheirConsumer() {
		ListenerDefinition definition = definition(ListenerOptions.NONE);
		assertThat(LongRetries.of(definition.orderedBy((delivery, message) -> "key"), environment())).isNull();
		assertThat(LongRetries.of(definition(ListenerOptions.builder().exclusive(true).build()), environment()))
			.isNull();
		BatchHandler batch = mock(BatchHandler.class);
		assertThat(LongRetries.of(ListenerDefinition.of("worker", "orders", "worker", ListenerOptions.NONE,
				new ExceptionTypeFilter(List.of(), List.of()), batch), environment()))
			.isNull();
		assertThat(LongRetries.of(definition,
				JetStreamListeners.builder(this.connection).environment((listener, state, reason) -> {
				})))
			.isNull();
	}

	@Test
	void whenStoredThenTheMessageIsRemovedFromItsQueueAndNotBefore() throws Exception {
		Settler settler = settler(stream((stream) -> stream));
		ReceivedDelivery delivery = delivery(7);
		given(delivery.message().getHeaders()).willReturn(new Headers().put("tenant", "acme").put("Nats-Msg-Id", "1"));
		delivery.claim();
		settler.retry(delivery, MINUTE, null);
		ArgumentCaptor<Message> message = ArgumentCaptor.forClass(Message.class);
		verify(this.template, timeout(10_000)).sendAt(message.capture(), any(Instant.class),
				eq("_schedules.orders.retry.worker.7"));
		assertThat(message.getValue().getSubject()).isEqualTo("orders.created");
		assertThat(message.getValue().getHeaders().getFirst("tenant")).isEqualTo("acme");
		assertThat(message.getValue().getHeaders().getFirst("JetStream-Retry-Attempts")).isEqualTo("2");
		assertThat(message.getValue().getHeaders().getFirst("JetStream-Retry-Sequence")).isEqualTo("7");
		assertThat(message.getValue().getHeaders().containsKey("Nats-Msg-Id")).isFalse();
		verify(this.connection, never()).requestWithTimeout(anyString(), any(byte[].class), any());
		this.stored.complete(new PublishResult("orders", 9, false));
		verify(this.connection, timeout(10_000)).requestWithTimeout(anyString(), any(byte[].class), any());
		assertThat(delivery.isSettled()).isFalse();
		this.removed.complete(mock(Message.class));
		await().until(delivery::isSettled);
		verify(delivery.message(), never()).nakWithDelay(any(Duration.class));
	}

	@Test
	void whenNotStoredThenTheMessageWaitsAtItsConsumer() throws Exception {
		Settler settler = settler(stream((stream) -> stream));
		ReceivedDelivery delivery = delivery(7);
		delivery.claim();
		settler.retry(delivery, MINUTE, null);
		this.stored.completeExceptionally(new IllegalStateException("no space left"));
		verify(delivery.message(), timeout(10_000)).nakWithDelay(any(Duration.class));
		verify(this.connection, never()).requestWithTimeout(anyString(), any(byte[].class), any());
		await().atMost(Duration.ofSeconds(10)).until(delivery::isSettled);
	}

	@Test
	void whenTheStreamIsNoWorkQueueThenTheMessageWaitsAtItsConsumer() throws Exception {
		Settler settler = settler(stream((stream) -> stream.retentionPolicy(RetentionPolicy.Limits)));
		ReceivedDelivery delivery = delivery(7);
		delivery.claim();
		settler.retry(delivery, MINUTE, null);
		verify(delivery.message(), timeout(10_000)).nakWithDelay(any(Duration.class));
		verify(this.template, never()).sendAt(any(), any(), anyString());
	}

	@Test
	void attemptsCountOnAfterASchedule() {
		ReceivedDelivery delivery = delivery(9);
		given(delivery.message().getHeaders())
			.willReturn(new Headers().put("JetStream-Retry-Attempts", "3").put("JetStream-Retry-Sequence", "7"));
		assertThat(delivery.attempt()).isEqualTo(5);
		assertThat(delivery.firstSequence()).isEqualTo(7);
		ReceivedDelivery odd = delivery(9);
		given(odd.message().getHeaders()).willReturn(new Headers().put("JetStream-Retry-Attempts", "many"));
		assertThat(odd.attempt()).isEqualTo(2);
		assertThat(odd.firstSequence()).isEqualTo(9);
	}

	private Settler settler(StreamConfiguration stream) throws Exception {
		JetStreamManagement management = mock(JetStreamManagement.class);
		StreamInfo info = mock(StreamInfo.class);
		given(info.getConfiguration()).willReturn(stream);
		given(management.getStreamInfo("orders")).willReturn(info);
		given(this.connection.jetStreamManagement()).willReturn(management);
		given(this.connection.requestWithTimeout(anyString(), any(byte[].class), any())).willReturn(this.removed);
		given(this.template.sendAt(any(), any(), anyString())).willReturn(this.stored);
		return new Settler(definition(ListenerOptions.NONE), environment(), TestDeliveries.limits(), new GivenUp(),
				RetryTiming.ON_SERVER);
	}

	private ListenerEnvironment environment() {
		return JetStreamListeners.builder(this.connection)
			.longRetries(this.template)
			.environment((listener, state, reason) -> {
			});
	}

	private static ReceivedDelivery delivery(long sequence) {
		return new ReceivedDelivery(TestDeliveries.message(sequence, 2), TestDeliveries.FIRST_ATTEMPT,
				TestDeliveries.settler(RetryTiming.ON_SERVER), (done) -> {
				});
	}

	private static ListenerDefinition definition(ListenerOptions options) {
		return ListenerDefinition.of("worker", "orders", "worker", options,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
	}

	private static StreamConfiguration stream(UnaryOperator<StreamConfiguration.Builder> stream) {
		return stream
			.apply(StreamConfiguration.builder()
				.name("orders")
				.subjects("orders.>", "_schedules.orders.>")
				.retentionPolicy(RetentionPolicy.WorkQueue)
				.allowMessageSchedules(true))
			.build();
	}

}
