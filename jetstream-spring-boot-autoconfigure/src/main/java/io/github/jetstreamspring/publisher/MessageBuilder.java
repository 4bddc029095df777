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

import org.jspecify.annotations.Nullable;

/**
 * Builds one message and publishes it.
 * <p>
 * It keeps the message's id: when the same builder publishes again, because nobody knows
 * whether the message is stored, the stream stores it once.
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
	 * @param value the header's value, any text on one line, which is UTF-8 on the wire
	 * @return this builder
	 * @throws IllegalArgumentException if the name is reserved or isn't ASCII without
	 * spaces and colons, or if the value has line breaks
	 */
	MessageBuilder header(String name, String value);

	/**
	 * Sets the message id, by which the server recognizes duplicates within the stream's
	 * duplicate window. Without a call, a unique id is made.
	 * @param id the id, any text on one line without blanks around it
	 * @return this builder
	 * @throws IllegalArgumentException if the id is blank, has blanks around it or line
	 * breaks
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
	 * Lets the server store the message only if the last message on its subject has this
	 * sequence.
	 * @param sequence the sequence; 0 for a subject without messages
	 * @return this builder
	 * @throws IllegalArgumentException if the sequence is negative
	 */
	MessageBuilder expectLastSubjectSequence(long sequence);

	/**
	 * Lets the server store the message only if the last message on any of several
	 * subjects has this sequence. Needs nats-server 2.11.
	 * @param subjects the subjects of the stream, such as {@code accounts.4711.>}
	 * @param sequence the sequence; 0 for subjects without messages
	 * @return this builder
	 * @throws IllegalArgumentException if the sequence is negative or the subjects are
	 * not valid
	 */
	MessageBuilder expectLastSubjectSequence(String subjects, long sequence);

	/**
	 * Lets the server store the message only if the last message of the stream has this
	 * id. The server forgets ids after the stream's duplicate window.
	 * @param id the message id
	 * @return this builder
	 * @throws IllegalArgumentException if the id is blank or has line breaks
	 */
	MessageBuilder expectLastMessageId(String id);

	/**
	 * Lets the server store the message only if this stream listens on the subject.
	 * @param stream the stream
	 * @return this builder
	 * @throws IllegalArgumentException if no stream can have that name
	 */
	MessageBuilder expectStream(String stream);

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

	/**
	 * Lets the server store the message only if no other one with this key waits or runs:
	 * from when it is stored until its handler is done with it, that is until it is
	 * acked, discarded or a dead letter. While it is retried it isn't done.
	 * <p>
	 * The key becomes the last token of the subject, and the stream must have the
	 * retention {@code work-queue} and listen on {@code <subject>.*}. A message that
	 * isn't stored because of another one is no failure:
	 * {@link PublishResult#duplicate()} says so.
	 * @param key the key, of printable ASCII characters other than space, {@code .},
	 * {@code *} and {@code >}
	 * @return this builder
	 * @throws IllegalArgumentException if the key is empty or has other characters
	 */
	MessageBuilder uniqueUntilDone(String key);

	/**
	 * Publishes the message as a request and waits for the reply of the listener that
	 * handles it, see {@link JetStreamOperations#request}.
	 * @param <T> the type of the reply
	 * @param responseType the type of the reply; {@code Void} if only its arrival matters
	 * @param timeout how long to wait for the reply, publishing included
	 * @return the reply, or {@code null} if the listener's method returned nothing
	 * @throws RequestTimeoutException if there is no reply in time
	 * @throws RequestFailedException if the request is given up on
	 * @throws JetStreamException if the request wasn't stored, or if that can't be known
	 * @throws IllegalStateException if no subject was set
	 */
	<T> @Nullable T request(Class<T> responseType, Duration timeout);

	/**
	 * Publishes the message as a request, without waiting, see
	 * {@link JetStreamOperations#requestAsync}.
	 * @param <T> the type of the reply
	 * @param responseType the type of the reply; {@code Void} if only its arrival matters
	 * @param timeout how long to wait for the reply, publishing included
	 * @return a future of the reply, {@code null} if the listener's method returned
	 * nothing; it fails with a {@link JetStreamException}
	 * @throws IllegalStateException if no subject was set
	 */
	<T> CompletableFuture<@Nullable T> requestAsync(Class<T> responseType, Duration timeout);

}
