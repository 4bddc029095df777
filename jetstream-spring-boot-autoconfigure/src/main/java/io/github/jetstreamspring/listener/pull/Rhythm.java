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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;

/**
 * How often each of many listeners on a connection makes and gets a sign of life while it
 * has nothing to do: seldom enough that a thousand of them cost client and server next to
 * nothing. A server that has nothing else to do wakes up for each heartbeat and for each
 * question about a consumer, which takes it 70 to 400 microseconds, and once for those
 * that are due at the same moment, which take it less than 20 each.
 *
 * @param factor how many times longer than for a few listeners it is from one look at a
 * consumer to the next
 * @param heartbeat how often the server says that a request still waits
 * @param expiry how long a request waits for messages
 * @since 0.1.0
 */
public record Rhythm(double factor, Duration heartbeat, Duration expiry) {

	/**
	 * Up to so many listeners there is nothing to save.
	 */
	static final int FEW = 300;

	private static final Duration HEARTBEAT = Duration.ofMillis(500);

	private static final Duration EXPIRY = Duration.ofSeconds(5);

	private static final Duration MAX_EXPIRY = Duration.ofSeconds(60);

	// The server takes no heartbeat longer than half the expiry
	private static final Duration MAX_HEARTBEAT = Duration.ofSeconds(20);

	private static final double MAX_FACTOR = 12;

	/**
	 * Returns the rhythm of some listeners.
	 * @param listeners how many they are
	 * @return the rhythm
	 */
	public static Rhythm of(int listeners) {
		double ratio = Math.max(1, (double) listeners / FEW);
		double square = ratio * ratio;
		// Of a thousand, heartbeats are most of what it costs to keep them
		double cube = square * ratio;
		return new Rhythm(Math.min(square, MAX_FACTOR), slower(HEARTBEAT, cube, MAX_HEARTBEAT),
				slower(EXPIRY, cube, MAX_EXPIRY));
	}

	/**
	 * Returns the rhythm of a request that is made now. It ends at a moment at which
	 * others end, too, and is renewed together with them: what comes at once wakes up
	 * client and server once.
	 * @param now the current {@link System#nanoTime()}
	 * @return the same rhythm, with an expiry of half as long at least
	 */
	Rhythm inStep(long now) {
		long step = this.expiry.toNanos() / 2;
		return new Rhythm(this.factor, this.heartbeat, Duration.ofNanos(2 * step - Math.floorMod(now, step)));
	}

	/**
	 * Returns what becomes of an interval.
	 * @param interval the interval for a few listeners
	 * @return the interval for these
	 */
	public Duration slower(Duration interval) {
		return Duration.ofMillis(Math.round(interval.toMillis() * this.factor));
	}

	private static Duration slower(Duration interval, double factor, Duration max) {
		return Duration.ofMillis(Math.min(Math.round(interval.toMillis() * factor), max.toMillis()));
	}

}
