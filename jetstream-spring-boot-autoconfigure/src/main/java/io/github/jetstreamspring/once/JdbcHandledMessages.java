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

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import javax.sql.DataSource;

import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.OnceUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * {@link HandledMessages} that are rows of a table, in transactions of a
 * {@link PlatformTransactionManager}. Rows are deleted when they are old.
 *
 * @since 0.1.0
 */
public final class JdbcHandledMessages implements HandledMessages, AutoCloseable {

	/**
	 * What the table is called where nobody says otherwise.
	 */
	public static final String DEFAULT_TABLE = "jetstream_handled";

	/**
	 * Pattern of what the table may be called: letters, digits, underscores and dollar
	 * signs, and a dot after the schema.
	 */
	public static final String TABLE_PATTERN = "[\\p{L}_][\\p{L}\\p{N}_$]*(\\.[\\p{L}_][\\p{L}\\p{N}_$]*)?";

	private static final Log logger = LogFactory.getLog(JdbcHandledMessages.class);

	// Of several messages, some can have been handled by others in between
	private static final int MAX_COLLISIONS = 5;

	private final HandledTable table;

	private final OwnTransactions transactions;

	private final TableProbe probe;

	private final DatabaseClock clock;

	private final DataSource dataSource;

	private final @Nullable CleanUp cleanUp;

	// Whether the table is known to be as it should be
	private volatile boolean probed;

	/**
	 * Creates a memory of handled messages.
	 * @param manager makes the transactions
	 * @param dataSource where the table is; the transactions must be its own
	 * @param table the name of the table, maybe with its schema
	 * @param retention how long a message is remembered; zero for always
	 */
	public JdbcHandledMessages(PlatformTransactionManager manager, DataSource dataSource, String table,
			Duration retention) {
		Assert.isTrue(table.matches(TABLE_PATTERN), () -> "'%s' is no name of a table".formatted(table));
		Assert.isTrue(!retention.isNegative(), "'retention' must not be negative");
		this.dataSource = unwrapped(dataSource);
		this.table = new HandledTable(JdbcClient.create(this.dataSource), table);
		this.transactions = new OwnTransactions(manager, this.dataSource, this.table);
		this.probe = new TableProbe(this.table, this.transactions);
		this.clock = new DatabaseClock(this.table.client(), this.transactions);
		this.cleanUp = retention.isZero() ? null : new CleanUp(this.table, this.transactions, retention, this.clock);
	}

	/**
	 * Returns the database of a transaction manager.
	 * @param manager the transaction manager
	 * @return where its connections come from, or {@code null} if it doesn't say, as that
	 * of JTA, or isn't one of a database
	 */
	public static @Nullable DataSource dataSourceOf(PlatformTransactionManager manager) {
		if (manager instanceof ResourceTransactionManager resources
				&& resources.getResourceFactory() instanceof DataSource dataSource) {
			return dataSource;
		}
		// Those of JPA and Hibernate, which aren't on everybody's class path
		Method getter = ReflectionUtils.findMethod(manager.getClass(), "getDataSource");
		if (getter == null || !DataSource.class.isAssignableFrom(getter.getReturnType())) {
			return null;
		}
		ReflectionUtils.makeAccessible(getter);
		return (DataSource) ReflectionUtils.invokeMethod(getter, manager);
	}

	private static DataSource unwrapped(DataSource dataSource) {
		DataSource target = (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		return (target != null) ? target : dataSource;
	}

	@Override
	public void prepare() {
		try {
			probe();
		}
		catch (OnceUnavailableException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			// Nobody can handle anything now, as in each application without its database
			logger.warn("Nobody can tell yet whether messages can be handled once: " + ex);
		}
		if (this.cleanUp != null) {
			this.cleanUp.start();
		}
	}

	private void probe() {
		if (!this.probed) {
			this.probe.run();
			this.clock.set();
			this.probed = true;
		}
	}

	@Override
	public Set<String> handle(String listener, Collection<String> messages, Handler handler) throws Exception {
		try {
			// Unless the database was away at the start
			probe();
			return handleOnce(listener, messages, handler);
		}
		catch (OnceUnavailableException ex) {
			OnceUnavailableException ofListener = new OnceUnavailableException(
					"Listener '%s' can't handle messages once, as %s. %s".formatted(listener, ex.getMessage(),
							ex.getFix()),
					ex.getFix());
			ofListener.initCause(ex);
			throw ofListener;
		}
	}

	private Set<String> handleOnce(String listener, Collection<String> messages, Handler handler) throws Exception {
		for (int i = 0; i < MAX_COLLISIONS; i++) {
			TransactionStatus transaction = this.transactions.begin();
			boolean commit;
			try {
				if (!insert(listener, messages)) {
					this.transactions.rollBack(transaction);
					Set<String> before = handled(listener, messages);
					if (!before.isEmpty()) {
						return before;
					}
					continue;
				}
				commit = handler.handle();
				if (commit) {
					this.transactions.checkBeforeCommit(() -> checkRows(listener, messages));
				}
			}
			catch (Throwable ex) {
				this.transactions.rollBack(transaction, ex);
				throw ex;
			}
			if (commit) {
				this.transactions.commit(transaction);
			}
			else {
				this.transactions.rollBack(transaction);
			}
			return Set.of();
		}
		throw new IllegalStateException("Others have handled some of the messages, but table '%s' doesn't say which"
			.formatted(this.table.name()));
	}

	private boolean insert(String listener, Collection<String> messages) {
		try {
			this.table.insert(listener, messages, this.clock.millis());
			return true;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
		catch (BadSqlGrammarException ex) {
			// It was renamed, or whoever may use it has changed
			throw this.probe.missing(ex);
		}
	}

	// A handler can go on after a failed statement. Then PostgreSQL rolls back at the
	// commit and says nothing, as others do at once after a deadlock.
	private void checkRows(String listener, Collection<String> messages) {
		if (PostgresState.isOpen(this.dataSource)) {
			return;
		}
		int rows;
		try {
			rows = this.table.find(listener, messages).size();
		}
		catch (DataAccessException ex) {
			throw rolledBack(listener, ex);
		}
		if (rows < messages.size()) {
			throw rolledBack(listener, null);
		}
	}

	private static UnexpectedRollbackException rolledBack(String listener, @Nullable Throwable cause) {
		String message = "The transaction of listener '%s' is rolled back, though its handler has returned: it must not go on after a statement has failed, unless that was in a savepoint (as with Propagation.NESTED), nor end the transaction itself"
			.formatted(listener);
		return (cause != null) ? new UnexpectedRollbackException(message, cause)
				: new UnexpectedRollbackException(message);
	}

	private Set<String> handled(String listener, Collection<String> messages) {
		if (messages.size() == 1) {
			return new HashSet<>(messages);
		}
		// A new transaction, as an older one may not see what others have committed
		TransactionStatus transaction = this.transactions.begin();
		try {
			return this.table.find(listener, messages);
		}
		finally {
			this.transactions.rollBack(transaction);
		}
	}

	/**
	 * Forgets what is older than the retention. Is done by itself, again and again.
	 */
	public void forgetOld() {
		if (this.cleanUp != null) {
			this.cleanUp.run();
		}
	}

	/**
	 * Ends the removal of old rows.
	 */
	@Override
	public void close() {
		if (this.cleanUp != null) {
			this.cleanUp.close();
		}
	}

}
