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
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.messaging.ViolationMemory;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ListenerSupervisor}, with a session that does nothing and a consumer
 * that is as the test says.
 */
class ListenerSupervisorTests {

	private static final ZonedDateTime CREATED = ZonedDateTime.parse("2026-01-31T12:00:00Z");

	private static final ListenerDefinition DEFINITION = ListenerDefinition.of("worker", "orders", "worker",
			ListenerOptions.NONE, new ExceptionTypeFilter(List.of(), List.of()),
			(DeliveryHandler) (delivery, message) -> null);

	private final Connection connection = mock(Connection.class);

	private final ConsumerFinder finder = mock(ConsumerFinder.class);

	private final ListenerSession session = mock(ListenerSession.class);

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final ListenerEnvironment environment = JetStreamListeners.builder(this.connection)
		.environment((listener, state, reason) -> this.told.add(state + ((reason != null) ? ": " + reason : "")));

	private final ListenerSupervisor supervisor = new ListenerSupervisor(DEFINITION, this.environment, this.finder);

	private ConsumerInfo first = consumer();

	private ConnectionListener connectionListener = (connection, event) -> {
	};

	@BeforeEach
	void setUp() throws Exception {
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(this.session.open(any())).willReturn(true);
		serverHas(consumer());
	}

	@AfterEach
	void close() {
		this.supervisor.stopping();
		this.environment.close();
	}

	@Test
	void whenItHasStartedThenItAsksForMessagesAndRuns() {
		start();
		verify(this.session).open(any());
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
		this.supervisor.tell();
		assertThat(this.told).containsExactly("STARTING", "RUNNING");
	}

	@Test
	void whatHasStartedIsNotStartedAgain() {
		assertThat(this.supervisor.starting()).isTrue();
		assertThat(this.supervisor.starting()).isFalse();
	}

	@Test
	void whenTheStartFailsThenItIsStopped() {
		this.supervisor.starting();
		this.supervisor.notStarted();
		assertThat(state()).isEqualTo(ListenerState.STOPPED);
	}

