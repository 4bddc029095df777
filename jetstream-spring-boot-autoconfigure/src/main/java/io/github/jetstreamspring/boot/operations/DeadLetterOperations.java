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

package io.github.jetstreamspring.boot.operations;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import io.github.jetstreamspring.deadletter.DeadLetterNotFoundException;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetterSummary;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.deadletter.RedriveResult;
import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.PublishResult;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with the dead letters of one connection, whose failures have a status.
 */
final class DeadLetterOperations {

	// What is left is counted for half as long again: a request takes 20 seconds at the
	// most
	private static final Duration TIME = Duration.ofSeconds(13);

	private static final int DISCARDED_AT_ONCE = 2000;

	private static final int MOST_SUMMARIES = 10;

	private static final int NO_STREAM = 10059;

	private final String name;

	private final Connection connection;

	private final DeadLetters letters;

	private final OperationLog operations;

	private final Semaphore summaries = new Semaphore(MOST_SUMMARIES);

	DeadLetterOperations(String name, Connection connection, DeadLetters letters, OperationLog operations) {
		this.name = name;
		this.connection = connection;
		this.letters = letters;
		this.operations = operations;
	}

	/**
	 * Reads something.
	 * @param question reads it
	 * @param describe describes it
	 * @return its description, or one that says why there is none as long as the server
	 * is away
	 * @throws OperationFailure if the server refuses
	 */
	<T> Description read(Function<DeadLetters, T> question, Function<T, Description> describe) {
		try {
			return describe.apply(ask(() -> question.apply(this.letters)));
		}
		catch (OperationFailure failure) {
			if (failure.status() == OperationFailure.unavailable("").status()) {
				return new Description().add("detail", failure.detail());
			}
			throw failure;
		}
	}

	/**
	 * Sums up all letters, for a few who ask at once: each holds a thread of the web
	 * server while it waits.
	 * @param describe describes the sum
	 * @return its description
	 * @throws OperationFailure if too many wait for it, or the server refuses
	 */
	Description sumUp(Function<DeadLetterSummary, Description> describe) {
		if (!this.summaries.tryAcquire()) {
			throw OperationFailure.tooMany(("%d others wait for the sum of the dead letters of connection '%s' already:"
					+ " ask again when they have it")
				.formatted(MOST_SUMMARIES, this.name));
		}
		try {
			return read(DeadLetters::summary, describe);
		}
		finally {
			this.summaries.release();
		}
	}

	PublishResult redrive(long sequence, @Nullable String principal) {
		return this.operations.perform("redrive", target(sequence), principal,
				() -> ask(() -> this.letters.redrive(sequence)));
	}

	void discard(long sequence, @Nullable String principal) {
		this.operations.perform("discard", target(sequence), principal, () -> {
			if (!ask(() -> this.letters.discard(sequence))) {
				throw OperationFailure.notFound("There is no dead letter %d".formatted(sequence));
			}
			return true;
		});
	}

	private String target(long sequence) {
		return "dead letter %d of connection '%s'".formatted(sequence, this.name);
	}

	/**
	 * Redrives letters for some time.
	 * @param dryRun whether to change nothing
	 */
	RedriveResult redrive(DeadLetterFilters filters, RedriveOptions options, boolean dryRun,
			@Nullable String principal) {
		RedriveOptions timed = options.within(TIME);
		if (dryRun) {
			// What changes nothing needs no record
			return ask(() -> this.letters.redrive(filters.query(), timed.dryRun()));
		}
		return this.operations.perform("redrive", target(filters), principal,
				() -> ask(() -> this.letters.redrive(filters.query(), timed)));
	}

	/**
	 * Redrives letters, however long it takes.
	 */
	RedriveResult redriveAll(DeadLetterFilters filters, RedriveOptions options, @Nullable String principal) {
		return this.operations.perform("redrive", target(filters), principal,
				() -> ask(() -> this.letters.redrive(filters.query(), options)));
	}

	/**
	 * Discards letters, however long it takes.
	 * @param progress is told how many are gone
	 */
	long discardAll(DeadLetterFilters filters, LongConsumer progress, @Nullable String principal) {
		return this.operations.perform("discard", target(filters), principal, () -> ask(() -> {
			// Those that come from now on aren't meant
			long all = this.letters.count(filters.query());
			long discarded = 0;
			while (discarded < all && !Thread.currentThread().isInterrupted()) {
				long portion = Math.min(DISCARDED_AT_ONCE, all - discarded);
				long gone = this.letters.discard(filters.query().limit(portion));
				discarded += gone;
				progress.accept(discarded);
				if (gone < portion) {
					break;
				}
			}
			return discarded;
		}));
	}

	/**
	 * Discards letters for some time.
	 * @param limit how many at most
	 */
	Discarded discard(DeadLetterFilters filters, long limit, @Nullable String principal) {
		return this.operations.perform("discard", target(filters), principal,
				() -> ask(() -> discard(filters.query(), limit)));
	}

	private Discarded discard(DeadLetterQuery query, long limit) {
		long deadline = System.nanoTime() + TIME.toNanos();
		long discarded = 0;
		while (discarded < limit) {
			long portion = Math.min(DISCARDED_AT_ONCE, limit - discarded);
			long gone = this.letters.discard(query.limit(portion));
			discarded += gone;
			if (gone < portion) {
				return new Discarded(discarded, 0);
			}
			if (System.nanoTime() - deadline > 0 && discarded < limit) {
				return new Discarded(discarded, this.letters.count(query.limit(limit - discarded)));
			}
		}
		return new Discarded(discarded, 0);
	}

	private String target(DeadLetterFilters filters) {
		return "%s of connection '%s'".formatted(filters.describe(), this.name);
	}

	private <T> T ask(Supplier<T> question) {
		if (this.connection.getStatus() != Connection.Status.CONNECTED) {
			throw unavailable();
		}
		try {
			return question.get();
		}
		catch (DeadLetterNotFoundException ex) {
			throw OperationFailure.notFound(String.valueOf(ex.getMessage()));
		}
		catch (IllegalStateException ex) {
			throw OperationFailure.conflict(String.valueOf(ex.getMessage()));
		}
		catch (JetStreamException ex) {
			if (this.connection.getStatus() != Connection.Status.CONNECTED) {
				throw unavailable();
			}
			throw isStreamGone(ex) ? OperationFailure.notFound(String.valueOf(ex.getMessage()))
					: OperationFailure.ofServer(ex);
		}
	}

	private OperationFailure unavailable() {
		return OperationFailure.unavailable("The server of connection '%s' can't be reached: the connection is %s"
			.formatted(this.name, this.connection.getStatus()));
	}

	private static boolean isStreamGone(JetStreamException failure) {
		for (Throwable cause : Failures.causes(failure)) {
			if (cause instanceof JetStreamApiException refusal && refusal.getApiErrorCode() == NO_STREAM) {
				return true;
			}
		}
		return false;
	}

	/**
	 * What was discarded.
	 *
	 * @param discarded how many letters
	 * @param remaining how many are left for which there was no time
	 */
	record Discarded(long discarded, long remaining) {
	}

}
