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

import io.nats.client.Connection;

/**
 * Asks the server about a consumer, whose answer shows that everything has arrived that
 * was sent before: acks above all. A ping would show it too, but not more than a few may
 * be out (see {@link Pings}), and in a cluster it is answered by another server than the
 * one that has the consumer.
 */
final class RoundTrip {

	private final Connection connection;

	private final String subject;

	RoundTrip(Connection connection, PullSource source) {
		this.connection = connection;
		this.subject = source.infoSubject();
	}

	/**
	 * Asks, and waits for the answer. That the consumer is gone is one.
	 * @param timeout how long it may take
	 * @return whether there is an answer
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	boolean make(Duration timeout) throws InterruptedException {
		try {
			return this.connection.request(this.subject, null, timeout) != null;
		}
		catch (IllegalStateException ex) {
			// The connection is closed, or it doesn't take any more to be sent
			return false;
		}
	}

}
