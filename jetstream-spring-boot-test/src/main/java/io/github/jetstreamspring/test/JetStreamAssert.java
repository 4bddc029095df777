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

package io.github.jetstreamspring.test;

import java.time.Duration;

import io.github.jetstreamspring.messaging.JetStreamHeaders;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions of what the streams of a server hold.
 *
 * @since 0.1.0
 * @see JetStreamAssertions
 */
public final class JetStreamAssert extends AbstractAssert<JetStreamAssert, Object> {

	static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final StoredStreams streams;

	private Duration timeout = TIMEOUT;

	JetStreamAssert(StoredStreams streams) {
		super(streams, JetStreamAssert.class);
		this.streams = streams;
	}

	/**
	 * Sets how long the assertions that follow wait until they are true.
	 * @param duration how long; 5 seconds, unless it is set
	 * @return this
	 */
	public JetStreamAssert within(Duration duration) {
		this.timeout = duration;
		return this;
	}

	/**
	 * Goes on with a stream.
	 * @param name its name
	 * @return assertions of the stream
	 */
	public StreamAssert stream(String name) {
		return new StreamAssert(this.streams, name, this.timeout);
	}

	/**
	 * Goes on with the messages that streams hold on a subject. What listeners of a work
	 * queue have acked is not among them.
	 * @param subject the subject, which may have wildcards
	 * @return assertions of the messages
	 */
	public StoredMessagesAssert messagesOn(String subject) {
		return new StoredMessagesAssert(this.streams, "on '%s'".formatted(subject), subject, (message) -> true,
				this.timeout);
	}

	/**
	 * Verifies that a stream holds at least one message on a subject.
	 * @param subject the subject, which may have wildcards
	 * @return this
	 */
	public JetStreamAssert hasMessageOn(String subject) {
		messagesOn(subject).isNotEmpty();
		return this;
	}

	/**
	 * Verifies that no stream holds a message on a subject, or none any more. One may
	 * still come: wait for what the application does last before.
	 * @param subject the subject, which may have wildcards
	 * @return this
	 */
	public JetStreamAssert hasNoMessageOn(String subject) {
		messagesOn(subject).isEmpty();
		return this;
	}

	/**
	 * Goes on with the dead letters of a listener, in whichever stream they are.
	 * @param consumer the name of its consumer, which is its id unless it has another one
	 * @return assertions of the dead letters
	 */
	public StoredMessagesAssert deadLettersOf(String consumer) {
		return new StoredMessagesAssert(this.streams, "that are dead letters of '%s'".formatted(consumer), ">",
				(message) -> consumer.equals(message.header(JetStreamHeaders.DEAD_LETTER_CONSUMER)), this.timeout);
	}

}
