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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Predicate;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Messages that one thread sends and whose answers it takes itself. Each of them holds a
 * permit until it is answered, and so counts as a message in flight.
 */
final class Exchange implements AutoCloseable {

	private final Connection connection;

	private final Semaphore permits;

	private final long deadlineNanos;

	private final long patienceNanos;

	private final String inbox;

	private final Subscription subscription;

	private int inFlight;

	/**
	 * Starts to listen for answers.
	 * @param connection the connection
	 * @param permits how many messages may be in flight
	 * @param deadlineNanos when to give up
	 * @param patienceNanos how long to wait for an answer
	 */
	Exchange(Connection connection, Semaphore permits, long deadlineNanos, long patienceNanos) {
		this.connection = connection;
		this.permits = permits;
		this.deadlineNanos = deadlineNanos;
		this.patienceNanos = patienceNanos;
		this.inbox = connection.createInbox() + ".";
		this.subscription = connection.subscribe(this.inbox + "*");
	}

	/**
	 * Sends messages, the first one alone and the others without waiting.
	 * @param count the number of messages
	 * @param messages makes them, numbered from 0, just before they are sent
	 * @param isLast whether an answer makes the others superfluous
	 * @return the answer that did, or {@code null} if none did
	 * @throws IllegalStateException if the connection is closed, or lost and its buffer
	 * full
	 */
	@Nullable Message run(int count, IntFunction<Message> messages, Predicate<Message> isLast) throws InterruptedException {
		for (int number = 0; number < count; number++) {
			while (!this.permits.tryAcquire()) {
				if (this.inFlight == 0) {
					if (!this.permits.tryAcquire(remaining(), TimeUnit.NANOSECONDS)) {
						return null;
					}
					break;
				}
				Message answer = next();
				if (answer == null || isLast.test(answer)) {
					return answer;
				}
			}
			this.inFlight++;
			Message message = messages.apply(number);
			this.connection.publish(message.getSubject(), this.inbox + number, message.getHeaders(), message.getData());
			if (number == 0) {
				Message answer = next();
				if (answer == null || isLast.test(answer)) {
					return answer;
				}
			}
		}
		while (this.inFlight > 0) {
			Message answer = next();
			if (answer == null || isLast.test(answer)) {
				return answer;
			}
		}
		return null;
	}

	private @Nullable Message next() throws InterruptedException {
		// Zero would wait without end
		long nanos = Math.max(1_000_000, Math.min(this.patienceNanos, remaining()));
		Message answer = this.subscription.nextMessage(Duration.ofNanos(nanos));
		if (answer != null) {
			this.inFlight--;
			this.permits.release();
		}
		return answer;
	}

	private long remaining() {
		return this.deadlineNanos - System.nanoTime();
	}

	/**
	 * Returns which message an answer is for.
	 */
	int number(Message answer) {
		return Integer.parseInt(answer.getSubject().substring(this.inbox.length()));
	}

	@Override
	public void close() {
		this.permits.release(this.inFlight);
		this.inFlight = 0;
		if (this.subscription.isActive()) {
			this.subscription.unsubscribe();
		}
	}

}
