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

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.jetstreamspring.listener.OnceUnavailableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link JdbcHandledMessages}, on H2.
 */
class JdbcHandledMessagesTests {

	private static final Duration RETENTION = Duration.ofDays(35);

	private final DataSource dataSource = database();

	private final JdbcTransactionManager manager = new JdbcTransactionManager(this.dataSource);

	private final JdbcClient sql = JdbcClient.create(this.dataSource);

	private final JdbcHandledMessages handled = new JdbcHandledMessages(this.manager, this.dataSource,
			JdbcHandledMessages.DEFAULT_TABLE, RETENTION);

	@BeforeEach
	void createTables() {
		new ResourceDatabasePopulator(new ClassPathResource("io/github/jetstreamspring/once/schema-h2.sql"))
			.execute(this.dataSource);
		this.sql.sql("CREATE TABLE effects (id VARCHAR(100))").update();
	}

	@Test
	void whenTheHandlerSucceedsThenItsEffectAndTheRowAreCommitted() throws Exception {
		assertThat(this.handled.handle("worker", List.of("a"), () -> effect("a"))).isEmpty();
		assertThat(effects()).containsExactly("a");
		assertThat(rows()).containsExactly("worker/a");
	}

	@Test
	void whenItWasHandledBeforeThenTheHandlerIsNotCalled() throws Exception {
		this.handled.handle("worker", List.of("a"), () -> effect("a"));
		assertThat(this.handled.handle("worker", List.of("a"), () -> effect("a"))).containsExactly("a");
		assertThat(effects()).containsExactly("a");
	}

	@Test
	void listenersDontKnowOfEachOther() throws Exception {
		this.handled.handle("worker", List.of("a"), () -> effect("a"));
		assertThat(this.handled.handle("audit", List.of("a"), () -> effect("b"))).isEmpty();
		assertThat(effects()).containsExactly("a", "b");
	}

	@Test
	void keysThatDifferInCaseAreTwo() throws Exception {
		this.handled.handle("worker", List.of("orders/a"), () -> effect("a"));
		assertThat(this.handled.handle("worker", List.of("orders/A"), () -> effect("A"))).isEmpty();
	}

