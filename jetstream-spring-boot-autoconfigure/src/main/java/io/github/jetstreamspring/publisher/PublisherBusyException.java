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

/**
 * As many messages as may be in flight waited for their confirmation the whole time. The
 * message was not sent.
 *
 * @since 0.1.0
 */
public class PublisherBusyException extends JetStreamException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param subject the message's subject
	 * @param maxInFlight how many messages may be in flight
	 * @param timeout how long the caller waited
	 */
	public PublisherBusyException(String subject, int maxInFlight, Duration timeout) {
		super("A message to subject '%s' was not sent: %d messages were in flight for %s, as many as jetstream.publisher.max-in-flight allows. Publish more slowly, or raise the limit"
			.formatted(subject, maxInFlight, Durations.text(timeout)), null);
	}

}
