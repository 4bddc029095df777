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

import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * A stream as it was when it was looked at last. Looked at seldom, and seldom in vain:
 * who may not look at it would wait for an answer each time.
 */
final class KnownStream {

	private static final Duration MAX_AGE = Duration.ofSeconds(30);

	private final Connection connection;

	private final String name;

	private volatile @Nullable Look last;

	KnownStream(Connection connection, String name) {
		this.connection = connection;
		this.name = name;
	}

	/**
	 * Returns the stream, as old as it may be.
	 * @throws IllegalStateException if it can't be looked at
	 */
	StreamInfo get() {
		Look look = this.last;
		return ((look != null && look.info() != null) ? look : look()).found();
	}

	/**
	 * Returns the stream as it is, or was half a minute ago.
	 * @throws IllegalStateException if it can't be looked at
	 */
	StreamInfo getRecent() {
		return look().found();
	}

	private synchronized Look look() {
		Look look = this.last;
		if (look == null || System.nanoTime() - look.nanos() > MAX_AGE.toNanos()) {
			look = ask();
			this.last = look;
		}
		return look;
	}

	private Look ask() {
		try {
			return new Look(this.connection.jetStreamManagement().getStreamInfo(this.name), null, System.nanoTime());
		}
		catch (Exception ex) {
			return new Look(null,
					"stream '%s' can't be looked at (%s); the user of the connection needs permission for $JS.API.STREAM.INFO.%s"
						.formatted(this.name, ex, this.name),
					System.nanoTime());
		}
	}

	/**
	 * A look at the stream.
	 *
	 * @param info what it was like, or {@code null}
	 * @param problem why that isn't known, or {@code null}
	 * @param nanos when that was
	 */
	private record Look(@Nullable StreamInfo info, @Nullable String problem, long nanos) {

		StreamInfo found() {
			if (this.info == null) {
				throw new IllegalStateException(this.problem);
			}
			return this.info;
		}

	}

}