	@Test
	void whenTheHandlerThrowsThenNothingStays() throws Exception {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.handled.handle("worker", List.of("a"), () -> {
				effect("a");
				throw new IOException("checked");
			}));
		assertThat(effects()).isEmpty();
		assertThat(rows()).isEmpty();
		assertThat(this.handled.handle("worker", List.of("a"), () -> effect("a"))).isEmpty();
	}

	@Test
	void whenTheHandlerDeclinesThenNothingStays() throws Exception {
		assertThat(this.handled.handle("worker", List.of("a"), () -> {
			effect("a");
			return false;
		})).isEmpty();
		assertThat(effects()).isEmpty();
		assertThat(rows()).isEmpty();
	}

	@Test
	void whenAnInnerTransactionRollsBackThenTheMessageIsNotHandled() {
		TransactionTemplate inner = new TransactionTemplate(this.manager);
		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> this.handled.handle("worker", List.of("a"), () -> {
				inner.executeWithoutResult((status) -> status.setRollbackOnly());
				return effect("a");
			}));
		assertThat(effects()).isEmpty();
		assertThat(rows()).isEmpty();
	}

	@Test
	void whenThereIsATransactionAroundItThenItIsAnother() throws Exception {
		new TransactionTemplate(this.manager).executeWithoutResult((status) -> {
			try {
				this.handled.handle("worker", List.of("a"), () -> effect("a"));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			status.setRollbackOnly();
		});
		assertThat(effects()).containsExactly("a");
		assertThat(rows()).containsExactly("worker/a");
	}

	@Test
	void whenSeveralAreHandledThenThereIsARowForEach() throws Exception {
		List<String> many = IntStream.range(0, 1234).mapToObj((i) -> "m" + i).toList();
		this.handled.handle("worker", many, () -> effect("all"));
		assertThat(rows()).hasSize(1234);
	}

	@Test
	void whenSomeOfSeveralWereHandledBeforeThenTheyAreNamedAndNothingIsHandled() throws Exception {
		List<String> many = IntStream.range(0, 1234).mapToObj((i) -> "m" + i).toList();
		this.handled.handle("worker", List.of("m7", "m1200"), () -> effect("two"));
		assertThat(this.handled.handle("worker", many, () -> effect("all"))).containsExactlyInAnyOrder("m7", "m1200");
		assertThat(effects()).containsExactly("two");
		assertThat(rows()).hasSize(2);
	}

	@Test
	void whenTwoHandleTheSameAtOnceThenOneDoes() throws Exception {
		CountDownLatch both = new CountDownLatch(2);
		List<CompletableFuture<Set<String>>> results = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			CompletableFuture<Set<String>> result = new CompletableFuture<>();
			results.add(result);
			new Thread(() -> {
				try {
					both.countDown();
					both.await();
					result.complete(this.handled.handle("worker", List.of("a"), () -> effect("a")));
				}
				catch (Throwable ex) {
					result.completeExceptionally(ex);
				}
			}).start();
		}
		List<Set<String>> ends = new ArrayList<>();
		for (CompletableFuture<Set<String>> result : results) {
			ends.add(result.get(30, TimeUnit.SECONDS));
		}
		assertThat(ends).containsExactlyInAnyOrder(Set.of(), Set.of("a"));
		assertThat(effects()).containsExactly("a");
	}

	@Test
	void whenTheFirstRollsBackThenTheOtherThatWaitsForItHandlesTheMessage() throws Exception {
		CountDownLatch inserted = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		CompletableFuture<Set<String>> first = new CompletableFuture<>();
		new Thread(() -> {
			try {
				first.complete(this.handled.handle("worker", List.of("a"), () -> {
					inserted.countDown();
					goOn.await();
					return false;
				}));
			}
			catch (Throwable ex) {
				first.completeExceptionally(ex);
			}
		}).start();
		inserted.await();
		CompletableFuture<Set<String>> second = CompletableFuture.supplyAsync(() -> {
			goOn.countDown();
			try {
				return this.handled.handle("worker", List.of("a"), () -> effect("second"));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(second.get(30, TimeUnit.SECONDS)).isEmpty();
		assertThat(first.get(30, TimeUnit.SECONDS)).isEmpty();
		assertThat(effects()).containsExactly("second");
	}

	@Test
	void whenTheTransactionIsOfAnotherDatabaseThenNothingIsHandled() {
		JdbcHandledMessages wrong = new JdbcHandledMessages(new JdbcTransactionManager(database()), this.dataSource,
				JdbcHandledMessages.DEFAULT_TABLE, RETENTION);
		assertThatExceptionOfType(OnceUnavailableException.class)
			.isThrownBy(() -> wrong.handle("worker", List.of("a"), () -> effect("a")))
			.withMessageContaining("are not those of the database with table 'jetstream_handled'");
		assertThatExceptionOfType(OnceUnavailableException.class).isThrownBy(wrong::prepare)
			.satisfies((ex) -> assertThat(ex.getFix()).contains("jetstream.once.transaction-manager"));
		assertThat(effects()).isEmpty();
		assertThat(rows()).isEmpty();
	}

	@Test
	void whenTheDataSourceIsBehindAProxyThenItsTransactionsAreKnown() throws Exception {
		JdbcHandledMessages proxied = new JdbcHandledMessages(this.manager,
				new TransactionAwareDataSourceProxy(this.dataSource), JdbcHandledMessages.DEFAULT_TABLE, RETENTION);
		proxied.prepare();
		assertThat(proxied.handle("worker", List.of("a"), () -> effect("a"))).isEmpty();
		proxied.close();
	}

	@Test
	void whenThereIsNoTableThenThatIsSaidBeforeTheFirstMessage() {
		JdbcHandledMessages none = new JdbcHandledMessages(this.manager, this.dataSource, "jobs.handled", RETENTION);
		assertThatExceptionOfType(OnceUnavailableException.class).isThrownBy(none::prepare)
			.withMessageContaining("there is no table 'jobs.handled'")
			.satisfies((ex) -> assertThat(ex.getFix()).contains("initialize-schema"));
	}

	@Test
	void whenTheDatabaseIsAwayThenListenersStartAllTheSame() {
		DataSource away = new DriverManagerDataSource("jdbc:h2:tcp://127.0.0.1:1/none");
		JdbcHandledMessages none = new JdbcHandledMessages(new JdbcTransactionManager(away), away, "handled",
				RETENTION);
		none.prepare();
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> none.handle("worker", List.of("a"), () -> effect("a")));
		none.close();
	}

	@Test
	void oldRowsAreForgotten() throws Exception {
		long now = System.currentTimeMillis();
		for (int days = 30; days < 40; days++) {
			this.sql.sql("INSERT INTO jetstream_handled VALUES ('worker', ?, ?)")
				.params("d" + days, now - Duration.ofDays(days).toMillis())
				.update();
		}
		this.handled.forgetOld();
		assertThat(rows()).containsExactlyInAnyOrder("worker/d30", "worker/d31", "worker/d32", "worker/d33",
				"worker/d34");
	}

	@Test
	void whenConnectionsDoNotCommitByThemselvesThenOldRowsAreForgotten() {
		DataSource noCommits = new DelegatingDataSource(this.dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				connection.setAutoCommit(false);
				return connection;
			}

		};
		this.sql.sql("INSERT INTO jetstream_handled VALUES ('worker', 'old', 0)").update();
		new JdbcHandledMessages(new JdbcTransactionManager(noCommits), noCommits, JdbcHandledMessages.DEFAULT_TABLE,
				RETENTION)
			.forgetOld();
		assertThat(rows()).isEmpty();
	}

	@Test
	void whenTheDatabaseHasRolledBackAndTheHandlerGoesOnThenNothingStays() throws Exception {
		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> this.handled.handle("worker", List.of("a", "b"), () -> {
				effect("before");
				// As MySQL and H2 do with the victim of a deadlock
				DataSourceUtils.getConnection(this.dataSource).rollback();
				return effect("after");
			}))
			.withMessageContaining("The transaction of listener 'worker' is rolled back")
			.withMessageContaining("savepoint");
		assertThat(effects()).isEmpty();
		assertThat(rows()).isEmpty();
		assertThat(this.handled.handle("worker", List.of("a", "b"), () -> effect("again"))).isEmpty();
		assertThat(effects()).containsExactly("again");
	}

	@Test
	void whenTheDatabaseHasRolledBackBeforeTheCommitThenNothingStays() throws Exception {
		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> this.handled.handle("worker", List.of("a"), () -> {
				TransactionSynchronizationManager.registerSynchronization(new RollingBack());
				return effect("before");
			}))
			.withMessageContaining("The transaction of listener 'worker' is rolled back");
		assertThat(effects()).isEmpty();
		assertThat(rows()).isEmpty();
	}

	@Test
	void oldRowsAreForgottenAgainAndAgain() throws Exception {
		JdbcHandledMessages shortly = new JdbcHandledMessages(this.manager, this.dataSource,
				JdbcHandledMessages.DEFAULT_TABLE, Duration.ofMillis(200));
		shortly.prepare();
		shortly.handle("worker", List.of("a"), () -> effect("a"));
		await().atMost(Duration.ofSeconds(30)).until(() -> rows().isEmpty());
		shortly.close();
	}

	@Test
	void withoutARetentionNothingIsForgotten() throws Exception {
		JdbcHandledMessages forGood = new JdbcHandledMessages(this.manager, this.dataSource,
				JdbcHandledMessages.DEFAULT_TABLE, Duration.ZERO);
		this.sql.sql("INSERT INTO jetstream_handled VALUES ('worker', 'old', 0)").update();
		forGood.prepare();
		forGood.forgetOld();
		assertThat(rows()).containsExactly("worker/old");
		forGood.close();
	}

	@Test
	void aTableHasTheNameOfATable() {
		assertThatIllegalArgumentException().isThrownBy(
				() -> new JdbcHandledMessages(this.manager, this.dataSource, "handled; DROP TABLE effects", RETENTION))
			.withMessageContaining("is no name of a table");
	}

	@Test
	void theDatabaseIsThatOfTheTransactionManager() {
		assertThat(JdbcHandledMessages.dataSourceOf(this.manager)).isSameAs(this.dataSource);
		assertThat(JdbcHandledMessages.dataSourceOf(new JpaLikeManager(this.dataSource))).isSameAs(this.dataSource);
		assertThat(JdbcHandledMessages.dataSourceOf(mock(PlatformTransactionManager.class))).isNull();
	}

	private static DataSource database() {
		return new DriverManagerDataSource("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
	}

	private boolean effect(String id) {
		this.sql.sql("INSERT INTO effects VALUES (?)").param(id).update();
		return true;
	}

	private List<String> effects() {
		return this.sql.sql("SELECT id FROM effects ORDER BY id").query(String.class).list();
	}

	private List<String> rows() {
		return this.sql.sql("SELECT listener || '/' || message FROM jetstream_handled").query(String.class).list();
	}

	/**
	 * Goes on after the database has rolled back, as it does with the victim of a
	 * deadlock.
	 */
	private final class RollingBack implements TransactionSynchronization {

		@Override
		public void beforeCommit(boolean readOnly) {
			try {
				DataSourceUtils.getConnection(JdbcHandledMessagesTests.this.dataSource).rollback();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
			effect("after");
		}

	}

	/**
	 * A transaction manager that has a {@link DataSource} beside what its transactions
	 * are about, as that of JPA.
	 */
	private record JpaLikeManager(DataSource dataSource) implements PlatformTransactionManager {

		@SuppressWarnings("unused")
		DataSource getDataSource() {
			return this.dataSource;
		}

		@Override
		public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void commit(TransactionStatus status) {
		}

		@Override
		public void rollback(TransactionStatus status) {
		}

	}

}
