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
import java.util.concurrent.Executor;

import io.nats.client.Connection;

/**
 * A connection that several flows share, with what they have to share on it: how many
 * bytes may be on their way, and who may ping the server.
 *
 * @since 0.1.0
 */
public final class PullConnection {

	private final Connection connection;

	private final Pings pings;

	private final ByteShares shares = new ByteShares();

	/**
	 * Creates what flows share on a connection.
	 * @param connection the connection
	 * @param executor waits for the server
	 */
	public PullConnection(Connection connection, Executor executor) {
		this.connection = connection;
		this.pings = new Pings(connection, executor);
	}

	Connection connection() {
		return this.connection;
	}

	Pings pings() {
		return this.pings;
	}

	ByteShares shares() {
		return this.shares;
	}

	/**
	 * Pings the server, when no flow does.
	 * @param timeout how long it may take to answer
	 * @return whether it has answered in time
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	public boolean ping(Duration timeout) throws InterruptedException {
		return this.pings.ping(timeout);
	}

}
