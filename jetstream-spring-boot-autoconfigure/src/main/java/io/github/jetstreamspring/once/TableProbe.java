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

import java.util.List;
import java.util.Locale;
import java.util.UUID;

import io.github.jetstreamspring.listener.OnceUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.transaction.TransactionStatus;

/**
 * Looks whether a table does what it is for, with rows that are rolled back: one that
 * takes a message twice, takes two messages for one, or keeps what was rolled back would
 * have messages handled twice, or not at all, and nobody would see it.
 *
 * @param table the table
 * @param transactions transactions of its database
 */
record TableProbe(HandledTable table, OwnTransactions transactions) {

	private static final int MAX_LENGTH = 255;

	private static final String SCRIPTS = "one of the scripts in io/github/jetstreamspring/once of the starter's jar, which may go to your migrations.";

	/**
	 * Uses the table.
	 * @throws OnceUnavailableException if it isn't what it should be
	 */
	void run() {
		// No other instance waits for these
		String listener = longest("L");
		String message = longest("M");
		try {
			checkIsolation();
			use(listener, message);
		}
		catch (BadSqlGrammarException ex) {
			throw missing(ex);
		}
		catch (DuplicateKeyException ex) {
			throw unlike("it takes different messages for the same", ex);
		}
		catch (DataIntegrityViolationException ex) {
			throw unlike("it has no room for a row (%s)".formatted(message(ex)), ex);
		}
		checkRollback(listener, message);
	}

	// A row that somebody else may still roll back would count as one that stays
	private void checkIsolation() {
		TransactionStatus transaction = this.transactions.begin();
		boolean dirty;
		try {
			dirty = this.transactions.seesUncommitted();
		}
		finally {
			this.transactions.rollBack(transaction);
		}
		if (dirty) {
			throw new OnceUnavailableException(
					"the connections to the database of table '%s' are READ UNCOMMITTED, and a message that somebody else is about to handle would count as handled"
						.formatted(this.table.name()),
					"Set their isolation to that of the database or READ COMMITTED, such as by spring.datasource.hikari.transaction-isolation.");
		}
	}

	private void use(String listener, String message) {
		TransactionStatus transaction = this.transactions.begin();
		try {
			long millis = System.currentTimeMillis();
			this.table.insert(listener, List.of(message, otherCase(message), otherEnd(message)), millis);
			this.table.insert(otherCase(listener), List.of(message), millis);
			this.table.insert(otherEnd(listener), List.of(message), millis);
			if (takes(listener, message, millis + 1)) {
				throw unlike("it takes the same message twice", null);
			}
		}
		finally {
			this.transactions.rollBack(transaction);
		}
	}

	// The last thing in a transaction, which PostgreSQL gives up on then
	private boolean takes(String listener, String message, long millis) {
		try {
			this.table.insert(listener, List.of(message), millis);
			return true;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	private void checkRollback(String listener, String message) {
		TransactionStatus transaction = this.transactions.begin();
		boolean stayed;
		try {
			stayed = !this.table.find(listener, List.of(message)).isEmpty();
			if (stayed) {
				this.table.delete(List.of(listener, otherCase(listener), otherEnd(listener)));
			}
		}
		catch (RuntimeException ex) {
			this.transactions.rollBack(transaction, ex);
			throw ex;
		}
		this.transactions.commit(transaction);
		if (stayed) {
			OnceUnavailableException other = this.transactions.ofAnotherDatabase();
			throw new OnceUnavailableException(
					"what was rolled back stays in table '%s': it has no transactions, as with MySQL's MyISAM, or %s"
						.formatted(this.table.name(), other.getMessage()),
					other.getFix());
		}
	}

	/**
	 * Returns what is wrong where the table can't be used at all.
	 */
	OnceUnavailableException missing(BadSqlGrammarException cause) {
		OnceUnavailableException missing = new OnceUnavailableException(
				"there is no table '%s' with the columns listener, message and handled_at, or it can't be read and written (%s)"
					.formatted(this.table.name(), message(cause)),
				"Have it created by jetstream.once.jdbc.initialize-schema: always, or by " + SCRIPTS);
		missing.initCause(cause);
		return missing;
	}

	private OnceUnavailableException unlike(String problem, @Nullable Throwable cause) {
		OnceUnavailableException unlike = new OnceUnavailableException(
				"table '%s' is not what it should be: %s".formatted(this.table.name(), problem),
				"Make its columns and its primary key (listener, message) those of " + SCRIPTS);
		unlike.initCause(cause);
		return unlike;
	}

	private static String message(DataAccessException failure) {
		return String.valueOf(failure.getMostSpecificCause().getMessage()).lines().findFirst().orElse("");
	}

	// As long as keys can be, and different from those of other instances
	private static String longest(String first) {
		String text = first + UUID.randomUUID();
		return text + "/".repeat(MAX_LENGTH - text.length());
	}

	// The same to a key that is made of a part of each, and where what is too long is cut
	private static String otherEnd(String text) {
		return text.substring(0, text.length() - 1) + '.';
	}

	// The same to some collations
	private static String otherCase(String text) {
		return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
	}

}
