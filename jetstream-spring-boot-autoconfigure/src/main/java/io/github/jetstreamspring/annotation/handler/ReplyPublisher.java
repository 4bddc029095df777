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

package io.github.jetstreamspring.annotation.handler;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.guard.CapturedContext;
import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.MessageIdentity;
import io.github.jetstreamspring.messaging.MessageTypes;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.publisher.MessageTooLargeException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.util.ObjectUtils;

/**
 * Publishes what a method made of its message.
 *
 * @param operations publishes
 * @param subject says on which subject results are published; {@code null} to send them
 * to the callers of requests
 * @param types the names of types
 */
record ReplyPublisher(JetStreamOperations operations, @Nullable ResultSubject subject, MessageTypes types) {

	private static final Log logger = LogFactory.getLog(ReplyPublisher.class);

	/**
	 * Publishes a result.
	 * @param result the result, {@code null} for none
	 * @param delivery the message it was made of
	 * @return completes when the result is stored; {@code null} if there is none
	 */
	@Nullable CompletionStage<?> publish(@Nullable Object result, Delivery delivery) {
		Object reply = ObjectUtils.unwrapOptional(result);
		if (this.subject == null) {
			replyToCaller(reply, delivery);
			return null;
		}
		if (reply == null) {
			return null;
		}
		Message<?> message = (reply instanceof Message<?> given) ? given : null;
		MessageBuilder builder = builder((message != null) ? message.getPayload() : reply, this.subject, delivery);
		if (message != null) {
			Map<String, List<String>> headers = NatsMessages.headersToPublish(message.getHeaders());
			if (this.types.nameOf(message.getPayload()) != null) {
				// That of the received message, if its headers were copied
				headers.remove(this.types.header(), delivery.headers().get(this.types.header()));
			}
			// The payload has been decompressed
			headers.entrySet()
				.removeIf((header) -> header.getKey().equalsIgnoreCase(JetStreamHeaders.CONTENT_ENCODING)
						&& header.getValue().equals(delivery.headers().get(header.getKey()))
						&& ContentEncodings.isKnown(header.getValue().get(0).strip()));
			headers.forEach((name, values) -> values.forEach((value) -> builder.header(name, value)));
		}
		// Of a further attempt, what is there can be what an earlier one has made
		return (delivery.attempt() == 1 && this.operations instanceof JetStreamTemplate template)
				? template.sendVerified(builder) : builder.publishAsync();
	}

	private MessageBuilder builder(Object payload, ResultSubject where, Delivery delivery) {
		String subject = where.of(payload, delivery);
		try {
			return this.operations.message(payload).to(subject).id(id(delivery, subject));
		}
		catch (IllegalArgumentException ex) {
			// Its text has the subject, which may have parts of the message
			throw (where instanceof ResultSubject.Evaluated evaluated)
					? evaluated.failure("nothing can be published to what it says") : ex;
		}
	}

	/**
	 * Publishes a result when there is one.
	 * @param handled completes with the result
	 * @param delivery the message it is made of
	 * @return completes when the result is stored; to cancel it is to cancel both
	 */
	CompletionStage<?> publishAfter(CompletionStage<?> handled, Delivery delivery) {
		// Not on the thread that completed the result: publishing waits when too much is
		// in flight, and that thread may be the one that receives the confirmations
		CompletableFuture<Object> readable = new CompletableFuture<>();
		handled.whenComplete((result, failure) -> {
			if (failure != null) {
				// What depends on a future has the text of its failure made
				readable.completeExceptionally(Failures.readable(failure));
			}
			else {
				readable.complete(result);
			}
		});
		CompletableFuture<?> published = readable.thenComposeAsync((result) -> published(result, delivery),
				CapturedContext.wrap(readable.defaultExecutor()));
		published.whenComplete((result, failure) -> {
			if (published.isCancelled()) {
				handled.toCompletableFuture().cancel(true);
			}
		});
		return published;
	}

	private CompletionStage<?> published(@Nullable Object result, Delivery delivery) {
		CompletionStage<?> published = publish(result, delivery);
		return (published != null) ? published : CompletableFuture.completedFuture(null);
	}

	// The same for each attempt at the message, so that its result is stored once
	private static String id(Delivery delivery, String subject) {
		MessageIdentity origin = new MessageIdentity(delivery.stream(), delivery.streamSequence(),
				delivery.timestamp());
		return String.join(":", "reply", origin.toString(), delivery.consumer(), subject);
	}

	// The job is done: to fail for want of a good address would only have it done again
	private void replyToCaller(@Nullable Object reply, Delivery delivery) {
		if (delivery.isDeclined()) {
			// Its caller waits for the next attempt, or is told that there is none
			return;
		}
		String address = address(delivery);
		if (address == null) {
			return;
		}
		try {
			this.operations.reply(address, (reply instanceof Message<?> message) ? message.getPayload() : reply);
		}
		catch (MessageTooLargeException ex) {
			logger.error("Nobody gets the result of message %s: %s".formatted(delivery, ex.getMessage()));
		}
	}

	private @Nullable String address(Delivery delivery) {
		String address = delivery.replyTo();
		if (address == null) {
			logger.debug("Message %s is no request to reply to: nobody gets its result".formatted(delivery));
			return null;
		}
		try {
			// Throws if nothing can be sent to the address
			this.operations.message("").to(address);
			return address;
		}
		catch (IllegalArgumentException ex) {
			logger.warn("Nobody gets the result of message %s, as its header '%s' is no reply address: %s"
				.formatted(delivery, JetStreamHeaders.REPLY_TO, ex.getMessage()));
			return null;
		}
	}

}
