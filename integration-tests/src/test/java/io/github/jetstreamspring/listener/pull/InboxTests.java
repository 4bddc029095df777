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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

@EmbeddedNats
class InboxTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final GuardedScheduler scheduler = new GuardedScheduler("inbox-test-");

	private final Receiver receiver = new Receiver(
			Receivers.unpooled(new CustomizableThreadFactory("receiver-"), this.scheduler), false);

	private EmbeddedNatsServer server;

	private Connection connection;

	@BeforeEach
	void connect(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.connection = TestConnections.connect(this.server.url());
	}

	@AfterEach
	void close() throws Exception {
		this.receiver.stop();
		this.scheduler.shutdownNow();
		this.threads.shutdownNow();
		this.connection.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenTheClientTripsOverItsOwnCloseThenThereIsNoMessage() throws Exception {
		Connection client = mock();
		Subscription subscription = mock();
		given(client.createInbox()).willReturn("inbox");
		given(client.subscribe("inbox.*.*")).willReturn(subscription);
		// What it does now and then, when another thread ends the subscription
		given(subscription.nextMessage(null)).willThrow(NullPointerException.class);
		Inbox inbox = inbox(client);
		assertThat(inbox.next(null)).isNull();
		inbox.close();
	}

	@Test
	void whenTheApplicationHasMadeTheConnectionItselfThenWhatComesIsReceivedAllTheSame() throws Exception {
		Inbox inbox = inbox(this.connection);
		List<String> received = new CopyOnWriteArrayList<>();
		this.receiver.start(new Receiver.Source() {

			@Override
			public boolean receive(boolean wait) throws InterruptedException {
				Message next = inbox.next(null);
				if (next != null) {
					received.add(next.getSubject());
				}
				return next != null;
			}

			@Override
			public boolean hasMore() {
				return !inbox.isEmpty();
			}

		});
		String subject = inbox.replyFor(new OpenRequests().add(1, 1, Duration.ofSeconds(5)));
		for (int i = 0; i < 100; i++) {
			this.connection.publish(subject, new byte[0]);
		}
		await().until(() -> received.size() == 100);
		inbox.close();
	}

	@Test
	void whenItIsDrainedWhileSomebodyReceivesThenThatEndsWithoutAnError() throws Exception {
		Pings pings = new Pings(this.connection, this.threads);
		for (int i = 0; i < 300; i++) {
			Inbox inbox = inbox(this.connection);
			Future<?> receiving = receive(inbox);
			inbox.drain(pings, Duration.ofSeconds(10));
			assertThat(inbox.isOpen()).isFalse();
			receiving.get(10, TimeUnit.SECONDS);
		}
	}

	private Inbox inbox(Connection connection) {
		return new Inbox(new PullConnection(connection, this.threads), this.receiver);
	}

	private Future<?> receive(Inbox inbox) {
		CompletableFuture<Void> begun = new CompletableFuture<>();
		Future<?> receiving = this.threads.submit(() -> {
			begun.complete(null);
			while (inbox.isOpen()) {
				inbox.next(null);
			}
			return null;
		});
		begun.join();
		return receiving;
	}

}
