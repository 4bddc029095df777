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
 * Prints what was measured: of the rounds of each side the smallest, the median and the
 * largest, and the same of the comparison pair by pair.
 */
final class Report {

	private static final String ROW = "  %-22s %27s %27s %20s %20s  %s";

	private static final String LATENCY_ROW = "  %-22s %27s %27s %27s";

	private static final String WHOLE = "%8.0f";

	private static final String CENTS = "%6.2f";

	private static final String CHANGE = "%+8.2f";

	private static final String RATIO = "%8.3f";

	private static final String STARTUP_ROW = "  %-33s %26s %26s %26s %20s %20s %17s %17s";

	private static final String FIRST_ROW = "  %-25s %27s %27s %27s %27s";

	private static final String NUMBER = "%5.0f";

	private static final String NUMBER_CHANGE = "%+5.0f";

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

	void throughput(Case testCase, int messages, List<Contender> contenders) {
		print("%n%s: %d messages a round", testCase, messages);
		print(ROW, "min median max", "messages/s", "JVM us/message", "server us/message", "bytes/message",
				"duplicates");
		contenders.forEach((contender) -> side(testCase, contender));
		contenders.stream()
			.filter((contender) -> contender.side() == Side.LISTENER)
			.forEach((listener) -> contenders.stream()
				.filter((contender) -> contender != listener)
				.forEach((raw) -> comparison("listener to " + raw.side(), listener.rounds(), raw.rounds())));
	}

	private void side(Case testCase, Contender contender) {
		List<Round> rounds = contender.rounds();
		row(contender.side().toString(), rounds, rounds.stream().mapToInt(Round::duplicates).sum());
		if (!testCase.isQuick()) {
			print(ROW, contender.side() + " to ideal",
					Spread.of(rounds, (round) -> round.perSecond() / testCase.ideal()).format(RATIO), "", "", "", "");
		}
	}

	void publish(PublishCase publishCase, int messages, List<PublishContender> contenders) {
		print("%n%s: %d messages a round", publishCase, messages);
		print(ROW, "min median max", "messages/s", "JVM us/message", "server us/message", "bytes/message", "");
		contenders.forEach((contender) -> row(contender.side().toString(), contender.rounds(), ""));
		contenders.stream()
			.filter((contender) -> contender.side() == PublishSide.TEMPLATE)
			.forEach((template) -> contenders.stream()
				.filter((contender) -> contender != template)
				.forEach((raw) -> comparison("template to " + raw.side(), template.rounds(), raw.rounds())));
	}

	private void row(String side, List<Round> rounds, Object duplicates) {
		print(ROW, side, Spread.of(rounds, Round::perSecond).format(WHOLE),
				Spread.of(rounds, Round::jvmMicros).format(CENTS), Spread.of(rounds, Round::serverMicros).format(CENTS),
				Spread.of(rounds, Round::allocatedBytes).format("%6.0f"), duplicates);
	}

	private void comparison(String sides, List<Round> own, List<Round> raw) {
		print(ROW, sides, Spread.ofPairs(own, raw, (one, other) -> one.perSecond() / other.perSecond()).format(RATIO),
				Spread.ofPairs(own, raw, (one, other) -> one.jvmMicros() - other.jvmMicros()).format(CHANGE),
				Spread.ofPairs(own, raw, (one, other) -> one.serverMicros() - other.serverMicros()).format("%+6.2f"),
				Spread.ofPairs(own, raw, (one, other) -> one.allocatedBytes() - other.allocatedBytes())
					.format("%+6.0f"),
				"");
	}

	void latency(Case testCase, int messages, int perSecond, List<Histogram> raw, List<Histogram> listener) {
		print("%n%s: %d messages a round, %d per second, microseconds from publish to handler", testCase, messages,
				perSecond);
		print(LATENCY_ROW, "min median max", "p50", "p99", "p99.9");
		print(LATENCY_ROW, "raw", micros(raw, 50), micros(raw, 99), micros(raw, 99.9));
		print(LATENCY_ROW, "listener", micros(listener, 50), micros(listener, 99), micros(listener, 99.9));
		print(LATENCY_ROW, "listener to raw", ratio(listener, raw, 50), ratio(listener, raw, 99),
				ratio(listener, raw, 99.9));
	}

	private static String micros(List<Histogram> rounds, double percentile) {
		return Spread.of(rounds, (round) -> round.getValueAtPercentile(percentile) / 1e3).format(WHOLE);
	}

	private static String ratio(List<Histogram> listener, List<Histogram> raw, double percentile) {
		ToDoubleFunction<Histogram> value = (round) -> round.getValueAtPercentile(percentile);
		return Spread.ofPairs(listener, raw, (own, other) -> value.applyAsDouble(own) / value.applyAsDouble(other))
			.format(RATIO);
	}

	void fairness(Case testCase, int messages, List<Instance.Result> first, List<Instance.Result> second,
			int duplicates) {
		print("%n%s: %d messages for two instances, %d duplicates; ideal %.3f s", testCase, messages, duplicates,
				messages / testCase.ideal() / 2);
		for (int round = 0; round < first.size(); round++) {
			Instance.Result one = first.get(round);
			Instance.Result two = second.get(round);
			print("  %5d messages until %.3f s, %5d until %.3f s: %.0f ms apart", one.runs(), one.seconds(), two.runs(),
					two.seconds(), Math.abs(one.seconds() - two.seconds()) * 1e3);
		}
	}

