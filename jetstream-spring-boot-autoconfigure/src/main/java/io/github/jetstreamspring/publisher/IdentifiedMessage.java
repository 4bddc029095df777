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

import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message with an id, ready to be sent.
 *
 * @param message the message
 * @param id its id, which is in its headers as well
 */
record IdentifiedMessage(Message message, String id) {

	/**
	 * Copies a message, with an id if it has none.
	 */
	static IdentifiedMessage of(Message message) {
		return of(message.getSubject(), new HeaderFields(message.getHeaders()), message.getData());
	}

	/**
	 * Makes a message.
	 * @param headers the headers, which get an id if they have none
	 */
	static IdentifiedMessage of(String subject, HeaderFields headers, byte @Nullable [] data) {
		String id = headers.getFirst(PublishHeaders.MESSAGE_ID);
		if (id == null) {
			id = NUID.nextGlobal();
			headers.put(PublishHeaders.MESSAGE_ID, id);
		}
		// Read-only ones aren't copied again by the client, each time they are sent
		return new IdentifiedMessage(new NatsMessage(subject, null, headers.toHeaders(), data), id);
	}

	String subject() {
		return this.message.getSubject();
	}

	PublishOutcome stored(PublishResult result) {
		return new PublishOutcome(subject(), this.id, result, null);
	}

	PublishOutcome failed(JetStreamException failure) {
		return new PublishOutcome(subject(), this.id, null, failure);
	}

}
