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

package io.github.jetstreamspring.topology;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * Updates streams, and keeps the settings that only a newer server knows. The client has
 * no method for those, so that they are sent in a request of our own.
 */
final class StreamUpdate {

	private static final String API = "$JS.API.STREAM.";

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final JetStreamManagement management;

	private final @Nullable Connection connection;

	StreamUpdate(JetStreamManagement management, @Nullable Connection connection) {
		this.management = management;
		this.connection = connection;
	}

	/**
	 * Updates a stream.
	 * @param declared what shall be on the server
	 * @return what is there then
	 * @throws IllegalArgumentException if the stream has settings that can't be kept
	 */
	StreamConfiguration update(DeclaredStream declared) throws IOException, JetStreamApiException {
		StreamInfo info = this.management.getStreamInfo(declared.stream());
		StreamConfiguration current = info.getConfiguration();
		StreamConfiguration target = declared.target(current);
		ServerConfiguration server = ServerConfiguration.of(info);
		Set<String> unknown = server.unknown(current, target);
		if (unknown.isEmpty()) {
			return this.management.updateStream(target).getConfiguration();
		}
		// The management may be of another domain or account, where a request of our own
		// would hit a stream with the same name
		if (this.connection == null
				|| !info.getCreateTime().equals(request(this.connection, "INFO.", declared, "").getCreateTime())) {
			throw new IllegalArgumentException(
					"it has settings that this client doesn't know %s and would reset; change it with the nats CLI"
						.formatted(unknown));
		}
		return request(this.connection, "UPDATE.", declared, server.changed(current, target)).getConfiguration();
	}

	private static StreamInfo request(Connection connection, String verb, DeclaredStream declared, String body)
			throws IOException, JetStreamApiException {
		try {
			Message answer = connection.request(API + verb + declared.stream(), body.getBytes(StandardCharsets.UTF_8),
					TIMEOUT);
			if (answer == null) {
				throw new IOException("Timeout or no response");
			}
			return new StreamInfo(answer).throwOnHasError();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

}
