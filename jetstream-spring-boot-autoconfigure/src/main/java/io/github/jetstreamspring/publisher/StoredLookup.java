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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import io.github.jetstreamspring.messaging.ReportedViolations;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Looks up a stored message with the pace and the patience of publishing: what keeps the
 * server from saying whether it has the message is over in a moment, usually.
 */
final class StoredLookup {

	// As for a message: longer than a slow answer takes, short enough for several
	// attempts
	private static final long ANSWER_NANOS = 1_000_000_000;

	private static final long LOOK_MILLIS = 10;

	private final Connection connection;

	private final StoredMessages stored;

	private final Duration patience;

	private final BooleanSupplier closed;

	/**
	 * Creates a lookup.
	 * @param connection the connection
	 * @param patience how long to go on asking
	 * @param closed whether to give up, as nobody waits any more
	 */
	StoredLookup(Connection connection, Duration patience, BooleanSupplier closed) {
		this.connection = connection;
		this.stored = new StoredMessages(connection);
		this.patience = patience;
		this.closed = closed;
	}

	/**
	 * Returns a message. Waits for the server.
	 * @param stream the stream
	 * @param sequence the message's sequence in it
	 * @return the message, or {@code null} if there is none
	 * @throws TimeoutException if the server didn't say in time, but may later
	 * @throws IllegalStateException if asking again is of no use
	 */
	StoredMessages.@Nullable Stored find(String stream, long sequence) throws TimeoutException {
		ReportedViolations violations = new ReportedViolations(this.connection);
		BackOffExecution backOff = Retries.start();
		long deadline = System.nanoTime() + this.patience.toNanos();
		try {
			while (true) {
				long pauseNanos;
				try {
					return ask(stream, sequence, deadline, violations);
				}
				catch (TimeoutException ex) {
					pauseNanos = TimeUnit.MILLISECONDS.toNanos(backOff.nextBackOff());
					if (deadline - System.nanoTime() <= pauseNanos || isClosed()) {
						throw ex;
					}
				}
				TimeUnit.NANOSECONDS.sleep(pauseNanos);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new TimeoutException("the thread was interrupted");
		}
	}

	private boolean isClosed() {
		return this.closed.getAsBoolean() || this.connection.getStatus() == Connection.Status.CLOSED;
	}

	private StoredMessages.@Nullable Stored ask(String stream, long sequence, long deadline,
			ReportedViolations violations) throws TimeoutException, InterruptedException {
		long until = System.nanoTime() + Math.min(ANSWER_NANOS, deadline - System.nanoTime());
		CompletableFuture<StoredMessages.@Nullable Stored> answer = request(stream, sequence);
		while (true) {
			try {
				return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				throwIfForbidden(stream, violations);
				if (System.nanoTime() - until >= 0) {
					throw new TimeoutException("the server doesn't answer");
				}
			}
			catch (ExecutionException ex) {
				throwIfForbidden(stream, violations);
				throwIfPassing(ex.getCause());
				throw (ex.getCause() instanceof IllegalStateException failure) ? failure
						: new IllegalStateException(ex.getCause());
			}
		}
	}

	private CompletableFuture<StoredMessages.@Nullable Stored> request(String stream, long sequence)
			throws TimeoutException {
		// What is sent without a connection would only fill the client's buffer
		if (this.connection.getStatus() != Connection.Status.CONNECTED) {
			throw new TimeoutException("there is no connection");
		}
		try {
			return this.stored.request(stream, sequence);
		}
		catch (IllegalStateException ex) {
			// It was lost since
			throw new TimeoutException(ex.getMessage());
		}
	}

	/**
	 * The server answers nothing to a question that is forbidden.
	 */
	private static void throwIfForbidden(String stream, ReportedViolations violations) {
		String subject = StoredMessages.subject(stream);
		violations.last((violation) -> violation.publish() && violation.subject().equals(subject))
			.ifPresent((violation) -> {
				throw new IllegalStateException(violation.describe());
			});
	}

	private static void throwIfPassing(@Nullable Throwable failure) throws TimeoutException {
		Throwable cause = (failure != null) ? failure.getCause() : null;
		if (cause instanceof TimeoutException
				|| (cause instanceof JetStreamApiException refusal && Retries.isWorthwhile(refusal))) {
			throw new TimeoutException((cause instanceof JetStreamApiException refusal) ? refusal.getErrorDescription()
					: cause.getMessage());
		}
	}

}
