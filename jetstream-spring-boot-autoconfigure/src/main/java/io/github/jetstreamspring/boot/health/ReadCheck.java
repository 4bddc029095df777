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

package io.github.jetstreamspring.boot.health;

import java.io.IOException;
import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether what the server sends is read. The client notices after several pings of
 * its own that it isn't, which may take a minute, and says until then that it is
 * connected.
 */
final class ReadCheck {

	// Several may ask for the health at once
	private static final long MAX_AGE_NANOS = Duration.ofSeconds(2).toNanos();

	private final Connection connection;

	private final long maxAgeNanos;

	// Guarded by this, as all below
	private @Nullable Long received;

	private boolean read = true;

	private long lookedNanos;

	ReadCheck(Connection connection) {
		this(connection, MAX_AGE_NANOS);
	}

	ReadCheck(Connection connection, long maxAgeNanos) {
		this.connection = connection;
		this.maxAgeNanos = maxAgeNanos;
		this.lookedNanos = System.nanoTime() - maxAgeNanos;
	}

	/**
	 * Pings the server if nothing has come since the last look, and waits for the answer
	 * as long as the client waits for a connection, 2 seconds.
	 * @return whether something has come, or the client knows itself that it isn't
	 * connected
	 */
	synchronized boolean isRead() {
		if (this.connection.getStatus() != Connection.Status.CONNECTED) {
			return true;
		}
		if (System.nanoTime() - this.lookedNanos >= this.maxAgeNanos) {
			Long now = received();
			this.read = (now != null && this.received != null && now > this.received) || isAnswered();
			this.received = received();
			this.lookedNanos = System.nanoTime();
		}
		return this.read;
	}

	private @Nullable Long received() {
		Statistics statistics = this.connection.getStatistics();
		return (statistics != null) ? statistics.getInMsgs() : null;
	}

	private boolean isAnswered() {
		try {
			this.connection.RTT();
			return true;
		}
		catch (IOException ex) {
			// Nor does it say anything if the client has noticed, or nobody may wait
			return this.connection.getStatus() != Connection.Status.CONNECTED || Thread.currentThread().isInterrupted();
		}
	}

}
