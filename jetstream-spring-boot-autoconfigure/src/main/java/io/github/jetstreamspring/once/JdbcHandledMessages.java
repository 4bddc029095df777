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

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
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

	private final PlatformTransactionManager manager;

	private final DataSource dataSource;

	private final HandledTable table;

	private final TransactionDefinition definition;

	private final @Nullable CleanUp cleanUp;

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
		this.manager = manager;
		this.dataSource = unwrapped(dataSource);
		this.table = new HandledTable(JdbcClient.create(this.dataSource), table);
		// Committed before the message is acked, whatever runs around its handler
		DefaultTransactionDefinition own = new DefaultTransactionDefinition(
				TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		own.setName("jetstream-once");
		this.definition = own;
		this.cleanUp = retention.isZero() ? null : new CleanUp(this.table, retention);
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
		catch (BadSqlGrammarException ex) {
			throw new OnceUnavailableException(
					"there is no table '%s' with the columns listener, message and handled_at, or it can't be read"
						.formatted(this.table.name()),
					"Have it created by jetstream.once.jdbc.initialize-schema: always, or by one of the scripts in io/github/jetstreamspring/once of the starter's jar, which may go to your migrations.");
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
		TransactionStatus transaction = begin();
		try {
			this.table.probe();
		}
		finally {
			this.manager.rollback(transaction);
		}
	}

	@Override
	public Set<String> handle(String listener, Collection<String> messages, Handler handler) throws Exception {
		for (int i = 0; i < MAX_COLLISIONS; i++) {
			TransactionStatus transaction = begin();
			boolean commit;
			try {
				if (!insert(listener, messages)) {
					this.manager.rollback(transaction);
					Set<String> before = handled(listener, messages);
					if (!before.isEmpty()) {
						return before;
					}
					continue;
				}
				commit = handler.handle();
			}
			catch (Throwable ex) {
				rollBack(transaction, ex);
				throw ex;
			}
			if (commit) {
				this.manager.commit(transaction);
			}
			else {
				this.manager.rollback(transaction);
			}
			return Set.of();
		}
		throw new IllegalStateException("Others have handled some of the messages, but table '%s' doesn't say which"
			.formatted(this.table.name()));
	}

	private boolean insert(String listener, Collection<String> messages) {
		try {
			this.table.insert(listener, messages, System.currentTimeMillis());
			return true;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	private Set<String> handled(String listener, Collection<String> messages) {
		if (messages.size() == 1) {
			return new HashSet<>(messages);
		}
		// A new transaction, as an older one may not see what others have committed
		TransactionStatus transaction = begin();
		try {
			return this.table.find(listener, messages);
		}
		finally {
			this.manager.rollback(transaction);
		}
	}

	private TransactionStatus begin() {
		TransactionStatus transaction = this.manager.getTransaction(this.definition);
		// That of JTA has nothing to show before its connection is used
		if (this.manager instanceof ResourceTransactionManager
				&& !TransactionSynchronizationManager.hasResource(this.dataSource)) {
			this.manager.rollback(transaction);
			throw new OnceUnavailableException(
					"the transactions of %s are not those of the database with table '%s'"
						.formatted(this.manager.getClass().getName(), this.table.name()),
					"Name the transaction manager of that database in jetstream.once.transaction-manager; one of JPA needs a JpaDialect, such as Hibernate's.");
		}
		return transaction;
	}

	private void rollBack(TransactionStatus transaction, Throwable failure) {
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
