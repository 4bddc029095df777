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

import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.TransactionManagementConfigurer;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link OnceConfiguration}: which handlers can handle messages once.
 */
class OnceHandlerTests {

	private final ApplicationContextRunner contextRunner = OnceContexts.WITH_DATABASE;

	@Test
	void whenAHandlerReturnsBeforeItsWorkIsDoneThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Asynchronous.class).run((context) -> {
			assertThat(OnceContexts.problem(context)).contains("returns before its work is done");
			assertThat(OnceContexts.fix(context)).contains("jetstream.listeners.ledger.once: false");
		});
		this.contextRunner.withUserConfiguration(Answering.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAHandlerIsInATransactionOfItsOwnThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Apart.class).run((context) -> {
			assertThat(OnceContexts.problem(context)).contains("Listener 'ledger'")
				.contains("@Transactional with REQUIRES_NEW");
			assertThat(OnceContexts.fix(context)).contains("Remove the propagation");
		});
		this.contextRunner.withUserConfiguration(ApartByClass.class)
			.run((context) -> assertThat(OnceContexts.problem(context)).contains("@Transactional with NOT_SUPPORTED"));
		this.contextRunner.withUserConfiguration(Joining.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAHandlerHasAnIsolationOfItsOwnThenItIsRefused() {
		this.contextRunner.withUserConfiguration(Isolated.class).run((context) -> {
			assertThat(OnceContexts.problem(context)).contains("Listener 'ledger'")
				.contains("the isolation SERIALIZABLE");
			assertThat(OnceContexts.fix(context)).contains("spring.datasource.hikari.transaction-isolation");
		});
	}

	@Test
	void whenAHandlerHasAnotherTransactionManagerThenItIsRefused() {
		ApplicationContextRunner first = this.contextRunner.withUserConfiguration(OnceContexts.Second.class)
			.withPropertyValues("jetstream.once.transaction-manager=transactionManager");
		first.withUserConfiguration(InSecond.class).run((context) -> {
			assertThat(OnceContexts.problem(context)).contains("Listener 'ledger'")
				.contains("is @Transactional with the transaction manager 'second'");
			assertThat(OnceContexts.fix(context)).contains("jetstream.once.transaction-manager");
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
		ApplicationContextRunner joining = this.contextRunner.withUserConfiguration(OnceContexts.Second.class,
				Joining.class);
		joining.withPropertyValues("jetstream.once.transaction-manager=second")
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(beanFactory) -> beanFactory.getBeanDefinition("transactionManager").setPrimary(true)))
			.run((context) -> assertThat(OnceContexts.problem(context))
				.contains("the application's default transaction manager"));
		joining.withPropertyValues("jetstream.once.transaction-manager=second")
			.withBean(TransactionManagementConfigurer.class,
					() -> () -> new JdbcTransactionManager(mock(DataSource.class)))
			.run((context) -> assertThat(OnceContexts.problem(context))
				.contains("the application's default transaction manager"));
	}

	@Test
	void whenAHandlerHasAnotherTransactionManagerOfTheSameDatabaseThenItTakesPart() {
		this.contextRunner.withUserConfiguration(SameDatabase.class, InSecond.class)
			.withPropertyValues("jetstream.once.transaction-manager=transactionManager")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAHandlerOfAClassReturnsBeforeItsWorkIsDoneThenItIsRefused() {
		this.contextRunner.withUserConfiguration(AsynchronousClass.class)
			.run((context) -> assertThat(OnceContexts.problem(context)).contains("returns before its work is done"));
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

}
