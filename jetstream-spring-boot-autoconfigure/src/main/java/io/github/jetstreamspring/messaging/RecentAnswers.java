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

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import org.jspecify.annotations.Nullable;

/**
 * What the server has answered of late, for all who show figures of a connection: meters,
 * endpoint and console have the same questions, and none is asked again within nine
 * seconds.
 *
 * @since 0.1.0
 */
public final class RecentAnswers {

	// Those who look every ten seconds begin a little before they ask
	private static final long MAX_AGE_NANOS = Duration.ofSeconds(9).toNanos();

	private static final Map<Connection, RecentAnswers> ALL = Collections.synchronizedMap(new WeakHashMap<>());

	private final Map<String, Asked> asked = new ConcurrentHashMap<>();

	private RecentAnswers() {
	}

	/**
	 * Returns the answers on a connection.
	 * @param connection the connection
	 * @return its answers
	 */
	public static RecentAnswers of(Connection connection) {
		return ALL.computeIfAbsent(connection, (absent) -> new RecentAnswers());
	}

	/**
	 * Returns an answer of the last nine seconds, or asks and waits.
	 * @param question what it is about, the same for all who ask it
	 * @param inquiry asks the server
	 * @param <T> what the server answers, always the same type for a question
	 * @return the answer
	 * @throws IOException if there is none
	 * @throws JetStreamApiException if it is an error
	 */
	@SuppressWarnings("unchecked")
	public <T> T get(String question, Answer<T> inquiry) throws IOException, JetStreamApiException {
		Asked place = this.asked.computeIfAbsent(question, (absent) -> new Asked());
		// Whoever asks the same meanwhile waits for the same answer
		synchronized (place) {
			long now = System.nanoTime();
			Object answer = place.answer;
			if (answer == null || now - place.nanos >= MAX_AGE_NANOS) {
				place.answer = null;
				answer = inquiry.get();
				place.answer = answer;
				place.nanos = now;
			}
			return (T) answer;
		}
	}

	/**
	 * Asks the server.
	 *
	 * @param <T> what it answers
	 */
	@FunctionalInterface
	public interface Answer<T> {

		/**
		 * Asks, and waits for the answer.
		 * @return the answer
		 * @throws IOException if there is none
		 * @throws JetStreamApiException if it is an error
		 */
		T get() throws IOException, JetStreamApiException;

	}

	private static final class Asked {

		private @Nullable Object answer;

		private long nanos;

	}

}
