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

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;

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
		try {
			Connection connection = Nats.connect(server.url());
			try {
				JetStreamManagement management = connection.jetStreamManagement();
				for (String stream : management.getStreamNames()) {
					management.deleteStream(stream);
				}
			}
			finally {
				connection.close();
			}
		}
		catch (IOException | InterruptedException | JetStreamApiException ex) {
			throw new IllegalStateException("The streams of " + server + " can't be deleted", ex);
		}
	}

}
