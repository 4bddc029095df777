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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.Inquiry;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Asks the server which stream listens on a subject, and what that stream allows. Plain
 * publishing needs none of this: the server finds the stream by itself.
 */
final class StreamLookup {

	private static final int MOST = 1000;

	// Long enough that a busy publisher hardly asks, short enough that a changed stream
	// is noticed without a restart
	private static final long MAX_AGE_NANOS = Duration.ofSeconds(30).toNanos();

	private final Connection connection;

	private final MissingStreams missingStreams;

	private final long timeoutNanos;

	private final Map<String, Found> known = new ConcurrentHashMap<>();

	/**
	 * Creates a lookup.
	 * @param connection the connection
	 * @param missingStreams says why there is no stream
	 * @param timeout how long the server may be out of reach
	 */
	StreamLookup(Connection connection, MissingStreams missingStreams, Duration timeout) {
		this.connection = connection;
		this.missingStreams = missingStreams;
		this.timeoutNanos = timeout.toNanos();
	}

	/**
	 * Returns the stream that listens on a subject.
	 * @param subject the subject, without wildcards
	 * @return the stream's configuration, at most half a minute old
	 * @throws NoStreamException if no stream listens on it
	 * @throws JetStreamException if the server can't be asked, and could not for as long
	 * as a message may take
	 */
	StreamConfiguration find(String subject) {
		return find(subject, System.nanoTime() + this.timeoutNanos);
	}

	/**
	 * The same, until a given time.
	 * @param subject the subject, without wildcards
	 * @param deadline the {@link System#nanoTime()} at which to give up
	 * @return the stream's configuration, at most half a minute old
	 */
	StreamConfiguration find(String subject, long deadline) {
		return look(subject, deadline).getConfiguration();
	}

	/**
	 * Returns the stream that listens on a subject, and how it was half a minute ago or
	 * later.
	 * @param subject the subject, without wildcards
	 * @return the stream
	 */
	StreamInfo look(String subject) {
		return look(subject, System.nanoTime() + this.timeoutNanos);
	}

	private StreamInfo look(String subject, long deadline) {
		BackOffExecution backOff = Retries.start();
		while (true) {
			try {
				return findNow(subject);
			}
			catch (JetStreamException ex) {
				if (!isTransient(ex) || System.nanoTime() - deadline >= 0) {
					throw ex;
				}
			}
			try {
				TimeUnit.MILLISECONDS.sleep(backOff.nextBackOff());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new JetStreamException(
						"Interrupted before a message to subject '%s' could be sent".formatted(subject), ex);
			}
		}
	}

	// Without a leader for the streams of a cluster nobody answers, or one says that it
	// is
	// not available
	private static boolean isTransient(JetStreamException failure) {
		Throwable cause = failure.getCause();
		return (cause instanceof IOException && !(cause instanceof Inquiry.ForbiddenException))
				|| (cause instanceof JetStreamApiException refusal && Retries.isWorthwhile(refusal));
	}

	private StreamInfo findNow(String subject) {
		long now = System.nanoTime();
		Found found = this.known.get(subject);
		if (found == null || now - found.nanos() > MAX_AGE_NANOS) {
			found = new Found(ask(subject), now);
			if (this.known.size() >= MOST) {
				this.known.clear();
			}
			this.known.put(subject, found);
		}
		return found.stream();
	}

	/**
	 * Returns the exception that says that no stream listens on a subject.
	 * @param subject the subject
	 * @return the exception
	 */
	NoStreamException missing(String subject) {
		return this.missingStreams.failure(subject);
	}

	/**
	 * Forgets what is known about a subject, because the server says something else.
	 * @param subject the subject
	 */
	void forget(String subject) {
		this.known.remove(subject);
	}

	private StreamInfo ask(String subject) {
		try {
			List<StreamInfo> streams = Inquiry.ask(this.connection, ".API.STREAM.LIST",
					(management) -> management.getStreams(subject));
			if (streams.isEmpty()) {
				throw missing(subject);
			}
			return streams.get(0);
		}
		catch (Inquiry.ForbiddenException ex) {
			throw new JetStreamException(
					"The stream of subject '%s' can't be looked up: %s".formatted(subject, ex.getMessage()), ex);
		}
		catch (IOException | JetStreamApiException ex) {
			throw new JetStreamException(
					"The stream of subject '%s' can't be looked up: %s. The user of the connection needs permission for $JS.API.STREAM.LIST"
						.formatted(subject, ex.getMessage()),
					ex);
		}
	}

	private record Found(StreamInfo stream, long nanos) {
	}

}
