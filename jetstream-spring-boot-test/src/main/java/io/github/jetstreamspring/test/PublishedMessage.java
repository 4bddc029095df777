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

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.github.jetstreamspring.messaging.ScheduleHeaders;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;

/**
 * A message that was published, as it would be on its way to the server.
 *
 * @since 0.1.0
 */
public final class PublishedMessage {

	private static final String ID = "Nats-Msg-Id";

	private static final String AT = "@at ";

	private final String subject;

	private final Map<String, List<String>> headers;

	private final byte[] payload;

	private final @Nullable Instant dueAt;

	private final Supplier<MessageConverter> converter;

	private PublishedMessage(String subject, Map<String, List<String>> headers, byte[] payload, @Nullable Instant dueAt,
			Supplier<MessageConverter> converter) {
		this.subject = subject;
		this.headers = Collections.unmodifiableMap(headers);
		this.payload = payload;
		this.dueAt = dueAt;
		this.converter = converter;
	}

	/**
	 * Makes a published message of one of the client.
	 * @param sent the message, which may be one that is received
	 * @param converter reads payloads
	 */
	static PublishedMessage of(Message sent, Supplier<MessageConverter> converter) {
		Message message = RestoredMessage.of(sent);
		return of(message.getSubject(), message.getHeaders(), NatsMessages.data(message), converter);
	}

	/**
	 * Makes a published message.
	 * @param subject its subject
	 * @param all its headers, or {@code null}
	 * @param data its payload
	 * @param converter reads payloads
	 */
	static PublishedMessage of(String subject, @Nullable Headers all, byte[] data,
			Supplier<MessageConverter> converter) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		if (all != null) {
			all.forEach((name, values) -> headers.put(name, List.copyOf(values)));
		}
		// What lets the server store several together
		headers.keySet().removeIf((name) -> name.startsWith("Nats-Batch-"));
		String target = first(headers, ScheduleHeaders.TARGET);
		String schedule = first(headers, ScheduleHeaders.SCHEDULE);
		byte[] payload = data.clone();
		if (target == null || schedule == null || !schedule.startsWith(AT)) {
			return new PublishedMessage(subject, headers, payload, null, converter);
		}
		// How it will be when it is due
		List<String> id = headers.remove(ScheduleHeaders.JOB_ID);
		List.of(ScheduleHeaders.TARGET, ScheduleHeaders.SCHEDULE, ScheduleHeaders.SCHEDULE_TTL, ScheduleHeaders.TTL, ID)
			.forEach(headers::remove);
		if (id != null) {
			headers.put(ID, id);
		}
		return new PublishedMessage(target, headers, payload, Instant.parse(schedule.substring(AT.length())),
				converter);
	}

	private static @Nullable String first(Map<String, List<String>> headers, String name) {
		List<String> values = headers.get(name);
		return (values != null && !values.isEmpty()) ? values.get(0) : null;
	}

	/**
	 * Returns where the message was published to.
	 * @return the subject; that of a reply is the address of the caller
	 */
	public String subject() {
		return this.subject;
	}

	/**
	 * Returns the headers.
	 * @return the values by their names, those that the template adds included
	 */
	public Map<String, List<String>> headers() {
		return this.headers;
	}

	/**
	 * Returns a header.
	 * @param name its name
	 * @return its first value, or {@code null} if there is no such header
	 */
	public @Nullable String header(String name) {
		return first(this.headers, name);
	}

	/**
	 * Returns the message id.
	 * @return the id, or {@code null} if it has none, as replies have
	 */
	public @Nullable String id() {
		return header(ID);
	}

	/**
	 * Returns when a delayed message is due.
	 * @return the time, or {@code null} if the message isn't delayed
	 */
	public @Nullable Instant dueAt() {
		return this.dueAt;
	}

	/**
	 * Returns the payload.
	 * @return the bytes, empty if there are none
	 */
	public byte[] payload() {
		return this.payload.clone();
	}

	/**
	 * Returns the payload as a listener would get it.
	 * @param type the type, such as that of the listener's parameter
	 * @param <T> the type
	 * @return the payload
	 * @throws MessageConversionException if it can't be read as this type
	 */
	public <T> T payloadAs(Class<T> type) {
		Object read = (type == byte[].class) ? payload()
				: this.converter.get().fromMessage(new GenericMessage<>(payload()), type);
		if (!type.isInstance(read)) {
			throw new MessageConversionException("The message converter makes no %s of the message to subject '%s'"
				.formatted(type.getName(), this.subject));
		}
		return type.cast(read);
	}

	/**
	 * Names the message for people, without its content.
	 */
	@Override
	public String toString() {
		return "message to '%s' (%d bytes, headers %s)".formatted(this.subject, this.payload.length,
				this.headers.keySet());
	}

}
