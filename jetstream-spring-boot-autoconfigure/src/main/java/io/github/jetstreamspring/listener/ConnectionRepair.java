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
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.github.jetstreamspring.listener.pull.PullConnection;
import io.nats.client.Connection;
import io.nats.client.ForceReconnectOptions;
import io.nats.client.Subscription;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Makes the client reconnect when the connection looks sound, but isn't: its peer has
 * gone without a word, which the client notices only after several pings; or the server
 * has dropped the subscription that all answers come to, because it was not allowed for a
 * while, which the client never notices.
 */
final class ConnectionRepair {

	private static final Log logger = LogFactory.getLog(ConnectionRepair.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final long MIN_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

	private final Connection connection;

	private final PullConnection shared;

	private final Executor executor;

	private long lastNanos = System.nanoTime() - MIN_INTERVAL_NANOS;

	/**
	 * Creates a repair.
	 * @param connection the connection
	 * @param shared tells whether it is alive
	 * @param executor waits until it is there again
	 */
	ConnectionRepair(Connection connection, PullConnection shared, Executor executor) {
		this.connection = connection;
		this.shared = shared;
		this.executor = executor;
	}

	/**
	 * Questions were not answered: finds out whether the connection is why.
	 * @param stream a stream that may be asked about
	 * @param consumer a consumer that may be asked about
	 */
	synchronized void notAnswered(String stream, String consumer) {
		if (this.connection.getStatus() != Connection.Status.CONNECTED
				|| System.nanoTime() - this.lastNanos < MIN_INTERVAL_NANOS) {
			return;
		}
		this.lastNanos = System.nanoTime();
		try {
			if (!this.shared.ping(TIMEOUT)) {
				reconnect("the server answers no pings");
			}
			else if (answersElsewhere("$JS.API.CONSUMER.INFO." + stream + "." + consumer)) {
				reconnect("answers don't arrive, though the server sends them");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException | NullPointerException | RejectedExecutionException ex) {
			// It has gone in the meantime: then the client reconnects by itself
		}
	}

	private boolean answersElsewhere(String question) throws InterruptedException {
		String inbox = this.connection.createInbox();
		Subscription subscription = this.connection.subscribe(inbox);
		try {
			this.connection.publish(question, inbox, null);
			return subscription.nextMessage(TIMEOUT) != null;
		}
		finally {
			subscription.unsubscribe();
		}
	}

	private void reconnect(String why) {
		logger.warn("Reconnecting to the NATS server: " + why);
		// Not by the calling thread, which may hold a listener's locks: it would wait for
		// as long as there is no server
		this.executor.execute(() -> {
			try {
				this.connection.forceReconnect(ForceReconnectOptions.FORCE_CLOSE_INSTANCE);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (IOException ex) {
				logger.debug("The connection has gone in the meantime", ex);
			}
		});
	}

}
