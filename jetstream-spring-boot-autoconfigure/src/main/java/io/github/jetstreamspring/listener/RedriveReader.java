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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.RedrivenMessage;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import io.nats.client.impl.Headers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes of messages on a lane what their originals were, if somebody vouches for them.
 */
final class RedriveReader {

	private static final Log logger = LogFactory.getLog(RedriveReader.class);

	static final String UNSIGNED = "nobody vouches for it. If it was redriven, the application that did it must have the same jetstream.signing-key as this one";

	/**
	 * How long what can't be read stays away.
	 */
	static final Duration RETRY = Duration.ofMinutes(5);

	private static final int MAX_PARTS = 10_000;

	private final Connection connection;

	private final StoredMessages stored;

	private final String stream;

	RedriveReader(Connection connection, String stream) {
		this.connection = connection;
		this.stored = new StoredMessages(connection);
		this.stream = stream;
	}

	/**
	 * Returns the original of a message.
	 * @param received the message on its lane
	 * @param key the key
	 * @return the original, {@code null} if nobody vouches for it
	 * @throws IllegalStateException if it can't be put together
	 */
	@Nullable Message read(Message received, SigningKey key) {
		Message message = RestoredMessage.of(received);
		Headers headers = message.getHeaders();
		String signature = (headers != null) ? headers.getFirst(JetStreamHeaders.DEAD_LETTER_SIGNATURE) : null;
		if (headers == null || signature == null) {
			return null;
		}
		String parts = headers.getFirst(JetStreamHeaders.DEAD_LETTER_PARTS);
		byte[] content = (parts != null) ? join(message.getSubject(), parts) : NatsMessages.data(message);
		if (!RedriveLane.signature(key, message.getSubject(), headers, content).matches(signature)) {
			return null;
		}
		String size = headers.getFirst(JetStreamHeaders.DEAD_LETTER_HEADERS_SIZE);
		if (parts == null || size == null) {
			return new RedrivenMessage(message, headers, content);
		}
		int end = Integer.parseInt(size);
		return new RedrivenMessage(message, StoredMessages.headers(Arrays.copyOf(content, end)),
				Arrays.copyOfRange(content, end, content.length));
	}

	/**
	 * Removes the parts of a message that has left its lane.
	 * @param subject the message's subject on its lane
	 */
	void removeParts(String subject) {
		try {
			if (this.stored.findLast(this.stream, subject) == null) {
				this.connection.jetStreamManagement()
					.purgeStream(this.stream, PurgeOptions.subject(RedriveLane.part(subject, "*")));
			}
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			logger.debug("The parts of a redriven message stay in stream '%s'".formatted(this.stream), ex);
		}
	}

	private byte[] join(String subject, String parts) {
		int count = Math.min(MAX_PARTS, Integer.parseInt(parts));
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (int number = 1; number <= count; number++) {
			StoredMessages.Stored part = this.stored.findLast(this.stream,
					RedriveLane.part(subject, Integer.toString(number)));
			if (part == null) {
				throw new IllegalStateException("part %d of %d is missing".formatted(number, count));
			}
			content.writeBytes(part.payload());
		}
		return content.toByteArray();
	}

}
