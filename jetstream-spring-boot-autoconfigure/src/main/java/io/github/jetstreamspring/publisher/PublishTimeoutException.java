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

import java.time.Duration;

import io.github.jetstreamspring.messaging.Durations;
import org.jspecify.annotations.Nullable;

/**
 * A message was not confirmed in time. It may or may not be stored; publishing it again
 * with the same message id, within the stream's duplicate window, stores it only once.
 *
 * @since 0.1.0
 */
public class PublishTimeoutException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	private final String messageId;

	/**
	 * Creates an exception.
	 * @param subject the message's subject
	 * @param messageId the message's id
	 * @param timeout how long the confirmation was waited for
	 * @param connectionStatus the state of the connection
	 */
	public PublishTimeoutException(String subject, String messageId, Duration timeout, String connectionStatus) {
		super("Message '%s' to subject '%s' was not confirmed within jetstream.publisher.timeout (%s, connection %s); it may or may not be stored. Publish it again with the same id to store it once"
			.formatted(messageId, subject, Durations.text(timeout), connectionStatus), null);
		this.messageId = messageId;
	}

	private PublishTimeoutException(String text, String messageId) {
		super(text, null);
		this.messageId = messageId;
	}

	/**
	 * Creates an exception for a message whose id the stream knows: it can't be told
	 * whether it is the id of this message.
	 */
	static PublishTimeoutException unverified(String subject, String messageId, String stream, Duration timeout,
			String connectionStatus, @Nullable String why) {
		return new PublishTimeoutException(
				"It can't be told whether stream '%s' has message '%s' to subject '%s' or another one with its id, as it couldn't be looked up within jetstream.publisher.timeout (%s, connection %s): %s. Publish it again with the same id to store it once"
					.formatted(stream, messageId, subject, Durations.text(timeout), connectionStatus, why),
				messageId);
	}

	/**
	 * Returns the id to publish the message again with.
	 * @return the message id
	 */
	public String getMessageId() {
		return this.messageId;
	}

}
