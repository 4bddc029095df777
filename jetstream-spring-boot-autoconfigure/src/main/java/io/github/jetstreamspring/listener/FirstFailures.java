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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.messaging.MessageIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Remembers when messages failed for the first time that are to be tried again, for the
 * dead letters that some of them become.
 */
final class FirstFailures {

	// What is forgotten has a dead letter that doesn't say it
	private static final int MAX_SIZE = 10_000;

	// Guarded by this
	private final Map<MessageIdentity, Instant> byMessage = new LinkedHashMap<>();

	private volatile boolean empty = true;

	/**
	 * A message has failed, and is to be tried again.
	 */
	void failed(ReceivedDelivery delivery) {
		MessageIdentity identity = delivery.origin().identity();
		synchronized (this) {
			this.byMessage.putIfAbsent(identity, Instant.now());
			if (this.byMessage.size() > MAX_SIZE) {
				this.byMessage.remove(this.byMessage.keySet().iterator().next());
			}
			this.empty = false;
		}
	}

	/**
	 * Returns when a message failed for the first time, {@code null} if that isn't known.
	 */
	@Nullable Instant of(ReceivedDelivery delivery) {
		if (this.empty) {
			return null;
		}
		MessageIdentity identity = delivery.origin().identity();
		synchronized (this) {
			return this.byMessage.get(identity);
		}
	}

	/**
	 * A message is tried no more.
	 */
	void forget(ReceivedDelivery delivery) {
		// True for nearly every message, and the identity has to be parsed
		if (this.empty || delivery.origin().delivered() == 1) {
			return;
		}
		MessageIdentity identity = delivery.origin().identity();
		synchronized (this) {
			this.byMessage.remove(identity);
			this.empty = this.byMessage.isEmpty();
		}
	}

}
