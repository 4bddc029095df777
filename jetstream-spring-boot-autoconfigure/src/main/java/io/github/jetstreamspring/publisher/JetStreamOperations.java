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
import java.util.Collection;
import java.util.List;
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
	 * Publishes several messages and waits until the server has confirmed all of them.
	 * <p>
	 * Up to 1,000 messages for one stream that allows atomic publishing, on nats-server
	 * 2.12.1 and newer, are stored all or nothing. Others are published without waiting
	 * for each other, and some of them may be stored when others are not. Each builder
	 * keeps its message's id: publish the same builders again, and what is stored already
	 * isn't stored twice.
	 * @param messages the messages, made by {@link #message(Object)}
	 * @return where the messages were stored, in their order
	 * @throws PublishAllException if not all messages were stored, or if that can't be
	 * known; it says what became of each
	 * @throws JetStreamException if one of the messages can't be sent, for example
	 * because it is too large; none was sent then
	 * @throws IllegalArgumentException if two messages have the same id
	 * @throws IllegalStateException if a message has no subject, or is delayed or unique
	 * until it is done
	 * @throws org.springframework.messaging.converter.MessageConversionException if a
	 * payload can't be converted
	 */
	List<PublishResult> publishAll(Collection<? extends MessageBuilder> messages);

	/**
	 * Publishes several messages like {@link #publishAll(Collection)}, but only all or
	 * nothing.
	 * @param messages at most 1,000 messages for one stream that allows atomic
	 * publishing, made by {@link #message(Object)}
	 * @return where the messages were stored, in their order
	 * @throws AtomicPublishUnsupportedException if the messages can't be stored all or
	 * nothing; none was stored
	 * @throws PublishAllException if no message was stored, or if that can't be known
	 * @throws JetStreamException if one of the messages can't be sent, or no stream
	 * listens; none was stored then
	 * @throws IllegalArgumentException if two messages have the same id
	 * @throws IllegalStateException if a message has no subject, or is delayed or unique
	 * until it is done
	 * @throws org.springframework.messaging.converter.MessageConversionException if a
	 * payload can't be converted
	 */
	List<PublishResult> publishAtomically(Collection<? extends MessageBuilder> messages);

	/**
	 * Starts to build a message.
	 * @param payload the payload, converted by the configured message converter
	 * @return a builder of one message
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
	 * @throws MessageTooLargeException if the result is larger than the server's
	 * {@code max_payload}; whoever waits for it is told
	 */
	void reply(String address, @Nullable Object result);

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
