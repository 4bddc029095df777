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

package io.github.jetstreamspring.boot.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionException.Reason;
import io.github.jetstreamspring.guard.OwnThreads;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.nats.client.Connection;
import io.nats.client.ForceReconnectOptions;
import io.nats.client.ServerPool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Closes the sockets of a context's connections while it is stopped, as before a snapshot
 * of the JVM is taken, and connects again when it is started. For everybody who uses such
 * a connection that is as if the server was away meanwhile: subscriptions and what was
 * published are kept. The last to stop and the first to start.
 * <p>
 * A context that closes does without: what is destroyed may have something to publish.
 * One that is only paused keeps its connections, too, as it may be resumed soon.
 */
final class ConnectionLifecycle implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(ConnectionLifecycle.class);

	private static final Duration SUSPEND_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

	private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

	private final ApplicationContext context;

	private final List<Connected> connections = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	ConnectionLifecycle(ApplicationContext context) {
		this.context = context;
	}

	/**
	 * Adds a connection of the context.
	 * @param connection the connection
	 * @param name its name, or {@code null} for the default one
	 * @param startupTimeout how long to wait for it when the context is started again
	 */
	void add(Connection connection, @Nullable String name, Duration startupTimeout) {
		this.connections.add(new Connected(connection, name, startupTimeout));
	}

	@Override
	public void start() {
		this.connections.forEach(Connected::open);
		this.connections.forEach(Connected::await);
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		boolean closing = this.context instanceof ConfigurableApplicationContext configurable
				&& configurable.isClosed();
		// A handler that stops the context has its message yet to ack
		if (!closing && !OwnThreads.isOne()) {
			this.connections.forEach(Connected::suspend);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return TopologyInitializer.PHASE - 100;
	}

	/**
	 * A connection, which the client believes to be lost while it is suspended.
	 */
	private record Connected(Connection connection, @Nullable String name, Duration startupTimeout) {

		private static final String THREAD_NAME = "jetstream-suspend";

		private GatedServerPool gate() {
			ServerPool pool = this.connection.getOptions().getServerPool();
			if (pool instanceof GatedServerPool gate) {
				return gate;
			}
			throw new IllegalStateException("The options of a connection are made with it");
		}

		void suspend() {
			if (this.connection.getOptions().getErrorListener() instanceof ConnectionEventLogger events) {
				events.suspending();
			}
			gate().close();
			try {
				long end = System.nanoTime() + SUSPEND_TIMEOUT.toNanos();
				disconnectIfConnected();
				// It may be about to connect by itself just now
				while (this.connection.getStatus() != Connection.Status.CLOSED && !gate().awaitClient(LOOK_INTERVAL)) {
					disconnectIfConnected();
					if (System.nanoTime() - end > 0) {
						logger.warn("The connection to the NATS server could not be closed within %ds"
							.formatted(SUSPEND_TIMEOUT.toSeconds()));
						return;
					}
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private void disconnectIfConnected() {
			if (this.connection.getStatus() == Connection.Status.CONNECTED) {
				Thread thread = new Thread(this::disconnect, THREAD_NAME);
				thread.setDaemon(true);
				thread.start();
			}
		}

		// Returns when it is connected again, or at once if somebody else is at it
		private void disconnect() {
			try {
				if (gate().isClosed()) {
					this.connection.forceReconnect(ForceReconnectOptions.builder().flush(FLUSH_TIMEOUT).build());
				}
			}
			catch (IOException ex) {
				logger.debug("Could not disconnect", ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		void open() {
			gate().open();
		}

		/**
		 * Waits until the client has connected.
		 * @throws JetStreamConnectionException if it can't
		 */
		void await() {
			long end = System.nanoTime() + this.startupTimeout.toNanos();
			try {
				while (this.connection.getStatus() != Connection.Status.CONNECTED) {
					if (this.connection.getStatus() == Connection.Status.CLOSED) {
						throw failure(Reason.CREDENTIALS_REFUSED);
					}
					if (System.nanoTime() - end > 0) {
						throw failure(Reason.SERVER_DOWN);
					}
					gate().awaitConnected(LOOK_INTERVAL);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private JetStreamConnectionException failure(Reason reason) {
			JetStreamConnectionException failure = new JetStreamConnectionException(reason,
					this.connection.getOptions()
						.getServers()
						.stream()
						.map((server) -> ServerUrls.masked(server.toString()))
						.collect(Collectors.joining(", ")),
					null);
			return (this.name != null) ? failure.of(this.name) : failure;
		}

	}

}
