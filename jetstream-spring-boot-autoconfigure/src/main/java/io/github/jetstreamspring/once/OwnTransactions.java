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

import java.sql.Connection;

import javax.sql.DataSource;

import io.github.jetstreamspring.listener.OnceUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactions of their own, whatever others there are, in which a table is used.
 */
final class OwnTransactions {

	private static final Log logger = LogFactory.getLog(OwnTransactions.class);

	private final PlatformTransactionManager manager;

	private final DataSource dataSource;

	private final HandledTable table;

	private final TransactionDefinition definition;

	OwnTransactions(PlatformTransactionManager manager, DataSource dataSource, HandledTable table) {
		this.manager = manager;
		this.dataSource = dataSource;
		this.table = table;
		// Committed before the message is acked, whatever runs around its handler
		DefaultTransactionDefinition own = new DefaultTransactionDefinition(
				TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		own.setName("jetstream-once");
		this.definition = own;
	}

	/**
	 * Begins a transaction, which is bound to the current thread.
	 * @throws OnceUnavailableException if it is one of another database
	 */
	TransactionStatus begin() {
		TransactionStatus transaction = this.manager.getTransaction(this.definition);
		// That of JTA has nothing to show before its connection is used
		if (this.manager instanceof ResourceTransactionManager
				&& !TransactionSynchronizationManager.hasResource(this.dataSource)) {
			this.manager.rollback(transaction);
			throw ofAnotherDatabase();
		}
		return transaction;
	}

	/**
	 * Returns whether the current transaction sees what others have not committed.
	 */
	boolean seesUncommitted() {
		Integer isolation = new JdbcTemplate(this.dataSource)
			.execute((ConnectionCallback<Integer>) Connection::getTransactionIsolation);
		return isolation != null && isolation == Connection.TRANSACTION_READ_UNCOMMITTED;
	}

	/**
	 * Returns what the database calls itself.
	 */
	String product() {
		return String.valueOf(new JdbcTemplate(this.dataSource)
			.execute((ConnectionCallback<String>) (connection) -> connection.getMetaData().getDatabaseProductName()));
	}

	OnceUnavailableException ofAnotherDatabase() {
		return new OnceUnavailableException(
				"the transactions of %s are not those of the database with table '%s'"
					.formatted(this.manager.getClass().getName(), this.table.name()),
				"Name the transaction manager of that database in jetstream.once.transaction-manager; one of JPA needs a JpaDialect, such as Hibernate's.");
	}

	/**
	 * Checks something before the commit, after all that others do then.
	 * @param check throws an exception to have the current transaction rolled back
	 */
	void checkBeforeCommit(Runnable check) {
		check.run();
		if (TransactionSynchronizationManager.isSynchronizationActive()
				&& !TransactionSynchronizationManager.getSynchronizations().isEmpty()) {
			TransactionSynchronizationManager.registerSynchronization(new LastCheck(check));
		}
	}

	void commit(TransactionStatus transaction) {
		try {
			this.manager.commit(transaction);
		}
		catch (CheckFailedException ex) {
			throw ex.failure;
		}
	}

	void rollBack(TransactionStatus transaction) {
		this.manager.rollback(transaction);
	}

	/**
	 * Rolls a transaction back because of a failure, which is to be thrown then.
	 */
	void rollBack(TransactionStatus transaction, Throwable failure) {
		try {
			if (!transaction.isCompleted()) {
				this.manager.rollback(transaction);
			}
		}
		catch (RuntimeException ex) {
			// Its connection is broken, which rolls it back as well
			logger.debug("A transaction could not be rolled back", ex);
			failure.addSuppressed(ex);
		}
	}

	/**
	 * A check that comes last of those with the same order, which is that of listeners of
	 * events.
	 *
	 * @param check the check
	 */
	private record LastCheck(Runnable check) implements TransactionSynchronization {

		@Override
		public void beforeCommit(boolean readOnly) {
			try {
				this.check.run();
			}
			catch (TransactionException ex) {
				// Spring would take it for one of the commit, and not roll back
				throw new CheckFailedException(ex);
			}
		}

	}

	private static final class CheckFailedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final TransactionException failure;

		CheckFailedException(TransactionException failure) {
			super(failure);
			this.failure = failure;
		}

	}

}
