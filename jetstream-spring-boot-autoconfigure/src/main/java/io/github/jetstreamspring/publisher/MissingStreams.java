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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.support.Encoding;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;

/**
 * Knows on which subjects no stream listens, by the server's own words. That nobody
 * answers a message means little: a stream without a leader doesn't, and neither does one
 * whose servers are on their way back.
 */
final class MissingStreams {

	private static final int MOST = 1000;

	private static final long ASK_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

	// An answer is asked for again with each message that nobody has answered
	private static final long MAX_AGE_NANOS = Duration.ofSeconds(4).toNanos();

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final Connection connection;

	private final BooleanSupplier declared;

	private final Map<String, Question> questions = new ConcurrentHashMap<>();

	/**
	 * Creates one that knows nothing yet.
	 * @param connection the connection
	 * @param declared whether the application has declared its streams
	 */
	MissingStreams(Connection connection, BooleanSupplier declared) {
		this.connection = connection;
		this.declared = declared;
	}

	/**
	 * Returns whether a stream that is missing may be there in a moment. Before the
	 * application declares its own ones there is nothing to wait for: the thread that
	 * waits may be the one that is to declare them.
	 */
	boolean mayCome() {
		return this.declared.getAsBoolean();
	}

	NoStreamException failure(String subject) {
		return this.declared.getAsBoolean() ? new NoStreamException(subject) : NoStreamException.tooEarly(subject);
	}

	/**
	 * Returns whether the server has said lately that no stream listens on a subject.
	 * Asks it, without waiting for the answer, unless that was done a moment ago.
	 * @param subject the subject
	 * @return whether it has said so, {@code false} as long as it says nothing
	 */
	boolean isMissing(String subject) {
		if (this.questions.size() > MOST) {
			this.questions.clear();
		}
		Question question = this.questions.computeIfAbsent(subject, (key) -> new Question());
		long now = System.nanoTime();
		if (question.isDue(now)) {
			ask(subject, question);
		}
		return question.missing && now - question.answeredNanos < MAX_AGE_NANOS;
	}

	private void ask(String subject, Question question) {
		try {
			String body = "{\"subject\":\"" + Encoding.jsonEncode(subject) + "\"}";
			this.connection.requestWithTimeout("$JS.API.STREAM.NAMES", body.getBytes(StandardCharsets.UTF_8), TIMEOUT)
				.thenAccept((answer) -> question.answered(isNone(answer)));
		}
		catch (IllegalStateException ex) {
			// Without a connection nobody says anything
		}
	}

	private static boolean isNone(Message answer) {
		if (answer.isStatusMessage() || answer.getData() == null) {
			return false;
		}
		try {
			JsonValue json = JsonParser.parse(answer.getData());
			return JsonValueUtils.readValue(json, "error") == null
					&& Long.valueOf(0).equals(JsonValueUtils.readLong(json, "total"));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * What the server was asked about a subject.
	 */
	private static final class Question {

		// Guarded by this
		private long dueNanos = System.nanoTime();

		private volatile boolean missing;

		private volatile long answeredNanos;

		synchronized boolean isDue(long now) {
			if (now - this.dueNanos < 0) {
				return false;
			}
			this.dueNanos = now + ASK_INTERVAL_NANOS;
			return true;
		}

		void answered(boolean none) {
			this.answeredNanos = System.nanoTime();
			this.missing = none;
		}

	}

}
