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

package io.github.jetstreamspring.messaging;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A redriven message as its original was: with subject, headers and payload of that, and
 * settled on its lane.
 *
 * @since 0.1.0
 */
public final class RedrivenMessage extends MessageView {

	private static final String OURS = JetStreamHeaders.DEAD_LETTER_PREFIX.toLowerCase(Locale.ROOT);

	private final String laneSubject;

	private final Headers envelope;

	private final Headers headers;

	private final byte[] payload;

	/**
	 * Creates a message.
	 * @param message the message on its lane, whose signature is valid
	 * @param headers the headers of the original, and others that are left out
	 * @param payload the payload of the original
	 */
	public RedrivenMessage(Message message, Headers headers, byte[] payload) {
		super(message);
		this.laneSubject = message.getSubject();
		this.envelope = message.getHeaders();
		HeaderFields original = new HeaderFields();
		headers.forEach((name, values) -> {
			if (!HeaderFields.isReserved(name) && !name.toLowerCase(Locale.ROOT).startsWith(OURS)) {
				original.put(name, values);
			}
		});
		this.headers = original.toHeaders();
		this.payload = payload;
	}

	/**
	 * Returns the subject on which the message came.
	 * @return the subject on its lane
	 */
	public String laneSubject() {
		return this.laneSubject;
	}

	/**
	 * Returns the stream of the original.
	 * @return its name
	 */
	public String stream() {
		return String.valueOf(get(JetStreamHeaders.DEAD_LETTER_STREAM));
	}

	/**
	 * Returns the consumer that has given up on the original.
	 * @return its name
	 */
	public String consumer() {
		return String.valueOf(get(JetStreamHeaders.DEAD_LETTER_CONSUMER));
	}

	/**
	 * Returns the sequence of the original.
	 * @return the sequence, 0 if it isn't known
	 */
	public long sequence() {
		return number(JetStreamHeaders.DEAD_LETTER_SEQUENCE);
	}

	/**
	 * Returns how often the original has been redriven, this time included.
	 * @return the number, at least 1
	 */
	public int redrives() {
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, number(JetStreamHeaders.DEAD_LETTER_REDRIVES)));
	}

	/**
	 * Returns the message id of the original.
	 * @return the id, or {@code null} if it had none
	 */
	public @Nullable String messageId() {
		return get(JetStreamHeaders.DEAD_LETTER_MESSAGE_ID);
	}

	/**
	 * Returns when the original was stored.
	 * @return the time, or {@code null} if it isn't known
	 */
	public @Nullable Instant published() {
		return instant(JetStreamHeaders.DEAD_LETTER_PUBLISHED);
	}

	/**
	 * Returns when the original failed for the first time.
	 * @return the time, or {@code null} if it isn't known
	 */
	public @Nullable Instant firstFailure() {
		return instant(JetStreamHeaders.DEAD_LETTER_FIRST_FAILURE);
	}

	/**
	 * Returns whether there are parts of it, to be removed with it.
	 * @return whether there are
	 */
	public boolean hasParts() {
		return get(JetStreamHeaders.DEAD_LETTER_PARTS) != null;
	}

	private @Nullable String get(String name) {
		return this.envelope.getFirst(name);
	}

	private long number(String name) {
		String value = get(name);
		try {
			return (value != null) ? Long.parseLong(value) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	private @Nullable Instant instant(String name) {
		String value = get(name);
		try {
			return (value != null) ? Instant.parse(value) : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	@Override
	public String getSubject() {
		return String.valueOf(get(JetStreamHeaders.DEAD_LETTER_SUBJECT));
	}

	@Override
	public boolean hasHeaders() {
		return !this.headers.isEmpty();
	}

	@Override
	public @Nullable Headers getHeaders() {
		return this.headers.isEmpty() ? null : this.headers;
	}

	@Override
	public byte[] getData() {
		return this.payload;
	}

}
