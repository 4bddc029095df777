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

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.publisher.PublishTimeoutException;
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
import static org.mockito.ArgumentMatchers.matches;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

class LongRetriesTests {

	private static final ZonedDateTime SERVER_TIME = ZonedDateTime.parse("2126-01-01T12:00:00Z");

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
		LongRetries retries = retries(definition(ListenerOptions.NONE));
		assertThat(retries).isNotNull();
		assertThat(retries.isFor(delivery(1), Duration.ofSeconds(30))).isFalse();
		assertThat(retries.isFor(delivery(1), Duration.ofSeconds(31))).isTrue();
		LongRetries quick = retries(definition(ListenerOptions.builder()
			.retry(new RetryOptions(null, null, null, null, null, Duration.ofSeconds(2)))
			.build()));
		assertThat(quick).isNotNull();
		assertThat(quick.isFor(delivery(1), Duration.ofSeconds(3))).isTrue();
	}

	@Test
	void whenTheMessageHasATimeToLiveThenItStaysWithItsConsumer() {
		LongRetries retries = retries(definition(ListenerOptions.NONE));
		ReceivedDelivery delivery = delivery(1);
		given(delivery.message().getHeaders()).willReturn(new Headers().put("Nats-TTL", "60s"));
		assertThat(retries).isNotNull();
		assertThat(retries.isFor(delivery, MINUTE)).isFalse();
	}

	@Test
	void whenTheDeadLetterMayBeStoredThenTheMessageStaysWithItsConsumer() {
		LongRetries retries = retries(definition(ListenerOptions.NONE));
		assertThat(retries).isNotNull();
		assertThat(retries.isFor(delivery(1), new IllegalStateException())).isTrue();
		assertThat(retries.isFor(delivery(1), new TimeoutException())).isFalse();
		assertThat(retries.isFor(delivery(1),
				new PublishTimeoutException("dead-letters.orders.worker", "id", Duration.ofSeconds(5), "CONNECTED")))
			.isFalse();
	}

	@Test
	void whenAnOrderDependsOnItThenMessagesStayWithTheirConsumer() {
		ListenerDefinition definition = definition(ListenerOptions.NONE);
		assertThat(retries(definition.orderedBy((delivery, message) -> "key"))).isNull();
		assertThat(retries(definition(ListenerOptions.builder().exclusive(true).build()))).isNull();
		BatchHandler batch = mock(BatchHandler.class);
		assertThat(retries(ListenerDefinition.of("worker", "orders", "worker", ListenerOptions.NONE,
				new ExceptionTypeFilter(List.of(), List.of()), batch)))
			.isNull();
		ListenerEnvironment bare = JetStreamListeners.builder(this.connection)
			.environment((listener, state, reason) -> {
			});
		assertThat(LongRetries.of(definition, bare, new RetrySeals(definition, bare),
				new WholeMessages(definition, bare.connection())))
			.isNull();
	}

	@Test
	void whenStoredThenTheMessageIsRemovedFromItsQueueAndNotBefore() throws Exception {
		Settler settler = settler(stream((stream) -> stream));
		ReceivedDelivery delivery = delivery(7);
		given(delivery.message().getHeaders()).willReturn(new Headers().put("tenant", "acme").put("Nats-Msg-Id", "1"));
		delivery.claim();
		settler.settle(delivery, new Outcome.Retry(MINUTE, null));
		ArgumentCaptor<Message> message = ArgumentCaptor.forClass(Message.class);
		ArgumentCaptor<Instant> due = ArgumentCaptor.forClass(Instant.class);
		verify(this.template, timeout(10_000)).sendAt(message.capture(), due.capture(),
				matches("_schedules\\.orders\\.retry\\.worker\\.7\\.[\\w-]{43}"));
		// By the server's clock, whatever that of this machine says
		Instant earliest = SERVER_TIME.toInstant().plus(MINUTE);
		assertThat(due.getValue()).isBetween(earliest.minusSeconds(10), earliest.plusSeconds(30));
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
		settler.settle(delivery, new Outcome.Retry(MINUTE, null));
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
		settler.settle(delivery, new Outcome.Retry(MINUTE, null));
		verify(delivery.message(), timeout(10_000)).nakWithDelay(any(Duration.class));
		verify(this.template, never()).sendAt(any(), any(), anyString());
	}

	@Test
	void attemptsCountOnAfterASchedule() throws Exception {
		Settler settler = settler(stream((stream) -> stream));
		Headers sealed = sealed(7, settler);
		ReceivedDelivery again = delivery(9, settler, sealed);
		assertThat(again.attempt()).isEqualTo(4);
		assertThat(again.origin().firstSequence()).isEqualTo(7);
		assertThat(again.origin().history().published()).isEqualTo("2026-01-31T12:00:00.000000001Z");
		Headers sealedAgain = new RetrySeals(definition(ListenerOptions.NONE), environment()).seal(again, null);
		ReceivedDelivery third = delivery(11, settler, sealedAgain);
		assertThat(third.attempt()).isEqualTo(6);
		assertThat(third.origin().firstSequence()).isEqualTo(7);
	}

	@Test
	void whatIsNotSealedCountsForNothing() throws Exception {
		Settler settler = settler(stream((stream) -> stream));
		assertThat(delivery(9, settler, new Headers().put("JetStream-Retry-Attempts", "50")).attempt()).isEqualTo(2);
		Headers sealed = sealed(7, settler);
		for (String name : sealed.keySet()) {
			Headers changed = new Headers(sealed).put(name, "3");
			ReceivedDelivery delivery = delivery(9, settler, changed);
			assertThat(delivery.attempt()).as("attempts with another " + name).isEqualTo(2);
			assertThat(delivery.origin().firstSequence()).isEqualTo(9);
		}
		ReceivedDelivery more = delivery(9, settler, new Headers(sealed).put("tenants", "acme"));
		assertThat(more.attempt()).isEqualTo(2);
		ReceivedDelivery otherData = delivery(9, settler, sealed);
		given(otherData.message().getData()).willReturn("other".getBytes());
		assertThat(otherData.attempt()).isEqualTo(2);
		ReceivedDelivery otherSubject = delivery(9, settler, sealed);
		given(otherSubject.message().getSubject()).willReturn("orders.other");
		assertThat(otherSubject.attempt()).isEqualTo(2);
	}

	@Test
	void whatIsGivenUpOnSaysSoUnlessSomebodyElseHasWrittenIt() throws Exception {
		Settler settler = settler(stream((stream) -> stream));
		RetrySeals seals = new RetrySeals(definition(ListenerOptions.NONE), environment());
		Headers givenUp = seals.seal(delivery(7, settler, new Headers()), " \u0000never again: M\u00fcller \ud800\n");
		ReceivedDelivery again = delivery(9, settler, givenUp);
		assertThat(again.origin().history().givenUp()).isEqualTo("never again: M\u00fcller ?");
		assertThat(again.origin().firstIdentity().sequence()).isEqualTo(7);
		Headers without = new Headers(givenUp);
		without.remove("JetStream-Retry-Given-Up");
		assertThat(delivery(9, settler, without).origin().history()).isEqualTo(RetryHistory.NONE);
		Headers added = new Headers(sealed(7, settler)).put("JetStream-Retry-Given-Up", "forged");
		assertThat(delivery(9, settler, added).origin().history()).isEqualTo(RetryHistory.NONE);
		Headers empty = seals.seal(delivery(7, settler, new Headers()), "");
		assertThat(delivery(9, settler, empty).origin().history().givenUp()).isNotEmpty();
	}

	@Test
	void whenTheStreamCantBeLookedAtThenNothingCountsAndMessagesWaitAtTheirConsumer() throws Exception {
		Headers sealed = sealed(7, settler(stream((stream) -> stream)));
		given(this.connection.jetStreamManagement()).willThrow(new IOException("no"));
		Settler settler = new Settler(definition(ListenerOptions.NONE), environment(), TestDeliveries.limits(),
				new UnstoredOutcomes(), TestDeliveries.noLetters(), null, retries(definition(ListenerOptions.NONE)));
		ReceivedDelivery delivery = delivery(9, settler, sealed);
		assertThat(delivery.attempt()).isEqualTo(2);
		delivery.claim();
		settler.settle(delivery, new Outcome.Retry(MINUTE, null));
		verify(delivery.message(), timeout(10_000)).nakWithDelay(any(Duration.class));
	}

	private Headers sealed(long sequence, Settler settler) {
		Headers headers = new Headers().put("tenant", "acme").put("tenant2", "a", "b").put("Nats-Msg-Id", "1");
		return new RetrySeals(definition(ListenerOptions.NONE), environment())
			.seal(delivery(sequence, settler, headers), null);
	}

	private ReceivedDelivery delivery(long sequence, Settler settler, Headers headers) {
		Message message = TestDeliveries.message(sequence, 2);
		given(message.getHeaders()).willReturn(headers);
		given(message.getData()).willReturn("data".getBytes());
		RetrySeals seals = new RetrySeals(definition(ListenerOptions.NONE), environment());
		return new ReceivedDelivery(message, new TestOwner(settler).history(seals::read));
	}

	private LongRetries retries(ListenerDefinition definition) {
		return LongRetries.of(definition, environment(), new RetrySeals(definition, environment()),
				new WholeMessages(definition, environment().connection()));
	}

	private Settler settler(StreamConfiguration stream) throws Exception {
		JetStreamManagement management = mock(JetStreamManagement.class);
		StreamInfo info = mock(StreamInfo.class);
		given(info.getConfiguration()).willReturn(stream);
		given(info.getCreateTime()).willReturn(ZonedDateTime.parse("2026-01-01T00:00:00.123456789Z"));
		given(info.getTimestamp()).willReturn(SERVER_TIME);
		given(management.getStreamInfo("orders")).willReturn(info);
		given(this.connection.jetStreamManagement()).willReturn(management);
		given(this.connection.requestWithTimeout(anyString(), any(byte[].class), any())).willReturn(this.removed);
		given(this.template.sendAt(any(), any(), anyString())).willReturn(this.stored);
		return new Settler(definition(ListenerOptions.NONE), environment(), TestDeliveries.limits(),
				new UnstoredOutcomes(), TestDeliveries.noLetters(), null, retries(definition(ListenerOptions.NONE)));
	}

	private ListenerEnvironment environment() {
		return JetStreamListeners.builder(this.connection)
			.longRetries(this.template)
			.environment((listener, state, reason) -> {
			});
	}

	private static ReceivedDelivery delivery(long sequence) {
		return new ReceivedDelivery(TestDeliveries.message(sequence, 2), new TestOwner(TestDeliveries.settler()));
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
