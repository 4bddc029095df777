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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * How fast a full queue is worked off, and at what cost. The sides take turns, so that
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
			if (!testCase.isRunnable()) {
				report.skipped(testCase);
				continue;
			}
			int messages = settings.messagesOr(testCase.messages());
			Map<Side, List<Round>> rounds = new EnumMap<>(Side.class);
			for (int round = -settings.warmup(); round < settings.rounds(); round++) {
				for (Side side : sides(testCase, settings)) {
					Round result = Round.run(server, testCase, side, messages);
					if (round >= 0) {
						rounds.computeIfAbsent(side, (key) -> new ArrayList<>()).add(result);
					}
				}
			}
			report.throughput(testCase, messages, rounds);
		}
	}

	private static List<Side> sides(Case testCase, Settings settings) {
		if (!settings.sides().isEmpty()) {
			return settings.sides();
		}
		return testCase.confirmed() ? List.of(Side.values()) : List.of(Side.RAW, Side.LISTENER);
	}

}
