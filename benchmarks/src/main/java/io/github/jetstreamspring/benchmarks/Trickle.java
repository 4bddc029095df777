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

import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;

/**
 * Publishes messages to all listeners in turn, and knows which of them were confirmed.
 */
final class Trickle {

	private static final int SIZE = 128;

	// The server's answer when there is no further message
	private static final int NO_MESSAGE = 10037;

	private final int listeners;

	private final BitSet confirmed = new BitSet();

	private int next;

	Trickle(int listeners) {
		this.listeners = listeners;
	}

	/**
	 * Publishes messages, and waits for their confirmation.
	 * @param connection the connection
	 * @param messages how many
	 * @param perSecond how many in a second
	 */
	void publish(Connection connection, int messages, int perSecond) throws Exception {
		JetStream jetStream = connection.jetStream();
		CompletableFuture<?>[] confirmations = new CompletableFuture<?>[messages];
		long start = System.nanoTime();
		for (int index = 0; index < messages; index++) {
			long due = start + TimeUnit.SECONDS.toNanos(1) * index / perSecond;
			for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			int number = this.next++;
			confirmations[index] = jetStream
				.publishAsync(ManyQueues.subject(number % this.listeners),
						Payload.create(number, Vitals.micros(), SIZE))
				.thenAccept((confirmation) -> confirmed(number));
		}
		CompletableFuture.allOf(confirmations).get(1, TimeUnit.MINUTES);
	}

	private synchronized void confirmed(int number) {
		this.confirmed.set(number);
	}

	synchronized int count() {
		return this.confirmed.cardinality();
	}

	/**
	 * Returns how many messages nobody has handled that aren't in their streams either.
	 * @param handled the numbers of those that were handled
	 */
	synchronized int lost(Connection connection, ManyQueues queues, BitSet handled) throws Exception {
		BitSet lost = (BitSet) this.confirmed.clone();
		lost.andNot(handled);
		JetStreamManagement management = connection.jetStreamManagement();
		for (String stream : queues.streams()) {
			removeStored(management, stream, lost);
		}
		return lost.cardinality();
	}

	private static void removeStored(JetStreamManagement management, String stream, BitSet lost) throws Exception {
		try {
			long sequence = 1;
			while (true) {
				MessageInfo message = management.getNextMessage(stream, sequence, ">");
				lost.clear(Payload.number(message.getData()));
				sequence = message.getSeq() + 1;
			}
		}
		catch (JetStreamApiException ex) {
			if (ex.getApiErrorCode() != NO_MESSAGE) {
				throw ex;
			}
		}
	}

}