	@Test
	void whenThereIsTroubleThenItAsksNoMoreUntilItHasFoundTheConsumer() throws Exception {
		start();
		willThrow(new ConsumerUnavailableException(ConsumerUnavailableException.Kind.MISSING, "it is gone", null))
			.given(this.finder)
			.find();
		this.supervisor.trouble("the server answers \"409 Consumer Deleted\"");
		verify(this.session, atLeast(1)).stopAsking();
		assertThat(state()).isEqualTo(ListenerState.RECOVERING);
		verify(this.finder, timeout(10_000).atLeast(2)).find();
		assertThat(reason()).isEqualTo("it is gone");
		clearInvocations(this.session);
		serverHas(consumer());
		verify(this.session, timeout(10_000)).open(any());
		assertThat(state()).isEqualTo(ListenerState.RECOVERING);
		InOrder order = inOrder(this.session);
		order.verify(this.session).reassure();
		order.verify(this.session).open(any());
		this.supervisor.answered();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenRequestsAreLostThenAcksMayBeToo() {
		start();
		verify(this.session).reassure();
		this.supervisor.requestsLost();
		verify(this.session, timeout(10_000).times(2)).reassure();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenTheClientDoesNotTakeAllAcksThenThatIsTriedAgain() {
		given(this.session.reassure()).willReturn(true, true, false);
		start();
		verify(this.session, timeout(10_000).times(3)).reassure();
		verify(this.session).open(any());
	}

	@Test
	void whenNothingCanBeAskedForThenItRunsWithoutAnAnswer() {
		start();
		given(this.session.open(any())).willReturn(false);
		this.supervisor.trouble("silence");
		await().until(() -> state() == ListenerState.RUNNING);
	}

	@Test
	void whenTheClientTakesNoRequestsAtTheStartThenItIsAskedAgain() {
		given(this.session.open(any())).willThrow(new IllegalStateException("Output queue is full 5000"))
			.willReturn(true);
		start();
		assertThat(state()).isEqualTo(ListenerState.RECOVERING);
		assertThat(reason()).contains("takes no requests", "Output queue is full 5000");
		verify(this.session, timeout(10_000).times(2)).open(any());
		this.supervisor.answered();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenTheClientTakesNoRequestsAfterTroubleThenItIsAskedAgain() {
		start();
		given(this.session.open(any())).willThrow(new IllegalStateException("Output queue is full 5000"))
			.willReturn(true);
		this.supervisor.trouble("silence");
		verify(this.session, timeout(10_000).times(3)).open(any());
		this.supervisor.answered();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenThereIsNoMemoryToSendAcksAgainThenMessagesAreAskedForAllTheSameInTheEnd() {
		start();
		given(this.session.reassure()).willThrow(new OutOfMemoryError()).willReturn(false);
		this.supervisor.trouble("silence");
		this.supervisor.lookWithin(Duration.ZERO);
		verify(this.session, timeout(10_000).times(2)).open(any());
	}

	@Test
	void troubleCountsOnce() {
		start();
		this.supervisor.trouble("silence");
		this.supervisor.trouble("silence");
		this.supervisor.tell();
		await().until(() -> this.told.size() == 3);
		assertThat(this.told.get(2)).isEqualTo("RECOVERING: silence");
	}

	@Test
	void answersToWhatWasAskedForBeforeTheTroubleSayNothing() throws Exception {
		start();
		willThrow(new ConsumerUnavailableException(ConsumerUnavailableException.Kind.MISSING, "it is gone", null))
			.given(this.finder)
			.find();
		this.supervisor.trouble("silence");
		this.supervisor.answered();
		assertThat(state()).isEqualTo(ListenerState.RECOVERING);
	}

	@Test
	void whenTheConnectionIsLostThenItRecoversWhenItIsBack() {
		start();
		clearInvocations(this.session);
		given(this.connection.getStatus()).willReturn(Connection.Status.RECONNECTING);
		this.connectionListener.connectionEvent(this.connection, ConnectionListener.Events.DISCONNECTED, 0L, "");
		verify(this.session).connectionLost(false);
		assertThat(state()).isEqualTo(ListenerState.RECOVERING);
		assertThat(reason()).contains("the connection to the server is lost");
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		this.connectionListener.connectionEvent(this.connection, ConnectionListener.Events.RESUBSCRIBED, 0L, "");
		verify(this.session, timeout(10_000)).open(any());
		this.supervisor.answered();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenTheConnectionIsClosedThenItHasFailedEvenIfNobodySaysSo() {
		start();
		given(this.connection.getStatus()).willReturn(Connection.Status.CLOSED);
		this.supervisor.lookWithin(Duration.ZERO);
		await().until(() -> state() == ListenerState.FAILED);
		assertThat(reason()).contains("the connection is closed for good");
	}

	@Test
	void whenTheConsumerCantBeUsedThenItHasFailedUntilItCan() throws Exception {
		start();
		willThrow(new ConsumerUnavailableException(ConsumerUnavailableException.Kind.UNUSABLE, "a push consumer", null))
			.given(this.finder)
			.find();
		this.supervisor.lookWithin(Duration.ZERO);
		await().until(() -> state() == ListenerState.FAILED);
		assertThat(reason()).isEqualTo("a push consumer");
		serverHas(consumer());
		this.supervisor.lookWithin(Duration.ZERO);
		verify(this.session, timeout(10_000).times(2)).open(any());
		this.supervisor.answered();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenTheConsumerCantBeReadWhileMessagesComeThenThatIsNoTrouble() throws Exception {
		start();
		willThrow(new ConsumerUnavailableException(ConsumerUnavailableException.Kind.UNREACHABLE, "no answer", null))
			.given(this.finder)
			.find();
		this.supervisor.lookWithin(Duration.ZERO);
		verify(this.finder, timeout(10_000)).find();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
		verify(this.session, never()).stopAsking();
	}

	@Test
	void whenItIsPausedThenItTakesBackWhatItAskedForAndBeginsAfreshWhenItIsResumed() {
		start();
		assertThat(this.supervisor.pause(null)).isTrue();
		assertThat(state()).isEqualTo(ListenerState.PAUSED);
		inOrder(this.session).verify(this.session).withdraw();
		this.supervisor.answered();
		assertThat(state()).isEqualTo(ListenerState.PAUSED);
		this.supervisor.resume();
		verify(this.session, atLeast(2)).open(any());
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenItIsPausedWhileItStartsThenItIsPausedWhenItHasStarted() {
		this.supervisor.starting();
		assertThat(this.supervisor.pause(null)).isTrue();
		started();
		verify(this.session, never()).open(any());
		assertThat(state()).isEqualTo(ListenerState.PAUSED);
	}

	@Test
	void whenItIsResumedWithoutAConnectionThenItRecovers() {
		start();
		this.supervisor.pause(null);
		given(this.connection.getStatus()).willReturn(Connection.Status.RECONNECTING);
		this.supervisor.resume();
		assertThat(state()).isEqualTo(ListenerState.RECOVERING);
	}

	@Test
	void whatIsStoppedIsNotPaused() {
		assertThat(this.supervisor.pause(null)).isFalse();
	}

	@Test
	void whenTheConsumerIsPausedForAllThenItIsPausedAndSaysUntilWhen() throws Exception {
		ConsumerInfo paused = info(
				ConsumerConfiguration.builder().pauseUntil(ZonedDateTime.parse("2126-01-01T00:00:00Z")).build());
		given(paused.getPaused()).willReturn(true);
		start();
		serverHas(paused);
		this.supervisor.lookWithin(Duration.ZERO);
		await().until(() -> state() == ListenerState.PAUSED);
		assertThat(reason()).contains("for all instances, until 2126-01-01T00:00:00Z");
		assertThat(this.supervisor.isFleetPaused()).isTrue();
		verify(this.session, timeout(10_000)).fleetPaused(true);
		serverHas(consumer());
		this.supervisor.lookWithin(Duration.ZERO);
		await().until(() -> state() == ListenerState.RUNNING);
	}

	@Test
	void whenTheNextMessageIsTooLargeThenItWaitsUntilTheConsumerAllowsMore() throws Exception {
		ConsumerInfo limited = info(ConsumerConfiguration.builder().maxBytes(2000).build());
		serverHas(limited);
		start();
		clearInvocations(this.session);
		this.supervisor.blocked(2000);
		verify(this.session).stopAsking();
		await().until(() -> state() == ListenerState.RECOVERING);
		assertThat(reason()).contains("max-bytes of the consumer is 2000, but its next message is larger");
		serverHas(info(ConsumerConfiguration.builder().maxBytes(4000).build()));
		this.supervisor.lookWithin(Duration.ZERO);
		verify(this.session, timeout(10_000).atLeast(1)).open(any());
	}

	@Test
	void whenSomethingKeepsMessagesWaitingThenItSaysSoUntilOneComes() {
		start();
		this.supervisor.keptWaiting("no message can be received");
		assertThat(state()).isEqualTo(ListenerState.RECOVERING);
		assertThat(reason()).isEqualTo("no message can be received");
		this.supervisor.received();
		assertThat(state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whenAnotherInstanceGetsTheMessagesThenItStandsByUntilOneComes() {
		given(this.session.standBy(any())).willReturn("standing by");
		start();
		assertThat(reason()).isEqualTo("standing by");
		this.supervisor.received();
		assertThat(reason()).isNull();
	}

	@Test
	void whenTheConsumerWasMadeAnewThenTheSessionKnows() throws Exception {
		start();
		ConsumerInfo another = consumer();
		given(another.getCreationTime()).willReturn(CREATED.plusDays(1));
		serverHas(another);
		this.supervisor.lookWithin(Duration.ZERO);
		verify(this.session, timeout(10_000)).consumerReplaced();
		verify(this.session, never()).disown();
	}

	@Test
	void whenTheStreamWasMadeAnewThenNobodySettlesWhatIsInHand() throws Exception {
		start();
		FoundConsumer replaced = FoundConsumer.of(consumer(), true, System.nanoTime());
		given(this.finder.find()).willReturn(replaced);
		this.supervisor.lookWithin(Duration.ZERO);
		verify(this.session, timeout(10_000)).disown();
	}

	@Test
	void whatIsRemarkableAboutTheConsumerIsToldWhenItBeginsAndWhenItEnds() {
		start();
		given(this.finder.remarks()).willReturn("max_deliver is 5");
		this.supervisor.lookWithin(Duration.ZERO);
		await().until(() -> this.told.contains("RUNNING: max_deliver is 5"));
		assertThat(reason()).isEqualTo("max_deliver is 5");
		given(this.finder.remarks()).willReturn(null);
		this.supervisor.lookWithin(Duration.ZERO);
		await().until(() -> this.told.size() == 4);
		assertThat(this.told).containsExactly("STARTING", "RUNNING", "RUNNING: max_deliver is 5", "RUNNING");
		assertThat(reason()).isNull();
	}

	@Test
	void whenAcksAreRefusedThenNothingIsHandledUntilTheyAreTaken() {
		ViolationMemory violations = new ViolationMemory();
		given(this.connection.getOptions())
			.willReturn(Options.builder().errorListener(new ErrorListenerWithMemory(violations)).build());
		ListenerSupervisor supervisor = new ListenerSupervisor(DEFINITION, this.environment, this.finder);
		supervisor.starting();
		supervisor.started(this.session, FoundConsumer.of(this.first, false, System.nanoTime()));
		given(this.connection.requestWithTimeout(any(), any(byte[].class), any())).willAnswer((call) -> {
			violations.reported(refusal(call.getArgument(0)));
			return new CompletableFuture<>();
		});
		violations.reported(refusal("$JS.ACK.orders.worker.1.1.1.1.0"));
		supervisor.checkAcks();
		assertThat(supervisor.status(1, new LastRuns()).state()).isEqualTo(ListenerState.RECOVERING);
		assertThat(supervisor.status(1, new LastRuns()).reason())
			.contains("may not publish to '$JS.ACK.orders.worker.>'");
		verify(this.session).holdUnsettled(true);
		verify(this.session).withdraw();
		violations.reported(refusal("other"));
		verify(this.connection, timeout(10_000).atLeast(2)).requestWithTimeout(any(), any(byte[].class), any());
		assertThat(supervisor.status(1, new LastRuns()).reason())
			.contains("may not publish to '$JS.ACK.orders.worker.>'");
		verify(this.session, times(1)).open(any());
		given(this.connection.requestWithTimeout(any(), any(byte[].class), any()))
			.willReturn(CompletableFuture.completedFuture(mock(Message.class)));
		verify(this.session, timeout(10_000).times(2)).open(any());
		verify(this.session, atLeast(1)).holdUnsettled(false);
		supervisor.answered();
		assertThat(supervisor.status(1, new LastRuns()).state()).isEqualTo(ListenerState.RUNNING);
		supervisor.stopping();
	}

	private static String refusal(String subject) {
		return "Permissions Violation for Publish to \"%s\"".formatted(subject);
	}

	@Test
	void whenItIsStoppedThenNothingThatHappensCountsAnyMore() {
		start();
		ConnectionListener former = this.connectionListener;
		assertThat(this.supervisor.stopping()).isSameAs(this.session);
		this.supervisor.stopped();
		clearInvocations(this.session);
		this.supervisor.trouble("silence");
		this.supervisor.blocked(2000);
		this.supervisor.answered();
		former.connectionEvent(this.connection, ConnectionListener.Events.DISCONNECTED, 0L, "");
		assertThat(state()).isEqualTo(ListenerState.STOPPED);
		verify(this.session, never()).stopAsking();
		verify(this.session, never()).connectionLost(anyBoolean());
		verify(this.connection).removeConnectionListener(former);
	}

	@Test
	void whatIsStoppedTwiceHasNothingToStop() {
		start();
		this.supervisor.stopping();
		assertThat(this.supervisor.stopping()).isNull();
	}

	private void start() {
		this.supervisor.starting();
		started();
	}

	private void started() {
		this.supervisor.started(this.session, FoundConsumer.of(this.first, false, System.nanoTime()));
		ArgumentCaptor<ConnectionListener> listener = ArgumentCaptor.forClass(ConnectionListener.class);
		verify(this.connection).addConnectionListener(listener.capture());
		this.connectionListener = listener.getValue();
	}

	private ListenerState state() {
		return this.supervisor.status(1, new LastRuns()).state();
	}

	private @Nullable String reason() {
		return this.supervisor.status(1, new LastRuns()).reason();
	}

	private void serverHas(ConsumerInfo info) throws Exception {
		willReturn(FoundConsumer.of(info, false, System.nanoTime())).given(this.finder).find();
		this.first = info;
	}

	private static ConsumerInfo consumer() {
		return info(ConsumerConfiguration.builder().durable("worker").build());
	}

	private static ConsumerInfo info(ConsumerConfiguration configuration) {
		ConsumerInfo info = mock(ConsumerInfo.class);
		given(info.getConsumerConfiguration()).willReturn(configuration);
		given(info.getCreationTime()).willReturn(CREATED);
		return info;
	}

	private record ErrorListenerWithMemory(
			ViolationMemory violations) implements ErrorListener, ViolationMemory.Keeper {
	}

}
