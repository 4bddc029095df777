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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;

/**
 * Asks the server which stream listens on a subject, and what that stream allows. Plain
 * publishing needs none of this: the server finds the stream by itself.
 */
final class StreamLookup {

	private static final int MOST = 1000;

	// Long enough that a busy publisher hardly asks, short enough that a changed stream
	// is noticed without a restart
	private static final long MAX_AGE_NANOS = Duration.ofSeconds(30).toNanos();

	private final Connection connection;

	private final Map<String, Found> known = new ConcurrentHashMap<>();

	StreamLookup(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Returns the stream that listens on a subject.
	 * @param subject the subject, without wildcards
	 * @return the stream's configuration, at most half a minute old
	 * @throws NoStreamException if no stream listens on it
	 * @throws JetStreamException if the server can't be asked
	 */
	StreamConfiguration find(String subject) {
		long now = System.nanoTime();
		Found found = this.known.get(subject);
		if (found == null || now - found.nanos() > MAX_AGE_NANOS) {
			found = new Found(ask(subject), now);
			if (this.known.size() >= MOST) {
				this.known.clear();
			}
			this.known.put(subject, found);
		}
		return found.stream();
	}

	/**
	 * Forgets what is known about a subject, because the server says something else.
	 * @param subject the subject
	 */
	void forget(String subject) {
		this.known.remove(subject);
	}

	private StreamConfiguration ask(String subject) {
		try {
			List<StreamInfo> streams = this.connection.jetStreamManagement().getStreams(subject);
			if (streams.isEmpty()) {
				throw new NoStreamException(subject);
			}
			return streams.get(0).getConfiguration();
		}
		catch (IOException | JetStreamApiException ex) {
			throw new JetStreamException(
					"The stream of subject '%s' can't be looked up: %s. The user of the connection needs permission for $JS.API.STREAM.LIST"
						.formatted(subject, ex.getMessage()),
					ex);
		}
	}

	private record Found(StreamConfiguration stream, long nanos) {
	}

}
