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
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import io.github.jetstreamspring.listener.OnceUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TableProbe}: with such tables, messages would get lost or be handled
 * twice.
 */
class TableProbeTests {

	private static final String KEY = "PRIMARY KEY (listener, message)";

	private final DataSource dataSource = new DriverManagerDataSource(
			"jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));

	private final JdbcClient sql = JdbcClient.create(this.dataSource);

	@Test
	void aTableLikeThatOfTheScriptIsLeftAsItWas() {
		create("VARCHAR(255)", "BIGINT", KEY);
		prepare(new JdbcTransactionManager(this.dataSource));
		assertThat(rows()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CHECK (handled_at > 0)", "PRIMARY KEY (listener, message, handled_at)" })
	void whenItTakesAMessageTwiceThenItIsRefused(String key) {
		create("VARCHAR(255)", "BIGINT", key);
		assertRefused("takes the same message twice", "primary key (listener, message)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PRIMARY KEY (listener)", "PRIMARY KEY (message)", "UNIQUE (handled_at)",
			"head VARCHAR(100) GENERATED ALWAYS AS (SUBSTRING(message, 1, 100)), PRIMARY KEY (listener, head)",
			"head VARCHAR(100) GENERATED ALWAYS AS (SUBSTRING(listener, 1, 100)), PRIMARY KEY (head, message)" })
	void whenItTakesTwoMessagesForOneThenItIsRefused(String key) {
		create("VARCHAR(255)", "BIGINT", key);
		assertRefused("takes different messages for the same", "primary key (listener, message)");
	}

	@Test
	void whenItDoesNotTellUpperFromLowerCaseThenItIsRefused() {
		create("VARCHAR_IGNORECASE(255)", "BIGINT", KEY);
		assertRefused("takes different messages for the same", "primary key (listener, message)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "VARCHAR(100)", "VARCHAR(254)" })
	void whenKeysAreTooLongForItThenItIsRefused(String type) {
		create(type, "BIGINT", KEY);
		assertRefused("has no room for a row", "of one of the scripts");
	}

	@Test
	void whenTheTimeIsTooLongForItThenItIsRefused() {
		create("VARCHAR(255)", "INTEGER", KEY);
		assertRefused("has no room for a row", "of one of the scripts");
	}

	@Test
	void whenItWantsMoreThanItIsGivenThenItIsRefused() {
		create("VARCHAR(255)", "BIGINT NOT NULL, instance VARCHAR(10)", KEY);
		this.sql.sql("ALTER TABLE jetstream_handled ALTER COLUMN instance SET NOT NULL").update();
		assertRefused("has no room for a row", "of one of the scripts");
	}

	@Test
	void whenTransactionsAreNoneOfTheDatabaseThenThatIsSaid() {
		create("VARCHAR(255)", "BIGINT", KEY);
		assertThatExceptionOfType(OnceUnavailableException.class).isThrownBy(() -> prepare(new ForeignManager()))
			.withMessageContaining("what was rolled back stays in table 'jetstream_handled'")
			.withMessageContaining(ForeignManager.class.getName())
			.satisfies((ex) -> assertThat(ex.getFix()).contains("jetstream.once.transaction-manager"));
		assertThat(rows()).isZero();
	}

	@Test
	void whenConnectionsSeeWhatIsNotCommittedThenThatIsRefused() {
		create("VARCHAR(255)", "BIGINT", KEY);
		DataSource dirty = new DelegatingDataSource(this.dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
				return connection;
			}

		};
		JdbcHandledMessages handled = new JdbcHandledMessages(new JdbcTransactionManager(dirty), dirty,
				JdbcHandledMessages.DEFAULT_TABLE, Duration.ZERO);
		assertThatExceptionOfType(OnceUnavailableException.class).isThrownBy(handled::prepare)
			.withMessageContaining("READ UNCOMMITTED")
			.satisfies((ex) -> assertThat(ex.getFix()).contains("READ COMMITTED"));
		assertThat(rows()).isZero();
	}

	@Test
	void whenTheDatabaseWasAwayAtTheStartThenTheTableIsLookedAtLater() throws Exception {
		OccasionalSource occasional = new OccasionalSource(this.dataSource);
		JdbcHandledMessages handled = new JdbcHandledMessages(new JdbcTransactionManager(occasional), occasional,
				JdbcHandledMessages.DEFAULT_TABLE, Duration.ZERO);
		handled.prepare();
		occasional.isAway = false;
		create("VARCHAR(255)", "BIGINT", "PRIMARY KEY (listener)");
		assertThatExceptionOfType(OnceUnavailableException.class)
			.isThrownBy(() -> handled.handle("worker", List.of("a"), () -> true))
			.withMessageStartingWith("Listener 'worker' can't handle messages once, as table 'jetstream_handled'")
			.withMessageContaining("Make its columns");
		this.sql.sql("DROP TABLE jetstream_handled").update();
		create("VARCHAR(255)", "BIGINT", KEY);
		assertThat(handled.handle("worker", List.of("a"), () -> true)).isEmpty();
		assertThat(rows()).isEqualTo(1);
	}

	private void create(String key, String time, String constraint) {
		this.sql
			.sql("CREATE TABLE jetstream_handled (listener %s NOT NULL, message %s NOT NULL, handled_at %s, %s)"
				.formatted(key, key, time, constraint))
			.update();
	}

	private void prepare(PlatformTransactionManager manager) {
		new JdbcHandledMessages(manager, this.dataSource, JdbcHandledMessages.DEFAULT_TABLE, Duration.ZERO).prepare();
	}

	private void assertRefused(String problem, String fix) {
		assertThatExceptionOfType(OnceUnavailableException.class)
			.isThrownBy(() -> prepare(new JdbcTransactionManager(this.dataSource)))
			.withMessageContaining("table 'jetstream_handled'")
			.withMessageContaining(problem)
			.satisfies((ex) -> assertThat(ex.getFix()).contains(fix));
		assertThat(rows()).isZero();
	}

	private long rows() {
		return this.sql.sql("SELECT COUNT(*) FROM jetstream_handled").query(Long.class).single();
	}

	/**
	 * A database that is away at first.
	 */
	private static final class OccasionalSource extends DelegatingDataSource {

		private volatile boolean isAway = true;

		OccasionalSource(DataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (this.isAway) {
				throw new SQLException("It is away");
			}
			return super.getConnection();
		}

	}

	/**
	 * That of a database which has nothing to do with JDBC, and doesn't say so.
	 */
	private static final class ForeignManager extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
