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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How long a message takes from publish to handler, at a pace that leaves the machine
 * idle most of the time.
 */
final class Latency implements Benchmark {

	private static final String[] CASES = { "noop-128-bytes-c1", "noop-128-bytes-c16", "noop-128-bytes-virtual-c16" };

	private static final int PER_SECOND = 1000;

	private static final int SECONDS = 5;

	private static final long INTERVAL_NANOS = Duration.ofSeconds(1).dividedBy(PER_SECOND).toNanos();

	private static final Duration ACK_WAIT = Duration.ofSeconds(30);

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final int DIGITS = 3;

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		int messages = settings.messagesOr(PER_SECOND * SECONDS);
		for (Case testCase : settings.casesOr(CASES)) {
			if (!testCase.isRunnable()) {
				report.skipped(testCase);
				continue;
			}
			Map<Side, List<Histogram>> rounds = new EnumMap<>(Side.class);
			for (int round = -settings.warmup(); round < settings.rounds(); round++) {
				for (Side side : List.of(Side.RAW, Side.LISTENER)) {
					Histogram result = run(server, testCase, side, messages);
					if (round >= 0) {
						rounds.computeIfAbsent(side, (key) -> new ArrayList<>()).add(result);
					}
				}
			}
			report.latency(testCase, messages, PER_SECOND, rounds);
		}
	}

	private static Histogram run(EmbeddedNatsServer server, Case testCase, Side side, int messages) throws Exception {
		Histogram histogram = new ConcurrentHistogram(DIGITS);
		Tally tally = new Tally(messages, testCase.handlerTime());
		Work work = (number, time) -> {
			histogram.recordValue(Math.max(0, System.nanoTime() - time));
			tally.run(number, time);
		};
		try (Queue queue = Queue.create(server.url(), ACK_WAIT);
				Worker worker = (side == Side.RAW) ? new RawConsume(RawConnections.open(server.url()), work)
						: side.open(testCase, server.url(), work)) {
			System.gc();
			worker.start();
			publish(queue, testCase.size(), messages);
			tally.await(TIMEOUT);
			return histogram;
		}
	}

	private static void publish(Queue queue, int size, int messages) {
		long start = System.nanoTime();
		for (int number = 0; number < messages; number++) {
			long due = start + number * INTERVAL_NANOS;
			for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			queue.connection().publish(Queue.SUBJECT, Payload.create(number, System.nanoTime(), size));
		}
	}

}
