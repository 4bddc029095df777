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

package io.github.jetstreamspring.messaging;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * What tells a stored message from every other one there is, was and will be. A stream
 * that is deleted and created again counts from 1 again, and so does one in memory when
 * its server restarts, so the sequence alone doesn't: the time at which the server has
 * stored the message, to the nanosecond, never comes back.
 *
 * @param stream the name of the stream
 * @param sequence the message's sequence in it
 * @param time when the server has stored it
 * @since 0.1.0
 */
public record MessageIdentity(String stream, long sequence, Instant time) {

	private long nanos() {
		return TimeUnit.SECONDS.toNanos(this.time.getEpochSecond()) + this.time.getNano();
	}

	/**
	 * Returns the identity as a part of message ids.
	 * @return stream, sequence and nanoseconds since 1970, separated by colons
	 */
	@Override
	public String toString() {
		return this.stream + ":" + this.sequence + ":" + nanos();
	}

}
