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

package io.github.jetstreamspring.lab;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.jetstreamspring.lab.Event.Type;
import org.jspecify.annotations.Nullable;

/**
 * Proves from the ledgers and from what is left that nothing was lost, and finds all that
 * should not have happened.
 */
final class Checker {

	/**
	 * Says in the ledger that a fault destroys what is stored.
	 */
	static final String DESTROYS = "destroys";

	/**
	 * Says in the ledger that a job is one of several that are published all or none.
	 */
	static final String GROUP = "group ";

	/**
	 * Says in the ledger for how many milliseconds a job is delayed.
	 */
	static final String DELAYED = "delayed ";

	private static final String GIVES_UP = "DeadLetterException";

	// As the configuration of the workers says
	private static final int MAX_ATTEMPTS = 6;

	// How long after a fault a job may still come once more: the lease of whoever had it
	private static final long AFTERMATH_MICROS = TimeUnit.SECONDS.toMicros(5 + 3);

	// What is lost just before a fault is noticed
	private static final long BEFORE_MICROS = TimeUnit.SECONDS.toMicros(1);

	private static final double MIN_JITTER = 0.75;

	private static final long TOLERANCE_MICROS = TimeUnit.MILLISECONDS.toMicros(30);

	private static final long FIRST_DELAY_MICROS = TimeUnit.MILLISECONDS.toMicros(200);

	private static final long MAX_DELAY_MICROS = TimeUnit.SECONDS.toMicros(2);

	// How long an instance waits for what it has given back
	private static final long MAX_ABSENCE_MICROS = TimeUnit.SECONDS.toMicros(5);

	private final List<Event> events;

	private final Leftovers leftovers;

	private final Map<String, List<Event>> byJob = new LinkedHashMap<>();

	private final List<Window> faults = new ArrayList<>();

	private Checker(List<Event> events, Leftovers leftovers) {
		this.events = events;
		this.leftovers = leftovers;
		Map<String, Event> open = new HashMap<>();
		for (Event event : events) {
			switch (event.type()) {
				case FAULT -> open.put(event.job(), event);
				case CURED -> {
					Event fault = open.remove(event.job());
					this.faults.add(new Window((fault != null) ? fault.micros() : event.micros(), event.micros(),
							event.detail().equals(DESTROYS)));
				}
				case SETTLED, STARTED -> {
				}
				default -> this.byJob.computeIfAbsent(event.job(), (id) -> new ArrayList<>()).add(event);
			}
		}
		open.values().forEach((fault) -> this.faults.add(new Window(fault.micros(), Long.MAX_VALUE / 2, false)));
	}

	/**
	 * Checks a run.
	 * @param events all that has happened, in the order of time
	 * @param leftovers what the streams hold
	 * @return what was found
	 */
	static Verdict check(List<Event> events, Leftovers leftovers) {
		return new Checker(events, leftovers).check();
	}

	private Verdict check() {
		List<String> lost = new ArrayList<>();
		List<String> unfinished = new ArrayList<>();
		List<String> unknown = new ArrayList<>();
		List<String> unexplained = new ArrayList<>();
		List<String> early = new ArrayList<>();
		List<String> wrong = new ArrayList<>();
		int kept = 0;
		int duplicates = 0;
		for (Map.Entry<String, List<Event>> entry : this.byJob.entrySet()) {
			String job = entry.getKey();
			List<Event> history = entry.getValue();
			List<Event> done = of(history, Type.DONE);
			boolean left = this.leftovers.jobs().contains(job);
			boolean letter = this.leftovers.letters().containsKey(job);
			if (of(history, Type.SENT).isEmpty()) {
				unknown.add(job);
			}
			if (done.isEmpty() && !letter) {
				if (left) {
					unfinished.add(job);
				}
				else if (isLost(history)) {
					lost.add(job);
				}
			}
			else if (left) {
				kept++;
			}
			duplicates += Math.max(0, done.size() - 1);
			for (int i = 1; i < done.size(); i++) {
				if (!isExplained(done.get(i - 1).micros(), done.get(i).micros())) {
					unexplained.add(job);
				}
			}
			if (letter && isWrong(history)) {
				wrong.add(job);
			}
			if (isEarly(history)) {
				early.add(job);
			}
		}
		Map<String, Integer> letters = this.leftovers.letters();
		Stream.concat(this.leftovers.jobs().stream(), letters.keySet().stream())
			.filter((job) -> !job.equals(Leftovers.UNREADABLE) && !this.byJob.containsKey(job))
			.distinct()
			.forEach(unknown::add);
		List<String> doubled = letters.entrySet()
			.stream()
			.filter((letter) -> !letter.getKey().equals(Leftovers.UNREADABLE) && letter.getValue() > 1)
			.map(Map.Entry::getKey)
			.toList();
		return new Verdict(count(Type.SENT), count(Type.CONFIRMED), count(Type.DONE),
				letters.values().stream().mapToInt(Integer::intValue).sum(), this.faults.size(), lost, unfinished, kept,
				unknown, doubled, wrong, this.leftovers.repeated(), duplicates, unexplained, early, overtaken(false),
				overtaken(true), torn(), pause(), back());
	}

