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
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.messaging.Inquiry;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * Finds the streams of consumers, with one question for the listeners of a stream that
 * start one after the other.
 */
final class FoundStreams {

	// For settings that may have changed
	private static final long MAX_AGE_NANOS = Duration.ofSeconds(5).toNanos();

	// How far the clocks of servers may be apart
	private static final Duration MAX_SKEW = Duration.ofMinutes(1);

	private final Connection connection;

	private final Map<String, Found> found = new ConcurrentHashMap<>();

	FoundStreams(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Returns the stream of a consumer.
	 * @param stream its name
	 * @param consumerCreated when the consumer was created that is on the server now: one
	 * that existed when the stream was looked at is gone if that has been created again
	 * @return the stream as it is, but for settings that have changed just now
	 * @throws IOException if there is no answer
	 * @throws JetStreamApiException if there is none
	 */
	Found find(String stream, @Nullable ZonedDateTime consumerCreated) throws IOException, JetStreamApiException {
		Found known = this.found.get(stream);
		if (known != null && known.isStill(consumerCreated)) {
			return known;
		}
		StreamInfo info = Inquiry.ask(this.connection, ".API.STREAM.INFO." + stream,
				(management) -> management.getStreamInfo(stream));
		Found fresh = new Found(info.getCreateTime(), ListenerAdvice.maxAge(info.getConfiguration()),
				info.getTimestamp(), System.nanoTime());
		this.found.put(stream, fresh);
		return fresh;
	}

	/**
	 * A stream as it was.
	 *
	 * @param created when it was created
	 * @param maxAge how long messages stay in it, zero for ever
	 * @param time when that was, by the clock of the server; {@code null} before 2.10
	 * @param nanos the same by that of this JVM
	 */
	record Found(ZonedDateTime created, Duration maxAge, @Nullable ZonedDateTime time, long nanos) {

		private boolean isStill(@Nullable ZonedDateTime consumerCreated) {
			return this.time != null && consumerCreated != null && consumerCreated.plus(MAX_SKEW).isBefore(this.time)
					&& System.nanoTime() - this.nanos < MAX_AGE_NANOS;
		}

	}

}
