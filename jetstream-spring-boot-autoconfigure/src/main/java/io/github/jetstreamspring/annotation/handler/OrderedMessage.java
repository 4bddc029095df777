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

package io.github.jetstreamspring.annotation.handler;

import java.util.Map;

import io.github.jetstreamspring.messaging.NatsMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What an expression that orders messages can see of a message.
 */
final class OrderedMessage {

	private final ArgumentSource incoming;

	private final @Nullable PayloadReader payloadReader;

	private @Nullable Object payload;

	OrderedMessage(ArgumentSource incoming, @Nullable PayloadReader payloadReader) {
		this.incoming = incoming;
		this.payloadReader = payloadReader;
	}

	/**
	 * Returns the payload, of the type that the handler takes.
	 * @return the payload, or {@code null} if it is empty
	 */
	public @Nullable Object getPayload() {
		Assert.state(this.payloadReader != null, "Checked at start-up");
		if (this.payload == null && this.incoming.data().length > 0) {
			this.payload = this.payloadReader.read(this.incoming);
		}
		return this.payload;
	}

	/**
	 * Returns the headers.
	 * @return texts, or lists of texts where a header has several values
	 */
	public Map<String, Object> getHeaders() {
		return NatsMessages.headerValues(this.incoming.natsMessage().getHeaders());
	}

	/**
	 * Returns the subject.
	 * @return the subject
	 */
	public String getSubject() {
		return this.incoming.natsMessage().getSubject();
	}

	/**
	 * Returns the stream.
	 * @return the stream's name
	 */
	public String getStream() {
		return this.incoming.delivery().stream();
	}

	/**
	 * Returns a token of the subject.
	 * @param position which token, from 1
	 * @return the token, or {@code null} if the subject has not so many
	 */
	public @Nullable String token(int position) {
		Assert.isTrue(position >= 1, "Tokens are counted from 1");
		return SubjectTokenKey.token(getSubject(), position);
	}

}
