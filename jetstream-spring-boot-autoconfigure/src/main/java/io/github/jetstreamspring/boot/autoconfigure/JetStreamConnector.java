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
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionException.Reason;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.wire.Refusal;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.util.StringUtils;

/**
 * Makes the first connection. Waits for a server that isn't up yet, but not for one that
 * refuses.
 */
final class JetStreamConnector {

	private static final Log logger = LogFactory.getLog(JetStreamConnector.class);

	private static final Duration ATTEMPT_INTERVAL = Duration.ofMillis(500);

	// The template counts in milliseconds, and none at all would be no limit
	private static final Duration SHORTEST = Duration.ofMillis(1);

	private final ConnectionOptionsFactory optionsFactory;

	private final Duration startupTimeout;

	private final @Nullable String name;

	private final String servers;

	private boolean waiting;

	JetStreamConnector(ConnectionOptionsFactory optionsFactory, Duration startupTimeout, @Nullable String name) {
		this.name = name;
		this.optionsFactory = optionsFactory;
		this.startupTimeout = startupTimeout;
		StringJoiner masked = new StringJoiner(", ");
		for (String server : optionsFactory.servers()) {
			masked.add(ServerUrls.masked(server));
		}
		this.servers = masked.toString();
	}

	/**
	 * Connects.
	 * @return a connection to a server whose JetStream answers
	 * @throws JetStreamConnectionException if there is none, or the thread is interrupted
	 */
	Connection connect() {
		CompletableFuture<Connection> connected = new CompletableFuture<>();
		Thread thread = new Thread(() -> connect(connected), "jetstream-connect");
		thread.setDaemon(true);
		thread.start();
		try {
			// Without a time limit: a context that is closed while it starts interrupts
			// the start only then. The client itself can't be interrupted.
			return connected.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			if (connected.cancel(false)) {
				thread.interrupt();
				throw new JetStreamConnectionException(Reason.INTERRUPTED, this.servers, ex);
			}
			return connected.join();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

	private void connect(CompletableFuture<Connection> connected) {
		try {
			Connection connection = connectOrWait(connected);
			if (!connected.complete(connection)) {
				close(connection);
			}
		}
		catch (Throwable ex) {
			// Whatever a customizer throws, declared or not: somebody waits for it
			connected.completeExceptionally(ex);
		}
	}

	private Connection connectOrWait(CompletableFuture<Connection> connected) {
		long start = System.nanoTime();
		try {
			return attempt();
		}
		catch (Throwable ex) {
			// Only now, as there is hardly ever anything to wait for
			return await(connected, ex, this.startupTimeout.minusNanos(System.nanoTime() - start));
		}
	}

	private Connection await(CompletableFuture<Connection> connected, Throwable firstFailure, Duration timeout) {
		AtomicReference<@Nullable Throwable> first = new AtomicReference<>(firstFailure);
		RetryTemplate template = new RetryTemplate(RetryPolicy.builder()
			.predicate((failure) -> !connected.isDone() && isWorthWaiting(failure))
			.delay(ATTEMPT_INTERVAL)
			.maxRetries(Long.MAX_VALUE)
			.timeout((timeout.compareTo(SHORTEST) > 0) ? timeout : SHORTEST)
			.build());
		try {
			return template.execute(() -> {
				Throwable failure = first.getAndSet(null);
				if (failure != null) {
					throw failure;
				}
				return attempt();
			});
		}
		catch (RetryException ex) {
			if (ex.getLastException() instanceof RuntimeException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getLastException());
		}
	}

	private boolean isWorthWaiting(Throwable failure) {
		boolean worthWaiting = failure instanceof JetStreamConnectionException exception
				&& switch (exception.reason()) {
					case SERVER_DOWN, JETSTREAM_SILENT -> true;
					// A server that wants a certificate cuts the client off, as one that
					// ends does
					case TLS_FAILED -> !TlsFailures.isTls(exception.getCause());
					default -> false;
				};
		if (worthWaiting && !this.waiting) {
			this.waiting = true;
			logger.warn(
					"%s Waiting for it, up to %s".formatted(failure.getMessage(), Durations.text(this.startupTimeout)));
		}
		return worthWaiting;
	}

	private Connection attempt() {
		ConnectionEventLogger events = new ConnectionEventLogger(this.name);
		Connection connection = connect(this.optionsFactory.create(events), events);
		try {
			checkJetStream(connection);
			return connection;
		}
		catch (Throwable ex) {
			close(connection);
			throw ex;
		}
	}

	private Connection connect(Options options, ConnectionEventLogger events) {
		try {
			return Nats.connect(options);
		}
		catch (AuthenticationException ex) {
			throw new JetStreamConnectionException(Reason.CREDENTIALS_REFUSED, this.servers,
					new RefusedException(Refusal.words(String.valueOf(ex.getMessage())), events.credentials(), ex));
		}
		catch (IOException ex) {
			// The client's exception has no cause; its listener was told
			Exception cause = (events.lastException() != null) ? events.lastException() : ex;
			throw new JetStreamConnectionException(reason(events, cause), this.servers, cause);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while connecting to " + this.servers, ex);
		}
	}

	private static Reason reason(ConnectionEventLogger events, Exception cause) {
		if (TlsFailures.isAboutHost(cause)) {
			return Reason.TLS_WRONG_HOST;
		}
		return (events.isTlsRequired() || TlsFailures.isTls(cause)) ? Reason.TLS_FAILED : Reason.SERVER_DOWN;
	}

	private void checkJetStream(Connection connection) {
		try {
			Inquiry.ask(connection, ".API.INFO", JetStreamManagement::getAccountStatistics);
		}
		catch (JetStreamApiException ex) {
			// 10076: off on the server, 10039: off for the account
			boolean off = ex.getApiErrorCode() == 10076 || ex.getApiErrorCode() == 10039;
			throw new JetStreamConnectionException(off ? Reason.JETSTREAM_OFF : Reason.JETSTREAM_SILENT, this.servers,
					ex);
		}
		catch (Inquiry.ForbiddenException ex) {
			if (!ex.violation().publish()) {
				throw new JetStreamConnectionException(Reason.JETSTREAM_FORBIDDEN,
						"%s: %s".formatted(this.servers, ex.violation().describe()), ex);
			}
			if (!connection.getServerInfo().isJetStreamAvailable()) {
				throw new JetStreamConnectionException(Reason.JETSTREAM_OFF, this.servers, ex);
			}
			logger.info(("%s. Without that nobody knows before JetStream is used whether the account has it, and which"
					+ " limits it has for streams")
				.formatted(StringUtils.capitalize(ex.violation().describe())));
		}
		catch (IOException ex) {
			// Without JetStream nobody answers, as in a cluster that has no leader yet
			boolean available = connection.getServerInfo().isJetStreamAvailable();
			throw new JetStreamConnectionException(available ? Reason.JETSTREAM_SILENT : Reason.JETSTREAM_OFF,
					this.servers, ex);
		}
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
