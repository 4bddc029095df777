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

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What an application knows of its own process.
 */
final class Vitals {

	/**
	 * The system property that says when the process was started, in microseconds since
	 * 1970. The JVM itself only knows when it had loaded itself.
	 */
	static final String STARTED = "benchmark.started";

	private static final Path STATUS = Path.of("/proc/self/status");

	private static final double MICROS = 1e6;

	private Vitals() {
	}

	/**
	 * Returns the time, which is the same in all processes of a machine.
	 * @return microseconds since 1970
	 */
	static long micros() {
		Instant now = Instant.now();
		return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
	}

	/**
	 * Returns how long ago the process was started.
	 * @return the seconds
	 */
	static double seconds() {
		return (micros() - Long.getLong(STARTED, 0)) / MICROS;
	}

	static double cpuSeconds() {
		return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
	}

	/**
	 * Adds what the process has needed so far. What the system doesn't tell is zero.
	 */
	static Figures addTo(Figures figures) {
		// Those that need the fewest classes of their own first
		return figures.with("cpu", cpuSeconds())
			.with("rss", status("VmRSS:") / 1024)
			.with("threads", status("Threads:"))
			.with("classes", ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount())
			.with("java-threads", ManagementFactory.getThreadMXBean().getThreadCount());
	}

	private static double status(String name) {
		try {
			List<String> lines = Files.isReadable(STATUS) ? Files.readAllLines(STATUS) : List.of();
			return lines.stream()
				.filter((line) -> line.startsWith(name))
				.mapToDouble((line) -> Double.parseDouble(line.substring(name.length()).replace("kB", "").strip()))
				.findFirst()
				.orElse(0);
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
