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
import java.time.Duration;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What this JVM and the server have used so far.
 *
 * @param nanos the time
 * @param jvmCpuNanos CPU time of this JVM, its compiler and garbage collector included
 * @param serverCpuNanos CPU time of the server
 * @param allocatedBytes what all threads have allocated
 */
record Usage(long nanos, long jvmCpuNanos, long serverCpuNanos, long allocatedBytes) {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	static Usage now(long serverPid) {
		long serverCpu = ProcessHandle.of(serverPid)
			.flatMap((process) -> process.info().totalCpuDuration())
			.map(Duration::toNanos)
			.orElse(0L);
		return new Usage(System.nanoTime(), SYSTEM.getProcessCpuTime(), serverCpu, allocated());
	}

	Usage since(Usage start) {
		return new Usage(this.nanos - start.nanos, this.jvmCpuNanos - start.jvmCpuNanos,
				this.serverCpuNanos - start.serverCpuNanos, this.allocatedBytes - start.allocatedBytes);
	}

	private static long allocated() {
		try {
			// Since Java 21; knows virtual threads and those that have ended, too
			return (long) ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes").invoke(THREADS);
		}
		catch (ReflectiveOperationException ex) {
			long sum = 0;
			for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
				sum += Math.max(0, bytes);
			}
			return sum;
		}
	}

}
