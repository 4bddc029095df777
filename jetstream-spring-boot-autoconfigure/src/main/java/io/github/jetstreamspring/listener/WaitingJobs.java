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
package io.github.jetstreamspring.listener;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.RetryHeaders;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.impl.Headers;

/**
 * The jobs that wait in a stream.
 */
final class WaitingJobs {

	private static final int MOST = 10_000;

	private static final List<String> IDS = List.of("Nats-Msg-Id", RetryHeaders.MESSAGE_ID);

	private static final int NO_STREAM = 10059;

	private final Connection connection;

	WaitingJobs(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Removes a job, if the stream is a work queue: from any other one, nobody can tell
	 * whether it is done.
	 * @param stream the stream
	 * @param id the id of the job's message
	 * @return whether it was there
	 */
	boolean remove(String stream, String id) {
		try {
			if (!isWorkQueue(stream)) {
				return false;
			}
			OptionalLong sequence = Inquiry.ask(this.connection, ".API.STREAM.MSG.GET." + stream,
					(management) -> find(stream, id));
			return sequence.isPresent() && remove(stream, sequence.getAsLong());
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			throw new JetStreamException(
					"The job '%s' can't be cancelled in stream '%s': %s".formatted(id, stream, ex.getMessage()), ex);
		}
	}

	private boolean isWorkQueue(String stream) throws IOException, JetStreamApiException {
		try {
			return Inquiry.ask(this.connection, ".API.STREAM.INFO." + stream,
					(management) -> management.getStreamInfo(stream)
						.getConfiguration()
						.getRetentionPolicy()) == RetentionPolicy.WorkQueue;
		}
		catch (JetStreamApiException ex) {
			if (ex.getApiErrorCode() == NO_STREAM) {
				return false;
			}
			throw ex;
		}
	}

	private OptionalLong find(String stream, String id) {
		StoredMessages messages = new StoredMessages(this.connection);
		long next = 1;
		for (int i = 0; i < MOST; i++) {
			StoredMessages.Stored message = messages.findNext(stream, next, ">");
			if (message == null) {
				return OptionalLong.empty();
			}
			if (has(message.headers(), id)) {
				return OptionalLong.of(message.sequence());
			}
			next = message.sequence() + 1;
		}
		throw new IllegalStateException(
				"it is not among the first %d messages, and the others are not looked at; remove it by its sequence"
					.formatted(MOST));
	}

	private static boolean has(Headers headers, String id) {
		return IDS.stream().anyMatch((name) -> id.equals(headers.getFirst(name)));
	}

	private boolean remove(String stream, long sequence) throws IOException, JetStreamApiException {
		return Inquiry.ask(this.connection, ".API.STREAM.MSG.DELETE." + stream,
				(management) -> management.deleteMessage(stream, sequence));
	}

}
