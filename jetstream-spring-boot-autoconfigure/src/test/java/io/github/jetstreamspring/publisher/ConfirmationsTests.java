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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;

/**
 * Tests for {@link Confirmations}.
 */
class ConfirmationsTests {

	private final Connection connection = mock(Connection.class);

	private final AtomicInteger dispatchers = new AtomicInteger();

	private Confirmations confirmations;

	@AfterEach
	void close() {
		this.confirmations.close();
	}

	@Test
	void whenTheThreadThatReceivesConfirmationsHasEndedThenAnotherOneTakesItsPlace() {
		Dispatcher first = dispatcher(false);
		Dispatcher second = dispatcher(true);
		confirmations(first, second);
		await().until(() -> this.dispatchers.get() == 2);
		then(this.connection).should(timeout(5000)).closeDispatcher(first);
	}

	@Test
	void whenTheNextOneCantBeMadeThenItIsTriedAgain() {
		Dispatcher first = dispatcher(false);
		Dispatcher second = dispatcher(false);
		given(second.subscribe(anyString(), any(MessageHandler.class)))
			.willThrow(new OutOfMemoryError("Expected by the test"));
		confirmations(first, second);
		await().until(() -> this.dispatchers.get() >= 3);
	}

	private Dispatcher dispatcher(boolean active) {
		Dispatcher dispatcher = mock(Dispatcher.class);
		given(dispatcher.isActive()).willReturn(active);
		return dispatcher;
	}

	private void confirmations(Dispatcher first, Dispatcher next) {
		given(this.connection.createInbox()).willReturn("_INBOX.test");
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(this.connection.createDispatcher())
			.willAnswer((invocation) -> (this.dispatchers.incrementAndGet() == 1) ? first : next);
		this.confirmations = new Confirmations(this.connection, Duration.ofSeconds(5), mock(MissingStreams.class),
				(publication, outcome) -> {
				});
	}

}