	void duplicates(Case testCase, int messages, List<Integer> runs) {
		print("%n%s: handler runs for %d messages while a second instance joins: %s", testCase, messages, runs);
	}

	void startup(int rounds, Map<StartupVariant, List<Figures>> starts) {
		print("%nstartup: %d starts each", rounds);
		print(STARTUP_ROW, "min median max", "ready s", "first message s", "CPU s", "classes", "RSS MB", "threads",
				"Java threads");
		starts.forEach((variant, figures) -> print(STARTUP_ROW, variant, spread(figures, "ready", CENTS),
				variant.hasClient() ? spread(figures, "first-message", CENTS) : "", spread(figures, "cpu", CENTS),
				spread(figures, "classes", NUMBER), spread(figures, "rss", NUMBER), spread(figures, "threads", NUMBER),
				spread(figures, "java-threads", NUMBER)));
		List<Figures> plain = starts.get(StartupVariant.PLAIN);
		starts.forEach((variant, figures) -> {
			if (plain != null && variant.hasStarter()) {
				print(STARTUP_ROW, variant + " beyond plain", beyond(figures, "ready", plain, CHANGE),
						beyond(figures, "first-message", plain, CHANGE), beyond(figures, "cpu", plain, CHANGE),
						beyond(figures, "classes", plain, NUMBER_CHANGE), beyond(figures, "rss", plain, NUMBER_CHANGE),
						beyond(figures, "threads", plain, NUMBER_CHANGE),
						beyond(figures, "java-threads", plain, NUMBER_CHANGE));
			}
		});
	}

	void firstMessages(String what, int messages, Map<String, List<Figures>> sides) {
		print("%nfirst-messages: %d %s by a JVM that has just started", messages, what);
		print(FIRST_ROW, "min median max", "first ms", "next tenth ms", "all after the first ms", "CPU ms");
		sides.forEach((side, figures) -> print(FIRST_ROW, side, spread(figures, "first", WHOLE),
				spread(figures, "tenth", WHOLE), spread(figures, "all", WHOLE), spread(figures, "cpu", WHOLE)));
		sides.forEach((base, raw) -> sides.forEach((side, figures) -> {
			if (base.startsWith("raw") && !side.startsWith("raw")) {
				print(FIRST_ROW, side + " to " + base, ratioOf(raw, figures, "first"), ratioOf(raw, figures, "tenth"),
						ratioOf(raw, figures, "all"), ratioOf(raw, figures, "cpu"));
			}
		}));
	}

	private static String ratioOf(List<Figures> rounds, List<Figures> others, String name) {
		return Spread.ofPairs(rounds, others, (one, other) -> one.get(name) / other.get(name)).format(RATIO);
	}

	void manyListeners(int listeners, int perSecond, ManyListeners.Result result, ManyListeners.Result one) {
		Figures rest = result.rest();
		print("%n%d listeners in one application, on one connection", listeners);
		print("  start                %.2f s until all run, with one listener %.2f s", result.start().get("running"),
				one.start().get("running"));
		print("  at rest              %.0f Java threads, %.0f threads of the process; with one listener %.0f and %.0f",
				rest.get("java-threads"), rest.get("threads"), one.rest().get("java-threads"),
				one.rest().get("threads"));
		print("  heap at rest         %.1f KB a listener, %.1f MB in all, %.1f MB with one listener",
				(rest.get("heap") - one.rest().get("heap")) / (listeners - 1), rest.get("heap") / 1024,
				one.rest().get("heap") / 1024);
		print("  CPU at rest          application %.1f %%, server %.1f %% of a core; with one listener %.1f and %.1f %%",
				rest.get("percent"), result.serverPercent(), one.rest().get("percent"), one.serverPercent());
		rest.threads()
			.forEach((name) -> print("    %-18s %.1f %%", name.substring(Figures.THREADS.length()), rest.get(name)));
		print("  %3d messages/s       p50 %.1f ms, p99 %.1f ms, max %.1f ms; %.0f Java threads at most", perSecond,
				result.trickle().get("p50"), result.trickle().get("p99"), result.trickle().get("max"),
				result.trickle().get("peak-threads"));
		print("  server killed        gone for %.2f s; each has handled a message %.2f s later", result.down(),
				result.goOn());
		print("  stop                 %.2f s for the listeners, and %.2f s for the rest of the context",
				result.stop().get("stop"), result.stop().get("close"));
		print("  lost                 %d messages", result.lost());
	}

	void values(String what) {
		print("%n%s", what);
		print("  min median max");
	}

	void values(String what, String unit, List<Double> values) {
		print("  %-25s %s %s", what, Spread.of(values, Double::doubleValue).format("%9.2f"), unit);
	}

	private static String spread(List<Figures> rounds, String name, String format) {
		return Spread.of(rounds, (round) -> round.get(name)).format(format);
	}

	// The first message of an application that gets none is when it is ready
	private static String beyond(List<Figures> rounds, String name, List<Figures> plain, String format) {
		String plainName = name.equals("first-message") ? "ready" : name;
		return Spread.ofPairs(rounds, plain, (one, other) -> one.get(name) - other.get(plainName)).format(format);
	}

	private void print(String format, Object... arguments) {
		this.out.println(format.formatted(arguments).stripTrailing());
	}

}
