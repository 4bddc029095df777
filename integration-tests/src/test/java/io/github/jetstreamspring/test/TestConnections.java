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
import java.util.concurrent.atomic.AtomicReference;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;

import static org.awaitility.Awaitility.await;

/**
 * Connections of the tests themselves. The client gives up after two seconds, which a
 * busy machine can need.
 */
public final class TestConnections {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private TestConnections() {
	}

	/**
	 * Connects a plain client, which waits long for each answer.
	 */
	public static Connection connect(String url) throws IOException, InterruptedException {
		return Nats.connect(options(url).build());
	}

	/**
	 * Connects a client with options of its own, however busy the server is at first.
	 */
	public static Connection connect(Options options) {
		AtomicReference<Connection> connection = new AtomicReference<>();
		await().atMost(PATIENCE).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
			connection.set(Nats.connect(options));
			return true;
		});
		return connection.get();
	}

	/**
	 * Returns options of a client that waits long for each answer.
	 */
	public static Options.Builder options(String url) {
		return Options.builder().server(url).connectionTimeout(PATIENCE);
	}

	/**
	 * Returns what asks the server patiently, over a connection that need not be patient.
	 */
	public static JetStreamManagement management(Connection connection) throws IOException {
		return connection.jetStreamManagement(JetStreamOptions.builder().requestTimeout(PATIENCE).build());
	}

}
