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

/**
 * A message that is larger than a consumer lets a request be. The server delivers neither
 * it nor those behind it.
 *
 * @param maxBytes what the consumer allowed when the message was asked for
 */
record Blockage(long maxBytes) {

	/**
	 * Returns whether the consumer still allows no more than that.
	 * @param found the consumer
	 */
	boolean persists(FoundConsumer found) {
		return found.configuration().getMaxBytes() == this.maxBytes;
	}

	/**
	 * Returns what is wrong and what to do.
	 * @param definition the listener
	 * @param found the consumer, by which the server tells how far it has come
	 */
	String reason(ListenerDefinition definition, FoundConsumer found) {
		return ("max-bytes of the consumer is %d, but its next message is larger, with its subject and headers: %s. The"
				+ " server delivers neither that nor any message behind it. Raise"
				+ " jetstream.streams.%s.consumers.%s.max-bytes where this application declares the consumer, or nats"
				+ " consumer edit %s %s --max-pull-bytes=…; or take the message out of the stream (nats stream get, nats"
				+ " stream rmm)")
			.formatted(this.maxBytes, which(found), definition.stream(), definition.consumer(), definition.stream(),
					definition.consumer());
	}

	// What was delivered before and is to be delivered again comes first, and the server
	// doesn't tell its number
	private static String which(FoundConsumer found) {
		String next = "the first one for this consumer behind sequence " + found.delivered();
		return (found.ackPending() == 0) ? next : next + ", or one that is to be delivered again";
	}

}
