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

package io.github.jetstreamspring.once;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.RepeatedTask;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionStatus;

/**
 * Deletes old rows, so often that there are never many at a time. All instances do.
 */
final class CleanUp {

	private static final Log logger = LogFactory.getLog(CleanUp.class);

	private static final int RUNS_PER_RETENTION = 1000;

	private static final Duration MOST_OFTEN = Duration.ofSeconds(1);

	private static final Duration LEAST_OFTEN = Duration.ofMinutes(10);

	// A transaction that deletes for long keeps others waiting, and vacuums too
	private static final int MAX_STEPS = 1000;

	private final HandledTable table;

	private final OwnTransactions transactions;

	private final Duration retention;

	private final DatabaseClock clock;

	// Guarded by this
	private @Nullable GuardedScheduler scheduler;

	private boolean failing;

	CleanUp(HandledTable table, OwnTransactions transactions, Duration retention, DatabaseClock clock) {
		this.table = table;
		this.transactions = transactions;
		this.retention = retention;
		this.clock = clock;
	}

	synchronized void start() {
		if (this.scheduler == null) {
			GuardedScheduler started = new GuardedScheduler("jetstream-once-");
			// Not at the same time as other instances that were started together
			Duration interval = interval()
				.plusMillis(ThreadLocalRandom.current().nextLong(Math.max(1, interval().toMillis() / 10)));
			new RepeatedTask(started, interval, this::run);
			this.scheduler = started;
		}
	}

	private Duration interval() {
		Duration interval = this.retention.dividedBy(RUNS_PER_RETENTION);
		return (interval.compareTo(MOST_OFTEN) < 0) ? MOST_OFTEN
				: (interval.compareTo(LEAST_OFTEN) > 0) ? LEAST_OFTEN : interval;
	}

	/**
	 * Deletes what is older than the retention.
	 */
	void run() {
		try {
			this.clock.set();
			long before = this.clock.millis() - this.retention.toMillis();
			long span = interval().toMillis();
			for (int i = 0; i < MAX_STEPS && deleteSome(before, span) > 0; i++) {
				logger.trace("Old rows were deleted");
			}
			this.failing = false;
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				logger.warn("Old rows of table '%s' can't be deleted now; that is tried again: %s"
					.formatted(this.table.name(), Failures.describe(ex)));
			}
			this.failing = true;
		}
	}

	// In a transaction, as connections don't commit by themselves in every pool
	private int deleteSome(long before, long span) {
		TransactionStatus transaction = this.transactions.begin();
		int deleted;
		try {
			deleted = this.table.deleteSome(before, span);
		}
		catch (RuntimeException ex) {
			this.transactions.rollBack(transaction, ex);
			throw ex;
		}
		this.transactions.commit(transaction);
		return deleted;
	}

	synchronized void close() {
		if (this.scheduler != null) {
			this.scheduler.shutdownNow();
			this.scheduler = null;
		}
	}

}
