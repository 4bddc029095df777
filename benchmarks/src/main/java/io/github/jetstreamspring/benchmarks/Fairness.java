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

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * Whether two instances of an application end together, as none of them keeps work that
 * the other one could do.
 */
final class Fairness implements Benchmark {

	private static final String[] CASES = { "50ms-128-bytes-c4" };

	private static final int MESSAGES = 1000;

	private static final Duration ACK_WAIT = Duration.ofSeconds(5);

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		int messages = settings.messagesOr(MESSAGES);
		for (Case testCase : settings.casesOr(CASES)) {
			List<Instance.Result> first = new ArrayList<>();
			List<Instance.Result> second = new ArrayList<>();
			int duplicates = 0;
			for (int round = 0; round < settings.rounds(); round++) {
				Tally tally = new Tally(testCase.handlerTime());
				tally.reset(messages);
				Instance one = new Instance(tally);
				Instance two = new Instance(tally);
				try (Queue queue = Queue.create(server.url(), ACK_WAIT);
						Worker oneWorker = Side.LISTENER.open(testCase, server.url(), one);
						Worker twoWorker = Side.LISTENER.open(testCase, server.url(), two)) {
					queue.fill(messages, testCase.size());
					long start = System.nanoTime();
					oneWorker.start();
					twoWorker.start();
					tally.await(TIMEOUT);
					queue.awaitEmpty();
					first.add(one.result(start));
					second.add(two.result(start));
					duplicates += tally.duplicates();
				}
			}
			report.fairness(testCase, messages, first, second, duplicates);
		}
	}

}
