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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Receives messages of durable pull consumers by hand, as batch jobs and tests do. They
 * are converted, validated, leased, retried and given up on as those of listeners are,
 * with the settings below {@code jetstream.listeners} for the consumer's name, and else
 * those below {@code jetstream.listener}.
 * <p>
 * A message that must not reach anybody, as it can't be converted, isn't valid or has
 * come too often, becomes a dead letter, and the next one is taken. When a method
 * returns, nothing of what it has asked for is on its way to nobody.
 * <p>
 * A wait ends when its time is over, when its thread is interrupted (which it still is
 * afterwards), and when the context stops; then the methods return what has come until
 * then. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface JetStreamReceiver {

	/**
	 * Receives a message.
	 * @param <T> the type of the payload
	 * @param stream the stream's name
	 * @param consumer the name of the durable pull consumer
	 * @param type the type of the payload: {@code byte[]}, {@code String}, what the
	 * message converter knows, or a {@code Message} of Spring or of the client
	 * @param timeout how long to wait for it; zero to take only what is there
	 * @return the message, which the caller has to settle or close; empty if none has
	 * come
	 * @throws IllegalArgumentException if the timeout is negative
	 * @throws IllegalStateException if the context is stopped
	 * @throws io.github.jetstreamspring.publisher.JetStreamException if there is no such
	 * stream or consumer, or the consumer can't be used, or the server can't be reached
	 * within the timeout
	 */
	<T> Optional<ReceivedMessage<T>> receive(String stream, String consumer, Class<T> type, Duration timeout);

	/**
	 * Receives several messages. Returns as soon as there are as many as it may take.
	 * @param <T> the type of the payloads
	 * @param stream the stream's name
	 * @param consumer the name of the durable pull consumer
	 * @param type the type of the payloads, as for
	 * {@link #receive(String, String, Class, Duration)}
	 * @param maxMessages the most messages to take; the consumer's
	 * {@code max-ack-pending} is a limit, too
	 * @param timeout how long to wait for all of them together; zero to take only what is
	 * there
	 * @return the messages in their order, each of which the caller has to settle or
	 * close; empty if none has come
	 * @throws IllegalArgumentException if the timeout is negative, or the number isn't
	 * positive
	 * @throws IllegalStateException if the context is stopped
	 * @throws io.github.jetstreamspring.publisher.JetStreamException if none has come and
	 * there is no such stream or consumer, or the consumer can't be used, or the server
	 * can't be reached within the timeout
	 */
	<T> List<ReceivedMessage<T>> receiveMany(String stream, String consumer, Class<T> type, int maxMessages,
			Duration timeout);

}
