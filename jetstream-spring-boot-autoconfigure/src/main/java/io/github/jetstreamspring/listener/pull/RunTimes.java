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

/**
 * How long handlers run. Written under the lock of the {@link Credit}.
 */
final class RunTimes {

	// Nothing is known about the handler at first, so nothing is buffered
	private static final long UNKNOWN_NANOS = 1_000_000_000;

	// So many runs tell how long handlers take. To unlearn a first guess in many small
	// steps would cost a round trip to the server for each of them.
	private static final int KNOWN_RUNS = 8;

	// How many runs the moving average goes back
	private static final int MEMORY = 16;

	// Counted as far as it matters
	private int runs;

	private double movingNanos;

	// Read by the receiver for each message
	private volatile double averageNanos = UNKNOWN_NANOS;

	/**
	 * A handler has ended.
	 * @param nanos how long it ran
	 */
	void ran(long nanos) {
		this.runs = Math.min(this.runs + 1, MEMORY);
		this.movingNanos += (nanos - this.movingNanos) / this.runs;
		if (this.runs >= KNOWN_RUNS) {
			this.averageNanos = this.movingNanos;
		}
	}

	double averageNanos() {
		return this.averageNanos;
	}

}
