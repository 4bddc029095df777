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

import java.util.function.BiConsumer;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;

/**
 * Tells a listener when its connection is lost, and when it is back.
 */
final class ConnectionWatch {

	/**
	 * Why a listener gets no messages while the client connects again.
	 */
	static final String LOST = "the connection to the server is lost; the client reconnects by itself";

	private static final String CLOSED = "the connection is closed for good, and this instance gets no messages any more. Restart the application when its credentials are valid and jetstream.connection.max-reconnects is -1";

	private final Connection connection;

	private final BiConsumer<ListenerState, String> lost;

	private final Runnable back;

	private final ConnectionListener events = (connection, event) -> onEvent(event);

	/**
	 * Creates a watch that isn't started.
	 * @param connection the connection
	 * @param lost is told the state that follows from a loss, and why; of the same loss
	 * maybe more than once
	 * @param back is told that the connection can be used again
	 */
	ConnectionWatch(Connection connection, BiConsumer<ListenerState, String> lost, Runnable back) {
		this.connection = connection;
		this.lost = lost;
		this.back = back;
	}

	void start() {
		this.connection.addConnectionListener(this.events);
	}

	void end() {
		this.connection.removeConnectionListener(this.events);
	}

	boolean isUp() {
		return this.connection.getStatus() == Connection.Status.CONNECTED;
	}

	/**
	 * Looks whether the connection is closed, as the client doesn't always come to tell.
	 */
	void checkClosed() {
		if (this.connection.getStatus() == Connection.Status.CLOSED) {
			closed();
		}
	}

	private void onEvent(ConnectionListener.Events event) {
		switch (event) {
			case DISCONNECTED -> this.lost.accept(ListenerState.RECOVERING, LOST);
			case CLOSED -> closed();
			// Not RECONNECTED: subscriptions are not yet back then
			case RESUBSCRIBED -> this.back.run();
			default -> {
			}
		}
	}

	private void closed() {
		this.lost.accept(ListenerState.FAILED, CLOSED);
	}

}
