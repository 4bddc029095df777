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

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.jetstreamspring.publisher.JetStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the letters that may be among those a query is for, in its order, up to
 * the last one that is there now. The newest come first by reading the end of the stream,
 * and then what is before it.
 */
final class LetterScan implements AutoCloseable {

	private static final int MIN_WINDOW = 256;

	private static final int MAX_LETTERS = 5000;

	private static final long MAX_BYTES = 16L * 1024 * 1024;

	private static final int GROWTH = 8;

	private static final long CHECK_NANOS = 100_000_000;

	private final LetterStream stream;

	private final @Nullable String subjects;

	private final LetterStream.State state;

	private final boolean newestFirst;

	private boolean ofAll;

	private @Nullable LetterCursor cursor;

	// What is read and comes next, the newest at the end
	private final Deque<LetterHeaders> window = new ArrayDeque<>();

	private long windowSize = MIN_WINDOW;

	// The next window ends here
	private long end;

	// How many are behind the last window
	private long behind;

	private boolean same = true;

	private long checkedNanos = System.nanoTime();

	/**
	 * Starts to go through letters.
	 * @param stream has them
	 * @param query the query
	 * @param subjects the subject of all that the query can be for, or {@code null}
	 * @param whole whether payloads are wanted, too, which the newest come without
	 * @throws JetStreamException if they can't be read
	 */
	LetterScan(LetterStream stream, DeadLetterQuery query, @Nullable String subjects, boolean whole) {
		this.stream = stream;
		this.subjects = subjects;
		this.state = stream.state();
		this.newestFirst = query.isNewestFirst();
		Long from = query.from();
		this.ofAll = !this.newestFirst && from == null && this.state.limits();
		boolean outside = from != null && (from < 1 || from > this.state.last());
		this.end = outside ? 0 : (from != null) ? from : this.state.last();
		if (!this.newestFirst && !outside && this.state.last() > 0) {
			this.cursor = stream.open((from != null) ? Math.max(from, this.state.first()) : this.state.first(),
					this.state.last(), subjects, this.state, whole);
		}
	}

	/**
	 * Looks whether the letters are still those that this goes through, before some of
	 * them are removed by their sequences.
	 * @throws JetStreamException if they aren't
	 */
	void checkSame() {
		this.same = false;
		this.stream.checkSame(this.state);
		this.same = true;
		this.checkedNanos = System.nanoTime();
	}

	/**
	 * Does the same if the last time is a while ago.
	 * @throws JetStreamException if they aren't
	 */
	void checkSameNowAndThen() {
		if (!this.same || System.nanoTime() - this.checkedNanos > CHECK_NANOS) {
			checkSame();
		}
	}

	/**
	 * Returns whether the letters until now are all that there is with such subjects,
	 * from the first one on.
	 */
	boolean isOfAll() {
		return this.ofAll;
	}

	/**
	 * Returns the next letter.
	 * @return the letter, or {@code null} if there are no more
	 * @throws JetStreamException if it can't be read
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable LetterHeaders next() throws InterruptedException {
		LetterHeaders next = this.newestFirst ? nextOfWindow() : nextOf(this.cursor);
		while (next != null && next.isPart()) {
			// Its letter may be about to come
			this.ofAll = false;
			next = this.newestFirst ? nextOfWindow() : nextOf(this.cursor);
		}
		return next;
	}

	private static @Nullable LetterHeaders nextOf(@Nullable LetterCursor cursor) throws InterruptedException {
		return (cursor != null) ? cursor.next() : null;
	}

	private @Nullable LetterHeaders nextOfWindow() throws InterruptedException {
		while (this.window.isEmpty() && this.end >= Math.max(1, this.state.first())) {
			readWindow();
		}
		return this.window.pollLast();
	}

	private void readWindow() throws InterruptedException {
		long start = Math.max(Math.max(1, this.state.first()), this.end - this.windowSize + 1);
		try (LetterCursor read = this.stream.open(start, this.end, this.subjects, this.state, false)) {
			if (read.count() - this.behind > MAX_LETTERS && shrink()) {
				return;
			}
			long bytes = 0;
			for (LetterHeaders next = read.next(); next != null; next = read.next()) {
				this.window.addLast(next);
				bytes += next.headers().size();
				if (bytes > MAX_BYTES && shrink()) {
					this.window.clear();
					return;
				}
			}
			this.behind = Math.max(0, read.count());
		}
		this.end = start - 1;
		if (this.window.size() < MIN_WINDOW) {
			// Few that fit, or many that are gone. Where nobody says how many there are,
			// a window is read step by step.
			this.windowSize = (this.state.limits()) ? this.windowSize * GROWTH : MIN_WINDOW;
		}
	}

	private boolean shrink() {
		if (this.windowSize <= MIN_WINDOW) {
			return false;
		}
		this.windowSize = Math.max(MIN_WINDOW, this.windowSize / GROWTH);
		return true;
	}

	@Override
	public void close() {
		LetterCursor open = this.cursor;
		this.cursor = null;
		if (open != null) {
			open.close();
		}
	}

}
