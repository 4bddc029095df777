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

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
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
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.OnceUnavailableException;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.MariaDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for handled messages on the databases that are supported, with their own drivers.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseTests {

	private static final Path FAKETIME = Path.of("/usr/bin/faketime");

	@AutoClose
	private static @Nullable Database postgres;

	@AutoClose
	private static @Nullable MariaDatabase maria;

	private @Nullable ConfigurableApplicationContext context;

	private HandledMessages handled;

	private JdbcClient sql;

	@BeforeAll
	static void start() throws Exception {
		postgres = Database.start().orElse(null);
		maria = MariaDatabase.start().orElse(null);
	}

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private void open(String database) {
		boolean isPostgres = database.equals("postgresql");
		assumeTrue(isPostgres ? postgres != null : maria != null, "this database isn't installed here");
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--jetstream.enabled=false", "--jetstream.once.jdbc.initialize-schema=always",
					"--spring.datasource.url=" + (isPostgres ? postgres.url() : maria.url(database)),
					"--spring.modulith.events.jdbc.schema-initialization.enabled=true");
		this.sql = this.context.getBean(JdbcClient.class);
		this.sql.sql("DROP TABLE IF EXISTS jetstream_handled").update();
		this.sql.sql("DROP TABLE IF EXISTS effects").update();
		this.sql.sql("CREATE TABLE effects (id VARCHAR(100))").update();
		this.handled = this.context.getBean(HandledMessages.class);
		this.handled.prepare();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenItWasHandledBeforeThenTheHandlerIsNotCalled(String database) throws Exception {
		open(database);
		assertThat(this.handled.handle("worker", List.of("orders/a"), () -> effect("a"))).isEmpty();
		assertThat(this.handled.handle("worker", List.of("orders/a"), () -> effect("b"))).containsExactly("orders/a");
		assertThat(this.handled.handle("worker", List.of("orders/A"), () -> effect("c"))).isEmpty();
		assertThat(this.handled.handle("audit", List.of("orders/a"), () -> effect("d"))).isEmpty();
		assertThat(this.handled.handle("worker", List.of("x".repeat(255)), () -> effect("e"))).isEmpty();
		assertThat(effects()).containsExactly("a", "c", "d", "e");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenTheHandlerThrowsThenNothingStays(String database) throws Exception {
		open(database);
		assertThatIllegalStateException().isThrownBy(() -> this.handled.handle("worker", List.of("a"), () -> {
			effect("a");
			throw new IllegalStateException("after it");
		}));
		assertThat(effects()).isEmpty();
		assertThat(this.handled.handle("worker", List.of("a"), () -> effect("again"))).isEmpty();
		assertThat(effects()).containsExactly("again");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenSomeOfSeveralWereHandledBeforeThenTheyAreNamed(String database) throws Exception {
		open(database);
		List<String> many = IntStream.range(0, 1234).mapToObj((i) -> "m" + i).toList();
		this.handled.handle("worker", List.of("m7", "m1200"), () -> effect("two"));
		assertThat(this.handled.handle("worker", many, () -> effect("all"))).containsExactlyInAnyOrder("m7", "m1200");
		List<String> rest = many.stream().filter((key) -> !key.equals("m7") && !key.equals("m1200")).toList();
		assertThat(this.handled.handle("worker", rest, () -> effect("rest"))).isEmpty();
		assertThat(effects()).containsExactly("rest", "two");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenManyHandleTheSameAtOnceThenOneDoes(String database) throws Exception {
		open(database);
		int threads = 6;
		int messages = 30;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			CountDownLatch all = new CountDownLatch(threads);
			Callable<Integer> work = () -> {
				all.countDown();
				all.await();
				int done = 0;
				for (int i = 0; i < messages; i++) {
					String message = "m" + i;
					done += this.handled.handle("worker", List.of(message), () -> effect(message)).isEmpty() ? 1 : 0;
				}
				return done;
			};
			List<Future<Integer>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				futures.add(executor.submit(work));
			}
			int done = 0;
			for (Future<Integer> future : futures) {
				done += future.get(60, TimeUnit.SECONDS);
			}
			assertThat(done).isEqualTo(messages);
			assertThat(effects()).hasSize(messages).doesNotHaveDuplicates();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenBatchesOverlapThenEachMessageIsHandledOnce(String database) throws Exception {
		open(database);
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			List<String> up = IntStream.range(0, 50).mapToObj((i) -> "m" + i).toList();
			List<String> down = IntStream.range(0, 50).mapToObj((i) -> "m" + (74 - i)).toList();
			CountDownLatch both = new CountDownLatch(2);
			List<Future<Set<String>>> futures = new ArrayList<>();
			for (List<String> batch : List.of(up, down)) {
				futures.add(executor.submit(() -> {
					both.countDown();
					both.await();
					return this.handled.handle("worker", batch, () -> effect("batch"));
				}));
			}
			List<Integer> known = new ArrayList<>();
			for (Future<Set<String>> future : futures) {
				known.add(future.get(60, TimeUnit.SECONDS).size());
			}
			assertThat(known).containsExactlyInAnyOrder(0, 25);
			assertThat(effects()).hasSize(1);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenAnApplicationStartsAgainThenTheTableStays(String database) throws Exception {
		open(database);
		this.handled.handle("worker", List.of("a"), () -> effect("a"));
		this.sql.sql("INSERT INTO jetstream_handled VALUES ('worker', 'old', ?)")
			.param(System.currentTimeMillis() - Duration.ofDays(36).toMillis())
			.update();
		JdbcHandledMessages second = new JdbcHandledMessages(this.context.getBean(PlatformTransactionManager.class),
				this.context.getBean(DataSource.class), JdbcHandledMessages.DEFAULT_TABLE, Duration.ofDays(35));
		second.prepare();
		second.forgetOld();
		second.close();
		assertThat(this.sql.sql("SELECT message FROM jetstream_handled").query(String.class).list())
			.containsExactly("a");
	}

	@Test
	void whenAKeyIsMadeOfAPartOfTheIdsThenTheTableIsRefused() {
		open("mariadb");
		this.sql.sql("ALTER TABLE jetstream_handled DROP PRIMARY KEY, ADD PRIMARY KEY (listener(100), message(100))")
			.update();
		assertThatExceptionOfType(OnceUnavailableException.class).isThrownBy(() -> memory(source()).prepare())
			.withMessageContaining("takes different messages for the same");
	}

	@Test
	void whenIdsAreCutToFitThenTheTableIsRefused() {
		open("mariadb");
		this.sql.sql("ALTER TABLE jetstream_handled MODIFY message VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin")
			.update();
		assertThatExceptionOfType(OnceUnavailableException.class).isThrownBy(() -> memory(lenient(source())).prepare())
			.withMessageContaining("takes different messages for the same");
	}

	// As if MySQL was told not to be strict
	private static DataSource lenient(DataSource target) {
		return new DelegatingDataSource(target) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				connection.createStatement().execute("SET SESSION sql_mode = ''");
				return connection;
			}

		};
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenAnInstanceIsInAnotherYearThenNothingIsForgottenTooSoon(String database) throws Exception {
		assumeTrue(Files.isExecutable(FAKETIME), "faketime isn't installed here");
		open(database);
		this.handled.handle("worker", List.of("a"), () -> effect("a"));
		for (String years : List.of("+1y", "-1y")) {
			Process other = new ProcessBuilder(FAKETIME.toString(), "-f", years,
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
					System.getProperty("java.class.path"), OtherYear.class.getName(),
					database.equals("postgresql") ? postgres.url() : maria.url(database), years)
				.inheritIO()
				.start();
			assertThat(other.waitFor(5, TimeUnit.MINUTES)).isTrue();
			assertThat(other.exitValue()).isZero();
		}
		memory(source()).forgetOld();
		assertThat(this.sql.sql("SELECT message FROM jetstream_handled").query(String.class).list())
			.containsExactlyInAnyOrder("a", "+1y", "-1y");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenTheDatabaseIsAskedForTheTimeThenItIsNotAskedInAWayOfOthers(String database, CapturedOutput output)
			throws Exception {
		open(database);
		// Which the driver of MariaDB logs
		assertThat(output).doesNotContain("CURRENT_TIMESTAMP").doesNotContain("UNIX_TIMESTAMP");
	}

	private DataSource source() {
		return this.context.getBean(DataSource.class);
	}

	private static JdbcHandledMessages memory(DataSource dataSource) {
		return new JdbcHandledMessages(new JdbcTransactionManager(dataSource), dataSource,
				JdbcHandledMessages.DEFAULT_TABLE, Duration.ofDays(35));
	}

	private boolean effect(String id) {
		this.sql.sql("INSERT INTO effects VALUES (?)").param(id).update();
		return true;
	}

	private List<String> effects() {
		return this.sql.sql("SELECT id FROM effects ORDER BY id").query(String.class).list();
	}

	/**
	 * An instance with a clock of its own.
	 */
	static final class OtherYear {

		private OtherYear() {
		}

		/**
		 * Handles a message and forgets old ones.
		 * @param arguments the database and the message
		 */
		public static void main(String[] arguments) throws Exception {
			JdbcHandledMessages handled = memory(new DriverManagerDataSource(arguments[0]));
			handled.prepare();
			handled.handle("worker", List.of(arguments[1]), () -> true);
			handled.forgetOld();
			handled.close();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
