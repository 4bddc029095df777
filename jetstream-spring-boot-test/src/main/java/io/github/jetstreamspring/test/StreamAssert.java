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

package io.github.jetstreamspring.test;

import java.time.Duration;
import java.util.List;

import io.nats.client.api.ConsumerInfo;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions of a stream. Each waits until it is true.
 *
 * @since 0.1.0
 * @see JetStreamAssertions
 */
public final class StreamAssert extends AbstractAssert<StreamAssert, String> {

	private final StoredStreams streams;

	private Duration timeout;

	StreamAssert(StoredStreams streams, String name, Duration timeout) {
		super(name, StreamAssert.class);
		this.streams = streams;
		this.timeout = timeout;
	}

	/**
	 * Sets how long the assertions that follow wait until they are true.
	 * @param duration how long
	 * @return this
	 */
	public StreamAssert within(Duration duration) {
		this.timeout = duration;
		return this;
	}

	/**
	 * Verifies that the consumers of the stream have nothing left to do: no message waits
	 * for any of them, and none is out to be acked. A message that is to be retried is
	 * out.
	 * @return this
	 */
	public StreamAssert isDrained() {
		this.streams.await(this.timeout, (connection) -> {
			List<ConsumerInfo> consumers = StoredStreams.consumers(connection, this.actual);
			if (consumers.isEmpty()) {
				throw failure("Expected stream '%s' to be drained, but it has no consumers", this.actual);
			}
			for (ConsumerInfo consumer : consumers) {
				if (consumer.getNumPending() > 0 || consumer.getNumAckPending() > 0) {
					throw failure(
							"Expected stream '%s' to be drained, but of consumer '%s' %d message(s) wait, and %d are out",
							this.actual, consumer.getName(), consumer.getNumPending(), consumer.getNumAckPending());
				}
			}
		});
		return this;
	}

	/**
	 * Verifies how many messages the stream holds.
	 * @param count the number, on whatever subjects
	 * @return this
	 */
	public StreamAssert hasMessages(long count) {
		this.streams.await(this.timeout, (connection) -> {
			long actualCount = StoredStreams.count(connection, this.actual);
			if (actualCount != count) {
				throw failure("Expected stream '%s' to hold %d message(s), but it holds %d", this.actual, count,
						actualCount);
			}
		});
		return this;
	}

}
