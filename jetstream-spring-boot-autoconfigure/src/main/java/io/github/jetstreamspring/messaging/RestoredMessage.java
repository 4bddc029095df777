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

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

import io.github.jetstreamspring.wire.RawMessage;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * A received message with subject and headers as they were sent, where the client can't
 * read them. Everything else is the client's own message.
 *
 * @since 0.1.0
 */
public final class RestoredMessage extends MessageView {

	private final RawMessage raw;

	private final String subject;

	private final Headers headers;

	private final @Nullable String fault;

	private RestoredMessage(Message message, RestoredMessage original) {
		super(message);
		this.raw = original.raw;
		this.headers = (message.getHeaders() != null) ? message.getHeaders() : new Headers(null, true);
		this.subject = original.subject;
		this.fault = original.fault;
	}

	private RestoredMessage(Message message, RawMessage raw) {
		super(message);
		this.raw = raw;
		HeaderReader.Result read = HeaderReader.read(raw.headers());
		this.headers = read.headers();
		byte[] sent = raw.subject();
		this.subject = (sent != null) ? new String(sent, StandardCharsets.UTF_8) : message.getSubject();
		this.fault = (sent != null && !isText(sent)) ? "The subject isn't UTF-8"
				: (read.fault() != null) ? "The headers can't be read, %s".formatted(read.fault()) : null;
	}

	private static boolean isText(byte[] subject) {
		return HeaderReader.decode(subject, 0, subject.length, CharBuffer.allocate(subject.length)) < 0;
	}

	/**
	 * Returns a message as it was sent.
	 * @param message the message that was received
	 * @return the same message, or what it was where the client could not read that
	 */
	public static Message of(Message message) {
		RawMessage raw = RawMessage.of(message.getHeaders());
		return (raw != null) ? new RestoredMessage(message, raw) : message;
	}

	/**
	 * Returns a message with headers and payload as they are stored, which can be others
	 * than those that were delivered.
	 * @param message the message that was received
	 * @param headerBlock the headers as they were sent, empty if there are none
	 * @param payload the payload
	 * @return the message, which can't be acked
	 */
	public static Message stored(Message message, byte[] headerBlock, byte[] payload) {
		Message stored = NatsMessage.builder().subject(message.getSubject()).data(payload).build();
		byte[] subject = (message instanceof RestoredMessage received) ? received.raw.subject() : null;
		return new RestoredMessage(stored, new RawMessage(headerBlock, subject));
	}

	/**
	 * Returns a message with other headers. What can't be read of it stays the same.
	 * @param message the message
	 * @param headers the other headers
	 * @return the message, which can't be acked
	 */
	public static Message withHeaders(Message message, Headers headers) {
		Message other = NatsMessage.builder()
			.subject(message.getSubject())
			.headers(headers)
			.data(message.getData())
			.build();
		return (message instanceof RestoredMessage original) ? new RestoredMessage(other, original) : other;
	}

	/**
	 * Returns what is wrong with a message that can't be read.
	 * @param message the message
	 * @return what is wrong, without the content; {@code null} if all of it can be read
	 */
	public static @Nullable String fault(Message message) {
		return (message instanceof RestoredMessage restored) ? restored.fault : null;
	}

	/**
	 * Returns what a message looked like that can't be read.
	 * @param message the message
	 * @return its bytes, or {@code null} if all of it can be read
	 */
	public static @Nullable RawMessage unreadable(Message message) {
		return (message instanceof RestoredMessage restored && restored.fault != null) ? restored.raw : null;
	}

	@Override
	public String getSubject() {
		return this.subject;
	}

	@Override
	public boolean hasHeaders() {
		return !this.headers.isEmpty();
	}

	@Override
	public @Nullable Headers getHeaders() {
		return this.headers.isEmpty() ? null : this.headers;
	}

}
