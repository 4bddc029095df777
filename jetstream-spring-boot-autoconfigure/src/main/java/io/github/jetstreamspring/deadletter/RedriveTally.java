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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * How far a redrive is. For one thread.
 */
final class RedriveTally {

	private static final Log logger = LogFactory.getLog(RedriveTally.class);

	private static final int MAX_FAILURES = 20;

	private static final long INTERVAL_NANOS = 1_000_000_000;

	private final Consumer<RedriveResult> progress;

	private long toldNanos = System.nanoTime();

	private final List<RedriveFailure> failures = new ArrayList<>();

	private long matched;

	private long redriven;

	private long failed;

	private long remaining;

	RedriveTally(Consumer<RedriveResult> progress) {
		this.progress = progress;
	}

	long matched() {
		return this.matched;
	}

	long redriven() {
		return this.redriven;
	}

	void match() {
		this.matched++;
	}

	void redrive() {
		this.redriven++;
		tellNowAndThen();
	}

	void failed(long sequence, String reason) {
		this.failed++;
		if (this.failures.size() < MAX_FAILURES) {
			this.failures.add(new RedriveFailure(sequence, reason));
		}
		tellNowAndThen();
	}

	/**
	 * It turns out that somebody else has taken a letter away.
	 */
	void gone() {
		this.matched--;
	}

	void left() {
		this.matched++;
		this.remaining++;
	}

	RedriveResult result() {
		return new RedriveResult(this.matched, this.redriven, this.failed, this.failures, this.remaining);
	}

	private void tellNowAndThen() {
		long now = System.nanoTime();
		if (now - this.toldNanos >= INTERVAL_NANOS) {
			this.toldNanos = now;
			tell();
		}
	}

	void tell() {
		Guard.run(logger, () -> "What is told of the progress of a redrive failed",
				() -> this.progress.accept(result()));
	}

}
