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

package io.github.jetstreamspring.boot.operations;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the messages of a stream that have some subjects, without any consumer
 * noticing.
 */
final class MessageBrowser {

	private final Connection connection;

	private final String stream;

	private final List<Lane> lanes = new ArrayList<>();

	/**
	 * Creates a browser.
	 * @param connection the connection
	 * @param stream the stream
	 * @param subjects the subjects, which may have wildcards; each is a question of its
	 * own
	 * @param from the first sequence
	 */
	MessageBrowser(Connection connection, String stream, List<String> subjects, long from) {
		this.connection = connection;
		this.stream = stream;
		subjects.forEach((subject) -> this.lanes.add(new Lane(subject, from)));
	}

	/**
	 * Returns the next message, {@code null} if there is none.
	 */
	StoredMessages.@Nullable Stored next() throws IOException, JetStreamApiException {
		Lane first = null;
		for (Lane lane : this.lanes) {
			StoredMessages.Stored message = lane.peek();
			if (message != null && (first == null || message.sequence() < first.sequence())) {
				first = lane;
			}
		}
		if (first == null) {
			return null;
		}
		StoredMessages.Stored message = first.peek();
		if (message != null) {
			// Subjects may overlap
			this.lanes.forEach((lane) -> lane.skip(message.sequence()));
		}
		return message;
	}

	/**
	 * The messages of one of the subjects.
	 */
	private final class Lane {

		private final String subject;

		private long from;

		private boolean asked;

		private StoredMessages.@Nullable Stored next;

		private Lane(String subject, long from) {
			this.subject = subject;
			this.from = from;
		}

		private StoredMessages.@Nullable Stored peek() throws IOException, JetStreamApiException {
			if (!this.asked) {
				Connection connection = MessageBrowser.this.connection;
				String stream = MessageBrowser.this.stream;
				Optional<StoredMessages.Stored> found = Inquiry.ask(connection, ".API.STREAM.MSG.GET." + stream,
						(management) -> Optional
							.ofNullable(new StoredMessages(connection).findNext(stream, this.from, this.subject)));
				this.next = found.orElse(null);
				this.asked = true;
			}
			return this.next;
		}

		private long sequence() {
			return (this.next != null) ? this.next.sequence() : Long.MAX_VALUE;
		}

		private void skip(long sequence) {
			if (sequence() <= sequence) {
				this.asked = false;
			}
			this.from = Math.max(this.from, sequence + 1);
		}

	}

}
