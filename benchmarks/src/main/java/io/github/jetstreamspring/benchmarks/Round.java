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

/**
 * What one side needed to empty a full queue.
 *
 * @param perSecond messages per second
 * @param jvmMicros CPU time of this JVM per message, in microseconds
 * @param serverMicros CPU time of the server per message, in microseconds
 * @param allocatedBytes bytes allocated per message
 * @param duplicates handler runs beyond one for each message
 */
record Round(double perSecond, double jvmMicros, double serverMicros, double allocatedBytes, int duplicates) {

	static Round of(Usage usage, double messages, int duplicates) {
		return new Round(messages * 1e9 / usage.nanos(), usage.jvmCpuNanos() / 1e3 / messages,
				usage.serverCpuNanos() / 1e3 / messages, usage.allocatedBytes() / messages, duplicates);
	}

}
