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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.ApiResponse;
import io.nats.client.impl.Headers;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages where they are stored, as bytes: the client's own way of doing it fails
 * for headers that it can't parse.
 *
 * @since 0.1.0
 */
public final class StoredMessages {

	private static final String SUBJECT = "$JS.API.STREAM.MSG.GET.";

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final String NO_ANSWER = "the server doesn't answer";

	private static final int NO_MESSAGE = 10037;

	private static final int NO_STREAM = 10059;

	private final Connection connection;

	/**
	 * Creates a reader.
	 * @param connection the connection
	 */
	public StoredMessages(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Returns a message. Waits for the server.
	 * @param stream the stream
	 * @param sequence the message's sequence in it
	 * @return the message, or {@code null} if there is none
	 * @throws IllegalStateException if the server can't be asked
	 */
	public @Nullable Stored find(String stream, long sequence) {
		return read(stream, "{\"seq\":%d}".formatted(sequence));
	}

	/**
	 * Returns the first message from a sequence on that has a subject. Waits for the
	 * server.
	 * @param stream the stream
	 * @param sequence the sequence
	 * @param subjects the subject, which may have wildcards
	 * @return the message, or {@code null} if there is none
	 * @throws IllegalStateException if the server can't be asked
	 */
	public @Nullable Stored findNext(String stream, long sequence, String subjects) {
		return read(stream, "{\"seq\":%d,\"next_by_subj\":%s}".formatted(sequence, new JsonValue(subjects).toJson()));
	}

	/**
	 * Reads a header block.
	 * @param block the block as it was sent, empty if there is none
	 * @return the headers, as far as they can be read
	 */
	public static Headers headers(byte[] block) {
		return HeaderReader.read(block).headers();
	}

	/**
	 * Returns the subject on which the server is asked for messages.
	 * @param stream the stream
	 * @return the subject
	 */
	public static String subject(String stream) {
		return SUBJECT + stream;
	}

	/**
	 * Returns a message, without waiting for the server.
	 * @param stream the stream
	 * @param sequence the message's sequence in it
	 * @return a future of the message, of {@code null} if there is none; it fails with an
	 * {@link IllegalStateException} if the server can't be asked. The cause of that is a
	 * {@link TimeoutException} if there is no answer, and a {@link JetStreamApiException}
	 * if the server refuses.
	 */
	public CompletableFuture<@Nullable Stored> request(String stream, long sequence) {
		return this.connection
			.requestWithTimeout(subject(stream), "{\"seq\":%d}".formatted(sequence).getBytes(StandardCharsets.UTF_8),
					TIMEOUT)
			.handle((answer, failure) -> {
				if (answer == null) {
					throw unreadable(stream, NO_ANSWER, new TimeoutException(NO_ANSWER));
				}
				return stored(stream, parse(stream, answer));
			});
	}

	/**
	 * Returns the last message on a subject. Waits for the server.
	 * @param stream the stream
	 * @param subject the subject
	 * @return the message, or {@code null} if there is none
	 * @throws IllegalStateException if the server can't be asked
	 */
	public @Nullable Stored findLast(String stream, String subject) {
		return read(stream, "{\"last_by_subj\":%s}".formatted(new JsonValue(subject).toJson()));
	}

	private @Nullable Stored read(String stream, String request) {
		return stored(stream, ask(stream, request));
	}

	private static @Nullable Stored stored(String stream, JsonValue answer) {
		JsonValue error = JsonValueUtils.readValue(answer, "error");
		if (error != null) {
			int code = JsonValueUtils.readInteger(error, "err_code", 0);
			if (code == NO_MESSAGE || code == NO_STREAM) {
				return null;
			}
			throw unreadable(stream, JsonValueUtils.readString(error, "description", "unknown error"),
					new JetStreamApiException(new Refusal(answer).getErrorObject()));
		}
		JsonValue message = JsonValueUtils.readValue(answer, "message");
		ZonedDateTime time = JsonValueUtils.readDate(message, "time");
		if (time == null) {
			throw unreadable(stream, "the answer is not the server's", null);
		}
		byte[] block = bytes(message, "hdrs");
		return new Stored(JsonValueUtils.readLong(message, "seq", 0), time.toInstant(), block,
				HeaderReader.read(block).headers(), bytes(message, "data"),
				JsonValueUtils.readString(message, "subject", ""));
	}

	private static byte[] bytes(JsonValue message, String name) {
		byte[] bytes = JsonValueUtils.readBase64(message, name);
		return (bytes != null) ? bytes : new byte[0];
	}

	private JsonValue ask(String stream, String request) {
		try {
			Message answer = this.connection.request(subject(stream), request.getBytes(StandardCharsets.UTF_8),
					TIMEOUT);
			if (answer == null) {
				throw unreadable(stream, NO_ANSWER, new TimeoutException(NO_ANSWER));
			}
			return parse(stream, answer);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unreadable(stream, "interrupted", ex);
		}
	}

	private static JsonValue parse(String stream, Message answer) {
		try {
			return JsonParser.parse(answer.getData());
		}
		catch (JsonParseException ex) {
			throw unreadable(stream, "the answer is not the server's", ex);
		}
	}

	private static IllegalStateException unreadable(String stream, String why, @Nullable Exception cause) {
		return new IllegalStateException(
				"a message of stream '%s' can't be read: %s. The user of the connection needs permission for %s"
					.formatted(stream, why, subject(stream)),
				cause);
	}

	/**
	 * An answer that is an error.
	 */
	private static final class Refusal extends ApiResponse<Refusal> {

		Refusal(JsonValue answer) {
			super(answer);
		}

	}

	/**
	 * A message as it is stored.
	 *
	 * @param sequence its sequence in the stream
	 * @param time when it was stored
	 * @param headerBlock its headers as they were sent, empty if there are none
	 * @param headers its headers, as far as they can be read
	 * @param payload its payload
	 * @param subject its subject
	 * @since 0.1.0
	 */
	public record Stored(long sequence, Instant time, byte[] headerBlock, Headers headers, byte[] payload,
			String subject) {
	}

}
