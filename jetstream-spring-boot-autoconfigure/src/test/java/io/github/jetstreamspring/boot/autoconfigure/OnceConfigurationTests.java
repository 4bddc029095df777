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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.ListenerConfigurationException;
import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.TransactionManagementConfigurer;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link OnceConfiguration}: what listeners need that handle messages once.
 */
class OnceConfigurationTests {

	private final ApplicationContextRunner withoutDatabase = new ApplicationContextRunner()
		.withPropertyValues("jetstream.topology.mode=none",
				"jetstream.streams.orders.consumers.ledger.filter-subjects=orders.>",
				"jetstream.listener.auto-startup=false")
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JetStreamAutoConfiguration.class))
		.withBean(Connection.class, OnceConfigurationTests::connection);

	private final ApplicationContextRunner contextRunner = this.withoutDatabase.withUserConfiguration(Database.class)
		.withConfiguration(AutoConfigurations.of(DataSourceTransactionManagerAutoConfiguration.class));

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
			.run((context) -> assertThat(problem(context)).contains("there is no transaction manager"));
	}

	@Test
	void whenThereIsNoTransactionManagerThenThatIsSaid() {
		this.withoutDatabase.withUserConfiguration(Ledger.class).run((context) -> {
			assertThat(problem(context)).contains("Listener 'ledger'")
				.contains("it is to handle each message once, but there is no transaction manager");
			assertThat(fix(context)).contains("spring.datasource.url");
		});
	}

	@Test
	void whenThereAreSeveralTransactionManagersThenOneIsToBeNamed() {
		ApplicationContextRunner several = this.contextRunner.withUserConfiguration(Ledger.class, Second.class);
		several.run((context) -> {
			assertThat(problem(context)).contains("there are several transaction managers:")
				.contains("transactionManager")
				.contains("second");
			assertThat(fix(context)).contains("jetstream.once.transaction-manager");
		});
		several.withPropertyValues("jetstream.once.transaction-manager=second").run((context) -> {
			assertThat(context).hasNotFailed();
			DataSource second = ((JdbcTransactionManager) context.getBean("second")).getDataSource();
			assertThat(
					JdbcClient.create(second).sql("SELECT COUNT(*) FROM jetstream_handled").query(Long.class).single())
				.isZero();
		});
		several.withPropertyValues("jetstream.once.transaction-manager=third")
			.run((context) -> assertThat(problem(context)).contains("there is no transaction manager 'third'"));
		several.withPropertyValues("jetstream.once.transaction-manager=jetStreamTemplate").run((context) -> {
			assertThat(problem(context)).contains("there is no transaction manager 'jetStreamTemplate'");
			assertThat(fix(context)).contains("second");
		});
	}

	@Test
	void whenTheTransactionManagerIsNoneOfADatabaseThenThatIsSaid() {
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withBean(PlatformTransactionManager.class, OtherManager::new)
			.run((context) -> assertThat(problem(context)).contains("OtherManager")
				.contains("doesn't say which database it is for"));
	}

	@Test
	void whenThereIsNoJdbcThenWhatIsMissingIsNamed() {
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.boot.jdbc",
					"org.springframework.transaction"))
			.run((context) -> {
				assertThat(problem(context)).contains("nothing remembers in a database which messages are handled");
				assertThat(fix(context)).contains("spring-boot-starter-jdbc");
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
			assertThat(problem(context))
				.contains("jetstream.once.retention (35d) is not longer than jetstream.dead-letter.max-age (35d)");
			assertThat(fix(context)).contains("Make jetstream.once.retention longer")
				.contains("by jetstream.dead-letter.max-age");
		});
		ledger.withPropertyValues("jetstream.streams.dead-letters.max-age=0")
			.run((context) -> assertThat(problem(context))
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
				assertThat(problem(context)).contains("there is no table 'jetstream_handled'");
				assertThat(fix(context)).contains("initialize-schema: always");
			});
	}

	@Test
	void whenTheTableCanNotBeCreatedThenTheCauseIsNamed() {
		this.contextRunner.withUserConfiguration(Ledger.class)
			.withPropertyValues("jetstream.once.jdbc.table-name=jobs.done")
			.run((context) -> assertThat(problem(context)).contains("table 'jobs.done' can't be created")
				.contains("Schema \"JOBS\" not found"));
		DataSource away = mock(DataSource.class, (call) -> {
			throw new SQLException("nobody is there");
		});
		this.withoutDatabase.withUserConfiguration(Ledger.class)
			.withBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(away))
			.withPropertyValues("jetstream.once.jdbc.initialize-schema=always")
			.run((context) -> {
				assertThat(problem(context)).contains("can't be created").contains("nobody is there");
				assertThat(fix(context)).contains("See whether the database is there");
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
	void whenAHandlerReturnsBeforeItsWorkIsDoneThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Asynchronous.class).run((context) -> {
			assertThat(problem(context)).contains("returns before its work is done");
			assertThat(fix(context)).contains("jetstream.listeners.ledger.once: false");
		});
		this.contextRunner.withUserConfiguration(Answering.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAHandlerIsInATransactionOfItsOwnThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Apart.class).run((context) -> {
			assertThat(problem(context)).contains("Listener 'ledger'").contains("@Transactional with REQUIRES_NEW");
			assertThat(fix(context)).contains("Remove the propagation");
		});
		this.contextRunner.withUserConfiguration(ApartByClass.class)
			.run((context) -> assertThat(problem(context)).contains("@Transactional with NOT_SUPPORTED"));
		this.contextRunner.withUserConfiguration(Joining.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAHandlerHasAnIsolationOfItsOwnThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Isolated.class).run((context) -> {
			assertThat(problem(context)).contains("Listener 'ledger'").contains("the isolation SERIALIZABLE");
			assertThat(fix(context)).contains("spring.datasource.hikari.transaction-isolation");
		});
	}

	@Test
	void whenAHandlerHasAnotherTransactionManagerThenItIsRefused() {
		ApplicationContextRunner first = this.contextRunner.withUserConfiguration(Second.class)
			.withPropertyValues("jetstream.once.transaction-manager=transactionManager");
		first.withUserConfiguration(InSecond.class).run((context) -> {
			assertThat(problem(context)).contains("Listener 'ledger'")
				.contains("is @Transactional with the transaction manager 'second'");
			assertThat(fix(context)).contains("jetstream.once.transaction-manager");
		});
		first.withUserConfiguration(InSecond.class)
			.withPropertyValues("jetstream.once.transaction-manager=second")
			.run((context) -> assertThat(context).hasNotFailed());
		first.withUserConfiguration(InSecond.class)
			.withPropertyValues("jetstream.listeners.ledger.once=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAHandlerHasTheDefaultTransactionManagerThenThatMustBeTheOne() {
		ApplicationContextRunner joining = this.contextRunner.withUserConfiguration(Second.class, Joining.class);
		joining.withPropertyValues("jetstream.once.transaction-manager=second")
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(beanFactory) -> beanFactory.getBeanDefinition("transactionManager").setPrimary(true)))
			.run((context) -> assertThat(problem(context)).contains("the application's default transaction manager"));
		joining.withPropertyValues("jetstream.once.transaction-manager=second")
			.withBean(TransactionManagementConfigurer.class,
					() -> () -> new JdbcTransactionManager(mock(DataSource.class)))
			.run((context) -> assertThat(problem(context)).contains("the application's default transaction manager"));
	}

	@Test
	void whenAHandlerHasAnotherTransactionManagerOfTheSameDatabaseThenItTakesPart() {
		this.contextRunner.withUserConfiguration(SameDatabase.class, InSecond.class)
			.withPropertyValues("jetstream.once.transaction-manager=transactionManager")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenTheAnnotationSaysSomethingElseThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Misspelled.class)
			.run((context) -> assertThat(problem(context)).contains("attribute 'once' is 'twice'"));
	}

	@Test
	void thePageShowsTheScript() throws IOException {
		assertThat(Files.readString(Path.of("../docs/once.md")))
			.contains(new ClassPathResource("io/github/jetstreamspring/once/schema-postgresql.sql")
				.getContentAsString(StandardCharsets.UTF_8));
	}

	@Test
	void whenAHandlerOfAClassReturnsBeforeItsWorkIsDoneThenItIsRefused() {
		this.contextRunner.withUserConfiguration(AsynchronousClass.class)
			.run((context) -> assertThat(problem(context)).contains("returns before its work is done"));
	}

	private static String problem(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		return failure(context).getProblems().toString();
	}

	private static String fix(AssertableApplicationContext context) {
		return failure(context).getProblems().get(0).fix();
	}

	private static ListenerConfigurationException failure(AssertableApplicationContext context) {
		Throwable failure = context.getStartupFailure();
		while (failure != null && !(failure instanceof ListenerConfigurationException)) {
			failure = failure.getCause();
		}
		assertThat(failure).as("failure of " + context.getStartupFailure()).isNotNull();
		return (ListenerConfigurationException) failure;
	}

	private static JdbcClient sql(AssertableApplicationContext context) {
		return JdbcClient.create(context.getBean(DataSource.class));
	}

	private static long count(AssertableApplicationContext context, String table) {
		return sql(context).sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
	}

	private static Connection connection() {
		Connection connection = mock(Connection.class);
		try {
			given(connection.jetStreamManagement()).willReturn(mock(JetStreamManagement.class));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		given(connection.createDispatcher()).willReturn(mock(Dispatcher.class));
		return connection;
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

	static class Asynchronous {

		@JetStreamListener(value = "ledger", once = "true")
		CompletableFuture<Void> handle(String order) {
			return CompletableFuture.completedFuture(null);
		}

	}

	@JetStreamListener(value = "ledger", once = "true")
	static class AsynchronousClass {

		@JetStreamHandler
		void text(String order) {
		}

		@JetStreamHandler
		CompletableFuture<Void> number(Integer order) {
			return CompletableFuture.completedFuture(null);
		}

	}

	static class Answering {

		@JetStreamListener(value = "ledger", once = "message-id")
		@SendTo("orders.booked")
		String handle(String order) {
			return order;
		}

	}

	static class Apart {

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		@JetStreamListener(value = "ledger", once = "true")
		void handle(String order) {
		}

	}

	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	static class ApartByClass {

		@JetStreamListener(value = "ledger", once = "true")
		void handle(String order) {
		}

	}

	@Transactional(propagation = Propagation.REQUIRES_NEW)
	static class Joining {

		@Transactional(timeout = 5)
		@JetStreamListener(value = "ledger", once = "true")
		void handle(String order) {
		}

	}

	static class InSecond {

		@Transactional("second")
		@JetStreamListener(value = "ledger", once = "true")
		void handle(String order) {
		}

	}

	static class Isolated {

		@Transactional(isolation = Isolation.SERIALIZABLE)
		@JetStreamListener(value = "ledger", once = "true")
		void handle(String order) {
		}

	}

	static class Misspelled {

		@JetStreamListener(value = "ledger", once = "twice")
		void handle(String order) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Database {

		@Bean
		DataSource dataSource(Environment environment) {
			return new DriverManagerDataSource("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1;%s".formatted(UUID.randomUUID(),
					environment.getProperty("database.options", "")));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Second {

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		PlatformTransactionManager second() {
			return new JdbcTransactionManager(
					new DriverManagerDataSource("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID())));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SameDatabase {

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		PlatformTransactionManager second(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
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
