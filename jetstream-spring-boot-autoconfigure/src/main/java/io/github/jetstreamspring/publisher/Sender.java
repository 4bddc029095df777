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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.nats.client.Connection;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages one by one, no more at a time than may be in flight.
 */
final class Sender {

	private final Connection connection;

	private final PublisherOptions options;

	private final PublishObserver observer;

	private final Semaphore permits;

	private final Confirmations confirmations;

	Sender(Connection connection, PublisherOptions options, PublishObserver observer) {
		this.connection = connection;
		this.options = options;
		this.observer = observer;
		this.permits = new Semaphore(options.maxInFlight());
		this.confirmations = new Confirmations(connection, options.timeout(), this::done);
	}

	/**
	 * Sends a message.
	 * @param message the message
	 * @param uniqueIn the stream in which the message is the only one on its subject, or
	 * {@code null} if it need not be
	 * @return a future of where the message was stored, which fails with a
	 * {@link JetStreamException}
	 */
	CompletableFuture<PublishResult> send(IdentifiedMessage message, @Nullable String uniqueIn) {
		JetStreamException obstacle = obstacle(message.message());
		if (obstacle == null) {
			obstacle = takePermit(message.subject());
		}
		if (obstacle != null) {
			return CompletableFuture.failedFuture(obstacle);
		}
		Publication publication = new Publication(message.message(), message.id(), this.options.timeout().toNanos(),
				uniqueIn);
		this.confirmations.send(publication);
		return publication.future();
	}

	/**
	 * Returns what speaks against sending a message.
	 */
	@Nullable JetStreamException obstacle(Message message) {
		String subject = message.getSubject();
		long size = Publication.size(message);
		if (size > this.connection.getMaxPayload()) {
			return new MessageTooLargeException(subject, size,
					"max_payload of the server (%d)".formatted(this.connection.getMaxPayload()), null);
		}
		if (message.getHeaders().containsKey(PublishHeaders.TTL)) {
			return ifTooOld(subject, "has a time to live");
		}
		if (message.getHeaders().containsKey(PublishHeaders.EXPECTED_SUBJECTS)) {
			return ifTooOld(subject, "expects the last sequence of other subjects");
		}
		return null;
	}

	private @Nullable JetStreamException ifTooOld(String subject, String feature) {
		if (this.connection.getServerInfo().isSameOrNewerThanVersion("2.11.0")) {
			return null;
		}
		return new JetStreamException("A message to subject '%s' %s, which needs nats-server 2.11, but %s is connected"
			.formatted(subject, feature, this.connection.getServerInfo().getVersion()), null);
	}

	private @Nullable JetStreamException takePermit(String subject) {
		try {
			boolean permitted = this.permits.tryAcquire(this.options.timeout().toMillis(), TimeUnit.MILLISECONDS);
			return permitted ? null
					: new PublisherBusyException(subject, this.options.maxInFlight(), this.options.timeout());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new JetStreamException(
					"Interrupted before a message to subject '%s' could be sent".formatted(subject), ex);
		}
	}

	private void done(Publication publication, Confirmations.Outcome outcome) {
		this.permits.release();
		if (outcome.failure() != null) {
			publication.future().completeExceptionally(outcome.failure());
		}
		else if (outcome.result() != null) {
			publication.future().complete(outcome.result());
		}
		this.observer.published(publication.message().getSubject(), Duration.ofNanos(publication.age()),
				outcome.result(), outcome.failure());
	}

	/**
	 * The server forbids publishing to a subject.
	 */
	void forbidden(String subject) {
		this.confirmations.forbidden(subject);
	}

	/**
	 * Returns what limits how many messages are in flight.
	 */
	Semaphore permits() {
		return this.permits;
	}

	int inFlight() {
		return this.confirmations.inFlight();
	}

	/**
	 * Stops to wait for confirmations; what is in flight fails.
	 */
	void close() {
		this.confirmations.close();
	}

}
