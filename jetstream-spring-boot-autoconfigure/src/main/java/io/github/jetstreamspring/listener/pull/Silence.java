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
 * Notices when nothing comes from the server that is awaited.
 */
final class Silence {

	// A request that is lost with a leader that goes is made again soon, and a pause for
	// the time of two is no reason to suspect anybody
	private static final int HEARTBEATS = 3;

	private static final int MIN = OpenRequests.intervals(Duration.ofMillis(1500));

	private volatile int limit = MIN;

	// Whether anything has come since the last look
	private volatile boolean heard;

	// For how many intervals nothing has come that was awaited. The time would be no
	// measure: a JVM that was paused has not yet read what has come.
	private volatile int intervals;

	/**
	 * Something is asked for.
	 * @param heartbeat how often the server has to say that it knows
	 */
	void asked(Duration heartbeat) {
		int wanted = Math.max(OpenRequests.intervals(Duration.ofNanos(HEARTBEATS * heartbeat.toNanos())), MIN);
		if (this.limit != wanted) {
			this.limit = wanted;
		}
	}

	/**
	 * Something has come.
	 */
	void heard() {
		// Read for every message, and seldom written
		if (!this.heard) {
			this.heard = true;
		}
	}

	/**
	 * Begins to count, as nothing could come before.
	 */
	void restart() {
		this.intervals = 0;
	}

	/**
	 * Looks whether the server answers. To be called every
	 * {@link OpenRequests#LOOK_INTERVAL} or few of them.
	 * @param awaiting whether there is something that it has to answer
	 * @param passed how many intervals have passed since the last look
	 * @return whether it is silent for too long
	 */
	boolean look(boolean awaiting, int passed) {
		if (this.heard || !awaiting) {
			this.heard = false;
			this.intervals = 0;
		}
		else {
			this.intervals += passed;
		}
		return this.intervals >= this.limit;
	}

}
