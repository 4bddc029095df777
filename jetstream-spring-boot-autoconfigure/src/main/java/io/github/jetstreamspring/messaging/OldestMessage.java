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
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import org.jspecify.annotations.Nullable;

/**
 * Finds the oldest message that a consumer has not done with.
 *
 * @since 0.1.0
 */
public final class OldestMessage {

	// Each is a question of its own
	private static final int MAX_FILTERS = 10;

	private OldestMessage() {
	}

	/**
	 * Returns when the message was stored.
	 * @param connection the connection
	 * @param consumer what the server says of the consumer
	 * @return the time, or {@code null} if there is no such message, or it can't be told
	 * @throws IOException if the server can't be asked
	 * @throws JetStreamApiException if it refuses
	 */
	public static @Nullable Instant time(Connection connection, ConsumerInfo consumer)
			throws IOException, JetStreamApiException {
		List<String> filters = filters(consumer.getConsumerConfiguration().getFilterSubjects());
		if (consumer.getNumPending() + consumer.getNumAckPending() == 0 || filters.size() > MAX_FILTERS) {
			return null;
		}
		String stream = consumer.getStreamName();
		// All before it are acked
		long first = consumer.getAckFloor().getStreamSequence() + 1;
		Instant oldest = null;
		for (String subject : filters) {
			Optional<StoredMessages.Stored> found = Inquiry.ask(connection, ".API.STREAM.MSG.GET." + stream,
					(management) -> Optional
						.ofNullable(new StoredMessages(connection).findNext(stream, first, subject)));
			if (found.isPresent() && (oldest == null || found.get().time().isBefore(oldest))) {
				oldest = found.get().time();
			}
		}
		return oldest;
	}

	/**
	 * Returns when the message was stored, as far as somebody has asked of late.
	 * @param connection the connection
	 * @param consumer what the server says of the consumer
	 * @return the time, or nothing if there is no such message, or it can't be told
	 * @throws IOException if the server can't be asked
	 * @throws JetStreamApiException if it refuses
	 */
	public static Optional<Instant> recentTime(Connection connection, ConsumerInfo consumer)
			throws IOException, JetStreamApiException {
		return RecentAnswers.of(connection)
			.get("oldest message of %s.%s".formatted(consumer.getStreamName(), consumer.getName()),
					() -> Optional.ofNullable(time(connection, consumer)));
	}

	// Without a filter a consumer gets everything, as with this one
	private static List<String> filters(@Nullable List<String> filters) {
		return (filters == null || filters.isEmpty() || filters.contains("")) ? List.of(">") : filters;
	}

}
