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

import java.io.IOException;
import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;

import static org.awaitility.Awaitility.await;

/**
 * What the tests of a class leave to each other on their server.
 */
public final class TestStreams {

	private TestStreams() {
	}

	/**
	 * Deletes all streams that a test has left, on a server that it may have stopped.
	 */
	public static void deleteAll(EmbeddedNatsServer server) {
		if (!server.isRunning()) {
			server.restart();
		}
		deleteAll(server.url());
	}

	/**
	 * Deletes all streams of the server, or account, at a URL.
	 */
	public static void deleteAll(String url) {
		try {
			Connection connection = TestConnections.connect(url);
			try {
				JetStreamManagement management = connection.jetStreamManagement();
				for (String stream : management.getStreamNames()) {
					delete(stream, management);
				}
			}
			finally {
				connection.close();
			}
		}
		catch (IOException | InterruptedException | JetStreamApiException ex) {
			throw new IllegalStateException("The streams of " + url + " can't be deleted", ex);
		}
	}

	// A stream that is made again right after it was deleted can have its old messages
	// back (nats-server 2.15.1, one in ten on a busy machine), or can't be made yet
	private static void delete(String stream, JetStreamManagement management)
			throws IOException, JetStreamApiException {
		StreamConfiguration left = StreamConfiguration.builder().name(stream).subjects("left-behind." + stream).build();
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(30))
			.ignoreExceptionsInstanceOf(JetStreamApiException.class)
			.until(() -> {
				if (management.getStreamNames().contains(stream)) {
					management.deleteStream(stream);
				}
				return management.addStream(left).getStreamState().getLastSequence() == 0;
			});
		management.deleteStream(stream);
	}

}
