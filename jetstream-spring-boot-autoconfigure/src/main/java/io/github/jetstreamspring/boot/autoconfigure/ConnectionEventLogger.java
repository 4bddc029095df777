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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.jetstreamspring.messaging.PermissionViolation;
import io.github.jetstreamspring.messaging.ViolationMemory;
import io.github.jetstreamspring.wire.Refusal;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.api.ServerInfo;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Logs what happens to the connection, once each: the client reports a lost connection
 * again with every attempt to reconnect.
 */
final class ConnectionEventLogger implements ErrorListener, ViolationMemory.Keeper {

	private static final Log logger = LogFactory.getLog(ConnectionEventLogger.class);

	private final @Nullable String connection;

	private final String label;

	private final List<Consumer<String>> errorConsumers = new CopyOnWriteArrayList<>();

	private final ViolationMemory violations = new ViolationMemory();

	private volatile Runnable whenGivenUp = () -> {
	};

	private volatile boolean connected;

	private volatile boolean lost;

	private volatile boolean closing;

	private volatile boolean suspending;

	private volatile @Nullable String lastError;

	private volatile @Nullable Exception lastException;

	private volatile boolean tlsRequired;

	private volatile boolean tlsFailed;

	private volatile @Nullable UsedCredentials credentials;

	ConnectionEventLogger() {
		this(null);
	}

	/**
	 * Creates a logger.
	 * @param connection the name of the connection, or {@code null} for the default one
	 */
	ConnectionEventLogger(@Nullable String connection) {
		this.connection = connection;
		this.label = (connection != null) ? " '" + connection + "'" : "";
	}

	/**
	 * Returns the listener for the connection's events.
	 */
	ConnectionListener connectionListener() {
		return (connection, event) -> onEvent(connection, event);
	}

	/**
	 * Returns the last exception, which tells why a connection could not be made, or the
	 * last one about TLS, which tells more than what follows from it.
	 */
	@Nullable Exception lastException() {
		return this.lastException;
	}

	/**
	 * Returns whether a server that wants TLS was met.
	 */
	boolean isTlsRequired() {
		return this.tlsRequired;
	}

	@Override
	public ViolationMemory violations() {
		return this.violations;
	}

	/**
	 * Sets what the connection shows to servers.
	 */
	void uses(UsedCredentials credentials) {
		this.credentials = credentials;
	}

	/**
	 * Returns which credentials were shown, with their keys.
	 */
	String credentials() {
		UsedCredentials used = this.credentials;
		return JetStreamConnectionException.keysOf(this.connection, (used != null) ? used.describe() : "unknown");
	}

	/**
	 * Adds who is told what the server reports.
	 */
	void onError(Consumer<String> consumer) {
		this.errorConsumers.add(consumer);
	}

	/**
	 * Sets what is done when the connection is lost for good.
	 */
	void onGivenUp(Runnable action) {
		this.whenGivenUp = action;
	}

	/**
	 * The application closes the connection itself.
	 */
	void closing() {
		this.closing = true;
	}

	/**
	 * The application closes the connection until it is started again.
	 */
	void suspending() {
		this.suspending = true;
	}

	private void onEvent(Connection connection, ConnectionListener.Events event) {
		switch (event) {
			case CONNECTED, RECONNECTED -> {
				this.connected = true;
				this.lost = false;
				this.suspending = false;
				this.lastError = null;
				connection.clearLastError();
				this.violations.clear();
				this.tlsFailed = false;
				logger.info(
						"%s to NATS server %s (%s)".formatted(
								((event == ConnectionListener.Events.CONNECTED) ? "Connected" : "Reconnected")
										+ this.label,
								ServerUrls.masked(String.valueOf(connection.getConnectedUrl())),
								connection.getServerInfo().getVersion()));
			}
			case DISCONNECTED -> {
				if (this.connected && this.suspending) {
					this.connected = false;
					logger.info("Closed the connection" + this.label
							+ " to the NATS server until the application is started again");
				}
				else if (this.connected) {
					this.connected = false;
					this.lost = true;
					logger.warn("Lost the connection" + this.label + " to the NATS server; reconnecting");
				}
			}
			case CLOSED -> {
				if (this.connected) {
					this.connected = false;
					logger.info("Closed the connection" + this.label + " to the NATS server");
				}
				else if (this.lost && this.closing) {
					this.lost = false;
					logger.info("Closed the connection" + this.label + " to the NATS server, which was lost");
				}
				else if (this.lost) {
					this.lost = false;
					logger.error("Closed the connection" + this.label + " to the NATS server, which was lost"
							+ ((this.lastError != null) ? "; the server's last words: " + this.lastError : "")
							+ ". It is not made again until the application is restarted");
					this.whenGivenUp.run();
				}
			}
			case LAME_DUCK -> logger.info("The NATS server is about to shut down");
			default -> logger.debug("Connection event: " + event);
		}
	}

	@Override
	public void errorOccurred(Connection connection, String error) {
		this.violations.reported(error);
		String report = PermissionViolation.masked(Refusal.words(error));
		boolean repeated = report.equals(this.lastError);
		this.lastError = report;
		// Before the first connection the connector says it
		if (!repeated && (this.connected || this.lost)) {
			logger.warn("The NATS server reports: " + report + (Refusal.isRefusal(error) ? refused() : ""));
		}
		this.errorConsumers.forEach((consumer) -> consumer.accept(error));
	}

	private String refused() {
		return ". The credentials shown were " + credentials()
				+ ". Reconnecting goes on until the server accepts them; new ones in the same file or SSL bundle are used, new values of keys after a restart";
	}

	@Override
	public void exceptionOccurred(Connection connection, Exception exception) {
		ServerInfo server = connection.getServerInfo();
		this.tlsRequired |= server != null && server.isTLSRequired();
		if (!TlsFailures.isTls(this.lastException) || TlsFailures.isTls(exception)) {
			this.lastException = exception;
		}
		if (this.lost && !this.tlsFailed && TlsFailures.isTls(exception)) {
			this.tlsFailed = true;
			logger.warn("TLS with the NATS server fails, reconnecting goes on: "
					+ NestedExceptionUtils.getMostSpecificCause(exception).getMessage());
		}
		logger.debug("Exception of the NATS connection", exception);
	}

	@Override
	public void slowConsumerDetected(Connection connection, io.nats.client.Consumer consumer) {
		logger.warn("A subscription is slower than its messages come, and loses some");
	}

}
