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

import org.jspecify.annotations.Nullable;

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
	 * Returns what publishes messages when the current Spring transaction has committed,
	 * and not at all if it rolls back. Without a transaction, or without spring-tx, they
	 * are published at once.
	 * @return what publishes after the commit
	 */
	AfterCommit afterCommit();

	/**
	 * Publishes a request and waits for the reply of the listener that handles it: a
	 * method that returns a result and has {@code @SendTo} without a subject. The request
	 * waits in its stream until a listener takes it.
	 * @param <T> the type of the reply
	 * @param subject the subject, without wildcards; a stream must listen on it
	 * @param payload the payload, converted by the configured message converter
	 * @param responseType the type of the reply; {@code Void} if only its arrival matters
	 * @param timeout how long to wait for the reply, publishing included
	 * @return the reply, or {@code null} if the listener's method returned nothing
	 * @throws RequestTimeoutException if there is no reply in time; the request may still
	 * be handled
	 * @throws RequestFailedException if the request is given up on
	 * @throws JetStreamException if the request wasn't stored, or if that can't be known
	 */
	<T> @Nullable T request(String subject, Object payload, Class<T> responseType, Duration timeout);

	/**
	 * Publishes a request without waiting for the reply of the listener that handles it.
	 * To cancel the future, or to close the template, doesn't take back the request.
	 * @param <T> the type of the reply
	 * @param subject the subject, without wildcards; a stream must listen on it
	 * @param payload the payload, converted by the configured message converter
	 * @param responseType the type of the reply; {@code Void} if only its arrival matters
	 * @param timeout how long to wait for the reply, publishing included
	 * @return a future of the reply, {@code null} if the listener's method returned
	 * nothing; it fails with a {@link JetStreamException}
	 * @see #request
	 */
	<T> CompletableFuture<@Nullable T> requestAsync(String subject, Object payload, Class<T> responseType,
			Duration timeout);

	/**
	 * Replies to a request. Nobody may wait for it any more, which is no failure.
	 * Listener methods with {@code @SendTo} need no call.
	 * @param address the value of the request's header {@code Reply-To}
	 * @param result the result, converted by the configured message converter;
	 * {@code null} for none
	 * @throws IllegalArgumentException if the address is not valid
	 * @throws org.springframework.messaging.converter.MessageConversionException if the
	 * result can't be converted
	 */
	void reply(String address, @Nullable Object result);

}
