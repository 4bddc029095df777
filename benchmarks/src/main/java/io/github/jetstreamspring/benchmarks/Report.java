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

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import org.HdrHistogram.Histogram;

/**
 * Prints what was measured.
 */
final class Report {

	private final PrintStream out;

	Report(PrintStream out) {
		this.out = out;
	}

	void machine(String serverVersion) {
		print("JDK %s, %d processors, nats-server %s", Runtime.version(), Runtime.getRuntime().availableProcessors(),
				serverVersion);
	}

	void skipped(Case testCase) {
		print("%n%s: skipped, as virtual threads need JDK 21", testCase);
	}

	void throughput(Case testCase, int messages, Map<Side, List<Round>> rounds) {
		print("%n%s: %d messages a round", testCase, messages);
		print("%-18s %26s  %20s  %9s  %9s  %s", "min median max", "messages/s", "JVM us/message", "server us", "bytes",
				"duplicates");
		rounds.forEach((side, results) -> print("%-18s %26s  %20s  %9.2f  %9.0f  %d", side,
				Spread.of(results, Round::perSecond).format("%8.0f"),
				Spread.of(results, Round::jvmMicros).format("%6.2f"), median(results, Round::serverMicros),
				median(results, Round::allocatedBytes), results.stream().mapToInt(Round::duplicates).sum()));
		List<Round> listener = rounds.getOrDefault(Side.LISTENER, List.of());
		rounds.forEach((side, results) -> {
			if (side != Side.LISTENER && !listener.isEmpty()) {
				print("%-18s %26s  %20s  %+9.2f  %+9.0f", "listener to " + side,
						Spread.ofPairs(listener, results, (own, raw) -> own.perSecond() / raw.perSecond())
							.format("%8.3f"),
						Spread.ofPairs(listener, results, (own, raw) -> own.jvmMicros() - raw.jvmMicros())
							.format("%+6.2f"),
						Spread.ofPairs(listener, results, (own, raw) -> own.serverMicros() - raw.serverMicros())
							.median(),
						Spread.ofPairs(listener, results, (own, raw) -> own.allocatedBytes() - raw.allocatedBytes())
							.median());
			}
		});
		if (!testCase.isQuick()) {
			rounds.forEach((side, results) -> print("%-18s %26s", side + " to ideal",
					Spread.of(results, (round) -> round.perSecond() / testCase.ideal()).format("%8.3f")));
		}
	}

	void latency(Case testCase, int messages, int perSecond, Map<Side, List<Histogram>> rounds) {
		print("%n%s: %d messages a round, %d per second, microseconds from publish to handler", testCase, messages,
				perSecond);
		print("%-18s %26s  %26s  %26s", "min median max", "p50", "p99", "p99.9");
		rounds.forEach((side, results) -> print("%-18s %26s  %26s  %26s", side,
				Spread.of(results, micros(50)).format("%8.0f"), Spread.of(results, micros(99)).format("%8.0f"),
				Spread.of(results, micros(99.9)).format("%8.0f")));
		print("%-18s %26s  %26s  %26s", "listener to raw", latencyRatio(rounds, 50), latencyRatio(rounds, 99),
				latencyRatio(rounds, 99.9));
	}

	void fairness(Case testCase, int messages, List<Instance.Result> first, List<Instance.Result> second,
			int duplicates) {
		print("%n%s: %d messages for two instances, %d duplicates", testCase, messages, duplicates);
		for (int round = 0; round < first.size(); round++) {
			Instance.Result one = first.get(round);
			Instance.Result two = second.get(round);
			print("%5d messages until %.3f s, %5d until %.3f s: %.0f ms apart (ideal %.3f s)", one.runs(),
					one.seconds(), two.runs(), two.seconds(), Math.abs(one.seconds() - two.seconds()) * 1e3,
					messages / testCase.ideal() / 2);
		}
	}

	void duplicates(Case testCase, int messages, List<Integer> runs) {
		print("%n%s: handler runs for %d messages while a second instance joins: %s", testCase, messages, runs);
	}

	private static String latencyRatio(Map<Side, List<Histogram>> rounds, double percentile) {
		ToDoubleFunction<Histogram> micros = micros(percentile);
		return Spread
			.ofPairs(rounds.getOrDefault(Side.LISTENER, List.of()), rounds.getOrDefault(Side.RAW, List.of()),
					(own, raw) -> micros.applyAsDouble(own) / micros.applyAsDouble(raw))
			.format("%8.2f");
	}

	private static ToDoubleFunction<Histogram> micros(double percentile) {
		return (histogram) -> histogram.getValueAtPercentile(percentile) / 1e3;
	}

	private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
		return Spread.of(rounds, value).median();
	}

	private void print(String format, Object... arguments) {
		this.out.printf(format + "%n", arguments);
	}

}
