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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client that refuses for a moment what it is asked for, as it does when it has too
 * much to send, or fails in places where it never should.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ReluctantClientTests {

	private final AtomicInteger refusals = new AtomicInteger();

	private final AtomicBoolean broken = new AtomicBoolean();

	private final Set<String> handled = ConcurrentHashMap.newKeySet();

	@AutoClose
	private TestQueue queue;

	@BeforeEach
	void createQueue(EmbeddedNatsServer server) throws Exception {
		this.queue = new TestQueue(server.url(), UnaryOperator.identity());
	}

	@Test
	void whenNoSubscriptionIsTakenAtTheStartThenMessagesComeALittleLater() throws Exception {
		this.refusals.set(1);
		JetStreamListeners listeners = start();
		this.queue.publish(10);
		await().until(() -> this.handled.size() == 10);
		await().until(() -> listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		assertThat(this.refusals).hasNegativeValue();
	}

	@Test
	void whenNoSubscriptionIsTakenAfterAPauseThenMessagesComeALittleLater() throws Exception {
		JetStreamListeners listeners = start();
		listeners.pause(TestQueue.CONSUMER);
		this.refusals.set(2);
		this.queue.publish(10);
		listeners.resume(TestQueue.CONSUMER);
		// Those that were asked for before the pause may come sooner
		await().untilAsserted(() -> assertThat(this.refusals).hasNegativeValue());
		await().until(() -> this.handled.size() == 10);
	}

	@Test
	void whenAStopFailsThenTheListenerCanStillBeStarted() throws Exception {
		JetStreamListeners listeners = start();
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		this.broken.set(true);
		listeners.stop(TestQueue.CONSUMER);
		assertThat(listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.STOPPED);
		this.broken.set(false);
		listeners.start(TestQueue.CONSUMER);
		this.queue.publish(10);
		await().until(() -> this.handled.size() == 10 && this.queue.size() == 0);
	}

	@Test
	void whenNoSubscriptionIsTakenThenWhoReceivesByHandWaitsALittleLonger() throws Exception {
		ListenerEnvironment environment = JetStreamListeners.builder(client())
			.environment((listener, state, reason) -> {
			});
		ConsumerReceiver receiver = new ConsumerReceiver(environment, new TextSetup(), false);
		try {
			this.queue.publish(1);
			this.refusals.set(1);
			ReceivedMessage<String> message = receiver
				.receive(this.queue.stream(), TestQueue.CONSUMER, String.class, Duration.ofSeconds(30))
				.orElseThrow();
			message.delivery().ack();
			await().until(() -> this.queue.size() == 0);
			assertThat(this.refusals).hasNegativeValue();
		}
		finally {
			receiver.stop();
			environment.close();
		}
	}

	private JetStreamListeners start() {
		return this.queue.listener().connection(client()).start((delivery, message) -> {
			this.handled.add(new String(message.getData()));
		});
	}

	private Connection client() {
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("subscribe") && this.refusals.getAndDecrement() > 0) {
						throw new IllegalStateException("Output queue is full 5000");
					}
					if (method.getName().equals("request") && this.broken.get()) {
						throw new NoClassDefFoundError("Part of the client");
					}
					try {
						return method.invoke(this.queue.connection(), arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	private static final class TextSetup implements ReceiverSetup {

		@Override
		public ListenerDefinition definition(String stream, String consumer, DeliveryHandler handler) {
			return ListenerDefinition.of(consumer, stream, consumer, ListenerOptions.NONE,
					new ExceptionTypeFilter(List.of(), List.of()), handler);
		}

		@Override
		public <T> Reader<T> reader(Class<T> type) {
			return (Delivery delivery, Message message) -> type.cast(new String(message.getData()));
		}

	}

}
