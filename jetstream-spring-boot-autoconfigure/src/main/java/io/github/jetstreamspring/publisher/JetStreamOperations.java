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

/**
 * Publishes messages to streams and learns that they were stored.
 * <p>
 * Every message carries a message id, set before the first attempt, so that the server
 * recognizes a message that reaches it twice within the stream's duplicate window.
 *
 * @since 0.1.0
 * @see JetStreamTemplate
 */
public interface JetStreamOperations {

	/**
	 * Publishes a message and waits until the server has confirmed it.
	 * @param subject the subject, without wildcards; a stream must listen on it
	 * @param payload the payload, converted by the configured message converter
	 * @return where the message was stored
	 * @throws JetStreamException if the message wasn't stored, or if that can't be known
	 * @throws IllegalArgumentException if the subject is not valid
	 * @throws org.springframework.messaging.converter.MessageConversionException if the
	 * payload can't be converted
	 */
	PublishResult publish(String subject, Object payload);

	/**
	 * Publishes a message without waiting for the server. When as many publishes as are
	 * allowed to be in flight wait for their confirmation, the caller waits for one of
	 * them.
	 * @param subject the subject, without wildcards; a stream must listen on it
	 * @param payload the payload, converted by the configured message converter
	 * @return a future of where the message was stored, which fails with a
	 * {@link JetStreamException}
	 * @throws IllegalArgumentException if the subject is not valid
	 * @throws org.springframework.messaging.converter.MessageConversionException if the
	 * payload can't be converted
	 */
	CompletableFuture<PublishResult> publishAsync(String subject, Object payload);

	/**
	 * Starts to build a message.
	 * @param payload the payload, converted by the configured message converter
	 * @return a builder, to be used once
	 */
	MessageBuilder message(Object payload);

	/**
	 * Cancels a delayed message that is not delivered yet, in whichever stream it waits.
	 * @param id the id the message was published with
	 * @return {@code true} if the message waited and is not going to be delivered,
	 * {@code false} if there is none: it is delivered already, or was cancelled, or was
	 * never published with a delay
	 * @throws JetStreamException if the server can't be asked
	 * @see MessageBuilder#delay(Duration)
	 */
	boolean cancel(String id);

	/**
	 * Cancels a delayed message that is not delivered yet, in the stream that listens on
	 * its subject, without a look at other streams.
	 * @param subject the subject the message was published to
	 * @param id the id the message was published with
	 * @return {@code true} if the message waited and is not going to be delivered,
	 * {@code false} if there is none
	 * @throws JetStreamException if the stream doesn't take delayed messages, or if the
	 * server can't be asked
	 */
	boolean cancel(String subject, String id);

}
