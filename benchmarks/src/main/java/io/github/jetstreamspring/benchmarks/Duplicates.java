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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * Whether messages are handled twice because they wait in a worker for longer than their
 * lease, while a second instance joins in the middle.
 */
final class Duplicates implements Benchmark {

	private static final String[] CASES = { "100ms-128-bytes-c4" };

	private static final int MESSAGES = 100;

	private static final Duration ACK_WAIT = Duration.ofSeconds(3);

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final Duration LOOK_INTERVAL = Duration.ofMillis(1);

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		int messages = settings.messagesOr(MESSAGES);
		for (Case testCase : settings.casesOr(CASES)) {
			List<Integer> runs = new ArrayList<>();
			for (int round = 0; round < settings.rounds(); round++) {
				Tally tally = new Tally(testCase.handlerTime());
				tally.reset(messages);
				Instance both = new Instance(tally);
				try (Queue queue = Queue.create(server.url(), ACK_WAIT);
						Worker one = Side.LISTENER.open(testCase, server.url(), both);
						Worker two = Side.LISTENER.open(testCase, server.url(), both)) {
					queue.fill(messages, testCase.size());
					one.start();
					while (tally.handled() < messages / 2) {
						LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
					}
					two.start();
					tally.await(TIMEOUT);
					queue.awaitEmpty();
				}
				// Counted after both have ended, so that a late duplicate counts
				runs.add(both.runs());
			}
			report.duplicates(testCase, messages, runs);
		}
	}

}
