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

import io.nats.client.api.PublishAck;
import org.jspecify.annotations.Nullable;

/**
 * Where a message was stored.
 *
 * @param stream the stream
 * @param sequence the message's sequence in the stream; for a duplicate that of the
 * message stored first, or 0 if the server doesn't say
 * @param duplicate whether the stream already held a message with this id, or one that is
 * {@linkplain MessageBuilder#uniqueUntilDone(String) unique} with the same key
 * @param domain the JetStream domain of the stream, or {@code null} if its server has
 * none
 * @since 0.1.0
 */
public record PublishResult(String stream, long sequence, boolean duplicate, @Nullable String domain) {

	/**
	 * Creates a result without a domain.
	 * @param stream the stream
	 * @param sequence the message's sequence in the stream
	 * @param duplicate whether the stream already held a message with this id
	 */
	public PublishResult(String stream, long sequence, boolean duplicate) {
		this(stream, sequence, duplicate, null);
	}

	static PublishResult of(PublishAck ack) {
		return new PublishResult(ack.getStream(), ack.getSeqno(), ack.isDuplicate(), ack.getDomain());
	}

	boolean isSameMessage(PublishResult other) {
		return this.sequence == other.sequence && this.stream.equals(other.stream);
	}

}
