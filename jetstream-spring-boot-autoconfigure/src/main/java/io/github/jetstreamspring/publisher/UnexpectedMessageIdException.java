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

import io.nats.client.JetStreamApiException;

/**
 * The stream's last message has another id than the publisher expected: somebody else has
 * published in between. The message was not stored.
 *
 * @since 0.1.0
 */
public class UnexpectedMessageIdException extends PublishRefusedException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param subject the message's subject
	 * @param refusal the server's answer
	 */
	public UnexpectedMessageIdException(String subject, JetStreamApiException refusal) {
		super("A message to subject '%s' was not stored, as the stream's last message is another than expected (%s). Read the stream's last message again and decide again"
			.formatted(subject, refusal.getErrorDescription()), refusal);
	}

}
