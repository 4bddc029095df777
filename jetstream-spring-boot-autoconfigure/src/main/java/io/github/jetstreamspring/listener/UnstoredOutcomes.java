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

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.messaging.MessageIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was given up on and could not be stored as a dead letter, so that the
 * next attempt to store it has the reason, and no handler is called for it again. A
 * message that has the same number in a stream that was created again is another one.
 */
final class UnstoredOutcomes {

	// What is forgotten is tried as any other message, or given up on for its attempts
	private static final int MAX_SIZE = 1000;

	// Guarded by this
	private final Map<MessageIdentity, Known> byMessage = new LinkedHashMap<>();

	private volatile boolean empty = true;

	synchronized void remember(ReceivedDelivery delivery, Outcome.GiveUp outcome) {
		this.byMessage.put(delivery.origin().firstIdentity(), new Known(outcome, delivery.attempt()));
		if (this.byMessage.size() > MAX_SIZE) {
			this.byMessage.remove(this.byMessage.keySet().iterator().next());
		}
		this.empty = false;
	}

	/**
	 * Returns what was decided about a message, and forgets it. What has come since was
	 * no attempt at it.
	 * @param delivery a delivery of the message that isn't the first
	 * @return the outcome, or {@code null} if it was not given up on
	 */
	Outcome.@Nullable GiveUp recall(ReceivedDelivery delivery) {
		// True for nearly every message, and the identity has to be parsed
		if (this.empty) {
			return null;
		}
		synchronized (this) {
			Known known = this.byMessage.remove(delivery.origin().firstIdentity());
			this.empty = this.byMessage.isEmpty();
			if (known == null) {
				return null;
			}
			delivery.origin().discount(delivery.attempt() - known.attempts());
			return known.outcome();
		}
	}

	/**
	 * What is known of a message.
	 *
	 * @param outcome what was decided about it
	 * @param attempts after how many attempts
	 */
	private record Known(Outcome.GiveUp outcome, long attempts) {
	}

}
