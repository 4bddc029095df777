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

import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * How fast a full queue is emptied, and at what cost. The sides take turns, so that
 * whatever else the machine does hits all of them.
 */
final class Throughput implements Benchmark {

	private static final String[] CASES = { "noop-128-bytes-c1", "noop-128-bytes-c4", "noop-128-bytes-c16",
			"noop-128-bytes-virtual-c16", "noop-128-bytes-c1000", "noop-128-json-c1", "noop-128-json-c4",
			"noop-1024-bytes-c4", "noop-1024-json-c4", "noop-128-bytes-confirmed-c1", "noop-128-bytes-confirmed-c16",
			"noop-128-bytes-confirmed-virtual-c16", "1ms-128-bytes-c4", "1ms-128-bytes-c16",
			"1ms-128-bytes-virtual-c16", "50ms-128-bytes-c16", "50ms-128-bytes-c1000", "50ms-128-bytes-virtual-c1000" };

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		for (Case testCase : settings.casesOr(CASES)) {
			if (testCase.isRunnable()) {
				run(server, testCase, settings, report);
			}
			else {
				report.skipped(testCase);
			}
		}
	}

	private static void run(EmbeddedNatsServer server, Case testCase, Settings settings, Report report)
			throws Exception {
		int messages = settings.messagesOr(testCase.messages());
		List<Contender> contenders = new ArrayList<>();
		try {
			for (Side side : settings.sidesFor(testCase)) {
				contenders.add(new Contender(server, testCase, side));
			}
			for (int round = -settings.warmup(); round < settings.rounds(); round++) {
				for (Contender contender : contenders) {
					contender.run(messages, round >= 0);
				}
			}
			report.throughput(testCase, messages, contenders);
		}
		finally {
			contenders.forEach(Contender::close);
		}
	}

}
