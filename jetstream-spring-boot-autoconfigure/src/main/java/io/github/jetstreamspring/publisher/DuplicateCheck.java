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

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Looks whether a message that the server says it has already is the one that was
 * published: anybody who may publish can have taken its id, and the server remembers the
 * ids of messages that were removed.
 */
final class DuplicateCheck {

	private static final Log logger = LogFactory.getLog(JetStreamTemplate.class);

	// The server is asked, which the thread that brings confirmations must not wait for
	private static final Executor THREADS = (task) -> {
		Thread thread = new Thread(task, "jetstream-duplicates");
		thread.setDaemon(true);
		thread.start();
	};

	private final JetStreamTemplate template;

	private final StoredMessages stored;

	DuplicateCheck(JetStreamTemplate template) {
		this.template = template;
		this.stored = new StoredMessages(template.connection());
	}

	CompletableFuture<PublishResult> send(Message message) {
		return this.template.send(message)
			.thenCompose((result) -> result.duplicate()
					? CompletableFuture.supplyAsync(() -> isStored(message, result), THREADS)
						.thenCompose((stored) -> stored ? CompletableFuture.completedFuture(result) : sendAnew(message))
					: CompletableFuture.completedFuture(result));
	}

	private boolean isStored(Message message, PublishResult result) {
		Headers headers = message.getHeaders();
		String id = (headers != null) ? headers.getFirst(PublishHeaders.MESSAGE_ID) : null;
		try {
			StoredMessages.Stored found = this.stored.find(result.stream(), result.sequence());
			return found != null && id != null && id.equals(found.headers().getFirst(PublishHeaders.MESSAGE_ID))
					&& Arrays.equals(found.payload(), NatsMessages.data(message));
		}
		catch (IllegalStateException ex) {
			logger.warn(
					"A message to subject '%s' is stored once more, as it can't be told whether stream '%s' has it already: %s"
						.formatted(message.getSubject(), result.stream(), ex.getMessage()));
			return false;
		}
	}

	private CompletableFuture<PublishResult> sendAnew(Message message) {
		Headers headers = new HeaderFields(message.getHeaders()).remove(PublishHeaders.MESSAGE_ID).toHeaders();
		return this.template
			.send(NatsMessage.builder().subject(message.getSubject()).headers(headers).data(message.getData()).build());
	}

}
