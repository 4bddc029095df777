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

package io.github.jetstreamspring.boot.operations;

import java.util.Map;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import org.jspecify.annotations.Nullable;

/**
 * Pauses listeners, stops and starts them, and changes how much they do at once.
 */
final class ListenerOperations {

	private final JetStreamListeners listeners;

	private final Map<String, ConnectionDescriptions> connections;

	private final OperationLog operations;

	/**
	 * Creates operations.
	 * @param listeners the listeners
	 * @param connections know the consumers
	 * @param operations keep a record
	 */
	ListenerOperations(JetStreamListeners listeners, Map<String, ConnectionDescriptions> connections,
			OperationLog operations) {
		this.listeners = listeners;
		this.connections = connections;
		this.operations = operations;
	}

	/**
	 * Does something with a listener.
	 * @param id the listener's id
	 * @param operation what to do
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @throws OperationFailure if that isn't possible
	 */
	void perform(String id, ListenerOperation operation, @Nullable String principal) {
		this.operations.perform(operation.describe(), "listener '%s'".formatted(id), principal, () -> {
			perform(id, operation);
			return operation;
		});
	}

	private void perform(String id, ListenerOperation operation) {
		if (!this.listeners.ids().contains(id)) {
			throw ListenerDescriptions.unknown(id, this.listeners.ids());
		}
		try {
			switch (operation.action()) {
				case PAUSE -> pause(id, operation);
				case RESUME -> {
					requireStarted(id, "resumed");
					this.listeners.resume(id);
				}
				case STOP -> this.listeners.stop(id);
				case START -> this.listeners.start(id);
				case CONCURRENCY -> resize(id, operation.concurrency());
			}
		}
		catch (IllegalArgumentException ex) {
			throw OperationFailure.badRequest(String.valueOf(ex.getMessage()));
		}
		catch (IllegalStateException | UnsupportedOperationException ex) {
			throw OperationFailure.ofServer(ex);
		}
	}

	private void pause(String id, ListenerOperation operation) {
		if (operation.duration() != null) {
			this.listeners.pause(id, operation.duration());
		}
		else {
			requireStarted(id, "paused");
			this.listeners.pause(id);
		}
	}

	private void requireStarted(String id, String done) {
		if (this.listeners.state(id) == ListenerState.STOPPED) {
			throw OperationFailure.conflict("Listener '%s' is stopped, and can't be %s: start it".formatted(id, done));
		}
	}

	private void resize(String id, @Nullable Integer wanted) {
		int concurrency = (wanted != null) ? wanted : 0;
		Long most = maxAckPending(id);
		if (most != null && concurrency > most) {
			throw OperationFailure.conflict(
					"Listener '%s' can't run %d handlers: the server gives all instances together %d messages at once, the max-ack-pending of its consumer"
						.formatted(id, concurrency, most));
		}
		this.listeners.concurrency(id, concurrency);
	}

	private @Nullable Long maxAckPending(String id) {
		String connection = this.listeners.connection(id);
		ConnectionDescriptions descriptions = this.connections
			.get((connection != null) ? connection : Description.DEFAULT_CONNECTION);
		return (descriptions != null)
				? descriptions.maxAckPending(this.listeners.status(id).stream(), this.listeners.status(id).consumer())
				: null;
	}

}
