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
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How long a message takes from publish to handler, at a pace that leaves the machine
 * idle most of the time. The raw side is the client's {@code consume()}.
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
		int messages = settings.messagesOr(PER_SECOND * SECONDS);
		List<Histogram> rawRounds = new ArrayList<>();
		List<Histogram> listenerRounds = new ArrayList<>();
		Recording raw = new Recording(testCase);
		Recording listener = new Recording(testCase);
		try (Worker rawWorker = new RawConsume(RawConnections.open(server.url(), "raw"), raw);
				Worker listenerWorker = Side.LISTENER.open(testCase, server.url(), listener)) {
			for (int round = -settings.warmup(); round < settings.rounds(); round++) {
				Histogram rawRound = run(server, testCase, rawWorker, raw, messages);
				Histogram listenerRound = run(server, testCase, listenerWorker, listener, messages);
				if (round >= 0) {
					rawRounds.add(rawRound);
					listenerRounds.add(listenerRound);
				}
			}
		}
		report.latency(testCase, messages, PER_SECOND, rawRounds, listenerRounds);
	}

	private static Histogram run(EmbeddedNatsServer server, Case testCase, Worker worker, Recording recording,
			int messages) throws Exception {
		recording.tally.reset(messages);
		recording.histogram.reset();
		try (Queue queue = Queue.create(server.url(), ACK_WAIT)) {
			System.gc();
			worker.start();
			publish(queue, testCase.size(), messages);
			recording.tally.await(TIMEOUT);
			worker.stop();
			return recording.histogram.copy();
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

	/**
	 * Work that records how long ago its message was published.
	 */
	private static final class Recording implements Work {

		private final Tally tally;

		private final Histogram histogram = new ConcurrentHistogram(DIGITS);

		Recording(Case testCase) {
			this.tally = new Tally(testCase.handlerTime());
		}

		@Override
		public void run(int number, long time) {
			this.histogram.recordValue(Math.max(0, System.nanoTime() - time));
			this.tally.run(number, time);
		}

	}

}
