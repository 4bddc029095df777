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
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Looks whether a message that the server says it has already is the one that was
 * published: anybody who may publish can have taken its id, and the server remembers the
 * ids of messages that were removed.
 */
final class DuplicateCheck {

	private static final Log logger = LogFactory.getLog(DuplicateCheck.class);

	// The server is asked, which the thread that brings confirmations must not wait for
	private static void start(Runnable task) {
		Thread thread = new Thread(task, "jetstream-duplicates");
		thread.setDaemon(true);
		thread.start();
	}

	private final Sender sender;

	private final StoredLookup stored;

	private final Connection connection;

	private final Duration timeout;

	DuplicateCheck(Connection connection, Sender sender, Duration timeout) {
		this.sender = sender;
		this.connection = connection;
		this.timeout = timeout;
		this.stored = new StoredLookup(connection, timeout, sender.scheduler()::isShutdown);
	}

	CompletableFuture<PublishResult> send(IdentifiedMessage message) {
		Publication publication = this.sender.send(message, null);
		return publication.future()
			.thenCompose((result) -> result.duplicate()
					? CompletableFuture.supplyAsync(() -> isStored(publication, result), DuplicateCheck::start)
						.thenCompose((stored) -> stored ? CompletableFuture.completedFuture(result) : sendAnew(message))
					: CompletableFuture.completedFuture(result));
	}

	private boolean isStored(Publication publication, PublishResult result) {
		Message message = publication.message();
		// What was sent twice is its own duplicate, and may be consumed by now
		boolean probable = !publication.isFirstAttempt();
		try {
			StoredMessages.Stored found = this.stored.find(result.stream(), result.sequence());
			return (found != null) ? isSame(found, publication) : probable;
		}
		catch (TimeoutException ex) {
			if (probable) {
				return true;
			}
			// Under another id it would be there twice, if it is
			throw PublishTimeoutException.unverified(publication.subject(), publication.messageId(), result.stream(),
					this.timeout, this.connection.getStatus().name(), ex.getMessage());
		}
		catch (IllegalStateException ex) {
			if (!probable) {
				logger.warn(
						"A message to subject '%s' is stored once more, as it can't be told whether stream '%s' has it already: %s"
							.formatted(message.getSubject(), result.stream(), ex.getMessage()));
			}
			return probable;
		}
	}

	private static boolean isSame(StoredMessages.Stored found, Publication publication) {
		return publication.messageId().equals(found.headers().getFirst(PublishHeaders.MESSAGE_ID))
				&& Arrays.equals(found.payload(), NatsMessages.data(publication.message()));
	}

	private CompletableFuture<PublishResult> sendAnew(IdentifiedMessage message) {
		Message sent = message.message();
		HeaderFields headers = new HeaderFields(sent.getHeaders()).remove(PublishHeaders.MESSAGE_ID);
		return this.sender.send(IdentifiedMessage.of(sent.getSubject(), headers, sent.getData()), null).future();
	}

}
