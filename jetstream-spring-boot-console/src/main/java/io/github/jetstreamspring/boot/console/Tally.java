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

package io.github.jetstreamspring.boot.console;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What became of deliveries in some time.
 *
 * @param handled how many were handled
 * @param retried how many are to be tried again
 * @param deadLettered how many were given up on
 * @param times how long handlers ran, as {@link RunTimeCells} has it; {@code null} if
 * none did
 */
record Tally(long handled, long retried, long deadLettered, long @Nullable [] times) {

	static final Tally NONE = new Tally(0, 0, 0, null);

	Tally plus(Tally other) {
		return new Tally(this.handled + other.handled, this.retried + other.retried,
				this.deadLettered + other.deadLettered, sum(this.times, other.times, 1));
	}

	Tally minus(Tally other) {
		long[] rest = sum(this.times, other.times, -1);
		return new Tally(this.handled - other.handled, this.retried - other.retried,
				this.deadLettered - other.deadLettered,
				(rest != null && Arrays.stream(rest).anyMatch((runs) -> runs > 0)) ? rest : null);
	}

	private static long @Nullable [] sum(long @Nullable [] one, long @Nullable [] other, int sign) {
		if (other == null) {
			return one;
		}
		long[] sum = (one != null) ? one.clone() : new long[RunTimeCells.CELLS];
		for (int i = 0; i < sum.length; i++) {
			sum[i] += sign * other[i];
		}
		return sum;
	}

}
