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

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one of several instances of an application does.
 */
final class Instance implements Work {

	private final Work work;

	private final AtomicInteger runs = new AtomicInteger();

	private volatile long lastEnd;

	Instance(Work work) {
		this.work = work;
	}

	@Override
	public void run(int number, long time) {
		try {
			this.work.run(number, time);
		}
		finally {
			this.runs.incrementAndGet();
			this.lastEnd = System.nanoTime();
		}
	}

	int runs() {
		return this.runs.get();
	}

	Result result(long start) {
		return new Result(this.runs.get(), (this.lastEnd - start) / 1e9);
	}

	/**
	 * What an instance has done.
	 *
	 * @param runs how many messages it has handled
	 * @param seconds when it ended the last one
	 */
	record Result(int runs, double seconds) {
	}

}
