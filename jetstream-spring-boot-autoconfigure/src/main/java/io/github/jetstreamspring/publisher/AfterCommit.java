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

import java.util.concurrent.CompletableFuture;

/**
 * Publishes messages when the current Spring transaction has committed, and not at all if
 * it rolls back.
 * <p>
 * Payloads are converted, and inputs checked, at the call. Without a transaction,
 * messages are published at once.
 * <p>
 * The message isn't part of the transaction: when the application dies between the commit
 * and the publish, or the publish fails, it isn't stored. Such a failure is logged, with
 * the message's subject, as there may be nobody any more who looks at the future.
 *
 * @since 0.1.0
 * @see JetStreamOperations#afterCommit()
 */
public interface AfterCommit {

	/**
	 * Publishes a message after the commit.
	 * @param subject the subject, without wildcards; a stream must listen on it
	 * @param payload the payload, converted at once by the configured message converter
	 * @return a future of where the message was stored, which can't complete before the
	 * transaction does: don't wait for it inside the transaction. It fails with a
	 * {@link JetStreamException}, and is cancelled when the transaction rolls back
	 * @throws IllegalArgumentException if the subject is not valid
	 * @throws org.springframework.messaging.converter.MessageConversionException if the
	 * payload can't be converted
	 */
	CompletableFuture<PublishResult> publish(String subject, Object payload);

	/**
	 * Publishes a message after the commit.
	 * @param message the message, as {@link JetStreamOperations#message(Object)} builds
	 * it; it must not be used afterwards
	 * @return a future of where the message was stored, which can't complete before the
	 * transaction does: don't wait for it inside the transaction. It fails with a
	 * {@link JetStreamException}, and is cancelled when the transaction rolls back
	 * @throws IllegalStateException if no subject was set
	 * @throws org.springframework.messaging.converter.MessageConversionException if the
	 * payload can't be converted
	 */
	CompletableFuture<PublishResult> publish(MessageBuilder message);

}
