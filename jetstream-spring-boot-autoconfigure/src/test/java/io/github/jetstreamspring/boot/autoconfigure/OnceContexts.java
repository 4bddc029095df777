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
import java.util.UUID;

import javax.sql.DataSource;

import io.github.jetstreamspring.annotation.ListenerConfigurationException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Applications of which a listener handles messages once, and what is wrong with them.
 */
final class OnceContexts {

	/**
	 * An application with a connection and a consumer.
	 */
	static final ApplicationContextRunner WITHOUT_DATABASE = new ApplicationContextRunner()
		.withPropertyValues("jetstream.topology.mode=none",
				"jetstream.streams.orders.consumers.ledger.filter-subjects=orders.>",
				"jetstream.listener.auto-startup=false")
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JetStreamAutoConfiguration.class))
		.withBean(Connection.class, OnceContexts::connection);

	/**
	 * The same with a database.
	 */
	static final ApplicationContextRunner WITH_DATABASE = WITHOUT_DATABASE.withUserConfiguration(Database.class)
		.withConfiguration(AutoConfigurations.of(DataSourceTransactionManagerAutoConfiguration.class));

	private OnceContexts() {
	}

	static String problem(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		return failure(context).getProblems().toString();
	}

	static String fix(AssertableApplicationContext context) {
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

}
