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

package io.github.jetstreamspring.boot.metrics;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How the number of messages that wait for a consumer has changed lately.
 */
final class PendingTrend {

	// Of a minute and more, as they are ten seconds apart at least
	private static final int SAMPLES = 7;

	private final Deque<Sample> samples = new ArrayDeque<>();

	synchronized void add(long nanos, long pending) {
		this.samples.add(new Sample(nanos, pending));
		if (this.samples.size() > SAMPLES) {
			this.samples.remove();
		}
	}

	/**
	 * Returns how long what is pending takes at the pace at which it has become less.
	 * @return seconds, 0 if nothing is pending, infinite if it doesn't become less, NaN
	 * if there are too few samples
	 */
	synchronized double drainSeconds() {
		Sample first = this.samples.peekFirst();
		Sample last = this.samples.peekLast();
		if (last != null && last.pending() == 0) {
			return 0;
		}
		if (first == null || last == null || last.nanos() == first.nanos()) {
			return Double.NaN;
		}
		double perSecond = (first.pending() - last.pending()) / ((last.nanos() - first.nanos()) / 1e9);
		return (perSecond > 0) ? last.pending() / perSecond : Double.POSITIVE_INFINITY;
	}

	private record Sample(long nanos, long pending) {

	}

}
