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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A database, a server, and an application with a listener that handles each message of a
 * stream once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnceApplicationTests {

	static {
		// A busy machine is slow, but nothing is wrong
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	static final Duration PATIENCE = Duration.ofSeconds(30);

	private @Nullable Database database;

	EmbeddedNatsServer server;

	JdbcClient sql;

	@Nullable ConfigurableApplicationContext context;

	@BeforeAll
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.database = Database.start().orElse(null);
		assumeTrue(this.database != null, "neither PostgreSQL nor Docker is installed here");
		this.server = embedded;
		this.sql = JdbcClient.create(new DriverManagerDataSource(this.database.url()));
		this.sql.sql("CREATE TABLE jobs (job VARCHAR(100))").update();
		this.sql.sql("CREATE TABLE seen (job VARCHAR(100) PRIMARY KEY)").update();
		this.sql.sql("CREATE TABLE account (cents BIGINT)").update();
	}

	@AfterAll
	void stop() {
		if (this.database != null) {
			this.database.close();
		}
	}

	@BeforeEach
	void empty() {
		for (String table : List.of("jobs", "seen", "account")) {
			this.sql.sql("DELETE FROM " + table).update();
		}
		this.sql.sql("DROP TABLE IF EXISTS jetstream_handled").update();
	}

	@AfterEach
	void close() throws Exception {
		if (this.context != null) {
			this.context.close();
			io.nats.client.Connection connection = Nats
				.connect(Options.builder().server(this.server.url()).connectionTimeout(Duration.ofSeconds(30)).build());
			JetStreamManagement management = connection.jetStreamManagement();
			for (String stream : management.getStreamNames()) {
				management.deleteStream(stream);
			}
			connection.close();
		}
	}

	ConfigurableApplicationContext run(Class<?> worker, Object... more) {
		List<Class<?>> classes = new ArrayList<>(List.of(Application.class, worker, Settled.class, LossyCommits.class));
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + this.server.url(),
				"--spring.datasource.url=" + this.database.url(), "--jetstream.once.jdbc.initialize-schema=always",
				"--spring.modulith.events.jdbc.schema-initialization.enabled=true",
				"--jetstream.streams.jobs.subjects=jobs.>",
				"--jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.>",
				"--jetstream.listener.retry.delay=100ms"));
		for (Object one : more) {
			if (one instanceof Class<?> type) {
				classes.add(type);
			}
			else {
				String key = ((String) one).split("=")[0];
				arguments.removeIf((argument) -> argument.startsWith("--" + key + "="));
				arguments.add("--" + one);
			}
		}
		this.context = new SpringApplicationBuilder(classes.toArray(Class<?>[]::new)).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
		return this.context;
	}

	JetStreamTemplate template() {
		return this.context.getBean(JetStreamTemplate.class);
	}

	void publish(String job) {
		template().publish("jobs.new", job);
	}

	Settled settled() {
		return this.context.getBean(Settled.class);
	}

	void awaitSettlement(Settlement settlement) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(settled().settlements).contains(settlement));
	}

	long messages(String stream) throws Exception {
		return this.context.getBean(JetStreamManagement.class).getStreamInfo(stream).getStreamState().getMsgCount();
	}

	List<String> jobs() {
		return this.sql.sql("SELECT job FROM jobs").query(String.class).list();
	}

	List<String> rows() {
		return this.sql.sql("SELECT listener || ' ' || message FROM jetstream_handled").query(String.class).list();
	}

	List<String> sorted(List<String> all) {
		return all.stream().sorted().toList();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Remembers what has become of deliveries, and loses some acks after the commit.
	 */
	static class Settled implements DeliveryInterceptor {

		final AtomicInteger lost = new AtomicInteger();

		final List<Settlement> settlements = new CopyOnWriteArrayList<>();

		final List<Throwable> failures = new CopyOnWriteArrayList<>();

		@Override
		public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
			next.proceed();
			if (delivery.attempt() == 1 && this.lost.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				delivery.retry(Duration.ZERO);
			}
			return null;
		}

		@Override
		public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
			if (failure != null) {
				this.failures.add(failure);
			}
			this.settlements.add(settlement);
		}

	}

	/**
	 * The database commits, but its connection breaks before it says so.
	 */
	static class LossyCommits implements BeanPostProcessor {

		final AtomicInteger left = new AtomicInteger();

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof DataSource dataSource) ? new DelegatingDataSource(dataSource) {

				@Override
				public Connection getConnection() throws SQLException {
					return lossy(super.getConnection());
				}

			} : bean;
		}

		private Connection lossy(Connection connection) {
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						try {
							Object result = method.invoke(connection, arguments);
							if (method.getName().equals("commit")
									&& this.left.getAndUpdate((more) -> Math.max(0, more - 1)) > 0) {
								connection.close();
								throw new SQLException("Connection reset", "08006");
							}
							return result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

	}

	record Writing(JdbcClient database) {

		@JetStreamListener(value = "worker", once = "true")
		void handle(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param(job).update();
			if (job.startsWith("slow")) {
				this.database.sql("SELECT pg_sleep(0.02)").query().listOfRows();
			}
		}

	}

}
