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

package io.github.jetstreamspring.deadletter;

import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How dead letters are redriven. Can't be changed; each method returns other options.
 *
 * @since 0.1.0
 */
public final class RedriveOptions {

	private static final RedriveOptions DEFAULTS = new RedriveOptions(0, Long.MAX_VALUE, false, null, (progress) -> {
	});

	private final long rate;

	private final long limit;

	private final boolean dryRun;

	private final @Nullable Duration time;

	private final Consumer<RedriveResult> progress;

	private RedriveOptions(long rate, long limit, boolean dryRun, @Nullable Duration time,
			Consumer<RedriveResult> progress) {
		this.rate = rate;
		this.limit = limit;
		this.dryRun = dryRun;
		this.time = time;
		this.progress = progress;
	}

	/**
	 * Returns options for all letters, as fast as it goes.
	 * @return the options
	 */
	public static RedriveOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Limits how many are redriven in a second.
	 * @param perSecond how many, at least 1
	 * @return the options
	 * @throws IllegalArgumentException if it is less than 1
	 */
	public RedriveOptions rate(long perSecond) {
		Assert.isTrue(perSecond >= 1, () -> "The rate must be at least 1 per second, but is " + perSecond);
		return new RedriveOptions(perSecond, this.limit, this.dryRun, this.time, this.progress);
	}

	/**
	 * Limits how many are redriven. If the query has a limit as well, the smaller one
	 * holds.
	 * @param limit how many, at least 1
	 * @return the options
	 * @throws IllegalArgumentException if it is less than 1
	 */
	public RedriveOptions limit(long limit) {
		Assert.isTrue(limit >= 1, () -> "The limit must be at least 1, but is " + limit);
		return new RedriveOptions(this.rate, limit, this.dryRun, this.time, this.progress);
	}

	/**
	 * Changes nothing, and only says which ones would be redriven, and which could not
	 * be.
	 * @return the options
	 */
	public RedriveOptions dryRun() {
		return new RedriveOptions(this.rate, this.limit, true, this.time, this.progress);
	}

	/**
	 * Limits how long it takes. What is left then is counted, as far as that takes no
	 * more than half as long again.
	 * @param time the time
	 * @return the options
	 * @throws IllegalArgumentException if it isn't positive
	 * @see RedriveResult#remaining()
	 */
	public RedriveOptions within(Duration time) {
		Assert.isTrue(!time.isNegative() && !time.isZero(), "The time must be positive");
		return new RedriveOptions(this.rate, this.limit, this.dryRun, time, this.progress);
	}

	/**
	 * Tells somebody about once a second, and at the end, how far it is.
	 * @param progress is told, on the thread that redrives
	 * @return the options
	 */
	public RedriveOptions onProgress(Consumer<RedriveResult> progress) {
		Assert.notNull(progress, "'progress' must not be null");
		return new RedriveOptions(this.rate, this.limit, this.dryRun, this.time, progress);
	}

	/**
	 * Returns how many are redriven in a second, 0 if as many as can be.
	 */
	long rate() {
		return this.rate;
	}

	long limit() {
		return this.limit;
	}

	boolean isDryRun() {
		return this.dryRun;
	}

	@Nullable Duration time() {
		return this.time;
	}

	Consumer<RedriveResult> progress() {
		return this.progress;
	}

}
