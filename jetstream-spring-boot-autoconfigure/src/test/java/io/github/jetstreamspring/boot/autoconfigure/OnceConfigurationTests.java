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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.JetStreamListeners;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link OnceConfiguration}: what listeners need that handle messages once.
 */
class OnceConfigurationTests {

	private final ApplicationContextRunner withoutDatabase = OnceContexts.WITHOUT_DATABASE;

	private final ApplicationContextRunner contextRunner = OnceContexts.WITH_DATABASE;

	@Test
	void whenThereIsOneTransactionManagerThenThatIsItsDatabase() {
		this.contextRunner.withUserConfiguration(Ledger.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(JetStreamListeners.class).ids()).containsExactly("ledger");
			assertThat(context.getBean(HandledMessages.class).handle("ledger", List.of("a"), () -> true)).isEmpty();
			assertThat(count(context, "jetstream_handled")).isEqualTo(1);
		});
	}

	@Test
	void whenNoListenerAsksForItThenThereIsNoTable() {
		this.contextRunner.withUserConfiguration(Plain.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(sql(context).sql("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'PUBLIC'")
				.query(Long.class)
				.single()).isZero();
		});
	}

	@Test
	void theConfigurationOfAListenerComesBeforeItsAnnotation() {
		this.contextRunner.withUserConfiguration(Plain.class)
			.withPropertyValues("jetstream.listeners.ledger.once=true")
			.run((context) -> assertThat(count(context, "jetstream_handled")).isZero());
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withPropertyValues("jetstream.listeners.ledger.once=false")
			.run((context) -> assertThat(context).hasNotFailed());
		this.withoutDatabase.withUserConfiguration(Plain.class)
			.withPropertyValues("jetstream.listeners.ledger.once=message-id")
			.run((context) -> assertThat(OnceContexts.problem(context)).contains("there is no transaction manager"));
	}

	@Test
	void whenThereIsNoTransactionManagerThenThatIsSaid() {
		this.withoutDatabase.withUserConfiguration(Ledger.class).run((context) -> {
			assertThat(OnceContexts.problem(context)).contains("Listener 'ledger'")
				.contains("it is to handle each message once, but there is no transaction manager");
			assertThat(OnceContexts.fix(context)).contains("spring.datasource.url");
		});
	}

	@Test
	void whenThereAreSeveralTransactionManagersThenOneIsToBeNamed() {
		ApplicationContextRunner several = this.contextRunner.withUserConfiguration(Ledger.class,
				OnceContexts.Second.class);
		several.run((context) -> {
			assertThat(OnceContexts.problem(context)).contains("there are several transaction managers:")
				.contains("transactionManager")
				.contains("second");
			assertThat(OnceContexts.fix(context)).contains("jetstream.once.transaction-manager");
		});
		several.withPropertyValues("jetstream.once.transaction-manager=second").run((context) -> {
			assertThat(context).hasNotFailed();
			DataSource second = ((JdbcTransactionManager) context.getBean("second")).getDataSource();
			assertThat(
					JdbcClient.create(second).sql("SELECT COUNT(*) FROM jetstream_handled").query(Long.class).single())
				.isZero();
		});
		several.withPropertyValues("jetstream.once.transaction-manager=third")
			.run((context) -> assertThat(OnceContexts.problem(context))
				.contains("there is no transaction manager 'third'"));
		several.withPropertyValues("jetstream.once.transaction-manager=jetStreamTemplate").run((context) -> {
			assertThat(OnceContexts.problem(context)).contains("there is no transaction manager 'jetStreamTemplate'");
			assertThat(OnceContexts.fix(context)).contains("second");
		});
	}

	@Test
	void whenTheTransactionManagerIsNoneOfADatabaseThenThatIsSaid() {
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withBean(PlatformTransactionManager.class, OtherManager::new)
			.run((context) -> assertThat(OnceContexts.problem(context)).contains("OtherManager")
				.contains("doesn't say which database it is for"));
	}

	@Test
	void whenThereIsNoJdbcThenWhatIsMissingIsNamed() {
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.boot.jdbc",
					"org.springframework.transaction"))
			.run((context) -> {
				assertThat(OnceContexts.problem(context))
					.contains("nothing remembers in a database which messages are handled");
				assertThat(OnceContexts.fix(context)).contains("spring-boot-starter-jdbc");
			});
		this.withoutDatabase.withUserConfiguration(Plain.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.boot.jdbc",
					"org.springframework.transaction", "org.springframework.dao"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenThereIsABeanThatRemembersThenItDoes() {
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withBean(HandledMessages.class, () -> mock(HandledMessages.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenDeadLettersAreKeptLongerThanMessagesAreRememberedThenThatIsRefused() {
		ApplicationContextRunner ledger = this.contextRunner.withUserConfiguration(Ledger.class);
		ledger.withPropertyValues("jetstream.dead-letter.max-age=35d").run((context) -> {
			assertThat(OnceContexts.problem(context))
				.contains("jetstream.once.retention (35d) is not longer than jetstream.dead-letter.max-age (35d)");
			assertThat(OnceContexts.fix(context)).contains("Make jetstream.once.retention longer")
				.contains("by jetstream.dead-letter.max-age");
		});
		ledger.withPropertyValues("jetstream.streams.dead-letters.max-age=0")
			.run((context) -> assertThat(OnceContexts.problem(context))
				.contains("jetstream.streams.dead-letters.max-age (no limit)"));
		ledger.withPropertyValues("jetstream.dead-letter.max-age=60d", "jetstream.once.retention=0")
			.run((context) -> assertThat(context).hasNotFailed());
		ledger.withPropertyValues("jetstream.dead-letter.max-age=60d", "jetstream.dead-letter.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
		this.contextRunner.withUserConfiguration(Plain.class)
			.withPropertyValues("jetstream.dead-letter.max-age=60d")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenTheTableIsNotCreatedThenItMustBeThere() {
		this.contextRunner.withUserConfiguration(Ledger.class)
			.withPropertyValues("jetstream.once.jdbc.initialize-schema=never")
			.run((context) -> {
				assertThat(OnceContexts.problem(context)).contains("there is no table 'jetstream_handled'");
				assertThat(OnceContexts.fix(context)).contains("initialize-schema: always");
			});
	}

	@Test
	void whenTheTableCanNotBeCreatedThenTheCauseIsNamed() {
		this.contextRunner.withUserConfiguration(Ledger.class)
			.withPropertyValues("jetstream.once.jdbc.table-name=jobs.done")
			.run((context) -> assertThat(OnceContexts.problem(context)).contains("table 'jobs.done' can't be created")
				.contains("Schema \"JOBS\" not found"));
		DataSource away = mock(DataSource.class, (call) -> {
			throw new SQLException("nobody is there");
		});
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(away))
			.withPropertyValues("jetstream.once.jdbc.initialize-schema=always")
			.run((context) -> {
				assertThat(OnceContexts.problem(context)).contains("can't be created").contains("nobody is there");
				assertThat(OnceContexts.fix(context)).contains("See whether the database is there");
			});
	}

	@Test
	void theTableHasTheNameAndSchemaOfTheConfiguration() {
		this.contextRunner.withUserConfiguration(Ledger.class)
			.withPropertyValues("jetstream.once.jdbc.table-name=jobs.done",
					"database.options=INIT=CREATE SCHEMA IF NOT EXISTS jobs")
			.run((context) -> assertThat(count(context, "jobs.done")).isZero());
		for (String name : List.of("jetstream_handled_v2", "my_jetstream_handled", "a$1", "Geb\u00fchren")) {
			this.contextRunner.withUserConfiguration(Ledger.class)
				.withPropertyValues("jetstream.once.jdbc.table-name=" + name)
				.run((context) -> assertThat(count(context, name)).isZero());
		}
		this.contextRunner.withUserConfiguration(Ledger.class)
			.withPropertyValues("jetstream.once.jdbc.table-name=no table")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("jetstream.once.jdbc.table-name"));
	}

	@Test
	void whenTheAnnotationSaysSomethingElseThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Misspelled.class)
			.run((context) -> assertThat(OnceContexts.problem(context)).contains("attribute 'once' is 'twice'"));
	}

	@Test
	void thePageShowsTheScript() throws IOException {
		assertThat(Files.readString(Path.of("../docs/once.md")))
			.contains(new ClassPathResource("io/github/jetstreamspring/once/schema-postgresql.sql")
				.getContentAsString(StandardCharsets.UTF_8));
	}

	private static JdbcClient sql(AssertableApplicationContext context) {
		return JdbcClient.create(context.getBean(DataSource.class));
	}

	private static long count(AssertableApplicationContext context, String table) {
		return sql(context).sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
	}

	static class Ledger {

		@JetStreamListener(value = "ledger", once = "true")
		void handle(String order) {
		}

	}

	static class Plain {

		@JetStreamListener("ledger")
		void handle(String order) {
		}

	}

	static class Misspelled {

		@JetStreamListener(value = "ledger", once = "twice")
		void handle(String order) {
		}

	}

	/**
	 * As that of a message broker.
	 */
	@SuppressWarnings("serial")
	static final class OtherManager extends AbstractPlatformTransactionManager implements ResourceTransactionManager {

		@Override
		public Object getResourceFactory() {
			return this;
		}

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
