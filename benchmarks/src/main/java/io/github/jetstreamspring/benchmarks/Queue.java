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

package io.github.jetstreamspring.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

/**
 * The work queue of a round, with a connection of its own to fill it.
 */
final class Queue implements AutoCloseable {

	static final String STREAM = "jobs";

	static final String CONSUMER = "worker";

	static final String SUBJECT = "jobs.created";

	private static final int IN_FLIGHT = 1000;

	private static final Duration LOOK_INTERVAL = Duration.ofMillis(1);

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

	private final Connection connection;

	private final JetStreamManagement management;

	private Queue(Connection connection) throws Exception {
		this.connection = connection;
		this.management = connection.jetStreamManagement();
	}

	/**
	 * Creates an empty queue with its consumer.
	 * @param url the server
	 * @param ackWait after what time the server delivers a message again
	 * @return the queue
	 */
	static Queue create(String url, Duration ackWait) throws Exception {
		Queue queue = new Queue(RawConnections.open(url, "queue"));
		if (queue.management.getStreamNames().contains(STREAM)) {
			queue.management.deleteStream(STREAM);
		}
		queue.management.addStream(StreamConfiguration.builder()
			.name(STREAM)
			.subjects("jobs.>")
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.storageType(StorageType.File)
			.build());
		queue.management.addOrUpdateConsumer(STREAM,
				ConsumerConfiguration.builder().durable(CONSUMER).ackWait(ackWait).maxAckPending(-1).build());
		return queue;
	}

	Connection connection() {
		return this.connection;
	}

	/**
	 * Puts messages into the queue, numbered from 0.
	 * @param messages the number of messages
	 * @param size the bytes of a message
	 */
	void fill(int messages, int size) throws Exception {
		JetStream jetStream = this.connection.jetStream();
		for (int first = 0; first < messages; first += IN_FLIGHT) {
			int end = Math.min(first + IN_FLIGHT, messages);
			CompletableFuture<?>[] confirmations = new CompletableFuture<?>[end - first];
			for (int number = first; number < end; number++) {
				confirmations[number - first] = jetStream.publishAsync(SUBJECT, Payload.create(number, 0, size));
			}
			CompletableFuture.allOf(confirmations).join();
		}
	}

	long count() throws Exception {
		return this.management.getStreamInfo(STREAM).getStreamState().getMsgCount();
	}

	/**
	 * Waits until the server has removed all messages, as they are acked.
	 */
	void awaitEmpty() throws Exception {
		long end = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
		while (this.management.getStreamInfo(STREAM).getStreamState().getMsgCount() > 0) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("Messages are left in the queue");
			}
			LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
		}
	}

	@Override
	public void close() {
		try {
			this.management.deleteStream(STREAM);
		}
		catch (IOException | JetStreamApiException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			RawConnections.close(this.connection);
		}
	}

}
