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

package io.github.jetstreamspring.benchmarks;

import java.util.BitSet;

import org.HdrHistogram.Histogram;

/**
 * Which messages were handled, and how long they took.
 */
final class HandledMessages {

	private static final int DIGITS = 3;

	private final BitSet numbers = new BitSet();

	private final Histogram micros = new Histogram(DIGITS);

	private long lastMicros;

	synchronized void handled(int number, long published) {
		long now = Vitals.micros();
		this.micros.recordValue(Math.max(0, now - published));
		if (!this.numbers.get(number)) {
			this.numbers.set(number);
			this.lastMicros = now;
			notifyAll();
		}
	}

	/**
	 * Waits until so many messages were handled.
	 * @param count how many
	 * @param millis how long to wait for them
	 * @return how many there are, when the last of them was handled, and how long they
	 * took, of which the next call knows nothing more
	 */
	synchronized Figures await(int count, long millis) throws InterruptedException {
		long end = System.nanoTime() + millis * 1_000_000;
		for (long left = millis; this.numbers.cardinality() < count
				&& left > 0; left = (end - System.nanoTime()) / 1_000_000) {
			wait(left);
		}
		Figures figures = new Figures().with("handled", this.numbers.cardinality())
			.with("last", this.lastMicros)
			.with("p50", this.micros.getValueAtPercentile(50) / 1e3)
			.with("p99", this.micros.getValueAtPercentile(99) / 1e3)
			.with("max", this.micros.getMaxValue() / 1e3);
		this.micros.reset();
		return figures;
	}

	synchronized byte[] numbers() {
		return this.numbers.toByteArray();
	}

}
