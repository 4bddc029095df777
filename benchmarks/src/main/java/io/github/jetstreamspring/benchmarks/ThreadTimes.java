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

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time of threads by their names, without the numbers in them.
 */
final class ThreadTimes {

	private final Map<String, Long> nanos = new HashMap<>();

	static ThreadTimes now() {
		ThreadTimes times = new ThreadTimes();
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
			if (thread != null) {
				String name = thread.getThreadName().replaceAll("[\\d-]+", "-").replaceAll("[^\\w-]+", "_");
				times.nanos.merge(name, threads.getThreadCpuTime(thread.getThreadId()), Long::sum);
			}
		}
		return times;
	}

	/**
	 * Adds what was used since then, in percent of a core.
	 */
	void addSince(ThreadTimes start, double seconds, Figures figures) {
		this.nanos.forEach((name, value) -> {
			double percent = (value - start.nanos.getOrDefault(name, 0L)) / 1e7 / seconds;
			if (percent >= 0.05) {
				figures.with(Figures.THREADS + name, percent);
			}
		});
	}

}
