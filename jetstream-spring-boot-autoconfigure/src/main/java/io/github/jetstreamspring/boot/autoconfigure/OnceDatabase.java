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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.OnceUnavailableException;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.once.JdbcHandledMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.Assert;

/**
 * {@link HandledMessages} in the database of the application, which is looked for when
 * the first listener needs it: all others have no use for a table.
 */
final class OnceDatabase implements HandledMessages, DisposableBean {

	private final JetStreamProperties properties;

	private final ConfigurableListableBeanFactory beanFactory;

	// Written under the lock
	private volatile @Nullable JdbcHandledMessages handled;

	// Written before that
	private @Nullable OnceTransactions transactions;

	OnceDatabase(JetStreamProperties properties, ConfigurableListableBeanFactory beanFactory) {
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	@Override
	public synchronized void prepare() {
		if (this.handled != null) {
			return;
		}
		OnceProperties once = this.properties.once();
		checkRetention(once.retention());
		PlatformTransactionManager manager = manager(once.transactionManager());
		DataSource dataSource = dataSource(manager);
		this.transactions = new OnceTransactions(manager, dataSource, this.beanFactory);
		String table = once.jdbc().tableName();
		OnceSchema.initialize(dataSource, table, once.jdbc().initializeSchema());
		JdbcHandledMessages prepared = new JdbcHandledMessages(manager, dataSource, table, once.retention());
		prepared.prepare();
		this.handled = prepared;
	}

	@Override
	public synchronized void checkJoins(String transactionManager) {
		if (this.transactions != null) {
			this.transactions.checkJoins(transactionManager);
		}
	}

	@Override
	public Set<String> handle(String listener, Collection<String> messages, Handler handler) throws Exception {
		JdbcHandledMessages prepared = this.handled;
		Assert.state(prepared != null, "Listeners are prepared before they start");
		return prepared.handle(listener, messages, handler);
	}

	private void checkRetention(Duration retention) {
		if (retention.isZero()) {
			return;
		}
		check(retention, "jetstream", this.properties.streams().get(this.properties.deadLetter().stream()),
				this.properties.deadLetter());
		this.properties.connections()
			.forEach((name, connection) -> check(retention, "jetstream.connections." + name,
					connection.streams().get(connection.deadLetter().stream()), connection.deadLetter()));
	}

	private static void check(Duration retention, String prefix, @Nullable StreamProperties stream,
			DeadLetterProperties deadLetter) {
		if (!deadLetter.enabled()) {
			return;
		}
		Duration declared = (stream != null) ? stream.maxAge() : null;
		Duration age = (declared != null) ? declared : deadLetter.maxAge();
		String key = (declared != null) ? "%s.streams.%s.max-age".formatted(prefix, deadLetter.stream())
				: prefix + ".dead-letter.max-age";
		if (age.isZero() || retention.compareTo(age) <= 0) {
			throw new OnceUnavailableException(
					"jetstream.once.retention (%s) is not longer than %s (%s), so that a dead letter could be redriven that was handled and forgotten"
						.formatted(Durations.text(retention), key, age.isZero() ? "no limit" : Durations.text(age)),
					"Make jetstream.once.retention longer than that, or 0 to remember messages for good; or have dead letters kept for less long by %s."
						.formatted(key));
		}
	}

	private PlatformTransactionManager manager(@Nullable String name) {
		List<String> names = new ArrayList<>(Arrays.asList(BeanFactoryUtils
			.beanNamesForTypeIncludingAncestors(this.beanFactory, PlatformTransactionManager.class)));
		if (name != null) {
			if (!this.beanFactory.containsBean(name)
					|| !this.beanFactory.isTypeMatch(name, PlatformTransactionManager.class)) {
				throw new OnceUnavailableException(
						"there is no transaction manager '%s', as jetstream.once.transaction-manager says"
							.formatted(name),
						names.isEmpty() ? "There is none at all: define a PlatformTransactionManager of your database."
								: "Set it to one of %s.".formatted(names));
			}
			return this.beanFactory.getBean(name, PlatformTransactionManager.class);
		}
		PlatformTransactionManager unique = this.beanFactory.getBeanProvider(PlatformTransactionManager.class)
			.getIfUnique();
		if (unique == null) {
			throw names.isEmpty()
					? new OnceUnavailableException("there is no transaction manager",
							"Set spring.datasource.url, or define a PlatformTransactionManager of your database.")
					: new OnceUnavailableException("there are several transaction managers: " + names,
							"Set jetstream.once.transaction-manager to the one whose database the handlers write to, or mark it as @Primary.");
		}
		return unique;
	}

	private DataSource dataSource(PlatformTransactionManager manager) {
		DataSource own = JdbcHandledMessages.dataSourceOf(manager);
		if (own != null) {
			return own;
		}
		// With JTA, transactions are of whatever takes part in them
		DataSource unique = (manager instanceof ResourceTransactionManager) ? null
				: this.beanFactory.getBeanProvider(DataSource.class).getIfUnique();
		if (unique == null) {
			throw new OnceUnavailableException(
					"the transaction manager (%s) doesn't say which database it is for"
						.formatted(manager.getClass().getName()),
					"Name one of JDBC, JPA or Hibernate in jetstream.once.transaction-manager, or have one DataSource bean for one of JTA.");
		}
		return unique;
	}

	@Override
	public void destroy() {
		JdbcHandledMessages prepared = this.handled;
		if (prepared != null) {
			prepared.close();
		}
	}

}
