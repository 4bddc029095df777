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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.MariaDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for handled messages at each isolation level of the databases.
 */
class IsolationTests {

	@AutoClose
	private static @Nullable Database postgres;

	@AutoClose
	private static @Nullable MariaDatabase maria;

	private HikariDataSource dataSource;

	private JdbcHandledMessages handled;

	private JdbcClient sql;

	private final ExecutorService executor = Executors.newFixedThreadPool(4);

	@BeforeAll
	static void start() throws Exception {
		postgres = Database.start().orElse(null);
		maria = MariaDatabase.start().orElse(null);
	}

	@AfterEach
	void close() {
		this.executor.shutdownNow();
		if (this.dataSource != null) {
			this.dataSource.close();
		}
	}

	private void open(String database, String isolation) {
		String url = switch (database) {
			case "postgresql" -> {
				assumeTrue(postgres != null, "this database isn't installed here");
				yield postgres.url();
			}
			default -> {
				assumeTrue(maria != null, "this database isn't installed here");
				yield maria.url(database);
			}
		};
		this.dataSource = new HikariDataSource();
		this.dataSource.setJdbcUrl(url);
		this.dataSource.setMaximumPoolSize(6);
		this.dataSource.setTransactionIsolation("TRANSACTION_" + isolation);
		this.sql = JdbcClient.create(this.dataSource);
		this.sql.sql("DROP TABLE IF EXISTS jetstream_handled").update();
		this.sql.sql("DROP TABLE IF EXISTS effects").update();
		this.sql.sql("CREATE TABLE effects (id VARCHAR(100))").update();
		new ResourceDatabasePopulator(
				new ClassPathResource("schema-%s.sql".formatted(database), JdbcHandledMessages.class))
			.execute(this.dataSource);
		this.handled = new JdbcHandledMessages(new JdbcTransactionManager(this.dataSource), this.dataSource,
				JdbcHandledMessages.DEFAULT_TABLE, Duration.ofDays(35));
		this.handled.prepare();
	}

	@ParameterizedTest
	@CsvSource({ "postgresql,READ_COMMITTED", "postgresql,REPEATABLE_READ", "postgresql,SERIALIZABLE",
			"mariadb,READ_COMMITTED", "mariadb,REPEATABLE_READ", "mariadb,SERIALIZABLE" })
	void whatIsRolledBackWasNeverHandled(String database, String isolation) throws Exception {
		open(database, isolation);
		this.handled.handle("worker", List.of("a"), () -> effect("a"));
		CountDownLatch open = new CountDownLatch(1);
		CountDownLatch fail = new CountDownLatch(1);
		Future<?> first = this.executor.submit(() -> this.handled.handle("worker", List.of("b"), () -> {
			open.countDown();
			fail.await();
			return false;
		}));
		open.await();
		Future<Set<String>> batch = this.executor.submit(() -> tryUntilDone(List.of("a", "b"), "ab"));
		Future<Set<String>> single = this.executor.submit(() -> tryUntilDone(List.of("b"), "b"));
		// The one may have seen the other, or soon waits for it
		await().pollDelay(Duration.ofMillis(200)).until(() -> !single.isDone());
		fail.countDown();
		first.get(20, TimeUnit.SECONDS);
		assertThat(batch.get(20, TimeUnit.SECONDS)).contains("a");
		single.get(20, TimeUnit.SECONDS);
		assertThat(effects()).containsExactly("a", "b");
	}

	@ParameterizedTest
	@CsvSource({ "postgresql,READ_COMMITTED", "postgresql,REPEATABLE_READ", "postgresql,SERIALIZABLE",
			"mariadb,READ_COMMITTED", "mariadb,REPEATABLE_READ", "mariadb,SERIALIZABLE" })
	void whenManyHandleTheSameAtOnceThenOneDoes(String database, String isolation) throws Exception {
		open(database, isolation);
		CountDownLatch all = new CountDownLatch(4);
		Callable<Void> work = () -> {
			all.countDown();
			all.await();
			for (int i = 0; i < 10; i++) {
				tryUntilDone(List.of("m" + i), "m" + i);
			}
			return null;
		};
		List<Future<Void>> futures = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			futures.add(this.executor.submit(work));
		}
		for (Future<Void> future : futures) {
			future.get(60, TimeUnit.SECONDS);
		}
		assertThat(effects()).hasSize(10).doesNotHaveDuplicates();
	}

	private Set<String> tryUntilDone(List<String> messages, String effect) throws Exception {
		while (true) {
			try {
				return this.handled.handle("worker", messages, () -> effect(effect));
			}
			catch (DataAccessException | TransactionException ex) {
				// As the listener does it
			}
		}
	}

	private boolean effect(String id) {
		this.sql.sql("INSERT INTO effects VALUES (?)").param(id).update();
		return true;
	}

	private List<String> effects() {
		return this.sql.sql("SELECT id FROM effects ORDER BY id").query(String.class).list();
	}

}
