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
package io.github.jetstreamspring.deadletter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.messaging.ServerNames;
import org.jspecify.annotations.Nullable;

/**
 * Counts letters by consumer, exception and reason, for a summary of all of them. Takes a
 * bounded amount of memory, whatever anybody has put in the stream.
 */
final class LetterCount {

	private static final int MAX_GROUPS = 100;

	// So many different ones that none of them says much
	private static final int MAX_KINDS = 2000;

	private static final int MAX_CONSUMERS = 10_000;

	// Of all consumers together, besides one for each
	private static final int MAX_KINDS_OF_ALL = 20_000;

	// That of a reason, as listeners cut it
	private static final int MAX_TEXT = 500;

	private final Map<Source, Map<Kind, Tally>> sources = new HashMap<>();

	private int kindsOfAll;

	private long total;

	/**
	 * Sums up letters.
	 * @param letters goes through them, and is closed
	 * @throws InterruptedException if the thread is interrupted
	 */
	static DeadLetterSummary summary(LetterScan letters) throws InterruptedException {
		LetterCount count = new LetterCount();
		try (letters) {
			for (LetterHeaders letter = letters.next(); letter != null; letter = letters.next()) {
				count.add(letter);
			}
		}
		return count.summary();
	}

	void add(LetterHeaders letter) {
		this.total++;
		Source source = new Source(letter.originalStream(), letter.consumer());
		Map<Kind, Tally> kinds = this.sources.get(source);
		if (kinds == null) {
			kinds = this.sources.computeIfAbsent(
					(this.sources.size() < MAX_CONSUMERS) ? source.named() : new Source(null, null),
					(absent) -> new HashMap<>());
		}
		Kind kind = new Kind(shortened(letter.exception()), withoutNumbers(shortened(letter.reason())));
		Tally tally = kinds.get(kind);
		if (tally == null) {
			boolean fits = kinds.size() < MAX_KINDS && this.kindsOfAll < MAX_KINDS_OF_ALL;
			this.kindsOfAll += fits ? 1 : 0;
			tally = kinds.computeIfAbsent(fits ? kind : Kind.OTHERS, (absent) -> new Tally());
		}
		tally.add(letter.time());
	}

	private static @Nullable String shortened(@Nullable String text) {
		if (text == null || text.length() <= MAX_TEXT) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT);
	}

	/**
	 * Returns a text with {@code #} in place of each number.
	 */
	static @Nullable String withoutNumbers(@Nullable String text) {
		if (text == null || !hasNumbers(text)) {
			return text;
		}
		char[] characters = text.toCharArray();
		int length = 0;
		boolean inNumber = false;
		for (char character : characters) {
			boolean digit = isDigit(character);
			if (!digit || !inNumber) {
				characters[length++] = digit ? '#' : character;
			}
			inNumber = digit;
		}
		return new String(characters, 0, length);
	}

	private static boolean hasNumbers(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (isDigit(text.charAt(i))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isDigit(int character) {
		return character >= '0' && character <= '9';
	}

	DeadLetterSummary summary() {
		List<DeadLetterSummary.Group> groups = new ArrayList<>();
		this.sources.entrySet()
			.stream()
			.sorted(Comparator.comparing((entry) -> entry.getKey().toString()))
			.forEach((entry) -> addGroups(entry.getKey(), entry.getValue(), groups));
		return new DeadLetterSummary(this.total, groups);
	}

	private static void addGroups(Source source, Map<Kind, Tally> kinds, List<DeadLetterSummary.Group> groups) {
		Tally others = kinds.remove(Kind.OTHERS);
		List<Map.Entry<Kind, Tally>> sorted = kinds.entrySet()
			.stream()
			.sorted(Comparator.comparingLong((Map.Entry<Kind, Tally> entry) -> -entry.getValue().count)
				.thenComparing((entry) -> entry.getKey().toString()))
			.toList();
		for (int i = 0; i < sorted.size(); i++) {
			if (i < MAX_GROUPS) {
				groups.add(group(source, sorted.get(i).getKey(), sorted.get(i).getValue()));
			}
			else {
				others = (others != null) ? others : new Tally();
				others.add(sorted.get(i).getValue());
			}
		}
		if (others != null) {
			groups.add(group(source, Kind.OTHERS, others));
		}
	}

	private static DeadLetterSummary.Group group(Source source, Kind kind, Tally tally) {
		return new DeadLetterSummary.Group(source.stream(), source.consumer(), kind.exception(), kind.reason(),
				tally.count, tally.first, tally.last);
	}

	/**
	 * Where the originals were.
	 */
	private record Source(@Nullable String stream, @Nullable String consumer) {

		// With any other names no listener has written it
		Source named() {
			return new Source(name(this.stream), name(this.consumer));
		}

		private static @Nullable String name(@Nullable String name) {
			return (name != null && ServerNames.isName(name)) ? name : null;
		}

		@Override
		public String toString() {
			return this.stream + "." + this.consumer;
		}

	}

	/**
	 * Why they were given up on.
	 */
	private record Kind(@Nullable String exception, @Nullable String reason) {

		static final Kind OTHERS = new Kind(null, DeadLetterSummary.Group.OTHERS);

	}

	/**
	 * How many, from when to when.
	 */
	private static final class Tally {

		private long count;

		private Instant first = Instant.MAX;

		private Instant last = Instant.MIN;

		void add(Instant time) {
			this.count++;
			this.first = time.isBefore(this.first) ? time : this.first;
			this.last = time.isAfter(this.last) ? time : this.last;
		}

		void add(Tally other) {
			this.count += other.count;
			this.first = other.first.isBefore(this.first) ? other.first : this.first;
			this.last = other.last.isAfter(this.last) ? other.last : this.last;
		}

	}

}