	private int count(Type type) {
		return (int) this.byJob.values().stream().filter((history) -> !of(history, type).isEmpty()).count();
	}

	private static List<Event> of(List<Event> history, Type type) {
		return history.stream().filter((event) -> event.type() == type).toList();
	}

	private boolean isLost(List<Event> history) {
		return of(history, Type.CONFIRMED).stream()
			.anyMatch((event) -> this.faults.stream()
				.noneMatch((fault) -> fault.destroys && event.micros() <= fault.end));
	}

	private boolean isExplained(long first, long second) {
		return this.faults.stream()
			.anyMatch((fault) -> first <= fault.end + AFTERMATH_MICROS && second >= fault.start - BEFORE_MICROS);
	}

	/**
	 * Returns whether a job shouldn't have a dead letter.
	 */
	private boolean isWrong(List<Event> history) {
		List<Event> done = of(history, Type.DONE);
		List<Event> thrown = of(history, Type.THREW);
		if (!done.isEmpty()) {
			return !isExplained(done.get(0).micros(), Long.MAX_VALUE);
		}
		if (thrown.isEmpty()) {
			// Its worker has died of it, or nobody can read it
			return false;
		}
		Event last = thrown.get(thrown.size() - 1);
		return !isLast(last) && !isExplained(last.micros(), Long.MAX_VALUE);
	}

	private static boolean isLast(Event thrown) {
		return thrown.detail().equals(GIVES_UP) || thrown.attempt() >= MAX_ATTEMPTS;
	}

	// When its consumer is gone, the server forgets that a message is to wait
	private boolean isEarly(List<Event> history) {
		Event thrown = null;
		long due = Long.MIN_VALUE;
		for (Event event : history) {
			if (event.type() == Type.SENT && event.detail().startsWith(DELAYED)) {
				long millis = Long.parseLong(event.detail().substring(DELAYED.length()));
				due = event.micros() + TimeUnit.MILLISECONDS.toMicros(millis) - TOLERANCE_MICROS;
			}
			if (event.type() == Type.BEGUN && event.micros() < due) {
				return true;
			}
			if (event.type() == Type.BEGUN && thrown != null
					&& event.micros() - thrown.micros() < MIN_JITTER * delay(thrown.attempt()) - TOLERANCE_MICROS
					&& !isExplained(thrown.micros(), event.micros())) {
				return true;
			}
			// What is given up on comes again when somebody redrives it
			boolean retried = event.type() == Type.THREW && !event.detail().equals(GIVES_UP);
			thrown = retried ? event : null;
		}
		return false;
	}

	private static long delay(long attempt) {
		return Math.min(FIRST_DELAY_MICROS << Math.min(attempt - 1, 10), MAX_DELAY_MICROS);
	}

