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

import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionStatus;

/**
 * The clock of the database, which all instances share. That of an instance may be wrong:
 * one that is ahead would have the rows of all instances deleted, and rows that one
 * writes which is late would be deleted at once.
 */
final class DatabaseClock {

	private static final Log logger = LogFactory.getLog(DatabaseClock.class);

	private static final String USUAL = "SELECT EXTRACT(EPOCH FROM CURRENT_TIMESTAMP)";

	private static final String MYSQL = "SELECT UNIX_TIMESTAMP()";

	private final JdbcClient client;

	private final OwnTransactions transactions;

	// Those that may work, null before that is known
	private volatile @Nullable List<String> queries;

	private volatile Reading reading = Reading.own();

	DatabaseClock(JdbcClient client, OwnTransactions transactions) {
		this.client = client;
		this.transactions = transactions;
	}

	/**
	 * Returns the time, without asking for it.
	 * @return milliseconds since 1970
	 */
	long millis() {
		Reading last = this.reading;
		return last.millis() + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last.nanos());
	}

	/**
	 * Asks the database for the time. Where it has another way to tell it, that of the
	 * instance has to do.
	 */
	void set() {
		for (String query : queries()) {
			Reading read = read(query);
			if (read != null) {
				this.reading = read;
				this.queries = List.of(query);
				return;
			}
		}
		this.queries = List.of();
		this.reading = Reading.own();
	}

	// A driver may warn of a statement that fails
	private List<String> queries() {
		List<String> known = this.queries;
		if (known != null) {
			return known;
		}
		String product = this.transactions.product();
		return (product.contains("MySQL") || product.contains("MariaDB")) ? List.of(MYSQL, USUAL)
				: List.of(USUAL, MYSQL);
	}

	private @Nullable Reading read(String query) {
		TransactionStatus transaction = this.transactions.begin();
		try {
			BigDecimal seconds = this.client.sql(query).query(BigDecimal.class).single();
			return Reading.of(seconds.movePointRight(3).longValue());
		}
		catch (BadSqlGrammarException ex) {
			logger.debug("The database doesn't tell the time in this way", ex);
			return null;
		}
		finally {
			this.transactions.rollBack(transaction);
		}
	}

	/**
	 * A time that was read.
	 *
	 * @param millis milliseconds since 1970
	 * @param nanos the {@link System#nanoTime()} at which it was
	 */
	private record Reading(long millis, long nanos) {

		static Reading of(long millis) {
			return new Reading(millis, System.nanoTime());
		}

		static Reading own() {
			return of(System.currentTimeMillis());
		}

	}

}
