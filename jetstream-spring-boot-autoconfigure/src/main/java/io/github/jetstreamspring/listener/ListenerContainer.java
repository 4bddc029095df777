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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Starts and stops a listener and keeps it going: when messages can't be had, it looks
 * for the consumer again and again until they can.
 */
final class ListenerContainer implements PullFlow.Events {

	private static final Log logger = LogFactory.getLog(ListenerContainer.class);

	private static final Duration RECOVERY_INTERVAL = Duration.ofMillis(500);

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	private final ConnectionListener connectionListener = (connection, event) -> onConnectionEvent(event);

	private final AtomicBoolean searching = new AtomicBoolean();

	// Guarded by this, like each change of the state
	private @Nullable ListenerSession session;

	private volatile ListenerState state = ListenerState.STOPPED;

	private volatile @Nullable String reason;

	private int concurrency;

	ListenerContainer(ListenerDefinition definition, ListenerEnvironment environment) {
		this.definition = definition;
		this.concurrency = definition.concurrency();
		this.environment = environment;
	}

	ListenerDefinition definition() {
		return this.definition;
	}

	synchronized ListenerStatus status() {
		ListenerSession current = this.session;
		return new ListenerStatus(this.definition.id(), this.definition.stream(), this.definition.consumer(),
				this.state, this.reason, this.concurrency, (current != null) ? current.busyWorkers() : 0,
				(current != null) ? current.inHand() : 0);
	}

	/**
	 * Starts the listener, unless it is started.
	 * @throws IllegalStateException if the consumer can't be found
	 */
	synchronized void start() {
		if (this.session != null) {
			return;
		}
		changeState(ListenerState.STARTING, null);
		try {
			ConsumerConfiguration consumer = findConsumer();
			ListenerSession started = new ListenerSession(this.definition, this.concurrency, consumer, this.environment,
					this);
			this.session = started;
			connection().addConnectionListener(this.connectionListener);
			changeState(ListenerState.RUNNING, null);
			started.open(consumer);
		}
		catch (IOException | JetStreamApiException ex) {
			changeState(ListenerState.STOPPED, null);
			throw new IllegalStateException(
					"Listener '%s' can't be started: %s".formatted(this.definition.id(), describe(ex)), ex);
		}
	}

	/**
	 * Stops the listener, unless it is stopped, and waits until it is.
	 */
	void stop() {
		ListenerSession stopped;
		synchronized (this) {
			stopped = this.session;
			this.session = null;
		}
		if (stopped != null) {
			connection().removeConnectionListener(this.connectionListener);
			stopped.stop();
			synchronized (this) {
				if (this.session == null) {
					changeState(ListenerState.STOPPED, null);
				}
			}
		}
	}

	/**
	 * Changes how many handlers run at once, now and after the next start.
	 * @param concurrency a number of at least 1
	 */
	synchronized void resize(int concurrency) {
		this.concurrency = concurrency;
		if (this.session != null) {
			this.session.resize(concurrency);
		}
	}

	synchronized void pause() {
		if (this.session != null && this.state != ListenerState.PAUSED) {
			this.session.pause();
			changeState(ListenerState.PAUSED, null);
		}
	}

	synchronized void resume() {
		if (this.session != null && this.state == ListenerState.PAUSED) {
			try {
				// What was asked for before the pause may be lost: begin anew
				ConsumerConfiguration consumer = findConsumer();
				changeState(ListenerState.RUNNING, null);
				this.session.open(consumer);
			}
			catch (IOException | JetStreamApiException | RuntimeException ex) {
				changeState(ListenerState.RECOVERING, describe(ex));
				searchAfter(RECOVERY_INTERVAL);
			}
		}
	}

	@Override
	public void answered() {
		// Read without the lock, as it is true for nearly every message
		if (this.state == ListenerState.RUNNING) {
			return;
		}
		synchronized (this) {
			if (this.session != null && this.state == ListenerState.RECOVERING) {
				changeState(ListenerState.RUNNING, null);
			}
		}
	}

	@Override
	public synchronized void trouble(String what) {
		if (this.session != null && this.state != ListenerState.PAUSED) {
			this.session.pause();
			changeState(ListenerState.RECOVERING, what);
			searchAfter(RECOVERY_INTERVAL);
		}
	}

	private void onConnectionEvent(ConnectionListener.Events event) {
		if (event == ConnectionListener.Events.DISCONNECTED || event == ConnectionListener.Events.CLOSED) {
			trouble("the connection is lost");
		}
		else if (event == ConnectionListener.Events.RECONNECTED || event == ConnectionListener.Events.RESUBSCRIBED) {
			searchAfter(Duration.ZERO);
		}
	}

	private void searchAfter(Duration delay) {
		if (this.searching.compareAndSet(false, true)) {
			this.environment.scheduler()
				.schedule(() -> this.environment.executor().execute(this::search), delay.toNanos(),
						TimeUnit.NANOSECONDS);
		}
	}

	private void search() {
		this.searching.set(false);
		if (this.state != ListenerState.RECOVERING) {
			return;
		}
		try {
			// Not under the lock: it may take seconds
			ConsumerConfiguration consumer = findConsumer();
			synchronized (this) {
				if (this.session != null && this.state == ListenerState.RECOVERING) {
					this.session.open(consumer);
				}
			}
		}
		catch (IOException | JetStreamApiException | RuntimeException ex) {
			trouble(describe(ex));
		}
	}

	private ConsumerConfiguration findConsumer() throws IOException, JetStreamApiException {
		return connection().jetStreamManagement()
			.getConsumerInfo(this.definition.stream(), this.definition.consumer())
			.getConsumerConfiguration();
	}

	private String describe(Exception ex) {
		return "consumer '%s' of stream '%s' can't be reached: %s".formatted(this.definition.consumer(),
				this.definition.stream(), ex.getMessage());
	}

	private void changeState(ListenerState next, @Nullable String why) {
		boolean changed = this.state != next;
		this.state = next;
		this.reason = why;
		if (!changed) {
			return;
		}
		if (next == ListenerState.RECOVERING) {
			logger.warn("Listener '%s' is recovering: %s".formatted(this.definition.id(), why));
		}
		else if (next != ListenerState.STARTING) {
			logger.info("Listener '%s' is %s (stream '%s', consumer '%s')".formatted(this.definition.id(),
					next.name().toLowerCase(Locale.ROOT), this.definition.stream(), this.definition.consumer()));
		}
		this.environment.stateChanged(this.definition.id(), next, why);
	}

	private Connection connection() {
		return this.environment.connection();
	}

}
