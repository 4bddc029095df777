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

import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.publisher.JetStreamException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Removes many letters by one request, which takes the server a small part of the time of
 * many requests. It removes whatever there is before a sequence, so all of that must have
 * been redriven: as soon as there is something that was not, nothing is removed in this
 * way any more.
 */
final class LetterPurge {

	private static final Log logger = LogFactory.getLog(LetterPurge.class);

	private static final int PORTION = 500;

	private static final long PATIENCE_NANOS = 500_000_000;

	private final LetterStream stream;

	private final @Nullable String subjects;

	private final LetterScan scan;

	private boolean possible;

	private CompletableFuture<Boolean> purged = new CompletableFuture<>();

	// Up to which letter, 0 if there is none to be removed
	private long last;

	private int size;

	private long sinceNanos;

	/**
	 * Creates a purge.
	 * @param stream has the letters
	 * @param subjects the subject of all letters that are redriven, {@code null} for all
	 * that there are
	 * @param scan goes through them
	 */
	LetterPurge(LetterStream stream, @Nullable String subjects, LetterScan scan) {
		this.stream = stream;
		this.subjects = subjects;
		this.scan = scan;
		this.possible = scan.isOfAll();
	}

	boolean isPossible() {
		return this.possible;
	}

	/**
	 * There is something that isn't redriven.
	 */
	void impossible() {
		this.possible = false;
	}

	/**
	 * Removes a letter, together with others if that is possible.
	 * @return completes when it is removed
	 * @throws JetStreamException if the stream isn't the same any more
	 */
	CompletableFuture<Boolean> remove(LetterHeaders letter) {
		if (!this.possible) {
			this.scan.checkSameNowAndThen();
			return this.stream.delete(letter.sequence());
		}
		if (this.size == 0) {
			this.sinceNanos = System.nanoTime();
		}
		this.last = letter.sequence();
		this.size++;
		return this.purged;
	}

	/**
	 * Removes what was added, if it is worth it.
	 * @param all whether all of it has to be removed
	 * @throws JetStreamException if the stream isn't the same any more
	 */
	void flush(boolean all) {
		boolean due = all || this.size >= PORTION || System.nanoTime() - this.sinceNanos > PATIENCE_NANOS;
		if (this.size == 0 || !due) {
			return;
		}
		CompletableFuture<Boolean> done = this.purged;
		this.purged = new CompletableFuture<>();
		this.size = 0;
		checkSame(done);
		try {
			this.stream.purge(this.subjects, this.last);
			done.complete(true);
		}
		catch (JetStreamException ex) {
			// Each of them can be removed by itself, perhaps
			logger.debug("Dead letters can't be removed together", ex);
			this.possible = false;
			done.complete(false);
		}
	}

	// Else this would remove letters that nobody has looked at
	private void checkSame(CompletableFuture<Boolean> done) {
		try {
			this.scan.checkSame();
		}
		catch (JetStreamException ex) {
			this.possible = false;
			done.completeExceptionally(ex);
			throw ex;
		}
	}

}
