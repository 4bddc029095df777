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
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.github.jetstreamspring.messaging.JetStreamHeaders;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/**
 * Assertions of messages that streams hold. Each waits until it is true; those whose
 * names begin with <em>with</em> choose some of the messages.
 *
 * @since 0.1.0
 * @see JetStreamAssertions
 */
public final class StoredMessagesAssert extends AbstractAssert<StoredMessagesAssert, Object> {

	private final StoredStreams streams;

	private final String description;

	private final String subjects;

	private final Predicate<PublishedMessage> which;

	private Duration timeout;

	StoredMessagesAssert(StoredStreams streams, String description, String subjects, Predicate<PublishedMessage> which,
			Duration timeout) {
		super(streams, StoredMessagesAssert.class);
		this.streams = streams;
		this.description = description;
		this.subjects = subjects;
		this.which = which;
		this.timeout = timeout;
	}

	/**
	 * Sets how long the assertions that follow wait until they are true.
	 * @param duration how long
	 * @return this
	 */
	public StoredMessagesAssert within(Duration duration) {
		this.timeout = duration;
		return this;
	}

	/**
	 * Chooses the messages that have a header.
	 * @param name its name
	 * @param value one of its values
	 * @return assertions of these messages
	 */
	public StoredMessagesAssert withHeader(String name, String value) {
		return choose("with header %s: %s".formatted(name, value),
				(message) -> message.headers().getOrDefault(name, List.of()).contains(value));
	}

	/**
	 * Chooses the messages that have a payload.
	 * @param payload the payload, as which theirs are read: by Boot's JSON, or as text or
	 * bytes
	 * @return assertions of these messages
	 */
	public StoredMessagesAssert withPayload(Object payload) {
		return choose("with payload " + payload, (message) -> {
			try {
				return Objects.deepEquals(message.payloadAs(payload.getClass()), payload);
			}
			catch (RuntimeException ex) {
				// It is none of this type
				return false;
			}
		});
	}

	/**
	 * Chooses the dead letters with a reason.
	 * @param part what the reason contains
	 * @return assertions of these dead letters
	 */
	public StoredMessagesAssert withReason(String part) {
		return choose("whose reason contains '%s'".formatted(part),
				(message) -> String.valueOf(message.header(JetStreamHeaders.DEAD_LETTER_REASON)).contains(part));
	}

	private StoredMessagesAssert choose(String how, Predicate<PublishedMessage> some) {
		return new StoredMessagesAssert(this.streams, this.description + " " + how, this.subjects, this.which.and(some),
				this.timeout);
	}

	/**
	 * Verifies that there is at least one.
	 * @return this
	 */
	public StoredMessagesAssert isNotEmpty() {
		return verify((messages) -> {
			if (messages.isEmpty()) {
				throw failure("Expected at least one message %s, but there is none", this.description);
			}
		});
	}

	/**
	 * Verifies that there is none, or none any more. One may still come: wait for what
	 * the application does last before.
	 * @return this
	 */
	public StoredMessagesAssert isEmpty() {
		return hasSize(0);
	}

	/**
	 * Verifies how many there are.
	 * @param count the number
	 * @return this
	 */
	public StoredMessagesAssert hasSize(int count) {
		return verify((messages) -> {
			if (messages.size() != count) {
				throw failure("Expected %d message(s) %s, but there are %d: %s", count, this.description,
						messages.size(), messages);
			}
		});
	}

	/**
	 * Verifies that at least one satisfies assertions.
	 * @param requirements the assertions
	 * @return this
	 */
	public StoredMessagesAssert anySatisfy(Consumer<PublishedMessage> requirements) {
		return verify((messages) -> Assertions.assertThat(messages)
			.as("messages %s", this.description)
			.anySatisfy(requirements));
	}

	/**
	 * Verifies that there are some, and all satisfy assertions.
	 * @param requirements the assertions
	 * @return this
	 */
	public StoredMessagesAssert allSatisfy(Consumer<PublishedMessage> requirements) {
		return verify((messages) -> Assertions.assertThat(messages)
			.as("messages %s", this.description)
			.isNotEmpty()
			.allSatisfy(requirements));
	}

	private StoredMessagesAssert verify(Consumer<List<PublishedMessage>> check) {
		this.streams.await(this.timeout, (connection) -> check
			.accept(StoredStreams.messages(connection, this.subjects).stream().filter(this.which).toList()));
		return this;
	}

}