	/**
	 * Returns the jobs that were begun before one with the same key that comes first in
	 * the stream was over.
	 * @param inOne whether to compare only what the same instance has done and what it
	 * was sent first: what was sent to another one before, or to nobody, comes late, as
	 * does what nobody took back
	 */
	private List<String> overtaken(boolean inOne) {
		Map<String, TreeMap<Long, String>> lanes = new HashMap<>();
		for (Map.Entry<String, List<Event>> entry : this.byJob.entrySet()) {
			List<Event> confirmed = of(entry.getValue(), Type.CONFIRMED);
			Event last = end(entry.getKey());
			if (!confirmed.isEmpty() && last != null && !(inOne && cameLate(entry.getValue(), last.actor()))) {
				String key = of(entry.getValue(), Type.BEGUN).get(0).detail().split(" ")[0]
						+ (inOne ? " " + last.actor() : "");
				lanes.computeIfAbsent(key, (lane) -> new TreeMap<>())
					.put(Long.parseLong(confirmed.get(0).detail()), entry.getKey());
			}
		}
		List<String> overtaken = new ArrayList<>();
		for (TreeMap<Long, String> lane : lanes.values()) {
			long over = 0;
			for (String job : lane.values()) {
				List<Event> history = this.byJob.getOrDefault(job, List.of());
				Event last = end(job);
				if (of(history, Type.BEGUN).get(0).micros() < over) {
					overtaken.add(job);
				}
				over = Math.max(over, (last != null) ? last.micros() : 0);
			}
		}
		return overtaken;
	}

	/**
	 * Returns with what a job was over: that it was handled, or what it was given up on
	 * for.
	 */
	private @Nullable Event end(String job) {
		List<Event> history = this.byJob.getOrDefault(job, List.of());
		List<Event> done = of(history, Type.DONE);
		if (!done.isEmpty() || !this.leftovers.letters().containsKey(job)) {
			return done.isEmpty() ? null : done.get(0);
		}
		return of(history, Type.THREW).stream().filter(Checker::isLast).findFirst().orElse(null);
	}

	private static boolean cameLate(List<Event> history, String actor) {
		List<Event> own = history.stream().filter((event) -> event.actor().equals(actor)).toList();
		Event thrown = null;
		for (Event event : own) {
			if (event.type() == Type.BEGUN && ((thrown != null) ? isMissed(thrown, event) : event.attempt() > 1)) {
				return true;
			}
			thrown = (event.type() == Type.THREW) ? event : thrown;
		}
		return false;
	}

	private static boolean isMissed(Event thrown, Event again) {
		return again.micros() - thrown.micros() > MIN_JITTER * delay(thrown.attempt()) + MAX_ABSENCE_MICROS;
	}

	/**
	 * Returns the first jobs of groups of which some jobs are there, and others nowhere.
	 */
	private List<String> torn() {
		Map<String, Set<Boolean>> groups = new LinkedHashMap<>();
		for (Map.Entry<String, List<Event>> entry : this.byJob.entrySet()) {
			for (Event sent : of(entry.getValue(), Type.SENT)) {
				if (sent.detail().startsWith(GROUP)) {
					boolean there = !of(entry.getValue(), Type.BEGUN).isEmpty()
							|| this.leftovers.jobs().contains(entry.getKey())
							|| this.leftovers.letters().containsKey(entry.getKey());
					groups.computeIfAbsent(sent.detail(), (group) -> new HashSet<>()).add(there);
				}
			}
		}
		return groups.entrySet()
			.stream()
			.filter((group) -> group.getValue().size() > 1)
			.map(Map.Entry::getKey)
			.toList();
	}

	private Duration pause() {
		List<Long> done = times(Type.DONE);
		long longest = 0;
		for (int i = 1; i < done.size(); i++) {
			longest = Math.max(longest, done.get(i) - done.get(i - 1));
		}
		return Duration.of(longest, ChronoUnit.MICROS);
	}

	private Duration back() {
		List<Long> done = times(Type.DONE);
		long longest = 0;
		for (Window fault : this.faults) {
			for (long time : done) {
				if (time >= fault.end) {
					longest = Math.max(longest, time - fault.end);
					break;
				}
			}
		}
		return Duration.of(longest, ChronoUnit.MICROS);
	}

	private List<Long> times(Type type) {
		return this.events.stream().filter((event) -> event.type() == type).map(Event::micros).toList();
	}

	/**
	 * A fault.
	 *
	 * @param start when it began
	 * @param end when it ended
	 * @param destroys whether it destroyed what was stored by then
	 */
	private record Window(long start, long end, boolean destroys) {
	}

}
