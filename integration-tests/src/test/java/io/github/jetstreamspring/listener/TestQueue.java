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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.wire.GuardedConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.NatsMessage;

import org.springframework.util.ExceptionTypeFilter;

/**
 * A work queue on a real server, made with the raw client, and listeners on it.
 */
final class TestQueue {

	static final String CONSUMER = "worker";

	private final Connection connection;

	private final String stream = "q" + UUID.randomUUID().toString().substring(0, 8);

	private final List<JetStreamListeners> started = new ArrayList<>();

	private final int replicas;

	TestQueue(String url, UnaryOperator<ConsumerConfiguration.Builder> consumer) throws Exception {
		this(options(url), 1, consumer);
	}

	TestQueue(Options options, int replicas, UnaryOperator<ConsumerConfiguration.Builder> consumer) throws Exception {
		this.replicas = replicas;
		this.connection = TestConnections.connect(options);
		try {
			createStream();
			createConsumer(consumer);
		}
		catch (Exception ex) {
			this.connection.close();
			throw ex;
		}
	}

	void createStream() throws IOException, JetStreamApiException {
		management().addStream(StreamConfiguration.builder()
			.name(this.stream)
			.subjects(this.stream + ".>")
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.replicas(this.replicas)
			.build());
	}

	static Options options(String url) {
		return GuardedConnections
			.guarded(Options.builder().server(url).maxReconnects(-1).reconnectWait(Duration.ofMillis(100)).build());
	}

	void createConsumer(UnaryOperator<ConsumerConfiguration.Builder> consumer)
			throws IOException, JetStreamApiException {
		management()
			.createConsumer(this.stream,
					consumer.apply(ConsumerConfiguration.builder()
						.durable(CONSUMER)
						.ackPolicy(AckPolicy.Explicit)
						.ackWait(Duration.ofSeconds(5))).build());
	}

	Connection connection() {
		return this.connection;
	}

	JetStreamManagement management() throws IOException {
		return TestConnections.management(this.connection);
	}

	String stream() {
		return this.stream;
	}

	void publish(int count) throws Exception {
		List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			acks.add(this.connection.jetStream().publishAsync(this.stream + ".job", Integer.toString(i).getBytes()));
			if (acks.size() % 500 == 0) {
				acks.get(acks.size() - 1).join();
			}
		}
		CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
	}

	void publish(Message message) throws Exception {
		this.connection.jetStream().publish(message);
	}

	NatsMessage.Builder message(String data) {
		return NatsMessage.builder().subject(this.stream + ".job").data(data);
	}

	/**
	 * Returns how many messages the queue holds, waiting or at work.
	 */
	long size() throws Exception {
		return management().getStreamInfo(this.stream).getStreamState().getMsgCount();
	}

	ConsumerInfo consumer() throws Exception {
		return management().getConsumerInfo(this.stream, CONSUMER);
	}

	Setup listener() {
		return new Setup();
	}

	void close() throws Exception {
		this.started.forEach(JetStreamListeners::destroy);
		this.connection.close();
	}

	/**
	 * A listener to be started.
	 */
	final class Setup {

		private Connection client = TestQueue.this.connection;

		private ListenerOptions options = ListenerOptions.NONE;

		private DeliveryObserver observer = DeliveryObserver.NONE;

		private final List<DeliveryInterceptor> interceptors = new ArrayList<>();

		private ConsumerRecovery recovery = ConsumerRecovery.NONE;

		private OrderKey orderKey;

		private Duration lookInterval = RecoveryPace.IDLE;

		private DeadLetterHandler deadLetterHandler;

		private Consumer<ListenerStateChangedEvent> stateChanges = (event) -> {
		};

		private List<Class<? extends Throwable>> noRetryFor = List.of();

		/**
		 * Sets a connection of the listener's own, as another instance has it.
		 */
		Setup connection(Connection client) {
			this.client = client;
			return this;
		}

		Setup options(ListenerOptions options) {
			this.options = options;
			return this;
		}

		Setup observer(DeliveryObserver observer) {
			this.observer = observer;
			return this;
		}

		Setup deadLetters(DeadLetterHandler deadLetterHandler) {
			this.deadLetterHandler = deadLetterHandler;
			return this;
		}

		Setup noRetryFor(Class<? extends Throwable> type) {
			this.noRetryFor = List.of(type);
			return this;
		}

		Setup onStateChange(Consumer<ListenerStateChangedEvent> stateChanges) {
			this.stateChanges = stateChanges;
			return this;
		}

		Setup interceptor(DeliveryInterceptor interceptor) {
			this.interceptors.add(interceptor);
			return this;
		}

		Setup recovery(ConsumerRecovery recovery) {
			this.recovery = recovery;
			return this;
		}

		Setup orderedBy(OrderKey orderKey) {
			this.orderKey = orderKey;
			return this;
		}

		/**
		 * Has the listener look at its consumer more often, for tests that only wait for
		 * it.
		 */
		Setup lookEvery(Duration lookInterval) {
			this.lookInterval = lookInterval;
			return this;
		}

		JetStreamListeners start(Handler handler) {
			return startAsync((delivery, message) -> {
				handler.handle(delivery, message);
				return null;
			});
		}

		JetStreamListeners startAsync(DeliveryHandler handler) {
			return startAny(handler);
		}

		JetStreamListeners startAny(ListenerHandler handler) {
			JetStreamListeners listeners = JetStreamListeners.builder(this.client)
				.deadLetterHandler(this.deadLetterHandler)
				.observer(this.observer)
				.interceptors(this.interceptors)
				.recovery(this.recovery)
				.lookInterval(this.lookInterval)
				.build();
			listeners
				.setApplicationEventPublisher((event) -> this.stateChanges.accept((ListenerStateChangedEvent) event));
			ListenerDefinition definition = ListenerDefinition.of(CONSUMER, TestQueue.this.stream, CONSUMER,
					this.options, new ExceptionTypeFilter(List.of(), this.noRetryFor), handler);
			listeners.register((this.orderKey != null) ? definition.orderedBy(this.orderKey) : definition);
			TestQueue.this.started.add(listeners);
			listeners.start();
			return listeners;
		}

	}

	/**
	 * A handler that has handled its message when it returns.
	 */
	@FunctionalInterface
	interface Handler {

		void handle(Delivery delivery, Message message) throws Exception;

	}

}
