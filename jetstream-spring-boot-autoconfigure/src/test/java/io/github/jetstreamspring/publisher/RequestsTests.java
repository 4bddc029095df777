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

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import org.springframework.messaging.converter.StringMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link Requests}, with a connection that goes nowhere.
 */
class RequestsTests {

	private final Connection connection = mock(Connection.class);

	private final Dispatcher first = mock(Dispatcher.class);

	private final Dispatcher second = mock(Dispatcher.class);

	private final GuardedScheduler scheduler = new GuardedScheduler("test-");

	private Requests requests;

	@BeforeEach
	void connect() {
		given(this.connection.createInbox()).willReturn("_INBOX.test");
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(this.connection.createDispatcher()).willReturn(this.first, this.second);
		given(this.first.isActive()).willReturn(true);
		given(this.second.isActive()).willReturn(true);
		this.requests = new Requests(this.connection, new StringMessageConverter(), this.scheduler);
	}

	@AfterEach
	void close() {
		this.requests.close();
		this.scheduler.shutdownNow();
	}

	@Test
	void whenThereIsNoRequestThenNobodyListens() {
		then(this.connection).should(never()).createDispatcher();
	}

	@Test
	void whenItsReplyComesThenARequestIsDone() throws Exception {
		Requests.Waiting<String> request = request();
		handler(this.first).onMessage(reply(request));
		assertThat(request.future()).isCompletedWithValue("done");
	}

	@Test
	void whenTheThreadOfTheRepliesEndsThenOneThatAlreadyWaitsGetsItsReplyFromTheNext() throws Exception {
		Requests.Waiting<String> request = request();
		given(this.first.isActive()).willReturn(false);
		await().untilAsserted(() -> then(this.connection).should().closeDispatcher(this.first));
		handler(this.second).onMessage(reply(request));
		assertThat(request.future()).isCompletedWithValue("done");
	}

	@Test
	void whenItIsClosedThenWhoWaitsIsToldAndNobodyListensAgain() {
		Requests.Waiting<String> request = request();
		this.requests.close();
		then(this.connection).should().closeDispatcher(this.first);
		assertThat(request.future()).isCompletedExceptionally();
		assertThat(request().future()).isCompletedExceptionally();
		then(this.connection).should().createDispatcher();
	}

	private Requests.Waiting<String> request() {
		return this.requests.open("orders.created", String.class, Duration.ofMinutes(1));
	}

	private static Message reply(Requests.Waiting<?> request) {
		return NatsMessage.builder().subject(request.address()).data("done", StandardCharsets.UTF_8).build();
	}

	private static MessageHandler handler(Dispatcher dispatcher) {
		ArgumentCaptor<MessageHandler> handler = ArgumentCaptor.forClass(MessageHandler.class);
		then(dispatcher).should().subscribe(anyString(), handler.capture());
		return handler.getValue();
	}

}
