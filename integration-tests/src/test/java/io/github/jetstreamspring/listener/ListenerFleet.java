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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;

import org.springframework.util.ExceptionTypeFilter;

/**
 * Several listeners on one connection, each with a consumer of its own, while somebody
 * else publishes to all of them.
 */
final class ListenerFleet {

	private static final String STREAM = "fleet";

	private final List<ConnectionListener.Events> events = new CopyOnWriteArrayList<>();

	private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

	private final Set<String> again = ConcurrentHashMap.newKeySet();

	private final AtomicLong published = new AtomicLong();

	private final Connection connection;

	private final Connection other;

	private final List<String> ids;

	private final JetStreamListeners listeners;

	private volatile boolean publishing = true;

	private Thread publisher;

	/**
	 * Starts the listeners.
	 * @param url the server
	 * @param count the number of listeners, which are called w0, w1, …
	 * @param options the options of each
	 * @param handler is run with each message
	 */
	ListenerFleet(String url, int count, ListenerOptions options, Consumer<Delivery> handler) throws Exception {
		this.ids = IntStream.range(0, count).mapToObj((i) -> "w" + i).toList();
		this.other = TestConnections.connect(options(url));
		createConsumers();
		this.connection = TestConnections.connect(options(url));
		this.connection.addConnectionListener((connection, event) -> this.events.add(event));
		this.listeners = JetStreamListeners.builder(this.connection).build();
		for (String id : this.ids) {
			this.listeners.register(ListenerDefinition.of(id, STREAM, id, options,
					new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> {
						handled(delivery);
						handler.accept(delivery);
						return null;
					}));
		}
		this.listeners.start();
	}

	/**
	 * The client's default error listener logs the end of a connection as an error, and
	 * the log is what tests look at.
	 */
	private static Options options(String url) {
		return new Options.Builder(TestQueue.options(url)).errorListener(new ErrorListener() {
		}).build();
	}

	private void createConsumers() throws Exception {
		this.other.jetStreamManagement()
			.addStream(StreamConfiguration.builder()
				.name(STREAM)
				.subjects("fleet.>")
				.retentionPolicy(RetentionPolicy.WorkQueue)
				.build());
		for (String id : this.ids) {
			this.other.jetStreamManagement()
				.createConsumer(STREAM,
						ConsumerConfiguration.builder()
							.durable(id)
							.filterSubject("fleet." + id)
							.ackPolicy(AckPolicy.Explicit)
							// Longer than any test: what is lost doesn't come again
							.ackWait(Duration.ofMinutes(5))
							.build());
		}
	}

	void deleteConsumer(String id) throws Exception {
		this.other.jetStreamManagement().deleteConsumer(STREAM, id);
	}

	/**
	 * Returns how many requests for messages wait on the server.
	 */
	long requests() throws Exception {
		return this.other.jetStreamManagement()
			.getConsumers(STREAM)
			.stream()
			.mapToLong(ConsumerInfo::getNumWaiting)
			.sum();
	}

	private void handled(Delivery delivery) {
		String key = delivery.consumer() + " " + delivery.streamSequence();
		if (this.runs.computeIfAbsent(key, (unknown) -> new AtomicInteger()).incrementAndGet() > 1) {
			this.again.add(key);
		}
	}

	/**
	 * Publishes to all of them in turn, until told to stop.
	 */
	void publishOn() {
		this.publisher = new Thread(() -> {
			while (this.publishing) {
				for (String id : this.ids) {
					publish(id);
				}
			}
		}, "fleet-publisher");
		this.publisher.start();
	}

	void publish(String id) {
		try {
			this.other.jetStream().publish("fleet." + id, new byte[0]);
			this.published.incrementAndGet();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	void stopPublishing() throws InterruptedException {
		this.publishing = false;
		if (this.publisher != null) {
			this.publisher.join();
		}
	}

	List<String> ids() {
		return this.ids;
	}

	JetStreamListeners listeners() {
		return this.listeners;
	}

	Connection connection() {
		return this.connection;
	}

	/**
	 * Returns what has happened to the connection since it was made.
	 */
	List<ConnectionListener.Events> events() {
		return List.copyOf(this.events);
	}

	long published() {
		return this.published.get();
	}

	/**
	 * Returns how many messages were handled.
	 */
	int handled() {
		return this.runs.size();
	}

	/**
	 * Returns the messages that were handled more than once.
	 */
	Set<String> handledAgain() {
		return Set.copyOf(this.again);
	}

	/**
	 * Returns how many messages the server still has.
	 */
	long stored() throws Exception {
		return this.other.jetStreamManagement().getStreamInfo(STREAM).getStreamState().getMsgCount();
	}

	void close() throws Exception {
		stopPublishing();
		this.listeners.destroy();
		this.connection.close();
		this.other.close();
	}

}
