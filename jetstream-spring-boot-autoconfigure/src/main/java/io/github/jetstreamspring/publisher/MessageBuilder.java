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
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Builds one message and publishes it.
 *
 * @since 0.1.0
 * @see JetStreamOperations#message(Object)
 */
public interface MessageBuilder {

	/**
	 * Sets the subject. Must be called.
	 * @param subject the subject, without wildcards
	 * @return this builder
	 * @throws IllegalArgumentException if the subject is empty, has wildcards or white
	 * space
	 */
	MessageBuilder to(String subject);

	/**
	 * Adds a header value.
	 * @param name the header's name; names that begin with {@code Nats-} are reserved
	 * @param value the header's value
	 * @return this builder
	 * @throws IllegalArgumentException if the name is reserved, or name or value have
	 * characters that a header can't hold
	 */
	MessageBuilder header(String name, String value);

	/**
	 * Sets the message id, by which the server recognizes duplicates within the stream's
	 * duplicate window. Without a call, a unique id is made.
	 * @param id the id, of printable ASCII characters
	 * @return this builder
	 * @throws IllegalArgumentException if the id is blank or has other characters
	 */
	MessageBuilder id(String id);

	/**
	 * Lets the server store the message only if the stream's last sequence is this one.
	 * @param sequence the sequence; 0 for an empty stream
	 * @return this builder
	 * @throws IllegalArgumentException if the sequence is negative
	 */
	MessageBuilder expectLastSequence(long sequence);

	/**
	 * Lets the server delete the message after this time. Needs nats-server 2.11 and a
	 * stream that allows message TTLs.
	 * @param ttl the time to live, at least one second, in whole seconds
	 * @return this builder
	 * @throws IllegalArgumentException if the time is less than a second or has a
	 * fraction of one
	 */
	MessageBuilder ttl(Duration ttl);

	/**
	 * Delivers the message after a delay, counted from the moment it is published. Until
	 * then the server keeps it as a schedule, on a subject that no worker reads; that
	 * needs nats-server 2.12 and a stream that allows message schedules. One with the
	 * same {@linkplain #id(String) id} that still waits in the stream is replaced, and
	 * {@link JetStreamOperations#cancel(String)} takes it back. The delivered message has
	 * its id in the header {@code Job-Id}.
	 * <p>
	 * The result is about the schedule: its stream and sequence.
	 * @param delay the delay; with zero the message is delivered at once, and replaces
	 * what waits under its id all the same
	 * @return this builder
	 * @throws IllegalArgumentException if the delay is negative
	 */
	MessageBuilder delay(Duration delay);

	/**
	 * Delivers the message at a time, as {@link #delay(Duration)} does after a delay. The
	 * server looks at its own clock.
	 * @param time the time; if it is over, the message is delivered at once
	 * @return this builder
	 */
	MessageBuilder deliverAt(Instant time);

	/**
	 * Publishes the message and waits until the server has confirmed it.
	 * @return where the message was stored
	 * @throws JetStreamException if the message wasn't stored, or if that can't be known
	 * @throws IllegalStateException if no subject was set
	 * @throws org.springframework.messaging.converter.MessageConversionException if the
	 * payload can't be converted
	 */
	PublishResult publish();

	/**
	 * Publishes the message without waiting for the server. When as many publishes as are
	 * allowed to be in flight wait for their confirmation, the caller waits for one of
	 * them.
	 * @return a future of where the message was stored, which fails with a
	 * {@link JetStreamException}
	 * @throws IllegalStateException if no subject was set
	 * @throws org.springframework.messaging.converter.MessageConversionException if the
	 * payload can't be converted
	 */
	CompletableFuture<PublishResult> publishAsync();

}
