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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long handlers run, in cells each of which is half as wide again as the one before:
 * a small and bounded memory, whatever comes.
 */
final class RunTimeCells {

	/**
	 * How many cells there are: from 100 microseconds to more than an hour.
	 */
	static final int CELLS = 45;

	private static final double FIRST_NANOS = 100_000;

	private static final double GROWTH = 1.5;

	private static final double LOG_GROWTH = Math.log(GROWTH);

	private RunTimeCells() {
	}

	/**
	 * Returns the cell of a time.
	 */
	static int cell(long nanos) {
		if (nanos <= FIRST_NANOS) {
			return 0;
		}
		return Math.min(CELLS - 1, 1 + (int) (Math.log(nanos / FIRST_NANOS) / LOG_GROWTH));
	}

	/**
	 * Returns the time that a share of the runs took no longer than.
	 * @param cells how many runs there are in each cell
	 * @param share the share, from 0 to 1
	 * @return the time, or {@code null} if there are no runs
	 */
	static @Nullable Duration percentile(long[] cells, double share) {
		long all = 0;
		for (long runs : cells) {
			all += runs;
		}
		long wanted = Math.max(1, (long) Math.ceil(all * share));
		long seen = 0;
		for (int i = 0; i < cells.length && all > 0; i++) {
			seen += cells[i];
			if (seen >= wanted) {
				return Duration.ofNanos((long) (FIRST_NANOS * Math.pow(GROWTH, i)));
			}
		}
		return null;
	}

}
