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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.ServerUsers;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.Options;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a listener does when the server is there, but can't be heard or doesn't listen.
 */
@Execution(ExecutionMode.CONCURRENT)
class ListenerNetworkTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final HandledJobs handled = new HandledJobs();

	private EmbeddedNatsServer server;

	private TcpProxy proxy;

	private TestQueue queue;

	private Connection publisher;

	@BeforeEach
	void createQueue() throws Exception {
		this.server = EmbeddedNatsServer.builder().config(ServerUsers.config("")).start();
		this.proxy = TcpProxy.to(this.server.port());
		Options options = Options.builder()
			.server(this.proxy.url())
			.userInfo("app", "app")
			.maxReconnects(-1)
			.reconnectWait(Duration.ofSeconds(1))
			.build();
		this.queue = new TestQueue(options, 1, UnaryOperator.identity());
		this.publisher = TestConnections
			.connect(TestConnections.options(this.server.url()).userInfo("admin", "admin").build());
	}

	@AfterEach
	void close() throws Exception {
		this.publisher.close();
		this.queue.close();
		this.proxy.close();
		this.server.close();
	}

	@Test
	void whenTheConnectionIsCutInSilenceThenWorkResumesWhenItCanBeMadeAnew() throws Exception {
		JetStreamListeners listeners = start();
		publish(0, 50);
		this.handled.awaitJobs(50);
		this.proxy.cut();
		// The client itself would notice after two pings, which is minutes
		await().atMost(Duration.ofSeconds(4))
			.until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		await().atMost(LONG).until(() -> this.queue.connection().getStatus() != Connection.Status.CONNECTED);
		publish(50, 100);
		int before = this.handled.runs();
		this.proxy.restore();
		assertThat(this.handled.awaitRunAfter(before, LONG)).isLessThan(Duration.ofSeconds(10));
		this.handled.awaitJobs(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		await().atMost(LONG).until(() -> this.queue.size() == 0);
		// A few may have been on their way into the cut
		assertThat(this.handled.runs()).isBetween(100, 102);
	}

	@Test
	void whenItMayAskForNothingAnyMoreThenTheListenerSaysSoAndGoesOnWhenItMay() throws Exception {
		withdrawAndGiveBack("publish: { deny: \"$JS.API.CONSUMER.>\" }", "may not publish to", "Allow it");
	}

	@Test
	void whenItMayHearNothingAnyMoreThenTheListenerSaysSoAndGoesOnWhenItMay() throws Exception {
		withdrawAndGiveBack("subscribe: { deny: \"_INBOX.>\" }", "subscribe to");
	}

	@Test
	void whenItMayNotAskForMessagesAnyMoreThenTheListenerNamesTheSubjectAndGoesOnWhenItMay() throws Exception {
		withdrawAndGiveBack("publish: { deny: \"$JS.API.CONSUMER.MSG.NEXT.>\" }",
				"may not publish to '$JS.API.CONSUMER.MSG.NEXT." + this.queue.stream() + ".", "Allow it");
	}

	@Test
	void whenItMayNotAckAnyMoreThenItHandlesNothingUntilItMay() throws Exception {
		List<DeadLetter> letters = new CopyOnWriteArrayList<>();
		List<ListenerStateChangedEvent> events = new CopyOnWriteArrayList<>();
		JetStreamListeners listeners = this.queue.listener()
			.options(ListenerOptions.builder()
				.concurrency(2)
				.maxBuffer(0)
				.retry(new RetryOptions(1L, Duration.ofMillis(10), 1.0, Duration.ofMillis(10), 0.0, null, 2L))
				.build())
			.onStateChange(events::add)
			.deadLetters((letter) -> {
				letters.add(letter);
				return CompletableFuture.completedFuture(null);
			})
			.start(this.handled);
		publish(0, 10);
		this.handled.awaitJobs(10);
		ServerUsers.reload(this.server, "publish: { deny: [ \"$JS.ACK.>\", \"other\" ] }");
		publish(10, 20);
		await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		String reason = "may not publish to '$JS.ACK." + this.queue.stream() + ".worker.>'";
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains(reason);
		await().until(() -> events.stream()
			.anyMatch((event) -> event.getState() == ListenerState.RECOVERING && event.getReason().contains(reason)));
		int handled = this.handled.runs();
		this.queue.connection().publish("other", new byte[0]);
		// Several times the lease of what was handled
		await().pollDelay(Duration.ofSeconds(12)).atMost(LONG).untilAsserted(() -> {
			assertThat(this.handled.runs()).isEqualTo(handled);
			assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RECOVERING);
			assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains(reason);
		});
		ServerUsers.reload(this.server, "");
		await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		await().atMost(LONG).until(() -> this.queue.size() == 0);
		this.handled.awaitJobs(20);
		assertThat(this.handled.runs()).isLessThanOrEqualTo(30);
		assertThat(listeners.status(TestQueue.CONSUMER).reason()).isNull();
		assertThat(letters).isEmpty();
		await().until(() -> events.get(events.size() - 1).getState() == ListenerState.RUNNING);
	}

	private void withdrawAndGiveBack(String permissions, String... reason) throws Exception {
		JetStreamListeners listeners = start();
		publish(0, 50);
		this.handled.awaitJobs(50);
		ServerUsers.reload(this.server, permissions);
		await().atMost(LONG).until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RECOVERING);
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(listeners.status(TestQueue.CONSUMER).reason()).contains(reason));
		publish(50, 100);
		int before = this.handled.runs();
		ServerUsers.reload(this.server, "");
		assertThat(this.handled.awaitRunAfter(before, LONG)).isLessThan(Duration.ofSeconds(12));
		this.handled.awaitJobs(100);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
	}

	private JetStreamListeners start() {
		return this.queue.listener()
			.options(ListenerOptions.builder().concurrency(2).maxBuffer(0).build())
			.start(this.handled);
	}

	private void publish(int from, int to) throws Exception {
		for (int job = from; job < to; job++) {
			this.publisher.jetStream().publish(this.queue.stream() + ".job", Integer.toString(job).getBytes());
		}
	}

}
