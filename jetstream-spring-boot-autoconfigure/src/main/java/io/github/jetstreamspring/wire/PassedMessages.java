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
package io.github.jetstreamspring.wire;

import java.util.Arrays;

/**
 * The subscriptions of the messages that the client is given, until it has taken them
 * over: what it was given is in its queues when it comes to read more.
 */
final class PassedMessages {

	private final Incoming incoming;

	// One after the other, several times if messages of others are between
	private int[] subscriptions = new int[16];

	private int count;

	PassedMessages(Incoming incoming) {
		this.incoming = incoming;
	}

	/**
	 * Returns whether anybody wants to know.
	 */
	boolean areWatched() {
		return this.incoming.isWatching();
	}

	/**
	 * Returns whether there are subscriptions whose headers nobody is to parse.
	 */
	boolean areUnparsed() {
		return this.incoming.areUnparsed();
	}

	/**
	 * Returns whether a subscription is one of those.
	 */
	boolean isUnparsed(int subscription) {
		return this.incoming.isUnparsed(subscription);
	}

	/**
	 * The client is given a message, or a part of one.
	 * @param subscription the number of its subscription, or {@link Incoming#ANY}
	 */
	void add(int subscription) {
		if (this.count > 0 && this.subscriptions[this.count - 1] == subscription) {
			return;
		}
		if (this.count == this.subscriptions.length) {
			this.subscriptions = Arrays.copyOf(this.subscriptions, 2 * this.count);
		}
		this.subscriptions[this.count++] = subscription;
	}

	/**
	 * Tells of all of them.
	 * @param whole how many of them, from the first on, the client has taken over as a
	 * whole
	 */
	void tell(int whole) {
		try {
			for (int i = 0; i < this.count; i++) {
				this.incoming.come(this.subscriptions[i], i < whole);
			}
		}
		catch (Throwable ex) {
			// There is no memory. Receivers look for themselves now and then, and the
			// client must be able to read on.
		}
	}

	/**
	 * Returns how many there are.
	 */
	int count() {
		return this.count;
	}

	/**
	 * Forgets those that the client has taken over.
	 * @param inPart whether a part of the last one is still to come
	 */
	void takenOver(boolean inPart) {
		if (this.count > 0) {
			this.subscriptions[0] = this.subscriptions[this.count - 1];
			this.count = inPart ? 1 : 0;
		}
	}

}
