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
package io.github.jetstreamspring.deadletter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import org.jspecify.annotations.Nullable;

/**
 * The stream for dead letters, as it is on the server.
 */
final class LetterStream {

	private static final String INFO = "$JS.API.STREAM.INFO.";

	private static final String MESSAGE = "$JS.API.STREAM.MSG.GET.";

	private static final String DELETE = "$JS.API.STREAM.MSG.DELETE.";

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final int NOT_FOUND = 404;

	private static final int NO_STREAM = 10059;

	private final Connection connection;

	private final String name;

	private final StoredMessages messages;

	LetterStream(Connection connection, String name) {
		this.connection = connection;
		this.name = name;
		this.messages = new StoredMessages(connection);
	}

	String name() {
		return this.name;
	}

	Connection connection() {
		return this.connection;
	}

	/**
	 * Returns what is in the stream now.
	 * @throws JetStreamException if the server can't be asked
	 */
	State state() {
		try {
			StreamInfo info = Inquiry.ask(this.connection, INFO + this.name,
					(management) -> management.getStreamInfo(this.name));
			StreamState state = info.getStreamState();
			return new State(state.getFirstSequence(), state.getLastSequence(),
					state.getByteCount() / Math.max(1, state.getMsgCount()),
					info.getConfiguration().getRetentionPolicy() == RetentionPolicy.Limits,
					info.getCreateTime().toInstant());
		}
		catch (JetStreamApiException ex) {
			throw unreadable((ex.getApiErrorCode() == NO_STREAM) ? "there is no such stream" : ex.getMessage(), ex);
		}
		catch (IOException ex) {
			throw unreadable(ex.getMessage(), ex);
		}
	}

	/**
	 * Looks whether it is still the same stream, and not another one of that name, whose
	 * sequences mean other letters.
	 * @param before what was in the stream
	 * @throws JetStreamException if it isn't, or the server can't be asked
	 */
	void checkSame(State before) {
		if (!state().created().equals(before.created())) {
			throw unreadable("the stream was deleted and made again meanwhile", null);
		}
	}

	JetStreamException unreadable(@Nullable String why, @Nullable Throwable cause) {
		return new JetStreamException(
				"The dead letters in stream '%s' can't be read or changed: %s".formatted(this.name, why), cause);
	}

	/**
	 * Returns a message.
	 * @return the message, or {@code null} if there is none
	 * @throws JetStreamException if the server can't be asked
	 */
	StoredMessages.@Nullable Stored find(long sequence) {
		return ask(() -> this.messages.find(this.name, sequence));
	}

	/**
	 * Returns the first message from a sequence on.
	 * @param subjects its subject, which may have wildcards
	 * @return the message, or {@code null} if there is none
	 * @throws JetStreamException if the server can't be asked
	 */
	StoredMessages.@Nullable Stored findNext(long sequence, String subjects) {
		return ask(() -> this.messages.findNext(this.name, sequence, subjects));
	}

	// If it is forbidden, the server says so at once
	private StoredMessages.@Nullable Stored ask(Supplier<StoredMessages.@Nullable Stored> question) {
		try {
			return Inquiry
				.ask(this.connection, MESSAGE + this.name, (management) -> Optional.ofNullable(question.get()))
				.orElse(null);
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			throw unreadable(ex.getMessage(), ex);
		}
	}

	/**
	 * Asks for a message.
	 * @return the message to come, {@code null} if there is none; it fails with an
	 * {@link IllegalStateException} if the server can't be asked
	 */
	CompletableFuture<StoredMessages.@Nullable Stored> request(long sequence) {
		return this.messages.request(this.name, sequence);
	}

	/**
	 * Reads headers.
	 * @param from the first sequence
	 * @param to the last sequence
	 * @param subjects the subject, which may have wildcards, or {@code null} for all
	 * @param state what is in the stream
	 * @param whole whether payloads are wanted, too
	 * @return has to be closed
	 */
	LetterCursor open(long from, long to, @Nullable String subjects, State state, boolean whole) {
		// A consumer would take messages from others there, or would not be allowed
		return state.limits() ? new PullCursor(this, from, to, subjects, state, whole)
				: new StepCursor(this, from, to, subjects);
	}

	/**
	 * Removes a message.
	 * @return whether there was one, when that is known; fails with a
	 * {@link JetStreamException} if it can't be removed
	 */
	CompletableFuture<Boolean> delete(long sequence) {
		// Not overwritten, as that takes the server much longer
		byte[] request = "{\"seq\":%d,\"no_erase\":true}".formatted(sequence).getBytes(StandardCharsets.UTF_8);
		return this.connection.requestWithTimeout(DELETE + this.name, request, TIMEOUT)
			.handle((answer, failure) -> isDeleted(answer));
	}

	private boolean isDeleted(@Nullable Message answer) {
		if (answer == null) {
			throw unreadable("the server doesn't answer. The user of the connection needs permission for %s%s"
				.formatted(DELETE, this.name), null);
		}
		JsonValue error;
		try {
			error = JsonValueUtils.readValue(JsonParser.parse(answer.getData()), "error");
		}
		catch (JsonParseException ex) {
			throw unreadable("the answer is not the server's", ex);
		}
		if (error == null) {
			return true;
		}
		int code = JsonValueUtils.readInteger(error, "err_code", 0);
		String description = JsonValueUtils.readString(error, "description", "unknown error");
		if (code != NO_STREAM && (JsonValueUtils.readInteger(error, "code", 0) == NOT_FOUND
				|| description.contains("not found") || description.contains("no message found"))) {
			return false;
		}
		throw unreadable("the server answers \"%s\"".formatted(description), null);
	}

	/**
	 * Removes messages.
	 * @param subjects their subject, which may have wildcards, or {@code null} for all
	 * @param last the sequence of the last one
	 * @throws JetStreamException if that can't be done
	 */
	void purge(@Nullable String subjects, long last) {
		PurgeOptions.Builder options = PurgeOptions.builder().sequence(last + 1);
		if (subjects != null) {
			options.subject(subjects);
		}
		try {
			Inquiry.ask(this.connection, "$JS.API.STREAM.PURGE." + this.name,
					(management) -> management.purgeStream(this.name, options.build()));
		}
		catch (IOException | JetStreamApiException ex) {
			throw unreadable(ex.getMessage(), ex);
		}
	}

	/**
	 * What is in the stream.
	 *
	 * @param first the first sequence
	 * @param last the last sequence
	 * @param averageSize how many bytes a message has on average, headers included
	 * @param limits whether all messages stay, whoever reads them
	 * @param created when the stream was created
	 */
	record State(long first, long last, long averageSize, boolean limits, Instant created) {
	}

}
