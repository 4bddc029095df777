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

package io.github.jetstreamspring.publisher;

import java.util.ArrayList;
import java.util.List;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.ArgumentCaptor;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link AnswerInbox}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AnswerInboxTests {

	private final Connection connection = mock(Connection.class);

	private final Dispatcher first = mock(Dispatcher.class);

	private final Dispatcher second = mock(Dispatcher.class);

	private final List<String> taken = new ArrayList<>();

	private AnswerInbox inbox;

	@BeforeEach
	void listen() {
		given(this.connection.createInbox()).willReturn("_INBOX.test");
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(this.connection.createDispatcher()).willReturn(this.first, this.second);
		given(this.first.isActive()).willReturn(true);
		given(this.second.isActive()).willReturn(true);
		this.inbox = new AnswerInbox(this.connection, "confirmations",
				(answer) -> this.taken.add(this.inbox.token(answer)));
		this.inbox.listen();
	}

	@Test
	void whenAnAnswerComesThenItIsTakenIn() throws Exception {
		handler(this.first).onMessage(answer("17"));
		assertThat(this.taken).containsExactly("17");
		assertThat(this.inbox.isOwnThread()).isTrue();
	}

	@Test
	void whenItListensThenNothingChanges() {
		this.inbox.listen();
		then(this.connection).should(times(1)).createDispatcher();
	}

	@Test
	void whenItsThreadHasEndedThenAnotherOneTakesItsPlace(CapturedOutput output) throws Exception {
		given(this.first.isActive()).willReturn(false);
		this.inbox.listen();
		then(this.connection).should().closeDispatcher(this.first);
		handler(this.second).onMessage(answer("18"));
		assertThat(this.taken).containsExactly("18");
		assertThat(output).contains("The thread that receives confirmations has ended; another one takes its place")
			.doesNotContain("ERROR");
	}

	@Test
	void whenTheNextThreadCantListenThenItIsEndedAndTriedAgain() {
		given(this.first.isActive()).willReturn(false);
		given(this.second.subscribe(anyString(), any(MessageHandler.class)))
			.willThrow(new OutOfMemoryError("Expected by the test"))
			.willReturn(null);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.inbox::listen);
		then(this.connection).should().closeDispatcher(this.second);
		this.inbox.listen();
		then(this.connection).should().closeDispatcher(this.first);
	}

	@Test
	void whenTheConnectionIsClosedThenNobodyIsAlarmed(CapturedOutput output) {
		given(this.first.isActive()).willReturn(false);
		given(this.connection.getStatus()).willReturn(Connection.Status.CLOSED);
		this.inbox.listen();
		this.inbox.close();
		then(this.connection).should(times(1)).createDispatcher();
		then(this.connection).should(never()).closeDispatcher(any());
		assertThat(output).doesNotContain("ERROR", "WARN");
	}

	@Test
	void whenTheConnectionIsClosedOrDrainedMeanwhileThenNobodyIsAlarmed(CapturedOutput output) {
		given(this.first.isActive()).willReturn(false);
		given(this.connection.createDispatcher()).willThrow(new IllegalStateException("Connection is Draining"));
		willThrow(new IllegalStateException("Connection is Closed")).given(this.connection).closeDispatcher(any());
		this.inbox.listen();
		this.inbox.close();
		assertThat(output).doesNotContain("ERROR", "WARN");
	}

	@Test
	void whenTheClientHasClosedTheLastThreadByItselfThenNobodyIsAlarmed(CapturedOutput output) {
		given(this.first.isActive()).willReturn(false);
		willThrow(new IllegalArgumentException("Dispatcher is already closed.")).given(this.connection)
			.closeDispatcher(this.first);
		this.inbox.listen();
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void whenItIsClosedThenNoOtherThreadTakesItsPlace() {
		this.inbox.close();
		then(this.connection).should().closeDispatcher(this.first);
		given(this.first.isActive()).willReturn(false);
		this.inbox.listen();
		then(this.connection).should(times(1)).createDispatcher();
	}

	@Test
	void whenItIsClosedBeforeItListensThenItNeverDoes() {
		AnswerInbox unused = new AnswerInbox(this.connection, "replies", (answer) -> {
		});
		unused.close();
		unused.listen();
		then(this.connection).should(times(1)).createDispatcher();
	}

	@Test
	void whenAnAnswerCantBeTakenInThenTheThreadGoesOnUninterrupted(CapturedOutput output) throws Exception {
		AnswerInbox failing = new AnswerInbox(this.connection, "replies", (answer) -> {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Expected by the test");
		});
		failing.listen();
		handler(this.second).onMessage(answer("1"));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(output).contains("One of the replies could not be taken in");
	}

	private static Message answer(String token) {
		Message answer = mock(Message.class);
		given(answer.getSubject()).willReturn("_INBOX.test." + token);
		return answer;
	}

	private static MessageHandler handler(Dispatcher dispatcher) {
		ArgumentCaptor<MessageHandler> handler = ArgumentCaptor.forClass(MessageHandler.class);
		then(dispatcher).should().subscribe(eq("_INBOX.test.*"), handler.capture());
		return handler.getValue();
	}

}
